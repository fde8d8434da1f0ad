//! Promises that a count or the calendar takes the ground from: they break at once, and somebody has to do something.

use crate::company::{Company, answer, clean, codes};
use ordain_app::audit;
use ordain_app::clock::Clock;
use ordain_app::reconcile::fire_due_timers;
use reqwest::Method;
use serde_json::{Value, json};

fn monday() -> i64 {
    "2026-03-02T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

async fn order(company: &Company, po: &str, quantity: &str) -> Value {
    let mut body = clean(po);
    body["requested_date"] = json!("2026-03-13");
    body["lines"] =
        json!([{ "product": "SKU-3", "quantity": quantity, "unit": "pcs", "unit_price": "12.50" }]);
    company.place(&body).await
}

async fn read(company: &Company, order: &Value) -> Value {
    company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body
}

async fn counted(company: &Company, on_hand: &str) {
    let feed = json!({ "items": [{ "product": "SKU-3", "warehouse": "SH", "on_hand": on_hand }] });
    let said = answer(company.by_token(Method::PUT, "/stock/feed").json(&feed)).await;
    assert_eq!(said.status, 200, "{}", said.text);
}

async fn bought(company: &Company, due_date: &str) {
    let items = json!({ "items": [{ "number": "PO-31", "product": "SKU-3", "warehouse": "SH",
        "quantity": "20", "due_date": due_date }] });
    let said = answer(company.by_token(Method::PUT, "/purchase-orders").json(&items)).await;
    assert_eq!(said.status, 200, "{}", said.text);
}

async fn is_whole(company: &Company) {
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s045_s050_a_count_below_what_is_promised_breaks_the_last_promises_and_proposes_what_is_found() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let first = order(&company, "PO-1", "2").await;
    let last = order(&company, "PO-2", "3").await;
    assert_eq!((&first["status"], &last["status"]), (&json!("confirmed"), &json!("confirmed")));
    counted(&company, "3").await;
    let kept = read(&company, &first).await;
    assert_eq!(kept["lines"][0]["promise"]["broken"], json!([]));
    let late = read(&company, &last).await;
    let broken = &late["lines"][0]["promise"]["broken"][0];
    let told = ["quantity", "source", "number", "promised", "now"].map(|name| broken[name].clone());
    assert_eq!(told, [json!("2"), json!("stock"), json!("SH"), json!("2026-03-13"), Value::Null], "{late}");
    let stock = company.get("/stock?q=SKU-3").await.body["items"][0].clone();
    assert_eq!((&stock["on_hand"], &stock["reserved_hard"]), (&json!("3"), &json!("3")));
    let exception = company.get("/exceptions").await.body["items"][0].clone();
    assert_eq!(
        (&exception["kind"], &exception["owner"]["key"]),
        (&json!("promise_broken"), &json!("planning"))
    );
    let asked = company.get("/purchase-orders?state=requested").await.body["items"][0].clone();
    assert_eq!((&asked["quantity"], &asked["order_id"]), (&json!("2"), &last["id"]));
    // An adjustment does the same; what is found again is proposed, and somebody decides.
    let less = json!({ "items": [{ "kind": "adjust", "product": "SKU-3", "warehouse": "SH", "quantity": "-2",
        "reason": "broken glass" }] });
    assert_eq!(company.post("/stock/movements", &less).await.status, 200);
    let worse = read(&company, &last).await["lines"][0]["promise"]["broken"].clone();
    let quantities: Vec<&Value> = worse.as_array().unwrap().iter().map(|of| &of["quantity"]).collect();
    assert_eq!(quantities, [&json!("2"), &json!("1")]);
    assert_eq!(read(&company, &first).await["lines"][0]["promise"]["broken"][0]["quantity"], "1");
    counted(&company, "5").await;
    let found = read(&company, &last).await["lines"][0]["promise"]["broken"].clone();
    assert!(
        found.as_array().unwrap().iter().all(|of| !of["instead"].as_array().unwrap().is_empty()),
        "{found}"
    );
    let planner = company.sign_in("plan1").await;
    let path = format!("/orders/{}/lines/1/promise", last["id"].as_str().unwrap());
    let settle = company.as_person(&planner, Method::POST, &path).json(&json!({ "by": "instead" }));
    let settled = answer(settle).await;
    assert_eq!(settled.body["lines"][0]["promise"]["state"], "backed", "{}", settled.text);
    assert_eq!(settled.body["lines"][0]["promise"]["broken"], json!([]));
    is_whole(&company).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s020_s045_a_purchase_whose_day_has_passed_promises_nothing_and_breaks_what_was_promised_by_it() {
    let company = Company::open_at(Clock::manual(monday())).await;
    bought(&company, "2026-02-20").await;
    let short = order(&company, "PO-1", "9").await;
    assert_eq!(codes(&short["findings"]), ["stock_short"]);
    assert_eq!(company.get("/atp?product=SKU-3&quantity=9").await.body["earliest_date"], Value::Null);
    // With a day to come it is promised; when that passes and nothing came, planning hears of it.
    bought(&company, "2026-03-12").await;
    let confirmed = read(&company, &short).await;
    assert_eq!(confirmed["status"], "confirmed");
    let until =
        |day: &str| format!("{day}T12:00:00+08:00").parse::<jiff::Timestamp>().unwrap().as_millisecond();
    company.app.clock.set_ms(until("2026-03-13"));
    fire_due_timers(&company.app).await.unwrap();
    assert_eq!(read(&company, &short).await["lines"][0]["promise"]["broken"], json!([]), "in time still");
    company.app.clock.set_ms(until("2026-03-16"));
    fire_due_timers(&company.app).await.unwrap();
    let late = read(&company, &short).await;
    let broken = &late["lines"][0]["promise"]["broken"][0];
    let told = ["quantity", "promised", "now"].map(|name| broken[name].clone());
    assert_eq!(told, [json!("4"), json!("2026-03-13"), json!("2026-03-16")], "{late}");
    assert_eq!(late["notice_to_send"], "delivery_changed");
    assert_eq!(company.get("/exceptions?state=open").await.body["items"][0]["kind"], "promise_broken");
    is_whole(&company).await;
}
