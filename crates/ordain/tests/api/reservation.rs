//! Goods of orders in review are reserved for a time: let go when nobody decides, and taken again when somebody does.

use crate::company::{Company, clean, codes};
use ordain_app::admin::recheck_open_tasks;
use ordain_app::clock::Clock;
use ordain_app::reconcile::fire_due_timers;
use serde_json::{Value, json};

fn monday() -> i64 {
    "2026-03-02T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// An order for some of the five pieces that there are; at another price it has to be reviewed.
async fn order(company: &Company, po: &str, quantity: &str, price: &str) -> Value {
    let mut body = clean(po);
    body["requested_date"] = json!("2026-03-20");
    body["lines"] = json!([{ "product": "SKU-3", "quantity": quantity, "unit": "pcs", "unit_price": price }]);
    company.place(&body).await
}

async fn later(company: &Company, minutes: i64) {
    company.app.clock.set_ms(company.app.clock.now_ms() + minutes * 60_000);
    fire_due_timers(&company.app).await.unwrap();
}

async fn read(company: &Company, order: &Value) -> Value {
    company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body
}

async fn is_whole(company: &Company) {
    let report = ordain_app::audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_s044_what_nobody_decides_about_gives_its_goods_to_others_and_says_so() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let first = order(&company, "PO-1", "4", "11.00").await;
    assert_eq!((&first["status"], &first["promise"]["state"]), (&json!("in_review"), &json!("backed")));
    assert_eq!(first["promise"]["reserved_until"].as_str().unwrap()[..16], *"2026-03-02T10:30");
    assert_eq!(company.get("/stock?q=SKU-3").await.body["items"][0]["reserved_soft"], "4");
    later(&company, 29).await;
    assert_eq!(read(&company, &first).await["promise"]["expired_at"], Value::Null);
    later(&company, 1).await;
    let expired = read(&company, &first).await;
    assert_eq!(expired["promise"]["expired_at"].as_str().unwrap()[..16], *"2026-03-02T10:30");
    assert_eq!(expired["promise"]["reserved_until"], Value::Null);
    let stock = company.get("/stock?q=SKU-3").await.body["items"][0].clone();
    assert_eq!((&stock["reserved_soft"], &stock["available"]), (&json!("0"), &json!("5")));
    let why = company.get(&format!("/orders/{}/why", first["id"].as_str().unwrap())).await.body;
    assert!(why["reservation"]["en"].as_str().unwrap().contains("nobody decided in time"), "{why}");
    // The goods are free for whoever comes now.
    let second = order(&company, "PO-2", "3", "12.50").await;
    assert_eq!(second["status"], "confirmed");
    // The decision takes them again; what is not there any more cannot be promised, and purchasing hears of it.
    let finance = company.sign_in("fin1").await;
    let decided = company.decide(&finance, &first, "finance_review", "approve").await;
    assert_ne!(decided.body["status"], "confirmed", "{}", decided.text);
    let short = read(&company, &first).await;
    assert!(codes(&short["findings"]).contains(&"stock_short".to_owned()), "{short}");
    let asked = company.get("/purchase-orders?state=requested").await.body;
    assert_eq!(
        (&asked["items"][0]["product"], &asked["items"][0]["quantity"]),
        (&json!("SKU-3"), &json!("2"))
    );
    is_whole(&company).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_a_decision_takes_the_goods_again_and_the_confirmation_keeps_them() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let waits = order(&company, "PO-1", "4", "11.00").await;
    later(&company, 45).await;
    assert!(read(&company, &waits).await["promise"]["expired_at"].is_string());
    let finance = company.sign_in("fin1").await;
    let decided = company.decide(&finance, &waits, "finance_review", "approve").await;
    assert_eq!(decided.body["status"], "confirmed", "{}", decided.text);
    assert_eq!(decided.body["promise"]["expired_at"], Value::Null);
    later(&company, 600).await;
    assert_eq!(company.get("/stock?q=SKU-3").await.body["items"][0]["reserved_hard"], "4");
    is_whole(&company).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s053_how_long_goods_are_reserved_is_the_companys_rule() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let mut rules = company.get("/settings/supply").await.body;
    assert_eq!(rules["reservation_minutes"], 30);
    rules["reservation_minutes"] = json!(0);
    let refused = company.replace("/settings/supply", &rules).await;
    assert_eq!((refused.status, codes(&refused.body["findings"])), (422, vec!["out_of_range".to_owned()]));
    rules["reservation_minutes"] = Value::Null;
    assert_eq!(company.replace("/settings/supply", &rules).await.status, 200);
    let waits = order(&company, "PO-1", "4", "11.00").await;
    later(&company, 600).await;
    let kept = read(&company, &waits).await;
    assert_eq!(
        (&kept["promise"]["state"], &kept["promise"]["reserved_until"]),
        (&json!("backed"), &Value::Null)
    );
    assert_eq!(company.get("/stock?q=SKU-3").await.body["items"][0]["reserved_soft"], "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn s053_a_new_rule_counts_for_goods_that_are_reserved_already() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let waits = order(&company, "PO-1", "4", "11.00").await;
    let mut rules = company.get("/settings/supply").await.body;
    rules["reservation_minutes"] = json!(10);
    assert_eq!(company.replace("/settings/supply", &rules).await.status, 200);
    // What runs beside the doors looks at open tasks again after such a change.
    recheck_open_tasks(&company.app, 1).await.unwrap();
    is_whole(&company).await;
    later(&company, 11).await;
    let expired = read(&company, &waits).await;
    assert!(expired["promise"]["expired_at"].is_string(), "{}", expired["promise"]);
    is_whole(&company).await;
}
