//! Promises by goods that are still to come: an order is confirmed by them, and hears when they come later or not at all.

use crate::company::{Answer, Company, answer, clean, codes, open_nodes, soon};
use crate::purchase::{day, put, receive, short_order, supply};
use futures::future::join_all;
use ordain_app::audit;
use reqwest::Method;
use serde_json::{Value, json};

async fn read(company: &Company, order: &Value) -> Value {
    company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body
}

fn promise(order: &Value) -> Value {
    order["lines"][0]["promise"].clone()
}

async fn settle(company: &Company, order: &Value, by: &str) -> Answer {
    let path = format!(
        "/orders/{}/lines/{}/promise",
        order["id"].as_str().unwrap(),
        order["lines"][0]["id"].as_str().unwrap()
    );
    let planner = company.sign_in("plan1").await;
    answer(company.as_person(&planner, Method::POST, &path).json(&json!({ "by": by }))).await
}

async fn ship(company: &Company, order: &Value, quantity: &str) -> Answer {
    let body = json!({ "revision": order["revision"],
        "lines": [{ "line": order["lines"][0]["id"], "quantity": quantity }] });
    company.post(&format!("/orders/{}/shipments", order["id"].as_str().unwrap()), &body).await
}

async fn is_whole(company: &Company) {
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

/// An order that is short of 3, and the number of what was bought for it.
async fn bought_for(company: &Company) -> (Value, String) {
    let order = short_order(company, "PO-1").await;
    let number = format!("PR-{}", order["number"].as_str().unwrap());
    let planner = company.sign_in("plan1").await;
    let bought = json!({ "items": [{ "number": number, "state": "ordered", "supplier": "Baosteel",
        "due_date": day(14), "warehouse": "SH" }] });
    let said = answer(company.as_person(&planner, Method::PUT, "/purchase-orders").json(&bought)).await;
    assert_eq!((said.status, &said.body["updated"]), (200, &json!(1)), "{}", said.text);
    (order, number)
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_a_purchase_backs_the_order_and_only_what_has_come_can_leave() {
    let company = Company::open().await;
    let order = short_order(&company, "PO-0").await;
    let before = supply(&company, &order).await;
    let told = ["held", "free", "short"].map(|name| before[name].clone());
    assert_eq!((told, &before["earliest_date"]), ([json!("0"), json!("5"), json!("3")], &Value::Null));
    let cancel = format!("/orders/{}/cancel", order["id"].as_str().unwrap());
    assert_eq!(company.post(&cancel, &json!({ "reason": "customer changed his mind" })).await.status, 200);
    let (order, number) = bought_for(&company).await;
    // 5 from stock, 3 by the purchase, in time: the order is confirmed by itself.
    let confirmed = read(&company, &order).await;
    let promised = promise(&confirmed);
    assert_eq!(
        (&confirmed["status"], &promised["date"]),
        (&json!("confirmed"), &json!(soon())),
        "{promised}"
    );
    let parts: Vec<[Value; 4]> = promised["from"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| ["source", "quantity", "number", "date"].map(|name| part[name].clone()))
        .collect();
    let expected = [
        [json!("stock"), json!("5"), Value::Null, Value::Null],
        [json!("purchase"), json!("3"), json!(number), json!(day(14))],
    ];
    assert_eq!(parts, expected);
    // Only what is here can leave.
    let early = ship(&company, &confirmed, "6").await;
    assert_eq!((early.status, codes(&early.body["findings"])), (422, vec!["more_than_promised".to_owned()]));
    // In parts; what comes is held for the order at once, and all of it can leave then.
    let came = |quantity: &str| json!([{ "number": number, "product": "SKU-3", "quantity": quantity, "reference": "DN-7" }]);
    assert_eq!(receive(&company, came("1")).await.status, 200);
    let stock = company.get("/stock?q=SKU-3").await.body["items"][0].clone();
    assert_eq!((&stock["on_hand"], &stock["reserved_hard"]), (&json!("6"), &json!("6")));
    assert_eq!(receive(&company, came("2")).await.status, 200);
    let shipped = ship(&company, &confirmed, "8").await;
    assert_eq!((shipped.status, &shipped.body["status"]), (201, &json!("completed")), "{}", shipped.text);
    let ledger = company.get("/stock/movements?product=SKU-3&limit=2").await;
    let movement = &ledger.body["items"][1];
    let told = ["kind", "quantity", "reference", "reason"].map(|name| movement[name].clone());
    assert_eq!(told, [json!("receipt"), json!("2"), json!(format!("{number}/1")), json!("DN-7")]);
    let over = put(&company, json!([{ "number": number, "due_date": day(30) }])).await;
    assert_eq!((over.status, codes(&over.body["findings"])), (422, vec!["purchase_over".to_owned()]));
    is_whole(&company).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s020_a_late_purchase_breaks_the_promise_and_somebody_promises_the_new_day() {
    let company = Company::open().await;
    let (order, number) = bought_for(&company).await;
    // Later, but still in time: nothing is broken.
    assert_eq!(put(&company, json!([{ "number": number, "due_date": day(16) }])).await.status, 200);
    assert_eq!(promise(&read(&company, &order).await)["broken"], json!([]));
    // Late: planning owns the exception, and the notice to the customer is ready for somebody to send.
    assert_eq!(put(&company, json!([{ "number": number, "due_date": day(25) }])).await.status, 200);
    let late = read(&company, &order).await;
    let broken = &promise(&late)["broken"][0];
    let told = ["quantity", "promised", "now"].map(|name| broken[name].clone());
    assert_eq!(told, [json!("3"), json!(soon()), json!(day(25))], "{broken}");
    assert_eq!(late["notice_to_send"], "delivery_changed");
    let exceptions = company.get("/exceptions").await.body;
    let exception = &exceptions["items"][0];
    assert_eq!(
        (&exception["kind"], &exception["owner"]["key"], &exception["evidence"]["now"]),
        (&json!("promise_broken"), &json!("planning"), &json!(day(25))),
        "{exception}"
    );
    let none = settle(&company, &late, "instead").await;
    assert_eq!((none.status, &none.body["code"]), (409, &json!("nothing_instead")), "{}", none.text);
    let settled = settle(&company, &late, "new_date").await;
    assert_eq!(promise(&settled.body)["date"], json!(day(25)), "{}", settled.text);
    assert_eq!(company.get("/exceptions?state=open").await.body["items"], json!([]));
    assert_eq!(settle(&company, &late, "new_date").await.body["code"], "promise_not_broken");
    let path = format!("/orders/{}/notices", order["id"].as_str().unwrap());
    let shown = company.get(&format!("{path}/preview?template=delivery_changed")).await;
    assert!(shown.body["text"].as_str().unwrap().contains(&day(25)), "{}", shown.text);
    let sent = company.post(&path, &json!({ "template": "delivery_changed" })).await;
    assert_eq!(
        (sent.status, &sent.body["notice_to_send"]),
        (200, &json!("order_confirmed")),
        "{}",
        sent.text
    );
    is_whole(&company).await;
}

/// An order for goods that are to come alone.
async fn by_purchase(company: &Company, po: &str, quantity: &str) -> Value {
    let mut body = clean(po);
    body["lines"] =
        json!([{ "product": "SKU-3", "quantity": quantity, "unit": "pcs", "unit_price": "12.50" }]);
    company.place(&body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s015_s020_a_short_purchase_takes_from_whoever_came_last_and_proposes_what_else_there_is() {
    let company = Company::open().await;
    let bought = json!([{ "number": "PO-31", "product": "SKU-3", "warehouse": "SH", "quantity": "10", "due_date": day(10) }]);
    assert_eq!(put(&company, bought).await.status, 200);
    // All of the stock and 4, then 6 of the purchase; the third finds nothing left.
    let first = by_purchase(&company, "PO-1", "9").await;
    let second = by_purchase(&company, "PO-2", "6").await;
    let third = by_purchase(&company, "PO-3", "1").await;
    let states = [&first, &second, &third].map(|order| order["status"].clone());
    assert_eq!(states, [json!("confirmed"), json!("confirmed"), json!("in_review")]);
    assert_eq!(open_nodes(&third), ["warehouse_review"]);
    let listed = company.get("/purchase-orders?q=PO-31").await.body["items"][0].clone();
    assert_eq!((&listed["open"], &listed["promised"]), (&json!("10"), &json!("10")));
    // Less comes: whoever was confirmed last loses what is missing, and purchasing is asked for it.
    assert_eq!(put(&company, json!([{ "number": "PO-31", "quantity": "6" }])).await.status, 200);
    assert_eq!(promise(&read(&company, &first).await)["broken"], json!([]));
    let broken = promise(&read(&company, &second).await);
    let told = |of: &Value| ["quantity", "now", "instead"].map(|name| of["broken"][0][name].clone());
    assert_eq!(told(&broken), [json!("4"), Value::Null, json!([])], "{broken}");
    let asked = company.get("/purchase-orders?state=requested").await.body["items"].clone();
    let mine = asked.as_array().unwrap().iter().find(|row| row["order_id"] == second["id"]).unwrap();
    assert_eq!((&mine["quantity"], &mine["due_date"]), (&json!("4"), &json!(soon())), "{asked}");
    is_whole(&company).await;
    // Goods come by another way: they are held for the order that was broken before, not for the one that waits.
    let more = json!([{ "number": "PO-32", "product": "SKU-3", "warehouse": "SH", "quantity": "4", "due_date": day(12) }]);
    assert_eq!(put(&company, more).await.status, 200);
    let found = promise(&read(&company, &second).await);
    assert_eq!(found["broken"][0]["instead"][0]["number"], "PO-32", "{found}");
    let settled = settle(&company, &second, "instead").await;
    assert_eq!(
        (settled.status, &promise(&settled.body)["state"]),
        (200, &json!("backed")),
        "{}",
        settled.text
    );
    assert_eq!(read(&company, &third).await["status"], "in_review");
    is_whole(&company).await;
    // What is cancelled gives back all it was promised, and whoever waits goes on.
    let cancel = format!("/orders/{}/cancel", second["id"].as_str().unwrap());
    assert_eq!(company.post(&cancel, &json!({ "reason": "changed his mind" })).await.status, 200);
    let listed = company.get("/purchase-orders?q=PO-32").await.body["items"][0].clone();
    assert_eq!(listed["promised"], "0");
    assert_eq!(put(&company, json!([{ "number": "PO-32", "due_date": day(11) }])).await.status, 200);
    assert_eq!(read(&company, &third).await["status"], "confirmed");
    is_whole(&company).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s020_s053_who_is_served_first_and_whether_purchases_are_promised_is_the_companys_rule() {
    let company = Company::open().await;
    let read = company.get("/settings/supply").await;
    assert_eq!(read.body["promise_from_supply"], true);
    let mut rules = read.body.clone();
    rules["priority_levels"] = json!(["A", "", "A"]);
    rules["stock_stale_hours"] = json!(-1);
    let refused = company.replace("/settings/supply", &rules).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(codes(&refused.body["findings"]), ["duplicate_code", "invalid_value", "out_of_range"]);
    rules["priority_levels"] = json!(["VIP", "A"]);
    rules["stock_stale_hours"] = Value::Null;
    rules["promise_from_supply"] = json!(false);
    assert_eq!(company.replace("/settings/supply", &rules).await.status, 200);
    let told = company.get("/settings/supply").await.body;
    assert_eq!(
        (&told["priority_levels"], &told["promise_from_supply"]),
        (&json!(["VIP", "A"]), &json!(false))
    );
    // Then nothing but stock is promised.
    let bought = json!([{ "number": "PO-31", "product": "SKU-3", "quantity": "10", "due_date": day(10) }]);
    assert_eq!(put(&company, bought).await.status, 200);
    let short = by_purchase(&company, "PO-1", "9").await;
    assert_eq!(codes(&short["findings"]), ["stock_short"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s050_goods_that_come_after_the_asked_day_are_promised_only_with_a_reason() {
    let company = Company::open().await;
    let bought = json!([{ "number": "PO-31", "product": "SKU-3", "warehouse": "SH", "quantity": "10", "due_date": day(25) }]);
    assert_eq!(put(&company, bought).await.status, 200);
    let late = by_purchase(&company, "PO-1", "9").await;
    assert_eq!(
        (&late["status"], open_nodes(&late)),
        (&json!("in_review"), vec!["warehouse_review".to_owned()])
    );
    assert_eq!(codes(&late["findings"]), ["promised_late"]);
    let warehouse = company.sign_in("wh1").await;
    let decided = company.decide(&warehouse, &late, "warehouse_review", "approve").await;
    assert_eq!(decided.body["status"], "confirmed", "{}", decided.text);
    assert_eq!(promise(&decided.body)["date"], json!(day(25)));
    is_whole(&company).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s020_s044_frozen_goods_break_the_promises_that_rest_on_them_and_do_not_leave() {
    let company = Company::open().await;
    let first = by_purchase(&company, "PO-1", "3").await;
    let second = by_purchase(&company, "PO-2", "2").await;
    assert_eq!((&first["status"], &second["status"]), (&json!("confirmed"), &json!("confirmed")));
    let freeze = async |frozen: &str, safety: &str| {
        let level = json!({ "items": [{ "product": "SKU-3", "warehouse": "SH", "frozen": frozen, "safety": safety }] });
        let put = answer(company.by_token(Method::PUT, "/stock/levels").json(&level)).await;
        assert_eq!(put.status, 200, "{}", put.text);
    };
    // Safety stock is there for those who were promised it.
    freeze("0", "5").await;
    assert_eq!(promise(&read(&company, &second).await)["broken"], json!([]));
    // Whoever was confirmed last loses first, and purchasing is asked for what is missing.
    freeze("3", "0").await;
    let lost = |order: &Value| promise(order)["broken"][0]["quantity"].clone();
    let (one, two) = (read(&company, &first).await, read(&company, &second).await);
    assert_eq!((lost(&one), lost(&two)), (json!("1"), json!("2")), "{one} {two}");
    let stock = company.get("/stock?q=SKU-3").await.body["items"][0].clone();
    assert_eq!((&stock["reserved"], &stock["frozen"]), (&json!("2"), &json!("3")), "{stock}");
    let exceptions = company.get("/exceptions?state=open").await.body["items"].clone();
    assert_eq!(exceptions.as_array().unwrap().len(), 2, "{exceptions}");
    assert_eq!(company.get("/tasks/shortages").await.body["items"].as_array().unwrap().len(), 2);
    // Frozen goods do not leave, and the refusal says why.
    let refused = ship(&company, &one, "3").await;
    assert_eq!(
        (refused.status, codes(&refused.body["findings"])),
        (422, vec!["goods_frozen".to_owned()]),
        "{}",
        refused.text
    );
    // A count that leaves less than is frozen takes the rest.
    let fewer = json!({ "items": [{ "product": "SKU-3", "warehouse": "SH", "on_hand": "3" }] });
    let fed = answer(company.by_token(Method::PUT, "/stock/feed").json(&fewer)).await;
    assert_eq!(fed.status, 200, "{}", fed.text);
    assert_eq!(company.get("/stock?q=SKU-3").await.body["items"][0]["reserved"], "0");
    is_whole(&company).await;
    // Free again: what lies there is held for those who lost it, until somebody decides.
    freeze("0", "0").await;
    let found = promise(&read(&company, &first).await);
    assert_eq!(found["broken"][0]["instead"][0]["source"], "stock", "{found}");
    is_whole(&company).await;
}

/// An order for so many of the goods that are scarce, for a day.
async fn for_day(company: &Company, po: &str, quantity: &str, day: &str) -> Value {
    let mut body = clean(po);
    body["requested_date"] = json!(day);
    body["lines"] =
        json!([{ "product": "SKU-3", "quantity": quantity, "unit": "pcs", "unit_price": "12.50" }]);
    company.place(&body).await
}

/// A purchase is late for one order, and others hold goods that they need only after it has come: the one that is served
/// last is named first, gives them, and gets what comes. Nothing is held twice, and each keeps its day.
#[tokio::test(flavor = "multi_thread")]
async fn s020_s047_goods_of_a_later_order_stand_in_for_a_late_purchase() {
    let company = Company::open().await;
    let later = for_day(&company, "PO-1", "2", &day(30)).await;
    let latest = for_day(&company, "PO-2", "1", &day(40)).await;
    let sooner = for_day(&company, "PO-3", "1", &day(20)).await;
    let bought = |due: i64| json!([{ "number": "PO-31", "product": "SKU-3", "warehouse": "SH", "quantity": "10", "due_date": day(due) }]);
    assert_eq!(put(&company, bought(14)).await.status, 200);
    let order = for_day(&company, "PO-4", "3", &day(16)).await;
    for order in [&later, &latest, &sooner, &order] {
        assert_eq!(order["status"], "confirmed", "{order}");
    }
    let id = |order: &Value| order["id"].as_str().unwrap().to_owned();
    let planner = company.sign_in("plan1").await;
    let line = format!("/orders/{}/lines/{}", id(&order), order["lines"][0]["id"].as_str().unwrap());
    let offers = || async {
        answer(company.as_person(&planner, Method::GET, &format!("{line}/exchanges"))).await.body["items"]
            .clone()
    };
    let exchange = |with: &Value| {
        let body = json!({ "by": "exchange", "with": with });
        company.as_person(&planner, Method::POST, &format!("{line}/promise")).json(&body)
    };
    assert_eq!(offers().await, json!([]), "nothing is late");
    let early = answer(exchange(&later["id"])).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("promise_not_broken")), "{}", early.text);

    assert_eq!(put(&company, bought(25)).await.status, 200);
    let offered = offers().await;
    let told = |of: &Value| ["number", "quantity", "promised", "comes"].map(|name| of[name].clone());
    let expected = [(&latest, "1", 40), (&later, "2", 30)].map(|(order, quantity, promised)| {
        [order["number"].clone(), json!(quantity), json!(day(promised)), json!(day(25))]
    });
    assert_eq!(offered.as_array().unwrap().iter().map(told).collect::<Vec<_>>(), expected, "{offered}");
    let refused = answer(exchange(&sooner["id"])).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("nothing_to_exchange")),
        "{}",
        refused.text
    );
    assert_eq!(answer(exchange(&order["id"])).await.status, 409, "with itself");
    assert_eq!(answer(exchange(&json!("019aaaaa-0000-7000-8000-000000000000"))).await.status, 404);
    let unnamed = answer(exchange(&Value::Null)).await;
    assert_eq!((unnamed.status, codes(&unnamed.body["findings"])), (422, vec!["missing".to_owned()]));

    let parts = |order: &Value| -> Vec<[Value; 3]> {
        let from = promise(order)["from"].as_array().unwrap().clone();
        from.iter().map(|part| ["source", "quantity", "date"].map(|name| part[name].clone())).collect()
    };
    let shelf = |quantity: &str| [json!("stock"), json!(quantity), Value::Null];
    let comes = |quantity: &str| [json!("purchase"), json!(quantity), json!(day(25))];
    let first = answer(exchange(&latest["id"])).await;
    assert_eq!((first.status, parts(&first.body)), (200, vec![shelf("2"), comes("1")]), "{}", first.text);
    assert_eq!(promise(&first.body)["broken"][0]["quantity"], "1", "a part is still late");
    let second = answer(exchange(&later["id"])).await;
    assert_eq!((second.status, parts(&second.body)), (200, vec![shelf("3")]), "{}", second.text);
    assert_eq!(promise(&second.body)["broken"], json!([]));
    assert_eq!(parts(&read(&company, &later).await), [shelf("1"), comes("1")]);
    assert_eq!(parts(&read(&company, &latest).await), [comes("1")]);
    assert_eq!(company.get("/exceptions?state=open").await.body["items"], json!([]));
    let stock = company.get("/stock?q=SKU-3").await.body["items"][0].clone();
    assert_eq!((&stock["on_hand"], &stock["reserved_hard"]), (&json!("5"), &json!("5")));
    let story = company.get(&format!("/orders/{}/timeline?limit=100", id(&later))).await;
    assert!(story.text.contains(order["number"].as_str().unwrap()), "{}", story.text);
    is_whole(&company).await;

    // What it got counts for the day it was promised for, and what was given can leave.
    assert_eq!(put(&company, bought(31)).await.status, 200);
    let moved = read(&company, &later).await;
    assert_eq!(promise(&moved)["broken"][0]["promised"], json!(day(30)), "{moved}");
    assert_eq!(promise(&read(&company, &latest).await)["broken"], json!([]));
    let shipped = ship(&company, &second.body, "3").await;
    assert_eq!((shipped.status, &shipped.body["status"]), (201, &json!("completed")), "{}", shipped.text);
    is_whole(&company).await;
}

/// Three ask at once for goods that suffice for two: two get theirs, the third is told, and nothing is held twice.
#[tokio::test(flavor = "multi_thread")]
async fn s020_goods_are_exchanged_once_however_many_ask_at_once() {
    let company = Company::open().await;
    let giver = for_day(&company, "PO-1", "2", &day(40)).await;
    for_day(&company, "PO-2", "3", &day(20)).await;
    let bought = |due: i64| json!([{ "number": "PO-31", "product": "SKU-3", "warehouse": "SH", "quantity": "10", "due_date": day(due) }]);
    assert_eq!(put(&company, bought(14)).await.status, 200);
    let mut waiting = Vec::new();
    for po in ["PO-3", "PO-4", "PO-5"] {
        waiting.push(for_day(&company, po, "1", &day(16)).await);
    }
    assert_eq!(put(&company, bought(25)).await.status, 200);
    let planner = company.sign_in("plan1").await;
    let body = json!({ "by": "exchange", "with": giver["id"] });
    let asked = waiting.iter().map(|order| {
        let (id, line) = (order["id"].as_str().unwrap(), order["lines"][0]["id"].as_str().unwrap());
        let path = format!("/orders/{id}/lines/{line}/promise");
        answer(company.as_person(&planner, Method::POST, &path).json(&body))
    });
    let mut told: Vec<_> = join_all(asked).await.iter().map(|told| told.status).collect();
    told.sort_unstable();
    assert_eq!(told, [200, 200, 409]);
    let broken = company.get("/exceptions?state=open").await.body["items"].as_array().unwrap().len();
    assert_eq!(broken, 1);
    let stock = company.get("/stock?q=SKU-3").await.body["items"][0].clone();
    assert_eq!((&stock["on_hand"], &stock["reserved_hard"]), (&json!("5"), &json!("5")));
    is_whole(&company).await;
}
