//! Changes of orders as their readers and writers see them.

use crate::company::{Answer, Company, Person, answer, clean, open_nodes};
use reqwest::Method;
use serde_json::{Value, json};

/// The order as it is placed, as a wish for a change.
fn wish(po: &str, quantity: &str, origin: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["quantity"] = json!(quantity);
    body["lines"][0]["id"] = json!("1");
    body["reason"] = json!("客户来电");
    body["origin"] = json!(origin);
    body
}

fn path(order: &Value, below: &str) -> String {
    format!("/orders/{}{below}", order["id"].as_str().unwrap())
}

async fn post(company: &Company, who: &Person, path: &str, body: &Value) -> Answer {
    company.post_as(who, path, body).await
}

async fn changes(company: &Company, order: &Value) -> Value {
    company.get(&path(order, "/changes")).await.body["items"].clone()
}

fn action<'a>(of: &'a Value, name: &str) -> &'a Value {
    let actions = of["actions"].as_array().unwrap();
    actions.iter().find(|action| action["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn s010_s051_who_changed_what_who_was_told_and_who_has_read_it() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let placed = post(&company, &sales, "/orders", &clean("PO-1")).await.body;
    assert_eq!(
        (&placed["status"], &action(&placed, "request_change")["allowed"]),
        (&json!("confirmed"), &json!(true))
    );
    let finance = company.sign_in("fin1").await;
    let watching = post(&company, &finance, &path(&placed, "/watch"), &json!({ "on": true })).await;
    assert_eq!(watching.status, 200, "{}", watching.text);
    let done = post(&company, &sales, &path(&placed, "/changes"), &wish("PO-1", "12", "customer")).await;
    assert_eq!((done.status, &done.body["revision"]), (201, &json!(2)), "{}", done.text);
    let known = changes(&company, &placed).await;
    let change = &known[0];
    assert_eq!(
        (&change["state"], &change["origin"], &change["reason"]),
        (&json!("applied"), &json!("customer"), &json!("客户来电"))
    );
    assert_eq!((&change["by"]["name"], &change["base_revision"]), (&json!("SALES1"), &json!(1)));
    let difference = &change["differences"][0];
    assert_eq!((&difference["path"], &difference["line_id"]), (&json!("lines[0].quantity"), &json!("1")));
    assert_eq!((&difference["before"], &difference["after"]), (&json!("10"), &json!("12")));
    let told = |known: &Value| -> Vec<(String, String, bool)> {
        let rows = known[0]["told"].as_array().unwrap();
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        let mut rows: Vec<_> =
            rows.iter().map(|row| (text(row, "to"), text(row, "what"), row["read"] == true)).collect();
        rows.sort();
        rows
    };
    let row = |to: &str, what: &str, read| (to.to_owned(), what.to_owned(), read);
    assert_eq!(
        told(&known),
        [
            row("FIN1", "change_applied", false),
            row("SALES1", "change_applied", false),
            row("li@example.com", "change_confirmed", false)
        ]
    );
    post(&company, &finance, "/notices/read", &json!({ "all": true })).await;
    assert_eq!(told(&changes(&company, &placed).await)[0], row("FIN1", "change_applied", true));
    let story = company.get(&path(&placed, "/timeline")).await.body["items"][0].clone();
    assert_eq!((&story["action"], &story["reason"]), (&json!("request_change"), &json!("客户来电")));
    assert_eq!(story["changes"][0]["path"], "lines[0].quantity");
}

#[tokio::test(flavor = "multi_thread")]
async fn s010_a_preview_says_what_a_change_comes_to_and_writes_nothing() {
    let company = Company::open().await;
    let costs = json!({ "items": [{ "code": "SKU-1", "cost_price": "6.00" }, { "code": "SKU-3", "cost_price": "9.00" }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/products").json(&costs)).await.status, 200);
    let order = company.place(&clean("PO-1")).await;
    let before = company.get(&path(&order, "")).await;
    let mut body = wish("PO-1", "4000", "sales");
    body["lines"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "product": "SKU-3", "quantity": "50", "unit": "pcs", "unit_price": "12.50" }));
    let preview = company.post(&path(&order, "/changes/preview"), &body).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    let said = &preview.body;
    assert_eq!((&said["allowed"], &said["at_once"]), (&json!(true), &json!(false)));
    assert_eq!(said["totals_before"]["gross"], "125.00");
    assert_eq!(said["totals_after"]["gross"], "50625.00");
    // 12.50 with 13 % tax for what costs 6.00, then for 50 pieces more that cost 9.00 each.
    assert_eq!((&said["margin_before"], &said["margin_after"]), (&json!("0.4576"), &json!("0.4543")));
    let sales = company.sign_in("sales1").await;
    let blind = post(&company, &sales, &path(&order, "/changes/preview"), &body).await;
    assert_eq!((blind.status, &blind.body["margin_after"]), (200, &Value::Null), "{}", blind.text);
    let days = ["promised_before", "promised_after"].map(|day| said["stock"][0][day].clone());
    assert_eq!(days, [order["requested_date"].clone(), order["requested_date"].clone()], "{said}");
    assert_eq!(said["stock"][1]["promised_after"], Value::Null, "it cannot be promised");
    assert_eq!(said["differences"].as_array().unwrap().len(), 2);
    assert_eq!(said["findings_new"][0]["code"], "stock_short");
    let stock: Vec<&Value> = said["stock"].as_array().unwrap().iter().map(|line| &line["enough"]).collect();
    assert_eq!(stock, [true, false]);
    assert_eq!((&said["credit"]["exposure"], &said["credit"]["enough"]), (&json!("50625.00"), &json!(true)));
    assert_eq!(said["asked"][0]["node_id"], "warehouse_review");
    let again: Vec<&str> =
        said["again"].as_array().unwrap().iter().map(|step| step["node_id"].as_str().unwrap()).collect();
    assert_eq!(again, ["finance_review", "warehouse_review", "manager_approval"]);
    assert!(!said["told"].as_array().unwrap().is_empty());
    let after = company.get(&path(&order, "")).await;
    assert_eq!((before.etag, before.text), (after.etag, after.text));
    // What only whoever asks can mend is shown, all of it, and the change would be refused.
    let mut wrong = wish("PO-1", "-1", "sales");
    wrong["ship_to"]["phone"] = Value::Null;
    let preview = company.post(&path(&order, "/changes/preview"), &wrong).await;
    assert_eq!((preview.status, &preview.body["allowed"]), (200, &json!(false)), "{}", preview.text);
    let refused = company.post(&path(&order, "/changes"), &wrong).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("change_incomplete")));
    assert_eq!(refused.body["findings"].as_array().unwrap().len(), 2, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s016_s023_every_department_may_open_a_change_and_sales_takes_it_up() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    for (n, login) in ["fin1", "wh1", "plan1"].into_iter().enumerate() {
        let who = company.sign_in(login).await;
        let asked = post(&company, &who, &path(&order, "/changes"), &wish("PO-1", "8", "warehouse")).await;
        assert_eq!((asked.status, &asked.body["revision"]), (201, &json!(1)), "{}", asked.text);
        let known = changes(&company, &order).await;
        assert_eq!((known.as_array().unwrap().len(), &known[0]["state"]), (n + 1, &json!("requested")));
        let id = known[0]["id"].as_str().unwrap().to_owned();
        let take = path(&order, &format!("/changes/{id}/take"));
        assert_eq!(
            post(&company, &who, &take, &json!({})).await.status,
            403,
            "{login} asks, and does not decide"
        );
    }
    let auditor = company.sign_in("audit1").await;
    let asked = post(&company, &auditor, &path(&order, "/changes"), &wish("PO-1", "8", "sales")).await;
    assert_eq!(asked.status, 403);
    let known = changes(&company, &order).await;
    let id = |n: usize| known[n]["id"].as_str().unwrap().to_owned();
    let sales = company.sign_in("sales1").await;
    let taken = post(&company, &sales, &path(&order, &format!("/changes/{}/take", id(0))), &json!({})).await;
    assert_eq!((taken.status, &taken.body["revision"]), (200, &json!(2)), "{}", taken.text);
    let stale = post(&company, &sales, &path(&order, &format!("/changes/{}/take", id(1))), &json!({})).await;
    assert_eq!((stale.status, &stale.body["code"]), (409, &json!("change_outdated")));
    let reason = json!({ "reason": "已改过" });
    let gone = post(&company, &sales, &path(&order, &format!("/changes/{}/reject", id(1))), &reason).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    let own = company.sign_in("fin1").await;
    let back = post(&company, &own, &path(&order, &format!("/changes/{}/withdraw", id(2))), &reason).await;
    assert_eq!(back.status, 200, "{}", back.text);
    let states: Vec<Value> =
        changes(&company, &order).await.as_array().unwrap().iter().map(|c| c["state"].clone()).collect();
    assert_eq!(states, ["applied", "rejected", "withdrawn"]);
    // Whoever asked hears that it is done.
    let told = changes(&company, &order).await[0]["told"].clone();
    let applied = |row: &&Value| row["what"] == "change_applied" && row["to"] == "PLAN1";
    assert_eq!(told.as_array().unwrap().iter().filter(applied).count(), 1, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_s064_a_change_that_waits_for_credit_goes_on_when_money_has_come() {
    let company = Company::open().await;
    let limit = json!({ "items": [{ "code": "C001", "credit_limit": "200.00" }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/customers").json(&limit)).await.status, 200);
    let order = company.place(&clean("PO-1")).await;
    assert_eq!(order["status"], "confirmed", "125.00 of 200.00: {order}");
    let (sales, finance) = (company.sign_in("sales1").await, company.sign_in("fin1").await);
    let asked = post(&company, &sales, &path(&order, "/changes"), &wish("PO-1", "20", "customer")).await;
    assert_eq!((asked.status, &asked.body["revision"]), (201, &json!(2)), "{}", asked.text);
    assert_eq!(changes(&company, &order).await[0]["state"], "under_review");
    let owed = async || company.get("/customers/C001/credit").await.body["exposure"].clone();
    assert_eq!(owed().await, "125.00", "what does not fit takes nothing; what stands has its own");
    let paid = json!({ "reference": "T-1", "amount": "60.00" });
    assert_eq!(post(&company, &finance, &path(&order, "/payments"), &paid).await.status, 201);
    assert_eq!(owed().await, "190.00");
    ordain_app::admin::recheck_credit(&company.app, 1, "C001").await.unwrap();
    let applied = changes(&company, &order).await[0].clone();
    assert_eq!(applied["state"], "applied", "{applied}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_what_is_paid_while_a_smaller_order_is_reviewed_is_owed_by_nobody() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let (sales, finance) = (company.sign_in("sales1").await, company.sign_in("fin1").await);
    let mut fewer = wish("PO-1", "8", "customer");
    fewer["lines"][0]["unit_price"] = json!("11.00");
    let asked = post(&company, &sales, &path(&order, "/changes"), &fewer).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    assert_eq!(changes(&company, &order).await[0]["state"], "under_review");
    let paid = json!({ "reference": "T-1", "amount": "25.00" });
    assert_eq!(post(&company, &finance, &path(&order, "/payments"), &paid).await.status, 201);
    let owed = company.get("/customers/C001/credit").await.body["exposure"].clone();
    assert_eq!(owed, "100.00", "125.00 stand, and 25.00 of them are paid");
    let known = changes(&company, &order).await[0]["id"].as_str().unwrap().to_owned();
    let back = path(&order, &format!("/changes/{known}/withdraw"));
    assert_eq!(post(&company, &sales, &back, &json!({ "reason": "stays" })).await.status, 200);
    let owed = company.get("/customers/C001/credit").await.body["exposure"].clone();
    assert_eq!(owed, "100.00", "also when the order stands as it was");
    let report = ordain_app::audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s046_another_price_alone_is_nothing_to_the_warehouse() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let mut cheaper = wish("PO-1", "10", "customer");
    cheaper["lines"][0]["unit_price"] = json!("11.00");
    let preview = company.post(&path(&order, "/changes/preview"), &cheaper).await;
    let again = preview.body["again"].to_string();
    assert!(again.contains("finance_review") && !again.contains("warehouse_review"), "{}", preview.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s047_s064_a_confirmed_order_stands_until_its_change_is_approved() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let tag = company.get(&path(&order, "")).await.etag.unwrap();
    let ask = |body: Value| {
        let request = company.by_token(Method::POST, &path(&order, "/changes"));
        answer(request.header("idempotency-key", "once").header("if-match", tag.clone()).json(&body))
    };
    let asked = ask(wish("PO-1", "4000", "customer")).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let again = ask(wish("PO-1", "4000", "customer")).await;
    assert!(again.replayed && again.text == asked.text, "a repetition is one change");
    let order = asked.body;
    assert_eq!((&order["status"], &order["flags"][0]), (&json!("confirmed"), &json!("changing")));
    assert_eq!((&order["revision"], &order["standing"]["revision"]), (&json!(2), &json!(1)));
    assert_eq!(order["standing"]["lines"][0]["quantity"], "10");
    assert_eq!(open_nodes(&order), ["manager_approval"]);
    assert_eq!(action(&order, "request_change")["reason_code"], "change_under_review");
    let listed = company.get("/orders?status=confirmed").await;
    assert_eq!(listed.body["items"][0]["flags"], json!(["changing"]));
    let manager = company.sign_in("smgr1").await;
    let done = company.decide(&manager, &order, "manager_approval", "reject").await;
    assert_eq!(
        (&done.body["status"], &done.body["revision"]),
        (&json!("confirmed"), &json!(1)),
        "{}",
        done.text
    );
    assert_eq!((&done.body["lines"][0]["quantity"], &done.body["standing"]), (&json!("10"), &Value::Null));
    let known = changes(&company, &order).await;
    assert_eq!(
        (&known[0]["state"], &known[0]["closed_reason"]),
        (&json!("rejected"), &json!("looked at it"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s041_a_change_that_cannot_be_read_names_every_fault() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let mut body = wish("PO-1", "1", "nobody");
    body["lines"][0]["quantity"] = json!(true);
    body["requested_date"] = json!("tomorrow");
    let refused = company.post(&path(&order, "/changes"), &body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.body["findings"].as_array().unwrap().len(), 3, "{}", refused.text);
    let mut other = wish("PO-1", "1", "customer");
    other["customer"] = json!("C002");
    let refused = company.post(&path(&order, "/changes"), &other).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("change_not_allowed")));
    let mut unknown = wish("PO-1", "9", "customer");
    unknown["lines"][0]["id"] = json!("77");
    let unknown = company.post(&path(&order, "/changes"), &unknown).await;
    let told = &unknown.body["findings"][0];
    assert_eq!(
        (unknown.status, &told["code"], &told["path"]),
        (422, &json!("unknown_line"), &json!("lines[0].id"))
    );
    let same = company.post(&path(&order, "/changes"), &wish("PO-1", "10", "customer")).await;
    assert_eq!((same.status, &same.body["code"]), (422, &json!("nothing_changed")), "{}", same.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s037_s046_open_changes_stand_in_one_queue_until_they_are_over() {
    let company = Company::open().await;
    let finance = company.sign_in("fin1").await;
    let mut orders = Vec::new();
    for n in 0..3 {
        let order = company.place(&clean(&format!("PO-{n}"))).await;
        let asked = wish(&format!("PO-{n}"), "8", "finance");
        assert_eq!(post(&company, &finance, &path(&order, "/changes"), &asked).await.status, 201);
        orders.push(order);
    }
    let first = company.get("/changes?limit=2").await.body;
    let number = |item: &Value| item["order_number"].as_str().unwrap().to_owned();
    let rows: Vec<String> = first["items"].as_array().unwrap().iter().map(number).collect();
    assert_eq!(rows, [number_of(&orders[0]), number_of(&orders[1])], "the oldest first");
    let next = format!("/changes?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = company.get(&next).await.body;
    assert_eq!(number(&second["items"][0]), number_of(&orders[2]));
    let id = first["items"][0]["id"].as_str().unwrap();
    let sales = company.sign_in("sales1").await;
    post(&company, &sales, &path(&orders[0], &format!("/changes/{id}/take")), &json!({})).await;
    for (state, count) in [("open", 2), ("applied", 1), ("all", 3)] {
        let page = company.get(&format!("/changes?state={state}")).await;
        assert_eq!(page.body["items"].as_array().unwrap().len(), count, "{state}");
    }
    assert_eq!(company.get("/changes?state=nothing").await.status, 400);
}

fn number_of(order: &Value) -> String {
    order["number"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn s064_a_copy_goes_through_every_check_of_a_new_order() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["lines"][0]["quantity"] = json!("4000");
    let order = company.place(&body).await;
    let manager = company.sign_in("smgr1").await;
    company.decide(&manager, &order, "manager_approval", "approve").await;
    let sales = company.sign_in("sales1").await;
    let copy = post(&company, &sales, &path(&order, "/copy"), &json!({})).await;
    assert_eq!((copy.status, &copy.body["status"]), (201, &json!("draft")), "{}", copy.text);
    assert_eq!((&copy.body["source"]["name"], &copy.body["customer_po"]), (&order["number"], &Value::Null));
    let done = post(&company, &sales, &path(&copy.body, "/submit"), &json!({})).await;
    assert_eq!(done.body["status"], "in_review", "the approval of the other one is not copied");
    assert_eq!(open_nodes(&done.body), ["manager_approval"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s051_a_reviewer_sees_what_is_different_since_he_decided() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["lines"][0]["unit_price"] = json!("11.00");
    let order = company.place(&body).await;
    let finance = company.sign_in("fin1").await;
    let order = company.decide(&finance, &order, "finance_review", "approve").await.body;
    assert_eq!(order["status"], "confirmed");
    let mut asked = wish("PO-1", "12", "customer");
    asked["lines"][0]["unit_price"] = json!("10.00");
    let changing = company.post(&path(&order, "/changes"), &asked).await.body;
    assert_eq!(open_nodes(&changing), ["finance_review"]);
    let id = crate::company::task(&changing, "finance_review")["id"].as_str().unwrap().to_owned();
    let task = answer(company.as_person(&finance, Method::GET, &format!("/tasks/{id}"))).await.body;
    assert_eq!(task["changed_since"]["revision"], 1, "{task}");
    let paths: Vec<&str> = task["changed_since"]["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| difference["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["lines[0].quantity", "lines[0].unit_price"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s051_a_reviewer_who_has_only_looked_sees_what_is_different_since() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["lines"][0]["quantity"] = json!("6000");
    let order = company.place(&body).await;
    let (manager, other) = (company.sign_in("smgr1").await, company.sign_in("boss").await);
    let since = async |order: &Value, person| {
        let id = crate::company::task(order, "manager_approval")["id"].as_str().unwrap().to_owned();
        let path = format!("/tasks/{id}");
        (answer(company.as_person(person, Method::GET, &path)).await.body["changed_since"].clone(), path)
    };
    let (none, path_of_task) = since(&order, &manager).await;
    assert_eq!(none, Value::Null);
    let seen = company.as_person(&manager, Method::POST, &format!("{path_of_task}/seen")).json(&json!({}));
    assert_eq!(answer(seen).await.status, 200);
    let mut asked = wish("PO-1", "9000", "customer");
    asked["lines"][0]["quantity"] = json!("9000");
    let changed = company.post(&path(&order, "/changes"), &asked).await;
    assert_eq!(changed.body["status"], "in_review", "{}", changed.text);
    let (differences, _) = since(&changed.body, &manager).await;
    assert_eq!(
        (&differences["revision"], &differences["differences"][0]["path"]),
        (&json!(1), &json!("lines[0].quantity")),
        "{differences}"
    );
    assert_eq!(since(&changed.body, &other).await.0, Value::Null, "who has not looked has missed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn s010_s047_a_change_against_an_old_version_takes_nothing_back() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let old = company.get(&path(&order, "")).await.etag.unwrap();
    let more = company.post(&path(&order, "/changes"), &wish("PO-1", "20", "customer")).await;
    assert_eq!((more.status, &more.body["revision"]), (201, &json!(2)), "{}", more.text);
    let request =
        || company.by_token(Method::POST, &path(&order, "/changes")).json(&wish("PO-1", "8", "customer"));
    let stale = answer(request().header("if-match", old)).await;
    assert_eq!((stale.status, &stale.body["code"]), (412, &json!("stale")));
    let bare = answer(request()).await;
    assert_eq!((bare.status, &bare.body["code"]), (428, &json!("precondition_required")));
    let stands = company.get(&path(&order, "")).await.body;
    assert_eq!((&stands["revision"], &stands["lines"][0]["quantity"]), (&json!(2), &json!("20")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_order_is_held_so_that_its_goods_stay_until_it_goes_on() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    assert_eq!(order["status"], "confirmed");
    let held = company.post(&path(&order, "/hold"), &json!({ "reason": "客户要求暂停" })).await;
    assert_eq!(held.status, 200, "{}", held.text);
    assert_eq!((&held.body["status"], &held.body["flags"]), (&json!("confirmed"), &json!(["on_hold"])));
    let lines = json!({ "revision": 1, "lines": [{ "line": 1, "quantity": "10" }] });
    let kept = company.post(&path(&order, "/shipments"), &lines).await;
    assert_eq!((kept.status, &kept.body["code"]), (409, &json!("on_hold")), "{}", kept.text);
    assert_eq!(company.post(&path(&order, "/resume"), &json!({})).await.status, 200);
    let shipped = company.post(&path(&order, "/shipments"), &lines).await;
    assert_eq!((shipped.status, &shipped.body["status"]), (201, &json!("completed")), "{}", shipped.text);
    let over = company.post(&path(&order, "/hold"), &json!({ "reason": "zu spät" })).await;
    assert_eq!((over.status, &over.body["code"]), (409, &json!("wrong_status")));
}

#[tokio::test(flavor = "multi_thread")]
async fn s021_money_paid_beyond_the_order_is_somebody_s_work() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let paid = json!({ "reference": "B-1", "amount": "125.00" });
    let exact = company.post(&path(&order, "/payments"), &paid).await;
    assert_eq!(exact.status, 201, "{}", exact.text);
    assert_eq!(company.get("/exceptions").await.body["items"], json!([]));
    let less = company.post(&path(&order, "/changes"), &wish("PO-1", "8", "customer")).await;
    assert_eq!(less.status, 201, "{}", less.text);
    let open = company.get("/exceptions").await.body["items"].clone();
    assert_eq!((&open[0]["kind"], &open[1]), (&json!("overpaid"), &Value::Null), "{open}");
    assert!(open[0]["cause"]["zh"].as_str().unwrap().contains("25.00 CNY"), "{open}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s010_s023_an_older_wish_is_put_onto_what_has_become_of_the_order_and_undoes_nothing() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let (warehouse, sales) = (company.sign_in("wh1").await, company.sign_in("sales1").await);
    let mut later = clean("PO-1");
    later["lines"][0]["id"] = json!("1");
    later["ship_to"]["address"] = json!("新港路 9 号");
    (later["reason"], later["origin"]) = (json!("月台改了"), json!("warehouse"));
    let asked = post(&company, &warehouse, &path(&order, "/changes"), &later).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let other = post(&company, &warehouse, &path(&order, "/changes"), &wish("PO-1", "7", "warehouse")).await;
    assert_eq!(other.status, 201, "{}", other.text);
    // The newest stands first.
    let known = changes(&company, &order).await;
    let [fewer, address] = [0, 1].map(|n: usize| known[n]["id"].as_str().unwrap().to_owned());
    let take = |id: &str| path(&order, &format!("/changes/{id}/take"));
    // The customer wants 8 meanwhile.
    let between = post(&company, &sales, &path(&order, "/changes"), &wish("PO-1", "8", "customer")).await;
    assert_eq!((between.status, &between.body["revision"]), (201, &json!(2)), "{}", between.text);
    let now = changes(&company, &order).await;
    let found = |id: &str| now.as_array().unwrap().iter().find(|of| of["id"] == id).unwrap().clone();
    assert_eq!(action(&found(&address), "take")["allowed"], true, "{now}");
    let overtaken = action(&found(&fewer), "take").clone();
    let told = (&overtaken["allowed"], &overtaken["reason_code"]);
    assert_eq!(told, (&json!(false), &json!("change_outdated")), "{overtaken}");
    let stale = post(&company, &sales, &take(&fewer), &json!({})).await;
    assert_eq!((stale.status, &stale.body["code"]), (409, &json!("change_overtaken")), "{}", stale.text);
    // The new address is taken, and 8 stay 8.
    let taken = post(&company, &sales, &take(&address), &json!({})).await;
    assert_eq!((taken.status, &taken.body["revision"]), (200, &json!(3)), "{}", taken.text);
    let told = (&taken.body["lines"][0]["quantity"], &taken.body["ship_to"]["address"]);
    assert_eq!(told, (&json!("8"), &json!("新港路 9 号")));
    let report = ordain_app::audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}
