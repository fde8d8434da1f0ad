//! The exception centre over HTTP, interventions and rights in the log, and what the system decides by itself.

use crate::acts::finance_with;
use crate::company::{Company, answer, clean, task};
use ordain_app::clock::Clock;
use ordain_app::reconcile::fire_due_timers;
use reqwest::Method;
use serde_json::{Value, json};

const HALF_HOUR_MS: i64 = 30 * 60_000;

fn monday() -> i64 {
    "2026-11-23T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

async fn timed(rule: Value) -> (Company, Value) {
    let company = Company::open_at(Clock::manual(monday())).await;
    let deadline =
        json!({ "from": { "after": { "minutes": 30 } }, "rules": [{ "at_minutes": 0, "do": rule }] });
    finance_with(&company, json!({ "auto_when_clear": false, "deadline_minutes": null, "remind_before_minutes": null, "deadline": deadline })).await;
    let mut body = clean("PO-1");
    body["requested_date"] = json!("2026-12-10");
    let order = company.place(&body).await;
    company.app.clock.set_ms(monday() + HALF_HOUR_MS);
    fire_due_timers(&company.app).await.unwrap();
    (company, order)
}

#[tokio::test(flavor = "multi_thread")]
async fn s037_s097_the_exception_centre_names_owner_due_time_and_acts() {
    let (company, order) = timed(json!("raise_exception")).await;
    let admin = company.sign_in("ops1").await;
    let queue = answer(company.as_person(&admin, Method::GET, "/exceptions?owner=mine")).await;
    let found = &queue.body["items"][0];
    assert_eq!(
        (&found["kind"], &found["order_id"]),
        (&json!("task_overdue"), &order["id"]),
        "{}",
        queue.text
    );
    assert_eq!((&found["owner"]["kind"], &found["owner"]["key"]), (&json!("role"), &json!("process_admin")));
    assert!(found["due_at"].as_str().unwrap().starts_with("2026-11-23T13:30"), "{found}");
    assert!(
        found["acts"].as_array().unwrap().iter().all(|act| !act["label"]["zh"].as_str().unwrap().is_empty())
    );
    assert_eq!(queue.body["counts"]["task_overdue"]["open"], 1);
    let path = format!("/exceptions/{}", found["id"].as_str().unwrap());
    let taken =
        answer(company.as_person(&admin, Method::POST, &format!("{path}/take")).json(&json!({}))).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let queue = answer(company.as_person(&admin, Method::GET, "/exceptions")).await;
    assert_eq!(queue.body["items"][0]["taken_by"]["login"], "ops1", "a person by name");
    let close =
        |body: Value| answer(company.as_person(&admin, Method::POST, &format!("{path}/close")).json(&body));
    assert_eq!(close(json!({})).await.body["code"], "reason_required");
    assert_eq!(close(json!({ "reason": "called finance" })).await.status, 200);
    let twice = close(json!({ "reason": "again" })).await;
    assert_eq!(twice.status, 409, "{}", twice.text);
    assert!(twice.body["detail"].as_str().unwrap().contains("OPS1"), "{}", twice.text);
    let closed = answer(company.as_person(&admin, Method::GET, "/exceptions?state=closed")).await;
    assert_eq!(closed.body["items"][0]["reason"], "called finance", "{}", closed.text);
    let wrong = answer(company.as_person(&admin, Method::GET, "/exceptions?state=odd")).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    let warehouse = company.sign_in("wh1").await;
    let foreign =
        answer(company.as_person(&warehouse, Method::POST, &format!("{path}/take")).json(&json!({}))).await;
    assert_eq!(foreign.status, 403, "{}", foreign.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s063_what_the_deadline_decided_is_shown_as_by_timeout_and_by_nobody() {
    let (company, order) = timed(json!({ "auto_pass": { "max_amount": "1000" } })).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let read = company.get(&path).await;
    assert_eq!(read.body["status"], "confirmed", "{}", read.text);
    let tasks = read.body["tasks"].as_array().unwrap();
    let passed = tasks.iter().find(|task| task["node_id"] == "finance_review").unwrap();
    assert_eq!(
        (&passed["decided_by"]["login"], &passed["decided_by"]["id"]),
        (&json!("system:timeout"), &json!("")),
        "{passed}"
    );
    let alone =
        company.get(&format!("/tasks/{}", task(&order, "finance_review")["id"].as_str().unwrap())).await;
    assert_eq!(alone.body["decided_by"]["login"], "system:timeout");
    let reviewers = read.body["reviewers"].as_array().unwrap();
    assert!(reviewers.iter().all(|reviewer| reviewer["person"]["login"] != "fin1"), "{reviewers:?}");
    let story = company.get(&format!("{path}/timeline")).await;
    let fired = story.body["items"].as_array().unwrap().iter().find(|item| item["actor"]["kind"] == "system");
    assert!(fired.is_some(), "{}", story.text);
    assert!(story.text.contains("超时"), "{}", story.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s066_interventions_and_changes_of_rights_stand_in_the_log_under_a_name() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["lines"][0]["unit_price"] = json!("11.00");
    let order = company.place(&body).await;
    let (admin, auditor) = (company.sign_in("ops1").await, company.sign_in("audit1").await);
    let root = company.sign_in("root1").await;
    let path = format!("/orders/{}/intervene", order["id"].as_str().unwrap());
    let act = json!({ "act": "take_over", "reason": "customer on the phone" });
    assert_eq!(answer(company.as_person(&admin, Method::POST, &path).json(&act)).await.status, 200);
    let users = json!({ "items": [{ "login": "fin1", "roles": ["finance", "sales_manager"] }] });
    let put = answer(company.as_person(&root, Method::PUT, "/users").json(&users)).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let log = |query: &str| answer(company.as_person(&auditor, Method::GET, &format!("/audit?{query}")));
    let rows = log("action=take_over_order").await;
    let row = &rows.body["items"][0];
    assert!(row["actor"]["name"] == "OPS1" && rows.text.contains("customer on the phone"), "{}", rows.text);
    let rows = log("action=put_users&actor=ROOT1").await;
    assert_eq!(rows.body["items"].as_array().unwrap().len(), 1, "{}", rows.text);
    assert!(rows.text.contains("sales_manager"), "what was given stands there: {}", rows.text);
    let verified = answer(company.as_person(&auditor, Method::POST, "/audit/verify").json(&json!({}))).await;
    assert_eq!(verified.body["ok"], true, "{}", verified.text);
}
