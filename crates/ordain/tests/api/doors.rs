//! Orders come in: kept whatever is wrong with them, every fault named at once.

use crate::company::{Company, answer, clean, codes, open_nodes};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn s005_orders_arrive_by_api_and_keep_their_channel() {
    let company = Company::open().await;
    for channel in ["phone", "mail", "portal", "api"] {
        let mut body = clean(&format!("PO-{channel}"));
        body["channel"] = json!(channel);
        let order = company.place(&body).await;
        assert_eq!(order["channel"], channel);
        assert_eq!(order["status"], "confirmed", "{order}");
        assert_eq!(order["receiver"]["login"], "token:shop");
        assert_eq!(order["extra"]["color"], "red");
    }
    let listed = company.get("/orders?channel=phone").await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s041_every_missing_field_is_named_at_once() {
    let company = Company::open().await;
    let order = company.place(&json!({ "submit": true, "lines": [{}] })).await;
    assert_eq!(order["status"], "incomplete");
    let mut paths: Vec<&str> = order["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["code"] == "missing_field")
        .map(|finding| finding["path"].as_str().unwrap())
        .collect();
    paths.sort_unstable();
    let expected = [
        "currency",
        "customer",
        "invoice.kind",
        "invoice.tax_no",
        "invoice.title",
        "lines[0].product",
        "lines[0].quantity",
        "lines[0].unit",
        "lines[0].unit_price",
        "payment_terms",
        "requested_date",
        "ship_to.address",
        "ship_to.name",
        "ship_to.phone",
    ];
    assert_eq!(paths, expected);
    for finding in order["findings"].as_array().unwrap() {
        let (zh, en) =
            (finding["message"]["zh"].as_str().unwrap(), finding["message"]["en"].as_str().unwrap());
        assert!(!zh.is_ascii() && en.is_ascii() && !en.contains('{'), "{finding}");
        assert_eq!(finding["mend_by"]["kind"], "sender");
    }
    assert_eq!(order["waiting_on"][0]["kind"], "sender");
}

#[tokio::test(flavor = "multi_thread")]
async fn s077_unknown_customer_and_product_are_kept_visible() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["customer"] = json!("NOBODY");
    body["lines"][0]["product"] = json!("NOTHING");
    let order = company.place(&body).await;
    assert_eq!(order["status"], "incomplete");
    assert_eq!(codes(&order["findings"]), ["unknown_customer", "unknown_product"]);
    assert_eq!(order["customer"]["matched"], false);
    let listed = company.get("/orders?view=incomplete").await;
    assert_eq!(listed.body["items"][0]["number"], order["number"]);
    assert_eq!(listed.body["items"][0]["customer_name"], "NOBODY");
}

#[tokio::test(flavor = "multi_thread")]
async fn s077_an_order_goes_on_by_itself_when_its_customer_is_entered() {
    let company = Company::open().await;
    let mut body = clean("PO-2");
    body["customer"] = json!("C900");
    let order = company.place(&body).await;
    let item =
        json!({ "items": [{ "code": "C900", "name": "New", "currency": "CNY", "payment_terms": "NET30" }] });
    let put = answer(company.by_token(Method::PUT, "/customers").json(&item)).await;
    assert_eq!((put.status, &put.body["created"]), (200, &json!(1)), "{}", put.text);
    let read = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await;
    assert_eq!(read.body["status"], "confirmed", "{}", read.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s040_ship_to_and_invoice_are_required() {
    let company = Company::open().await;
    for part in ["ship_to", "invoice"] {
        let mut body = clean(part);
        body[part] = json!({});
        let order = company.place(&body).await;
        assert_eq!(order["status"], "incomplete");
        let missing = order["findings"].as_array().unwrap();
        assert_eq!(missing.len(), 3, "{missing:?}");
        assert!(missing.iter().all(|finding| finding["path"].as_str().unwrap().starts_with(part)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s019_s043_price_and_terms_that_differ_are_flagged() {
    let company = Company::open().await;
    let mut body = clean("PO-3");
    body["payment_terms"] = json!("NET90");
    body["lines"] = json!([{ "product": "SKU-2", "quantity": "1", "unit": "pcs", "unit_price": "12.50" }]);
    let order = company.place(&body).await;
    assert_eq!(codes(&order["findings"]), ["price_differs", "terms_differ"]);
    assert_eq!(order["lines"][0]["price_source"], "contract");
    assert_eq!(order["lines"][0]["list_price"], "10.00");
    assert_eq!(order["status"], "in_review");
    assert_eq!(open_nodes(&order), ["finance_review", "sales_review"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_taken_out_meanwhile_is_no_fault_of_a_check_and_one_of_the_write() {
    let company = Company::open().await;
    let mut body = clean("PO-9");
    body["submit"] = json!(false);
    let line = json!({ "product": "SKU-1", "quantity": "3", "unit": "pcs", "unit_price": "12.50" });
    body["lines"].as_array_mut().unwrap().push(line.clone());
    let order = company.place(&body).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let mut shown = body.clone();
    for (line, id) in shown["lines"].as_array_mut().unwrap().iter_mut().zip([1, 2]) {
        line["id"] = json!(id);
    }
    let mut fewer = shown.clone();
    fewer["lines"].as_array_mut().unwrap().pop();
    let put = async |body: &Value| {
        let tag = company.get(&path).await.etag.unwrap();
        answer(company.by_token(Method::PUT, &path).header("if-match", tag).json(body)).await
    };
    assert_eq!(put(&fewer).await.status, 200);
    // Somebody else still has both on the screen, and adds a third.
    shown["lines"].as_array_mut().unwrap().push(line);
    let checked =
        company.post(&format!("/orders/check?order={}", order["id"].as_str().unwrap()), &shown).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    assert_eq!(checked.body["lines"].as_array().map(Vec::len), Some(3), "{}", checked.text);
    let refused = put(&shown).await;
    assert_eq!(refused.body["findings"][0]["code"], "unknown_line", "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_would_be_and_writes_nothing() {
    let company = Company::open().await;
    let mut body = clean("PO-4");
    body["lines"][0]["quantity"] = json!("5000");
    let checked = company.post("/orders/check", &body).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    assert_eq!(checked.body["submit_allowed"], true);
    assert_eq!(checked.body["totals"]["gross"], "62500.00");
    assert_eq!(checked.body["lines"][0]["atp"]["state"], "backed");
    assert_eq!(checked.body["customer"]["defaults"]["payment_terms"], "NET30");
    let approval =
        checked.body["route"].as_array().unwrap().iter().find(|s| s["node_id"] == "manager_approval");
    assert_eq!(approval.unwrap()["who"]["persons"][0]["login"], "smgr1");
    assert_eq!(company.get("/orders").await.body["items"], json!([]));
}

/// Code and place of every fault.
fn faults(answer: &crate::company::Answer) -> Vec<String> {
    let found = answer.body["findings"].as_array().unwrap().iter();
    let mut faults: Vec<String> =
        found.map(|f| format!("{} {}", f["code"].as_str().unwrap(), f["path"].as_str().unwrap())).collect();
    faults.sort();
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_write_names_all_its_faults_at_once() {
    let company = Company::open().await;
    let put = |path: &str, body: serde_json::Value| answer(company.by_token(Method::PUT, path).json(&body));
    let item =
        json!({ "code": 7, "name": "New", "payment_terms": "LATER", "colour": "red", "credit_limit": "-1" });
    let refused = put("/customers", json!({ "items": [{ "name": "" }, item] })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let expected = [
        "missing_field items[0].code",
        "missing_field items[0].name",
        "negative_number items[1].credit_limit",
        "unknown_field items[1].colour",
        "unknown_payment_terms items[1].payment_terms",
        "wrong_type items[1].code",
    ];
    assert_eq!(faults(&refused), expected);
    let person = json!({ "login": "new1", "name": "New", "roles": ["king"], "email": "x", "password": "short", "age": 3 });
    let refused = put("/users", json!({ "items": [person] })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let expected = [
        "invalid_email items[0].email",
        "password_too_short items[0].password",
        "unknown_field items[0].age",
        "unknown_role items[0].roles[0]",
    ];
    assert_eq!(faults(&refused), expected);
    let person = json!({ "login": "new1", "name": "New", "roles": ["king"], "password": "short" });
    let refused = put("/users", json!({ "items": [person] })).await;
    assert_eq!(faults(&refused), ["password_too_short items[0].password", "unknown_role items[0].roles[0]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_cannot_be_due_before_it_is_asked() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-Q")).await;
    let path = format!("/orders/{}/questions", order["id"].as_str().unwrap());
    let body = json!({ "to": "sales", "text": "when?", "due_at": "2020-01-01T00:00:00Z" });
    let refused = company.post(&path, &body).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("due_in_past")));
    let copies = company.get("/tasks?queue=cc").await;
    assert_eq!((copies.status, &copies.body["items"]), (200, &json!([])));
}
