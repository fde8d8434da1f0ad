//! From an amount on, what the process admin does to an order by hand needs the agreement of somebody else.

use crate::company::{Answer, Company, PASSWORD, Person, answer, clean, codes, task};
use ordain_app::audit::verify;
use reqwest::Method;
use serde_json::{Value, json};

/// A company in which two people are needed from this amount on, with both of them, and an order of 110.00 that waits
/// for finance.
async fn large(from: &str) -> (Company, [Person; 2], Value) {
    let company = Company::open().await;
    let second =
        json!({ "login": "ops2", "name": "Second", "roles": ["process_admin"], "password": PASSWORD });
    let root = company.sign_in("root1").await;
    let put = company.as_person(&root, Method::PUT, "/users").json(&json!({ "items": [second] }));
    let put = answer(put).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let ruled = company.replace("/settings/by-hand", &json!({ "second_person_from": from })).await;
    assert_eq!(ruled.status, 200, "{}", ruled.text);
    let mut body = clean("PO-1");
    body["lines"][0]["unit_price"] = json!("11.00");
    let order = company.place(&body).await;
    let people = [company.sign_in("ops1").await, company.sign_in("ops2").await];
    (company, people, order)
}

fn path(order: &Value) -> String {
    format!("/orders/{}", order["id"].as_str().unwrap())
}

async fn intervene(company: &Company, person: &Person, order: &Value, body: Value) -> Answer {
    company.post_as(person, &format!("{}/intervene", path(order)), &body).await
}

fn waiting(order: &Value) -> Option<&Value> {
    order["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["kind"] == "second_person" && each["state"] == "open")
}

fn offered<'a>(order: &'a Value, act: &str) -> &'a Value {
    order["by_hand"]["actions"].as_array().unwrap().iter().find(|each| each["name"] == act).unwrap()
}

fn is_held(order: &Value) -> bool {
    order["flags"].as_array().unwrap().contains(&json!("on_hold"))
}

async fn seen(company: &Company, person: &Person, order: &Value) -> Value {
    answer(company.as_person(person, Method::GET, &path(order))).await.body
}

fn sound(company: &Company) {
    let report = verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s101_from_an_amount_on_nobody_moves_an_order_by_hand_alone() {
    let (company, [first, second], order) = large("100.00").await;
    let end = json!({ "act": "end", "outcome": "cancelled", "reason": "customer gave up" });
    let asked = intervene(&company, &first, &order, end.clone()).await;
    assert_eq!((asked.status, &asked.body["status"]), (200, &json!("in_review")), "{}", asked.text);
    let found = waiting(&asked.body).unwrap();
    assert_eq!((&found["reported_by"]["login"], &found["evidence"]["act"]), (&json!("ops1"), &json!("end")));
    assert!(found["cause"]["zh"].as_str().unwrap().contains("终止"), "{found}");
    let agree = json!({ "act": "agree", "exception_id": found["id"], "reason": "checked with the customer" });
    // Not by oneself, not by people without the right, and not two at once.
    let own = intervene(&company, &first, &order, agree.clone()).await;
    assert_eq!((own.status, &own.body["code"]), (403, &json!("own_act")));
    assert_eq!(offered(&seen(&company, &first, &order).await, "agree")["reason_code"], "own_act");
    let sales = company.sign_in("sales1").await;
    assert_eq!(intervene(&company, &sales, &order, agree.clone()).await.status, 403);
    let again = intervene(&company, &second, &order, end).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("agreement_pending")));
    let view = seen(&company, &second, &order).await;
    assert_eq!(
        (&offered(&view, "agree")["allowed"], &view["by_hand"]["agree"][0]),
        (&json!(true), &found["id"])
    );
    let done = intervene(&company, &second, &order, agree.clone()).await;
    assert_eq!((done.status, &done.body["status"]), (200, &json!("cancelled")), "{}", done.text);
    assert_eq!(intervene(&company, &second, &order, agree).await.body["code"], "exception_closed");
    let story = company.get(&format!("{}/timeline", path(&order))).await.body.to_string();
    for word in ["提请第二人复核", "复核人工干预", "customer gave up", "checked with the customer"]
    {
        assert!(story.contains(word), "{word}: {story}");
    }
    // What is over is taken up again by two as well, and what waits for that outlasts the end.
    let revive = json!({ "act": "revive", "reason": "wants it after all" });
    let asked = intervene(&company, &second, &order, revive).await;
    assert_eq!((asked.status, &asked.body["status"]), (200, &json!("cancelled")), "{}", asked.text);
    let id = waiting(&asked.body).unwrap()["id"].clone();
    let agree = json!({ "act": "agree", "exception_id": id, "reason": "heard so too" });
    let done = intervene(&company, &first, &order, agree).await;
    assert_eq!((done.status, &done.body["status"]), (200, &json!("in_review")), "{}", done.text);
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn s101_what_cannot_be_done_is_refused_before_somebody_is_asked_and_stopping_waits_for_nobody() {
    let (company, [first, second], order) = large("110.00").await;
    let nowhere =
        intervene(&company, &first, &order, json!({ "act": "jump", "to": "ghost", "reason": "x" })).await;
    assert_eq!(
        (nowhere.status, nowhere.body["code"].as_str()),
        (422, Some("unknown_step")),
        "{}",
        nowhere.text
    );
    assert_eq!(waiting(&seen(&company, &first, &order).await), None);
    let task = task(&order, "finance_review");
    let on = format!("/tasks/{}/reassign", task["id"].as_str().unwrap());
    let to = json!({ "user": "boss", "reason": "finance is away" });
    let asked = company.post_as(&first, &on, &to).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    let held = seen(&company, &first, &order).await;
    assert_eq!(crate::company::task(&held, "finance_review")["assignee"], task["assignee"]);
    let id = waiting(&held).unwrap()["id"].clone();
    let stopped = intervene(&company, &first, &order, json!({ "act": "take_over", "reason": "stop" })).await;
    assert_eq!((stopped.status, is_held(&stopped.body)), (200, true), "{}", stopped.text);
    let agree = json!({ "act": "agree", "exception_id": id, "reason": "yes" });
    let done = intervene(&company, &second, &order, agree).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(crate::company::task(&done.body, "finance_review")["assignee"]["key"], "boss");
    // Putting it back goes on with it, so it is for two.
    let back = intervene(&company, &first, &order, json!({ "act": "put_back", "reason": "go on" })).await;
    assert_eq!((back.status, is_held(&back.body)), (200, true), "{}", back.text);
    // Somebody may refuse: the exception is closed with a reason, and nothing was done.
    let id = waiting(&back.body).unwrap()["id"].as_str().unwrap().to_owned();
    let closed =
        company.post_as(&second, &format!("/exceptions/{id}/close"), &json!({ "reason": "not yet" })).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert!(is_held(&seen(&company, &second, &order).await));
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn s101_below_the_amount_and_without_one_a_process_admin_acts_alone() {
    let (company, [first, _], order) = large("110.01").await;
    let end = json!({ "act": "end", "outcome": "cancelled", "reason": "gave up" });
    let done = intervene(&company, &first, &order, end).await;
    assert_eq!((done.status, &done.body["status"]), (200, &json!("cancelled")), "{}", done.text);
    for (amount, code) in [("-1", "negative_number"), ("1.001", "too_precise"), ("much", "not_a_decimal")] {
        let refused = company.replace("/settings/by-hand", &json!({ "second_person_from": amount })).await;
        assert_eq!((refused.status, codes(&refused.body["findings"])), (422, vec![code.to_owned()]));
    }
    assert_eq!(company.replace("/settings/by-hand", &json!({})).await.status, 200);
    assert_eq!(company.get("/settings/by-hand").await.body["second_person_from"], Value::Null);
    let request = company.as_person(&first, Method::PUT, "/settings/by-hand").header("if-match", "\"1\"");
    assert_eq!(answer(request.json(&json!({}))).await.status, 403, "the rule is not its own keeper's");
}
