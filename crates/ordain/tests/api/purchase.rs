//! Goods that are not there are asked for, bought and received, and the date that can be promised follows.

use crate::company::{Answer, Company, Person, answer, clean, codes, soon};
use crate::step_settings::monday;
use ordain_app::clock::Clock;
use ordain_app::overdue::tell_overdue_shortages;
use reqwest::Method;
use serde_json::{Value, json};

pub fn day(n: i64) -> String {
    let today = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).date();
    today.checked_add(jiff::Span::new().days(n)).unwrap().to_string()
}

/// An order for more than there is: 8 of 5.
pub async fn short_order(company: &Company, po: &str) -> Value {
    let mut body = clean(po);
    body["lines"] = json!([{ "product": "SKU-3", "quantity": "8", "unit": "pcs", "unit_price": "12.50" }]);
    company.place(&body).await
}

pub async fn put(company: &Company, items: Value) -> Answer {
    answer(company.by_token(Method::PUT, "/purchase-orders").json(&json!({ "items": items }))).await
}

pub async fn receive(company: &Company, items: Value) -> Answer {
    company.post("/purchase-orders/receive", &json!({ "items": items })).await
}

pub async fn supply(company: &Company, order: &Value) -> Value {
    let read = company.get(&format!("/orders/{}/supply", order["id"].as_str().unwrap())).await;
    assert_eq!(read.status, 200, "{}", read.text);
    read.body["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn s079_s089_a_shortage_goes_to_purchasing_with_quantity_and_need_date() {
    let company = Company::open().await;
    let order = short_order(&company, "PO-1").await;
    let listed = company.get("/purchase-orders?state=requested").await;
    let request = &listed.body["items"][0];
    let number = format!("PR-{}", order["number"].as_str().unwrap());
    let told = ["number", "product", "quantity", "due_date", "order_id"].map(|name| request[name].clone());
    assert_eq!(told, [json!(number), json!("SKU-3"), json!("3"), json!(soon()), order["id"].clone()]);
    assert_eq!(supply(&company, &order).await["purchases"][0]["number"], json!(number));
    let planner = company.sign_in("plan1").await;
    let notices = answer(company.as_person(&planner, Method::GET, "/notices")).await;
    let notice = &notices.body["items"][0];
    let said =
        format!("Order {} is short of 3 of SKU-3, needed by {}", order["number"].as_str().unwrap(), soon());
    assert_eq!((&notice["kind"], &notice["text"]["en"]), (&json!("purchase_requested"), &json!(said)));
    // A clean order asks for nothing, and what is no longer needed is no longer asked for.
    assert_eq!(company.place(&clean("PO-2")).await["status"], "confirmed");
    let cancel = format!("/orders/{}/cancel", order["id"].as_str().unwrap());
    assert_eq!(company.post(&cancel, &json!({ "reason": "customer changed his mind" })).await.status, 200);
    let listed = company.get("/purchase-orders").await;
    assert_eq!(listed.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_what_can_be_promised_is_explained_and_offered_in_parts() {
    let company = Company::open().await;
    let bought = json!([
        { "number": "PO-31", "supplier": "Baosteel", "product": "SKU-3", "warehouse": "SH", "quantity": "50",
          "due_date": day(15) },
        { "number": "PO-31", "line": 2, "product": "SKU-3", "quantity": "20", "due_date": day(40) },
        { "number": "PO-32", "product": "SKU-3", "quantity": "500" }
    ]);
    assert_eq!(put(&company, bought).await.body["created"], 3);
    let asked = company.get(&format!("/atp?product=SKU-3&quantity=60&date={}", day(20))).await.body;
    let told = ["state", "available", "short", "earliest_date"].map(|name| asked[name].clone());
    assert_eq!(told, [json!("short"), json!("55"), json!("5"), json!(day(40))]);
    let split = json!([{ "quantity": "55", "date": day(20) }, { "quantity": "5", "date": day(40) }]);
    assert_eq!(asked["split"], split);
    assert_eq!(
        (&asked["from"][1]["purchase"], &asked["from"][1]["quantity"]),
        (&json!("PO-31"), &json!("50"))
    );
    let whole = company.get(&format!("/atp?product=SKU-3&quantity=55&date={}", day(15))).await.body;
    assert_eq!((&whole["state"], &whole["short"]), (&json!("backed"), &json!("0")));
    // A purchase without a date is not counted on.
    assert_eq!(company.get("/atp?product=SKU-3&quantity=76").await.body["earliest_date"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_faults_of_purchases_and_receipts_are_all_named_and_nothing_is_booked() {
    let company = Company::open().await;
    let bad = json!([
        { "number": "PO-1", "product": "SKU-9", "quantity": "-1", "due_date": "2026-12-01" },
        { "number": "PO-2", "product": "SKU-3", "quantity": "0", "warehouse": "XX" },
        { "number": "PO-2", "product": "SKU-3", "quantity": "1" }
    ]);
    let refused = put(&company, bad).await;
    let expected = [
        "duplicate_code",
        "negative_number",
        "not_positive",
        "not_positive",
        "unknown_product",
        "unknown_warehouse",
    ];
    assert_eq!(
        (refused.status, codes(&refused.body["findings"])),
        (422, expected.map(str::to_owned).to_vec())
    );
    assert_eq!(company.get("/purchase-orders").await.body["items"], json!([]));
    let good = json!([{ "number": "PO-1", "product": "SKU-3", "quantity": "4", "due_date": day(3), "warehouse": "SH" },
        { "number": "PR-1", "product": "SKU-3", "quantity": "4", "state": "requested" }]);
    assert_eq!(put(&company, good).await.status, 200);
    let came = json!([
        { "number": "PO-1", "product": "SKU-3", "quantity": "3" },
        { "number": "PO-1", "product": "SKU-3", "quantity": "2" },
        { "number": "PO-1", "line": 7, "product": "SKU-3", "quantity": "1" },
        { "number": "PR-1", "product": "SKU-3", "quantity": "1", "warehouse": "SH" },
        { "number": "PO-1", "product": "SKU-2", "quantity": "1" }
    ]);
    let refused = receive(&company, came).await;
    let expected = ["more_than_ordered", "other_product", "purchase_not_ordered", "unknown_purchase"];
    let mut found = codes(&refused.body["findings"]);
    found.dedup();
    assert_eq!((refused.status, found), (422, expected.map(str::to_owned).to_vec()), "{}", refused.text);
    assert_eq!(company.get("/stock?q=SKU-3").await.body["items"][0]["on_hand"], "5");
    assert_eq!(put(&company, json!([{ "number": "PO-1", "quantity": "2" }])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_raw_materials_are_looked_at_level_by_level_and_a_circle_is_named() {
    let company = Company::open().await;
    let boms = |items: Value| {
        let request = company.by_token(Method::PUT, "/boms").json(&json!({ "items": items }));
        answer(request)
    };
    let part = |product: &str, quantity: &str| json!({ "product": product, "quantity": quantity });
    let circular = json!([
        { "product": "SKU-3", "components": [part("SKU-2", "2"), part("SKU-9", "0")] },
        { "product": "SKU-2", "components": [part("SKU-1", "1")] },
        { "product": "SKU-1", "components": [part("SKU-3", "1")] }
    ]);
    let refused = boms(circular).await;
    let mut found = codes(&refused.body["findings"]);
    found.dedup();
    assert_eq!(
        (refused.status, found),
        (422, ["circular_bom", "not_positive", "unknown_product"].map(str::to_owned).to_vec())
    );
    assert!(refused.text.contains("SKU-3 → SKU-2 → SKU-1 → SKU-3"), "{}", refused.text);
    // 3 are missing: 60 of SKU-2 each makes 180 of 100, the rest of it made of SKU-1, of which there is plenty.
    let sound = json!([{ "product": "SKU-3", "days": 4, "components": [part("SKU-2", "60")] }]);
    assert_eq!(boms(sound).await.body["created"], 1);
    let order = short_order(&company, "PO-1").await;
    let line = supply(&company, &order).await;
    let expected = json!([{ "product": "SKU-2", "needed": "180", "free": "100", "date": null }]);
    assert_eq!(
        (&line["material"]["enough"], &line["material"]["parts"]),
        (&json!(false), &expected),
        "{line}"
    );
    assert_eq!(line["earliest_date"], Value::Null);
    let deeper = json!([{ "product": "SKU-2", "days": 2, "components": [part("SKU-1", "0.5")] }]);
    assert_eq!(boms(deeper).await.body["created"], 1);
    let line = supply(&company, &order).await;
    assert_eq!(
        (&line["material"]["made_date"], &line["earliest_date"]),
        (&json!(day(6)), &json!(day(6))),
        "{line}"
    );
    assert_eq!(company.get("/boms").await.body["items"][1]["components"][0], part("SKU-2", "60"));
}

async fn shortages(company: &Company) -> Value {
    let read = company.get("/tasks/shortages").await;
    assert_eq!(read.status, 200, "{}", read.text);
    read.body["items"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn s089_a_shortage_is_a_task_of_purchasing_with_owner_and_deadline_until_it_is_ordered() {
    let company = Company::open().await;
    let order = short_order(&company, "PO-1").await;
    let number = format!("PR-{}", order["number"].as_str().unwrap());
    let task = shortages(&company).await[0].clone();
    let told = ["kind", "number", "product", "quantity", "unit", "need_date", "order_id", "order_number"]
        .map(|name| task[name].clone());
    let expected = [
        json!("purchase"),
        json!(number),
        json!("SKU-3"),
        json!("3"),
        json!("pcs"),
        json!(soon()),
        order["id"].clone(),
        order["number"].clone(),
    ];
    assert_eq!(told, expected);
    assert_eq!(
        (&task["owner"]["kind"], &task["owner"]["key"], &task["overdue"]),
        (&json!("department"), &json!("planning"), &json!(false))
    );
    assert!(task["answer_by"].is_string(), "{task}");
    let planner = company.sign_in("plan1").await;
    let queues = answer(company.as_person(&planner, Method::GET, "/tasks?queue=mine")).await.body;
    assert_eq!(queues["counts"]["shortages"], 1);
    let bench = answer(company.as_person(&planner, Method::GET, "/workbench")).await.body;
    assert_eq!(bench["counts"]["shortages"], 1);

    // Somebody takes it; it stays theirs, with its deadline, where the order is short of more.
    let nobody = put(&company, json!([{ "number": number, "owner": "ghost" }])).await;
    assert_eq!((nobody.status, codes(&nobody.body["findings"])), (422, vec!["unknown_user".to_owned()]));
    assert_eq!(put(&company, json!([{ "number": number, "owner": "plan1" }])).await.status, 200);
    let mut more = clean("PO-1");
    more["reason"] = json!("one more");
    more["origin"] = json!("customer");
    more["lines"] =
        json!([{ "id": "1", "product": "SKU-3", "quantity": "9", "unit": "pcs", "unit_price": "12.50" }]);
    let sales = company.sign_in("sales1").await;
    let change = format!("/orders/{}/changes", order["id"].as_str().unwrap());
    let changed = company.post_as(&sales, &change, &more).await;
    assert_eq!(changed.status, 201, "{}", changed.text);
    let taken = shortages(&company).await[0].clone();
    assert_eq!(
        (&taken["owner"]["key"], &taken["quantity"], &taken["answer_by"]),
        (&json!("plan1"), &json!("4"), &task["answer_by"])
    );

    // Whoever orders it has done it.
    let ordered =
        json!([{ "number": number, "state": "ordered", "supplier": "Baosteel", "due_date": day(2) }]);
    assert_eq!(put(&company, ordered).await.status, 200);
    assert_eq!(shortages(&company).await, json!([]));
    // The queue is one of purchases and work, the most urgent first, page by page.
    let asked = json!([{ "number": "A-1", "product": "SKU-1", "quantity": "1", "state": "requested" },
        { "number": "A-2", "product": "SKU-1", "quantity": "1", "state": "requested" }]);
    assert_eq!(put(&company, asked).await.status, 200);
    let first = company.get("/tasks/shortages?limit=1").await.body;
    let next = format!("/tasks/shortages?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    let numbers = [&first, &company.get(&next).await.body].map(|page| page["items"][0]["number"].clone());
    assert_eq!(numbers, [json!("A-1"), json!("A-2")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s089_a_shortage_that_nobody_answers_in_time_is_told_once_to_planning_and_the_process_admin() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    let order = short_order(&company, "PO-1").await;
    let told = async |session: &Person| {
        let read = answer(company.as_person(session, Method::GET, "/notices")).await.body;
        let items = read["items"].as_array().unwrap().clone();
        let own = items.into_iter().filter(|notice| notice["kind"] == "shortage_overdue");
        own.map(|notice| notice["text"]["en"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(tell_overdue_shortages(&company.app).await.unwrap(), 0, "there is a working day for it");
    clock.set_ms(monday() + 7 * 24 * 3_600_000);
    assert_eq!(tell_overdue_shortages(&company.app).await.unwrap(), 1);
    assert_eq!(tell_overdue_shortages(&company.app).await.unwrap(), 0, "once is enough");
    let number = format!("PR-{}", order["number"].as_str().unwrap());
    for login in ["plan1", "ops1"] {
        let told = told(&company.sign_in(login).await).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].as_str().unwrap().contains(&number), "{told:?}");
    }
    let log = company.get("/audit?action=tell_overdue_shortages").await.body;
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_s079_missing_parts_of_what_is_to_be_made_are_asked_for_level_by_level() {
    let company = Company::open().await;
    let part = |product: &str, quantity: &str| json!([{ "product": product, "quantity": quantity }]);
    let boms = json!({ "items": [{ "product": "SKU-3", "components": part("SKU-2", "4") },
        { "product": "SKU-2", "components": part("SKU-1", "2") }] });
    let made = answer(company.by_token(Method::PUT, "/boms").json(&boms)).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let fed = json!({ "items": [{ "product": "SKU-2", "warehouse": "SH", "on_hand": "2" },
        { "product": "SKU-1", "warehouse": "SH", "on_hand": "6" }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/stock/feed").json(&fed)).await.status, 200);
    // 3 are to be made of 12, of which 10 are to be made of 20, of which 14 are to be bought.
    let order = short_order(&company, "PO-1").await;
    let told = |rows: &Value| {
        let of = |row: &Value| ["product", "quantity", "due_date", "order_id"].map(|name| row[name].clone());
        rows.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let row =
        |product: &str, quantity: &str| [json!(product), json!(quantity), json!(soon()), order["id"].clone()];
    let work = company.get("/work-orders?state=requested").await.body["items"].clone();
    let mut found = told(&work);
    found.sort_by_key(|row| row[0].to_string());
    assert_eq!(found, [row("SKU-2", "10"), row("SKU-3", "3")], "{work}");
    let bought = company.get("/purchase-orders?state=requested").await.body["items"].clone();
    assert_eq!(told(&bought), [row("SKU-1", "14")], "{bought}");
    // They stand with the line that needs them, in the queue of planning, and people are told of each.
    assert_eq!(supply(&company, &order).await["purchases"][0]["product"], "SKU-1");
    assert_eq!(company.get("/tasks/shortages").await.body["items"].as_array().unwrap().len(), 3);
    let planner = company.sign_in("plan1").await;
    let notices = answer(company.as_person(&planner, Method::GET, "/notices")).await.body;
    let asked = notices["items"].as_array().unwrap().iter().filter(|of| of["kind"] == "purchase_requested");
    assert_eq!(asked.count(), 3, "{notices}");
    // And end with the shortage.
    let cancel = format!("/orders/{}/cancel", order["id"].as_str().unwrap());
    assert_eq!(company.post(&cancel, &json!({ "reason": "customer changed his mind" })).await.status, 200);
    assert_eq!(company.get("/work-orders").await.body["items"], json!([]));
    assert_eq!(company.get("/purchase-orders").await.body["items"], json!([]));
}
