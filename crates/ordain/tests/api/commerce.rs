//! What was agreed with customers: prices of several kinds, floors, invoice data.

use crate::company::{Company, answer, clean, codes, open_nodes};
use reqwest::Method;
use serde_json::{Value, json};

async fn put(company: &Company, path: &str, items: Value) -> crate::company::Answer {
    answer(company.by_token(Method::PUT, path).json(&json!({ "items": items }))).await
}

fn of_two(po: &str, price: &str) -> Value {
    let mut body = clean(po);
    body["lines"] = json!([{ "product": "SKU-1", "quantity": "2", "unit": "pcs", "unit_price": price }]);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn s019_s043_a_price_is_compared_with_quotation_level_and_list() {
    let company = Company::open().await;
    assert_eq!(put(&company, "/customers", json!([{ "code": "C001", "level": "VIP" }])).await.status, 200);
    let level = json!([{ "product": "SKU-1", "level": "VIP", "price": "12.00" }]);
    assert_eq!(put(&company, "/prices", level).await.body["created"], 1);
    let order = company.place(&of_two("L-1", "12.50")).await;
    assert_eq!(codes(&order["findings"]), ["price_differs"]);
    assert_eq!(
        (&order["lines"][0]["price_source"], &order["lines"][0]["list_price"]),
        (&json!("tier"), &json!("12.00"))
    );
    let offered = json!([
        { "product": "SKU-1", "customer": "C001", "kind": "quotation", "price": "11.00" },
        { "product": "SKU-1", "customer": "C001", "kind": "quotation", "price": "9.00", "valid_to": "2020-12-31",
          "valid_from": "2020-01-01" },
    ]);
    assert_eq!(put(&company, "/prices", offered).await.body["created"], 2);
    let order = company.place(&of_two("L-2", "12.00")).await;
    assert_eq!(order["lines"][0]["price_source"], "quotation");
    let message = order["findings"][0]["message"]["en"].as_str().unwrap();
    assert_eq!(message, "Unit price 12.00 differs from the quotation 11.00 (tolerance 10‰)");
    assert_eq!(company.place(&of_two("L-3", "11.00")).await["status"], "confirmed");
    let listed = company.get("/prices?limit=2").await.body;
    let more = company.get(&format!("/prices?cursor={}", listed["next_cursor"].as_str().unwrap())).await.body;
    let all = [listed["items"].as_array().unwrap().as_slice(), more["items"].as_array().unwrap()].concat();
    let kinds: Vec<_> = all.iter().map(|price| (&price["kind"], &price["price"])).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_that_could_never_be_asked_for_are_refused_together() {
    let company = Company::open().await;
    let wrong = json!([
        { "product": "SKU-1", "customer": "C001", "currency": "USD", "price": "1" },
        { "product": "SKU-1", "customer": "C001", "level": "A", "price": "1" },
        { "product": "SKU-1", "kind": "quotation", "price": "1" },
        { "product": "SKU-1", "kind": "rumour", "price": "-1" },
        { "product": "SKU-1", "valid_from": "2027-01-01", "valid_to": "2026-01-01", "price": "1" },
        { "product": "SKU-1", "currency": "ABC", "price": "1" },
    ]);
    let refused = put(&company, "/prices", wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        codes(&refused.body["findings"]),
        [
            "customer_or_level",
            "ends_before_start",
            "negative_number",
            "quotation_without_customer",
            "unknown_currency",
            "unknown_price_kind",
            "wrong_currency"
        ]
    );
    let rate = put(&company, "/products", json!([{ "code": "SKU-1", "tax_rate": "1.01" }])).await;
    assert_eq!((rate.status, codes(&rate.body["findings"])), (422, vec!["out_of_range".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s064_s072_what_is_below_the_floor_waits_for_leave_and_sales_does_not_see_the_floor() {
    let company = Company::open().await;
    let floor =
        json!([{ "code": "SKU-1", "floor_price": "12.45", "cost_price": "9.00", "min_margin": "0.10" }]);
    assert_eq!(put(&company, "/products", floor).await.status, 200);
    let order = company.place(&of_two("F-1", "12.40")).await;
    assert_eq!(
        (&order["status"], codes(&order["findings"])),
        (&json!("in_review"), vec!["below_floor".to_owned()])
    );
    assert_eq!(order["findings"][0]["facts"]["floor"], "12.45");
    assert_eq!(open_nodes(&order), ["finance_review"]);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    for (login, sees) in [("sales1", false), ("fin1", true), ("smgr1", true)] {
        let person = company.sign_in(login).await;
        let seen = answer(company.as_person(&person, Method::GET, &path)).await;
        assert_eq!(seen.text.contains("12.45"), sees, "{login}");
        let products = answer(company.as_person(&person, Method::GET, "/products")).await;
        assert_eq!(products.text.contains("12.45"), sees, "{login}");
        assert_eq!(
            seen.body["findings"][0]["code"], "below_floor",
            "everybody sees that there is a reason to wait"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s008_finance_sees_discount_and_tax_line_by_line() {
    let company = Company::open().await;
    let mut body = clean("D-1");
    body["lines"] = json!([
        { "product": "SKU-1", "quantity": "3", "unit": "pcs", "unit_price": "13.00", "discount": "4" },
        { "product": "SKU-1", "quantity": "3", "unit": "pcs", "unit_price": "11.0619", "tax_included": false },
    ]);
    let order = company.place(&body).await;
    let lines: Vec<_> =
        order["lines"].as_array().unwrap().iter().map(|line| (&line["amount"], &line["tax"])).collect();
    // 39.00 less 4 % is 37.44, of which 4.31 tax; 33.1857 is 33.19, and 4.31 on top.
    assert_eq!(lines, [(&json!("37.44"), &json!("4.31")), (&json!("37.50"), &json!("4.31"))]);
    assert_eq!(
        order["totals"],
        json!({ "net": "66.32", "tax": "8.62", "gross": "74.94", "currency": "CNY" })
    );
    assert_eq!(order["status"], "confirmed", "{}", order["findings"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_s021_wrong_invoice_data_keeps_an_order_back_and_names_the_field() {
    let company = Company::open().await;
    let mut body = clean("I-1");
    body["invoice"]["tax_no"] = json!("91330000DEM000001A");
    body["invoice"]["bank_name"] = json!("ICBC");
    let order = company.place(&body).await;
    assert_eq!(order["status"], "incomplete");
    let found: Vec<_> =
        order["findings"].as_array().unwrap().iter().map(|found| (&found["code"], &found["path"])).collect();
    let expected = [("missing_field", "invoice.bank_account"), ("tax_no_check_digit", "invoice.tax_no")];
    assert_eq!(
        found,
        expected.map(|(code, path)| (json!(code), json!(path))).each_ref().map(|(c, p)| (c, p))
    );
}
