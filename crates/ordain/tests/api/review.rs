//! Orders are looked at by those who answer for them, and confirmed only then.

use crate::company::{Company, answer, clean, open_nodes, task};
use reqwest::Method;
use serde_json::{Value, json};

/// An order that finance and warehouse have to look at.
fn doubtful(po: &str) -> Value {
    let mut body = clean(po);
    body["lines"] = json!([
        { "product": "SKU-2", "quantity": "2", "unit": "pcs", "unit_price": "11.00" },
        { "product": "SKU-3", "quantity": "50", "unit": "pcs", "unit_price": "12.50" }
    ]);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn s002_s017_finance_and_warehouse_hold_tasks_with_the_lines_at_once() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    assert_eq!(open_nodes(&order), ["finance_review", "warehouse_review"]);
    for (login, node) in [("fin1", "finance_review"), ("wh1", "warehouse_review")] {
        let person = company.sign_in(login).await;
        let queue = answer(company.as_person(&person, Method::GET, "/tasks?queue=mine")).await;
        assert_eq!(queue.body["items"][0]["node_id"], node, "{}", queue.text);
        assert_eq!(queue.body["counts"]["mine"], 1);
        let path = format!("/orders/{}", queue.body["items"][0]["order_id"].as_str().unwrap());
        let read = answer(company.as_person(&person, Method::GET, &path)).await;
        assert_eq!(read.body["lines"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s002_the_warehouse_has_a_list_of_what_to_prepare() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    assert_eq!(order["status"], "confirmed", "nobody had to touch it: {order}");
    company.place(&doubtful("PO-2")).await;
    let keeper = company.sign_in("wh1").await;
    let read = |path: &'static str| answer(company.as_person(&keeper, Method::GET, path));
    let list = read("/preparation").await;
    let items = list.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "only what is confirmed: {}", list.text);
    let (line, number) = (&items[0], &order["number"]);
    assert_eq!(
        (&line["number"], &line["product"], &line["quantity"]),
        (number, &json!("SKU-1"), &json!("10"))
    );
    assert_eq!(line["requested_date"], order["requested_date"]);
    let elsewhere = read("/preparation?warehouse=nowhere").await;
    assert_eq!(elsewhere.body["items"], json!([]));
    let first = read("/preparation?limit=1").await;
    let cursor = first.body["next_cursor"].as_str().unwrap().to_owned();
    let rest =
        answer(company.as_person(&keeper, Method::GET, &format!("/preparation?cursor={cursor}"))).await;
    assert_eq!((rest.status, &rest.body["items"]), (200, &json!([])), "{}", rest.text);
    let body = json!({ "revision": order["revision"], "lines": [{ "line": line["line"], "quantity": "4" }] });
    let path = format!("/orders/{}/shipments", order["id"].as_str().unwrap());
    let shipped = answer(company.as_person(&keeper, Method::POST, &path).json(&body)).await;
    assert_eq!(shipped.status, 201, "{}", shipped.text);
    assert_eq!(read("/preparation").await.body["items"][0]["quantity"], "6", "what has left is off the list");
}

#[tokio::test(flavor = "multi_thread")]
async fn s004_departments_have_members_and_queues() {
    let company = Company::open().await;
    company.place(&doubtful("PO-1")).await;
    let departments = company.get("/departments").await;
    let finance = departments.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["code"] == "finance")
        .unwrap()
        .clone();
    assert_eq!(finance["members"], 1);
    let bench = company.get("/workbench").await;
    let queues = bench.body["by_department"].as_array().unwrap();
    assert!(queues.iter().any(|queue| queue["department"] == "finance" && queue["open"] == 1), "{queues:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s064_large_orders_and_special_terms_need_approval() {
    let company = Company::open().await;
    // 12.50 a piece: 3,999 are 49,987.50, 4,000 are 50,000.
    for (quantity, status) in [("3999", "confirmed"), ("4000", "in_review")] {
        let mut body = clean(quantity);
        body["lines"][0]["quantity"] = json!(quantity);
        let order = company.place(&body).await;
        assert_eq!(order["status"], status, "{quantity}");
        if status == "in_review" {
            assert_eq!(open_nodes(&order), ["manager_approval"]);
            let sales = company.sign_in("sales1").await;
            assert_eq!(company.decide(&sales, &order, "manager_approval", "approve").await.status, 403);
            let manager = company.sign_in("smgr1").await;
            let done = company.decide(&manager, &order, "manager_approval", "approve").await;
            assert_eq!(done.body["status"], "confirmed", "{}", done.text);
        }
    }
    let mut body = clean("terms");
    body["payment_terms"] = json!("NET90");
    let order = company.place(&body).await;
    let sales = company.sign_in("sales1").await;
    let next = company.decide(&sales, &order, "sales_review", "approve").await;
    assert_eq!(open_nodes(&next.body), ["manager_approval"], "{}", next.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s011_no_order_is_confirmed_while_a_required_step_is_open() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    let finance = company.sign_in("fin1").await;
    let after = company.decide(&finance, &order, "finance_review", "approve").await;
    assert_eq!(after.body["status"], "in_review");
    let warehouse = company.sign_in("wh1").await;
    // Goods that are not there cannot be argued away, and nobody is offered to.
    let path = format!("/tasks/{}", task(&order, "warehouse_review")["id"].as_str().unwrap());
    let held = answer(company.as_person(&warehouse, Method::GET, &path)).await.body;
    let act =
        |name: &str| held["actions"].as_array().unwrap().iter().find(|act| act["name"] == name).unwrap();
    for name in ["approve", "batch"] {
        assert_eq!(act(name)["reason_code"], "promise_not_backed", "{name}");
    }
    assert_eq!((&act("return")["allowed"], &held["next"]), (&json!(true), &Value::Null));
    let refused = company.decide(&warehouse, &order, "warehouse_review", "approve").await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("promise_not_backed")));
    let feed = json!({ "items": [{ "product": "SKU-3", "warehouse": "SH", "on_hand": "500" }] });
    let fed = answer(company.by_token(Method::PUT, "/stock/feed").json(&feed)).await;
    assert_eq!(fed.status, 200, "{}", fed.text);
    let read = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await;
    assert_eq!(read.body["status"], "confirmed", "{}", read.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s013_s014_s015_steps_show_what_they_have_to_check() {
    let company = Company::open().await;
    let mut body = doubtful("PO-1");
    body["special_requests"] = json!("Deliver before nine");
    let order = company.place(&body).await;
    let expected = [
        ("sales_review", "special_request"),
        ("finance_review", "price_differs"),
        ("warehouse_review", "stock_short"),
    ];
    for (node, code) in expected {
        let task = task(&order, node);
        assert_eq!(task["findings"][0]["code"], code);
        assert!(!task["sop"]["zh"].as_str().unwrap().is_empty());
        assert!(task["due_at"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s082_receiver_and_reviewers_are_named() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let mut body = clean("PO-1");
    body["special_requests"] = json!("Ring twice");
    let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&body)).await;
    let done = company.decide(&sales, &placed.body, "sales_review", "approve").await;
    assert_eq!(done.body["status"], "confirmed", "{}", done.text);
    assert_eq!(done.body["receiver"]["name"], "SALES1");
    let reviewers = done.body["reviewers"].as_array().unwrap();
    let person = reviewers.iter().find(|reviewer| reviewer["by_rule"] == false).unwrap();
    assert_eq!(person["person"]["login"], "sales1");
    assert_eq!(reviewers.iter().filter(|reviewer| reviewer["by_rule"] == true).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn s022_the_customers_notice_is_queued_with_the_confirmation() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let notices = order["notices"].as_array().unwrap();
    let mail = notices.iter().find(|notice| notice["channel"] == "mail").unwrap();
    assert_eq!((&mail["to"], &mail["state"]), (&json!("li@example.com"), &json!("queued")));
    assert_eq!(order["waiting_on"][0]["kind"], "notice");
    assert!(order["waiting_on"][0]["due_at"].is_string(), "it counts as late after that");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_returned_for_completion_is_mended_and_confirmed() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let mut body = clean("PO-1");
    body["special_requests"] = json!("Paint it blue");
    let order = answer(company.as_person(&sales, Method::POST, "/orders").json(&body)).await.body;
    let returned = company.decide(&sales, &order, "sales_review", "return").await;
    assert_eq!(returned.body["status"], "incomplete");
    let queue = answer(company.as_person(&sales, Method::GET, "/tasks?queue=returned")).await;
    assert_eq!(queue.body["items"][0]["kind"], "completion", "{}", queue.text);
    body["special_requests"] = json!("");
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let edit = company.as_person(&sales, Method::PUT, &path).header("if-match", returned.etag.unwrap());
    let edited = answer(edit.json(&body)).await;
    assert_eq!(edited.body["status"], "confirmed", "{}", edited.text);
    assert_eq!(edited.body["revision"], 2);
    let story = company.get(&format!("{path}/timeline")).await;
    let changed = &story.body["items"][0]["changes"][0];
    assert_eq!((&changed["path"], &changed["before"]), (&json!("special_requests"), &json!("Paint it blue")));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_asked_and_answered_on_the_order() {
    let company = Company::open().await;
    let finance = company.sign_in("fin1").await;
    let order = company.place(&doubtful("PO-1")).await;
    let path = format!("/orders/{}/questions", order["id"].as_str().unwrap());
    let ask = json!({ "to": "sales", "text": "Is 11.00 agreed?", "finding_id": "price_differs:lines[0].unit_price" });
    let asked = answer(company.as_person(&finance, Method::POST, &path).json(&ask)).await;
    assert_eq!(asked.body["questions"][0]["state"], "open", "{}", asked.text);
    let answered =
        answer(company.by_token(Method::POST, &format!("{path}/1/answer")).json(&json!({ "text": "Yes" })))
            .await;
    assert_eq!(answered.body["questions"][0]["answer"]["text"], "Yes", "{}", answered.text);
    let again =
        answer(company.by_token(Method::POST, &format!("{path}/1/answer")).json(&json!({ "text": "No" })))
            .await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("question_closed")));
}
