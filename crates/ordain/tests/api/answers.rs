//! The customer's answer, and the proof that it is the customer's.

use crate::company::{Company, Person, answer};
use crate::contract_fake::{ContractFake, Failure};
use crate::step_settings::{company_with, placed, step};
use ordain_app::admin::{AdminCommand, ChannelItem, ConnectorItem, CustomerItem};
use ordain_app::call::make_calls;
use ordain_connect::http::{HttpSink, PrivateHosts};
use ordain_connect::sink::Sink;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

const MINUTE_MS: i64 = 60_000;

/// A company that asks its customers, with a telephone company, an order, and somebody in sales.
struct Asking {
    company: Company,
    fake: ContractFake,
    sales: Person,
    order: String,
}

impl Asking {
    async fn open(settings: Value) -> Self {
        let company = company_with(|doc| {
            let mut kind = json!({ "type": "customer_confirmation", "template": "customer_confirmation" });
            for (name, value) in settings.as_object().unwrap() {
                kind[name] = value.clone();
            }
            let steps = doc["steps"].as_array_mut().unwrap();
            let at = steps.len() - 2;
            steps.insert(at, step("ask_customer", json!({}), kind));
            let last = steps.len() - 1;
            steps[last]["kind"]["notices"] =
                json!([{ "template": "task_done", "to": [{ "user": "plan1" }] }]);
        })
        .await;
        let fake = ContractFake::start();
        let connector: ConnectorItem = serde_json::from_value(json!({ "name": { "zh": "短信", "en": "SMS" },
            "base_url": fake.base_url, "operations": { "send": { "method": "POST", "path": "/send" } } }))
        .unwrap();
        let contacts = json!([{ "name": "Li", "email": "li@example.com", "phone": "13900001234" }]);
        let customer: CustomerItem =
            serde_json::from_value(json!({ "code": "C001", "contacts": contacts })).unwrap();
        let channel =
            ChannelItem { channel: "sms".into(), connector: "sms".into(), operation: "send".into() };
        for command in [
            AdminCommand::PutConnector { key: "sms".into(), item: Box::new(connector), expected: None },
            AdminCommand::PutChannels { items: vec![channel], expected: None },
            AdminCommand::PutCustomers(vec![customer]),
        ] {
            company.app.admin(1, Actor::system("test"), command).await.unwrap();
        }
        let order = placed(&company, "PO-1").await;
        assert_eq!(order["status"], "awaiting_customer", "{order}");
        let sales = company.sign_in("sales1").await;
        Self { company, fake, sales, order: order["id"].as_str().unwrap().to_owned() }
    }

    async fn post(&self, act: &str, body: Value) -> (u16, Value) {
        let path = format!("/orders/{}/{act}", self.order);
        let said = answer(self.company.as_person(&self.sales, Method::POST, &path).json(&body)).await;
        (said.status, said.body)
    }

    async fn send(&self) -> String {
        let (status, said) = self.post("answer-code", json!({})).await;
        assert_eq!(status, 200, "{said}");
        self.fake.fails([Failure::Says("{}".into())]);
        let sink: Arc<dyn Sink> = Arc::new(HttpSink::new(PrivateHosts::new(["127.0.0.1".to_owned()])));
        assert_eq!(make_calls(&self.company.app, &sink).await.unwrap().sent, 1);
        let call = self.fake.arrived().pop().unwrap();
        assert_eq!(
            (&call.body["to"], &call.body["template"]),
            (&json!("13900001234"), &json!("answer_code"))
        );
        let text = call.body["text"].as_str().unwrap().to_owned();
        // The number of the order stands before it.
        let digits = text.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6);
        digits.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }

    async fn say(&self, code: &str) -> (u16, Value) {
        self.post("answer", json!({ "accepted": true, "evidence": "电话", "code": code })).await
    }

    fn wait(&self, minutes: i64) {
        self.company.app.clock.set_ms(self.company.app.clock.now_ms() + minutes * MINUTE_MS);
    }
}

fn refused((status, body): (u16, Value)) -> (u16, String) {
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

fn no(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Another code of six digits.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn s036_an_answer_needs_the_code_that_went_to_the_customer_by_another_way() {
    let asking = Asking::open(json!({ "identity": [{ "from_amount": "100", "proof": "code" }] })).await;
    let plain = asking.post("answer", json!({ "accepted": true, "evidence": "电话" })).await;
    assert_eq!(refused(plain), no(422, "code_needed"));
    let signed = asking.post("answer", json!({ "accepted": true, "evidence": "电话", "signed": true })).await;
    assert_eq!(refused(signed), no(422, "code_needed"));
    assert_eq!(refused(asking.say("123456").await), no(409, "code_void"));
    let code = asking.send().await;
    assert_eq!(refused(asking.post("answer-code", json!({})).await), no(409, "code_sent_lately"));
    let (status, said) = asking.say(&other(&code)).await;
    assert_eq!((status, &said["code"]), (422, &json!("code_wrong")), "{said}");
    assert!(said["message"]["zh"].as_str().unwrap().contains("4 次"), "{said}");
    let (status, said) = asking.say(&code).await;
    assert_eq!((status, &said["status"]), (200, &json!("confirmed")), "{said}");
    let story = asking.company.get(&format!("/orders/{}/timeline", asking.order)).await;
    assert!(story.text.contains("139****1234") && story.text.contains("验证码"), "{}", story.text);
    let logged = asking.company.get("/audit").await;
    for text in [&story.text, &logged.text, &said.to_string()] {
        assert!(!text.contains(&code), "the code stands nowhere: {text}");
    }
    let notices = asking.company.sign_in("plan1").await;
    let notices = answer(asking.company.as_person(&notices, Method::GET, "/notices")).await;
    assert!(notices.text.contains("task_done"), "the end tells: {}", notices.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s036_a_code_lapses_and_is_not_guessed() {
    let asking = Asking::open(json!({ "identity": [{ "proof": "code" }] })).await;
    let first = asking.send().await;
    for _ in 0..5 {
        assert_eq!(refused(asking.say(&other(&first)).await), no(422, "code_wrong"));
    }
    assert_eq!(refused(asking.say(&first).await), no(409, "code_void"), "five wrong ones are enough");
    assert_eq!(refused(asking.say(&other(&first)).await), no(409, "code_void"));
    asking.wait(1);
    let second = asking.send().await;
    assert_ne!(first, second);
    asking.wait(10);
    assert_eq!(refused(asking.say(&second).await), no(409, "code_void"), "ten minutes are over");
    let third = asking.send().await;
    assert_eq!(refused(asking.say(&second).await), no(422, "code_wrong"), "the last one counts");
    assert_eq!(asking.say(&third).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s036_below_the_amount_words_are_enough_and_above_it_the_signature_is_asked_for() {
    let rules =
        json!([{ "from_amount": "100", "proof": "signature" }, { "from_amount": "1000", "proof": "code" }]);
    let asking = Asking::open(json!({ "identity": rules, "channels": ["sms"], "contact": "order" })).await;
    let plain = json!({ "accepted": true, "evidence": "合同 17 号" });
    assert_eq!(refused(asking.post("answer", plain).await), no(422, "signature_needed"));
    let signed = json!({ "accepted": true, "evidence": "合同 17 号", "signed": true });
    let (status, said) = asking.post("answer", signed).await;
    assert_eq!((status, &said["status"]), (200, &json!("confirmed")), "{said}");
    let asking = Asking::open(json!({ "identity": [{ "from_amount": "1000", "proof": "code" }] })).await;
    let plain = json!({ "accepted": false, "evidence": "电话" });
    assert_eq!(asking.post("answer", plain).await.1["status"], "rejected");
}

#[tokio::test(flavor = "multi_thread")]
async fn s063_an_event_is_heard_by_the_order_that_it_is_known_by() {
    let company = company_with(|doc| {
        let late = json!({ "id": "late", "name": { "zh": "迟", "en": "Late" }, "steps": [] });
        let wait = json!({ "type": "wait_event", "event": "paid", "match": "customer_po", "timeout_minutes": 60,
            "on_timeout": late });
        doc["steps"].as_array_mut().unwrap().insert(2, step("wait", json!({}), wait));
    })
    .await;
    let order = placed(&company, "PO-7").await;
    let path = format!("/orders/{}/signals", order["id"].as_str().unwrap());
    for key in [json!(null), json!("PO-8")] {
        let stray = company.post(&path, &json!({ "event": "paid", "key": key })).await;
        assert_eq!((stray.status, &stray.body["code"]), (409, &json!("nobody_waits")), "{}", stray.text);
    }
    let heard = company.post(&path, &json!({ "event": "paid", "key": "PO-7" })).await;
    assert_eq!((heard.status, &heard.body["status"]), (200, &json!("confirmed")), "{}", heard.text);
}
