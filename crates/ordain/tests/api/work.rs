//! What is not there is made: planned by the load of a work centre, promised, and booked with what it is made of.

use crate::company::{Answer, Company, answer, clean, codes, soon};
use crate::purchase::{day, short_order, supply};
use ordain_app::audit;
use reqwest::Method;
use serde_json::{Value, json};

async fn put(company: &Company, path: &str, items: Value) -> Answer {
    answer(company.by_token(Method::PUT, path).json(&json!({ "items": items }))).await
}

/// SKU-3 is made of 4 of SKU-2 each, an hour of the line for one.
async fn workshop(company: &Company) {
    let line = json!([{ "code": "L1", "name": "Assembly", "daily_minutes": 480 }]);
    assert_eq!(put(company, "/work-centres", line).await.body["created"], 1);
    let bom = json!([{ "product": "SKU-3", "days": 0, "work_centre": "L1", "minutes": "60",
        "components": [{ "product": "SKU-2", "quantity": "4" }] }]);
    let made = put(company, "/boms", bom).await;
    assert_eq!((made.status, &made.body["created"]), (200, &json!(1)), "{}", made.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s015_s029_work_is_planned_by_the_load_promised_and_booked_with_its_parts() {
    let company = Company::open().await;
    workshop(&company).await;
    let planned = json!([{ "number": "WO-1", "product": "SKU-3", "warehouse": "SH", "quantity": "10" }]);
    assert_eq!(put(&company, "/work-orders", planned).await.body["created"], 1);
    // 3 are missing: three hours of the line behind ten that are planned, and its parts are there.
    let order = short_order(&company, "PO-1").await;
    let line = supply(&company, &order).await;
    let work = &line["material"]["work"];
    assert_eq!((&work["minutes"], &work["load_minutes"]), (&json!(180), &json!(600)), "{line}");
    assert_eq!(line["material"]["made_date"], line["earliest_date"]);
    let explained = line["explanation"]["en"].as_str().unwrap();
    let full = work["full_until"].as_str().unwrap();
    assert!(explained.contains("5 free in stock"), "{explained}");
    assert!(explained.contains(&format!("work centre L1 full until: {full}")), "{explained}");
    let centre = company.get("/work-centres").await.body["items"][0].clone();
    assert_eq!(centre["load_minutes"], 600);
    // What is planned backs nothing; once released it does, and the order goes on by itself.
    let read = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(company.get(&read).await.body["status"], "in_review");
    let released = json!([{ "number": "WO-1", "state": "released", "due_date": day(9) }]);
    assert_eq!(put(&company, "/work-orders", released).await.body["updated"], 1);
    let confirmed = company.get(&read).await.body;
    let from = confirmed["lines"][0]["promise"]["from"].clone();
    assert_eq!((&confirmed["status"], &from[1]["source"]), (&json!("confirmed"), &json!("work")), "{from}");
    assert_eq!((&from[1]["number"], &from[1]["date"]), (&json!("WO-1"), &json!(day(9))));
    // Finished in part and spoilt in part: the parts go out, and what is good is held for the order.
    let finish = |quantity: &str, scrapped: &str| json!({ "items": [{ "number": "WO-1", "product": "SKU-3", "quantity": quantity, "scrapped": scrapped }] });
    assert_eq!(company.post("/work-orders/finish", &finish("4", "1")).await.status, 200);
    let stock = company.get("/stock?q=SKU").await.body["items"].clone();
    let told = |product: &str, name: &str| {
        let found = stock.as_array().unwrap().iter().find(|row| row["product"] == product).unwrap();
        found[name].clone()
    };
    assert_eq!((told("SKU-2", "on_hand"), told("SKU-3", "on_hand")), (json!("80"), json!("9")));
    assert_eq!(told("SKU-3", "reserved_hard"), json!("8"));
    let work = company.get("/work-orders?state=released").await.body["items"][0].clone();
    let told = ["finished", "scrapped", "open", "promised"].map(|name| work[name].clone());
    assert_eq!(told, [json!("4"), json!("1"), json!("5"), json!("0")]);
    assert_eq!(company.get("/work-centres").await.body["items"][0]["load_minutes"], 300);
    let over = company.post("/work-orders/finish", &finish("5", "1")).await;
    assert_eq!((over.status, codes(&over.body["findings"])), (422, vec!["more_than_ordered".to_owned()]));
    assert_eq!(company.post("/work-orders/finish", &finish("5", "0")).await.status, 200);
    assert_eq!(company.get("/work-orders").await.body["items"][0]["state"], "finished");
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s020_cancelled_work_breaks_what_was_promised_by_it_and_faults_are_all_named() {
    let company = Company::open().await;
    workshop(&company).await;
    let bad = json!([
        { "number": "WO-1", "product": "SKU-1", "warehouse": "XX", "quantity": "0" },
        { "number": "WO-2", "product": "SKU-3", "quantity": "3", "state": "released", "work_centre": "L9" }
    ]);
    let refused = put(&company, "/work-orders", bad).await;
    let expected = ["missing_field", "not_made", "not_positive", "unknown_warehouse", "unknown_work_centre"];
    assert_eq!(
        (refused.status, codes(&refused.body["findings"])),
        (422, expected.map(str::to_owned).to_vec()),
        "{}",
        refused.text
    );
    let released = json!([{ "number": "WO-1", "product": "SKU-3", "warehouse": "SH", "quantity": "3",
        "state": "released", "due_date": day(9) }]);
    assert_eq!(put(&company, "/work-orders", released).await.status, 200);
    let order = short_order(&company, "PO-1").await;
    assert_eq!(order["status"], "confirmed", "{order}");
    let too_much = json!({ "items": [{ "number": "WO-1", "product": "SKU-3", "quantity": "4" },
        { "number": "WO-9", "product": "SKU-3", "quantity": "1" }] });
    let refused = company.post("/work-orders/finish", &too_much).await;
    assert_eq!(codes(&refused.body["findings"]), ["more_than_ordered", "unknown_work"]);
    assert_eq!(
        put(&company, "/work-orders", json!([{ "number": "WO-1", "state": "cancelled" }])).await.status,
        200
    );
    let read = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
    let broken = &read["lines"][0]["promise"]["broken"][0];
    assert_eq!(
        (&broken["quantity"], &broken["number"], &broken["now"]),
        (&json!("3"), &json!("WO-1"), &Value::Null)
    );
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s020_s089_a_shortage_of_what_is_made_asks_production_and_is_closed_by_what_is_made() {
    let company = Company::open().await;
    workshop(&company).await;
    let order = short_order(&company, "PO-1").await;
    let asked = company.get("/work-orders?state=requested").await.body["items"][0].clone();
    let number = format!("WO-{}-1", order["number"].as_str().unwrap());
    let told = ["number", "product", "quantity", "due_date", "order_id"].map(|name| asked[name].clone());
    assert_eq!(told, [json!(number), json!("SKU-3"), json!("3"), json!(soon()), order["id"].clone()]);
    assert_eq!(company.get("/purchase-orders").await.body["items"], json!([]));
    assert_eq!(supply(&company, &order).await["work_orders"][0]["number"], json!(number));
    // Released without a day: as soon as the work centre can.
    let released = json!([{ "number": number, "state": "released", "warehouse": "SH" }]);
    let said = put(&company, "/work-orders", released).await;
    assert_eq!((said.status, &said.body["updated"]), (200, &json!(1)), "{}", said.text);
    let read = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(company.get(&read).await.body["status"], "confirmed");
    // Cancelled, so that what is made is anybody's.
    let cancel = format!("{read}/cancel");
    assert_eq!(company.post(&cancel, &json!({ "reason": "customer changed his mind" })).await.status, 200);
    let work = company.get("/work-orders").await.body["items"][0].clone();
    assert_eq!((&work["order_id"], &work["promised"]), (&Value::Null, &json!("0")));
    let other = short_order(&company, "PO-2").await;
    assert_eq!(other["lines"][0]["promise"]["from"][1]["number"], json!(number), "{other}");
    // A company may leave planning to people.
    let mut rules = company.get("/settings/supply").await.body;
    rules["shortage_plans_work"] = json!(false);
    assert_eq!(company.replace("/settings/supply", &rules).await.status, 200);
    short_order(&company, "PO-3").await;
    assert_eq!(company.get("/work-orders?state=requested").await.body["items"], json!([]));
    assert_eq!(company.get("/purchase-orders?state=requested").await.body["items"][0]["product"], "SKU-3");
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s015_s089_the_step_of_the_warehouse_shows_stock_plan_load_and_lead_time() {
    let company = Company::open().await;
    workshop(&company).await;
    let order = short_order(&company, "PO-1").await;
    let open = order["tasks"].as_array().unwrap().iter().find(|task| task["department"] == "warehouse");
    let step = open.unwrap_or_else(|| panic!("{order}"));
    assert_eq!(step["shows_supply"], true);
    let finance = order["tasks"].as_array().unwrap().iter().find(|task| task["department"] == "finance");
    assert!(finance.is_none_or(|task| task["shows_supply"] == false));
    let line = supply(&company, &order).await;
    assert_eq!(
        (&line["free"], &line["short"], &line["plan"]["load_minutes"]),
        (&json!("5"), &json!("3"), &json!(0))
    );
    assert!(line["lead_days"].is_i64() && line["earliest_date"].is_string(), "{line}");
    // What is asked of production is a task of the same queue; planning it loads the work centre that the step shows.
    let asked = company.get("/tasks/shortages").await.body["items"][0].clone();
    assert_eq!((&asked["kind"], &asked["work_centre"]), (&json!("work"), &line["plan"]["work_centre"]));
    let planned = json!([{ "number": asked["number"], "state": "planned" }]);
    assert_eq!(put(&company, "/work-orders", planned).await.status, 200);
    assert_eq!(company.get("/tasks/shortages").await.body["items"], json!([]));
    let line = supply(&company, &order).await;
    assert!(line["plan"]["load_minutes"].as_i64() > Some(0), "{line}");
    assert!(line["plan"]["full_until"].is_string(), "{line}");
}

async fn of_parts(company: &Company, po: &str, quantity: &str) -> Value {
    let mut body = clean(po);
    body["lines"] =
        json!([{ "product": "SKU-2", "quantity": quantity, "unit": "pcs", "unit_price": "10.00" }]);
    company.place(&body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_s015_what_released_work_needs_of_its_parts_is_promised_to_nobody() {
    let company = Company::open().await;
    workshop(&company).await;
    // 80 of the 100 parts.
    let work = json!([{ "number": "WO-1", "product": "SKU-3", "warehouse": "SH", "quantity": "20",
        "state": "released", "due_date": day(15) }]);
    let released = put(&company, "/work-orders", work).await;
    assert_eq!(released.status, 200, "{}", released.text);
    let trial = company.get("/atp?product=SKU-2&quantity=30").await.body;
    assert_eq!((&trial["available"], &trial["short"]), (&json!("20"), &json!("10")), "{trial}");
    // The Gate says the same as the trial.
    let mut body = clean("PO-1");
    body["lines"] = json!([{ "product": "SKU-2", "quantity": "30", "unit": "pcs", "unit_price": "10.00" }]);
    let checked = company.post("/orders/check", &body).await;
    assert_eq!(codes(&checked.body["findings"]), ["stock_short"], "{}", checked.text);
    let waits = of_parts(&company, "PO-1", "30").await;
    assert_eq!(codes(&waits["findings"]), ["stock_short"], "{waits}");
    assert_eq!(of_parts(&company, "PO-2", "20").await["status"], "confirmed");
    // What comes before the work is to be done serves it, and leaves the shelf to whoever asks.
    let bought = json!([{ "number": "PO-7", "product": "SKU-2", "warehouse": "SH", "quantity": "30", "due_date": day(10) }]);
    assert_eq!(put(&company, "/purchase-orders", bought).await.status, 200);
    let read = company.get(&format!("/orders/{}", waits["id"].as_str().unwrap())).await.body;
    assert_eq!(read["status"], "confirmed", "{read}");
    assert_eq!(read["lines"][0]["promise"]["from"][0]["source"], "stock", "{read}");
    // The shelf is short of parts until the purchase has come; then all of the work can be done.
    let came = json!({ "items": [{ "number": "PO-7", "product": "SKU-2", "quantity": "30" }] });
    assert_eq!(company.post("/purchase-orders/receive", &came).await.status, 200);
    let all = json!({ "items": [{ "number": "WO-1", "product": "SKU-3", "quantity": "20" }] });
    let finished = company.post("/work-orders/finish", &all).await;
    assert_eq!(finished.status, 200, "{}", finished.text);
    assert_eq!(company.get("/atp?product=SKU-2&quantity=1").await.body["available"], "0");
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s015_work_is_released_only_with_its_parts_and_the_time_for_it() {
    let company = Company::open().await;
    workshop(&company).await;
    let work = |number: &str, quantity: &str, due: Option<String>| {
        json!({ "number": number, "product": "SKU-3", "warehouse": "SH", "quantity": quantity,
            "state": "released", "due_date": due })
    };
    let refused = async |items: Value| {
        let said = put(&company, "/work-orders", items).await;
        assert_eq!(said.status, 422, "{}", said.text);
        (codes(&said.body["findings"]), said.text)
    };
    // 26 take 104 of 100 parts; of two that are released together each takes its own.
    let (found, text) = refused(json!([work("WO-1", "26", Some(day(30)))])).await;
    assert_eq!(found, ["parts_short"], "{text}");
    assert!(text.contains("104") && text.contains("100"), "{text}");
    let both = json!([work("WO-1", "15", Some(day(30))), work("WO-2", "15", Some(day(30)))]);
    let (found, text) = refused(both).await;
    assert_eq!(found, ["parts_short"], "{text}");
    assert!(text.contains("items[1].quantity"), "{text}");
    // Twenty hours of the line are no work of one day.
    let (found, text) = refused(json!([work("WO-1", "20", Some(day(1)))])).await;
    assert_eq!(found, ["work_centre_full"], "{text}");
    assert_eq!(company.get("/work-orders").await.body["items"], json!([]));
    // Planned work needs neither yet. Without a day it is done once its parts have come.
    let planned = json!([{ "number": "WO-1", "product": "SKU-3", "warehouse": "SH", "quantity": "26" }]);
    assert_eq!(put(&company, "/work-orders", planned).await.status, 200);
    let bought = json!([{ "number": "PO-7", "product": "SKU-2", "quantity": "4", "due_date": day(25) }]);
    assert_eq!(put(&company, "/purchase-orders", bought).await.status, 200);
    let (found, text) = refused(json!([{ "number": "WO-1", "state": "released" }])).await;
    assert_eq!(found, ["parts_short"], "{text}");
    assert_eq!(
        put(&company, "/work-orders", json!([{ "number": "WO-1", "state": "cancelled" }])).await.status,
        200
    );
    let later = put(&company, "/work-orders", json!([work("WO-3", "26", None)])).await;
    assert_eq!(later.status, 200, "{}", later.text);
    let row = company.get("/work-orders?q=WO-3").await.body["items"][0].clone();
    assert!(row["due_date"].as_str().unwrap() >= day(25).as_str(), "{row}");
    let (found, text) = refused(json!([work("WO-4", "1", Some(day(90)))])).await;
    assert_eq!(found, ["parts_short"], "{text}");
    // Less of it, or later, needs nothing new, and leaves parts to others.
    let less = json!([{ "number": "WO-3", "quantity": "20", "due_date": day(80) }]);
    assert_eq!(put(&company, "/work-orders", less).await.status, 200);
    let other = put(&company, "/work-orders", json!([work("WO-4", "6", Some(day(90)))])).await;
    assert_eq!(other.status, 200, "{}", other.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_a_trial_says_when_what_is_short_can_be_made() {
    let company = Company::open().await;
    workshop(&company).await;
    let trial = company.get("/atp?product=SKU-3&quantity=8").await.body;
    let material = &trial["material"];
    assert_eq!((&trial["state"], &trial["short"]), (&json!("short"), &json!("3")), "{trial}");
    assert_eq!((&material["enough"], &material["work"]["minutes"]), (&json!(true), &json!(180)), "{trial}");
    assert!(trial["earliest_date"].is_string(), "{trial}");
    assert_eq!(trial["earliest_date"], material["made_date"]);
    // As an order is answered.
    let order = short_order(&company, "PO-1").await;
    assert_eq!(supply(&company, &order).await["earliest_date"], trial["earliest_date"]);
    let never = company.get("/atp?product=SKU-3&quantity=80").await.body;
    assert_eq!((&never["material"]["enough"], &never["earliest_date"]), (&json!(false), &Value::Null));
    assert_eq!(company.get("/atp?product=SKU-3&quantity=5").await.body["material"], Value::Null);
}
