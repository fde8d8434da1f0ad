//! What notices say, in the words of somebody who cannot program: looked at on an order, kept, sent, and given up again.

use crate::company::{Company, answer, clean};
use axum::http::Method;
use ordain_app::mail::deliver_outbox;
use ordain_connect::channel::{Channel, Delivered, Delivery, Message};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn text(event: &str, channel: &str, lang: &str, text: &str) -> Value {
    json!({ "event": event, "channel": channel, "lang": lang, "subject": "关于 {order.number}", "text": text })
}

/// Keeps what leaves.
#[derive(Default)]
struct Post(Mutex<Vec<Message>>);

impl Channel for Post {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        self.0.lock().unwrap().push(message.clone());
        Box::pin(async { Ok(Delivered { answer: String::new() }) })
    }
}

/// Subject, text and HTML of the one mail that left.
async fn mailed(company: &Company) -> String {
    let post = Arc::new(Post::default());
    let channel: Arc<dyn Channel> = post.clone();
    assert_eq!(deliver_outbox(&company.app, &channel).await.unwrap().sent, 1);
    let kept = post.0.lock().unwrap();
    let Message { subject, text, html, .. } = &kept[0];
    format!("{subject}\n{text}\n{}", html.as_deref().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn s053_every_notice_and_every_variable_of_it_has_a_name() {
    let company = Company::open().await;
    let read = company.get("/notice-texts").await;
    assert_eq!(read.body["items"], json!([]));
    let events = read.body["events"].as_array().unwrap();
    for event in events {
        assert_ne!(event["event"], event["name"]["zh"], "every event has a name: {event}");
        for way in event["channels"].as_array().unwrap() {
            assert_eq!(way["shipped"].as_array().unwrap().len(), 2, "{event}");
            for variable in way["variables"].as_array().unwrap() {
                assert_ne!(
                    variable["name"], variable["title"]["zh"],
                    "every variable has a name: {variable}"
                );
            }
        }
    }
    let confirmed = events.iter().find(|event| event["event"] == "order_confirmed").unwrap();
    let ways: Vec<&str> = confirmed["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| way["channel"].as_str().unwrap())
        .collect();
    assert_eq!(ways, ["in_app", "mail", "sms", "im"]);
}

/// What may be written, with a part for what is not always there.
fn own_wording() -> Value {
    let wording =
        "[重要] <{order.customer_name}> 您好\n[特殊要求：{order.special_requests}]\n\n{order.terms}";
    text("order_confirmed", "mail", "zh-CN", wording)
}

#[tokio::test(flavor = "multi_thread")]
async fn s053_a_wording_is_looked_at_on_an_order_and_its_faults_are_all_named() {
    let company = Company::open().await;
    let order = company.place(&clean("N-1")).await;
    assert_eq!(order["status"], "confirmed");
    let shipped = mailed(&company).await;
    let number = order["number"].as_str().unwrap();
    assert!(shipped.contains(number) && shipped.contains("<table"), "{shipped}");

    // A look at it first: what it says of an order, and everything in it that cannot be.
    let mine = own_wording();
    let look = |item: &Value| {
        let (company, body) = (&company, json!({ "order": order["id"], "item": item }));
        async move { company.post("/notice-texts/preview", &body).await }
    };
    let made = look(&mine).await;
    assert_eq!(made.body["subject"], format!("关于 {number}"), "{}", made.text);
    let said = made.body["text"].as_str().unwrap();
    assert!(said.starts_with("[重要] <") && !said.contains("特殊要求：") && said.contains(number), "{said}");
    let html = made.body["html"].as_str().unwrap();
    assert!(html.contains("[重要] &lt;") && html.contains("<table"), "{html}");
    let inside = look(&text("task_urged", "in_app", "en", "Hurry: {number} for {customer}")).await;
    assert_eq!(
        inside.body["text"],
        format!("Hurry: {number} for {}", order["customer"]["name"].as_str().unwrap())
    );
    let wrong =
        look(&text("order_confirmed", "mail", "zh-CN", "{order.prize} {answer.code} {order.number")).await;
    let found: Vec<&str> = wrong.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["code"].as_str().unwrap())
        .collect();
    assert_eq!((wrong.status, found), (422, vec!["unknown_variable"; 3]), "{}", wrong.text);
    assert!(wrong.text.contains("没有变量「order.prize」"), "{}", wrong.text);

    // What cannot be is named at once, and nothing of it is kept.
    let refused = company
        .replace(
            "/notice-texts",
            &json!({ "items": [
            text("no_such", "mail", "zh-CN", "x"),
            text("task_urged", "sms", "en", "x"),
            text("order_confirmed", "mail", "en", " "),
            text("order_confirmed", "mail", "en", "{number}"),
        ] }),
        )
        .await;
    let mut found: Vec<String> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap()))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "duplicate_code items[3].event",
            "missing_field items[2].text",
            "unknown_channel items[1].channel",
            "unknown_event items[0].event",
            "unknown_variable items[3].text",
        ]
    );
    assert_eq!(company.get("/notice-texts").await.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s036_s053_notices_leave_in_the_words_of_the_company() {
    let company = Company::open().await;
    let order = company.place(&clean("N-1")).await;
    mailed(&company).await;
    let own =
        json!({ "items": [own_wording(), text("order_confirmed", "in_app", "zh-CN", "好消息：{number}")] });
    assert_eq!(company.replace("/notice-texts", &own).await.status, 200);
    let told = company.get("/notice-texts").await;
    assert_eq!(told.body["items"][0]["by"], "shop", "{}", told.text);
    let second = company.place(&clean("N-2")).await;
    let mail = mailed(&company).await;
    assert!(
        mail.contains("[重要]") && mail.contains(&format!("关于 {}", second["number"].as_str().unwrap()))
    );
    let by_hand = company
        .get(&format!("/orders/{}/notices/preview?template=order_confirmed", order["id"].as_str().unwrap()))
        .await;
    assert!(by_hand.body["text"].as_str().unwrap().starts_with("[重要]"), "{}", by_hand.text);
    let sales = company.sign_in("sales1").await;
    let notices = answer(company.as_person(&sales, Method::GET, "/notices")).await;
    assert!(notices.text.contains("好消息："), "{}", notices.text);

    // The log has what it said before and after, and giving it up brings back what is shipped.
    assert_eq!(company.replace("/notice-texts", &json!({ "items": [] })).await.status, 200);
    company.place(&clean("N-3")).await;
    assert!(!mailed(&company).await.contains("[重要]"));
    let log = company.get("/audit?action=put_notice_texts").await;
    assert_eq!(log.body["items"].as_array().unwrap().len(), 2, "{}", log.text);
    assert!(log.text.contains("好消息"), "{}", log.text);
    let put = answer(company.as_person(&sales, Method::PUT, "/notice-texts").json(&own)).await;
    assert_eq!(put.status, 403);
}
