//! Where other products fail with approvals, reservations and credit, from outside. Each names the failure.

use crate::company::{Answer, Company, Person, answer, clean, open_nodes};
use reqwest::Method;
use serde_json::{Value, json};

async fn post(company: &Company, who: &Person, path: &str, body: &Value) -> Answer {
    company.post_as(who, path, body).await
}

fn path(order: &Value, below: &str) -> String {
    format!("/orders/{}{below}", order["id"].as_str().unwrap())
}

fn of(po: &str, product: &str, quantity: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["product"] = json!(product);
    body["lines"][0]["quantity"] = json!(quantity);
    body
}

fn wish(order: &Value, po: &str, quantity: &str) -> Value {
    let mut body = clean(po);
    let _ = body.as_object_mut().unwrap().remove("submit");
    body["lines"][0]["id"] = order["lines"][0]["id"].clone();
    body["lines"][0]["product"] = order["lines"][0]["product"].clone();
    body["lines"][0]["quantity"] = json!(quantity);
    body["reason"] = json!("phoned");
    body["origin"] = json!("customer");
    body
}

async fn reserved(company: &Company, product: &str) -> String {
    company.get(&format!("/stock?q={product}")).await.body["items"][0]["reserved"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn s064_s072_an_approval_is_not_evaded_by_edit_reopening_or_the_api() {
    let company = Company::open().await;
    let (sales1, smgr1, ops1) =
        (company.sign_in("sales1").await, company.sign_in("smgr1").await, company.sign_in("ops1").await);
    // A later edit: small while it is looked at, large once somebody has.
    let mut small = of("E-1", "SKU-1", "10");
    small["special_requests"] = json!("gift wrap");
    let order = company.place(&small).await;
    let order = company.decide(&sales1, &order, "sales_review", "return").await.body;
    assert_eq!(order["status"], "incomplete", "{order}");
    let mut large = of("E-1", "SKU-1", "4000");
    large["lines"][0]["id"] = order["lines"][0]["id"].clone();
    let tag = company.get(&path(&order, "")).await.etag.unwrap();
    let put = company.as_person(&sales1, Method::PUT, &path(&order, "")).header("if-match", tag).json(&large);
    let edited = answer(put).await;
    assert_eq!(edited.body["status"], "in_review", "{}", edited.text);
    assert_eq!(open_nodes(&edited.body), ["manager_approval"]);
    // Refused, taken up again by the process admin: the manager is asked again, and the credit is taken again.
    let refused = company.decide(&smgr1, &edited.body, "manager_approval", "reject").await.body;
    assert_eq!((&refused["status"], reserved(&company, "SKU-1").await.as_str()), (&json!("rejected"), "0"));
    let revive = json!({ "act": "revive", "reason": "the customer insists" });
    let again = post(&company, &ops1, &path(&order, "/intervene"), &revive).await;
    assert_eq!(again.body["status"], "in_review", "{}", again.text);
    assert_eq!(open_nodes(&again.body), ["manager_approval"]);
    assert_eq!(reserved(&company, "SKU-1").await, "4000");
    let owed = company.get("/customers/C001/credit").await.body;
    assert_eq!(owed["exposure"], "50000.00", "{owed}");
    // A token cannot decide, whatever its role.
    let task = again.body["tasks"].as_array().unwrap().iter().find(|task| task["state"] == "open").unwrap();
    let decide = format!("/tasks/{}/decide", task["id"].as_str().unwrap());
    assert_eq!(company.post(&decide, &json!({ "decision": "approve" })).await.status, 403);
    // What was validated can be confirmed, and its customer is told once.
    let done = company.decide(&smgr1, &again.body, "manager_approval", "approve").await.body;
    assert_eq!(done["status"], "confirmed", "{done}");
    let mails = done["notices"].as_array().unwrap().iter().filter(|notice| notice["channel"] == "mail");
    assert_eq!(mails.count(), 1, "{}", done["notices"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s044_every_line_of_a_long_order_is_reserved_and_billing_does_not_free_it() {
    let company = Company::open().await;
    let fin1 = company.sign_in("fin1").await;
    let mut long = clean("L-1");
    let line = json!({ "product": "SKU-1", "quantity": "3", "unit": "pcs", "unit_price": "12.50" });
    long["lines"] = Value::Array(vec![line; 120]);
    let order = company.place(&long).await;
    assert_eq!((&order["status"], reserved(&company, "SKU-1").await.as_str()), (&json!("confirmed"), "360"));
    let whole = company.place(&of("B-1", "SKU-3", "5")).await;
    assert_eq!(whole["status"], "confirmed");
    let billed = post(&company, &fin1, &path(&whole, "/invoices"), &json!({ "number": "F-1" })).await;
    assert_eq!((billed.status, reserved(&company, "SKU-3").await.as_str()), (201, "5"), "{}", billed.text);
    let late = company.place(&of("B-2", "SKU-3", "1")).await;
    assert_eq!(late["findings"][0]["code"], "stock_short", "the goods belong to the order that was billed");
}

#[tokio::test(flavor = "multi_thread")]
async fn s044_two_at_once_never_reserve_the_same_goods() {
    let company = Company::open().await;
    let place = |n: usize| {
        let company = &company;
        async move { company.place(&of(&format!("R-{n}"), "SKU-3", "1")).await }
    };
    let (a, b, c, d, e, f, g, h) =
        tokio::join!(place(0), place(1), place(2), place(3), place(4), place(5), place(6), place(7));
    let all = [a, b, c, d, e, f, g, h];
    let confirmed = all.iter().filter(|order| order["status"] == "confirmed").count();
    assert_eq!((confirmed, reserved(&company, "SKU-3").await.as_str()), (5, "5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn s043_credit_warns_sales_before_the_order_and_with_every_change() {
    let company = Company::open().await;
    let (sales1, fin1) = (company.sign_in("sales1").await, company.sign_in("fin1").await);
    let of_poor = |po: &str, quantity: &str| {
        let mut body = of(po, "SKU-1", quantity);
        body["customer"] = json!("C002");
        body
    };
    // 112.50 of a limit of 100.00: sales sees it while typing.
    let check = post(&company, &sales1, "/orders/check", &of_poor("C-1", "9")).await.body;
    assert_eq!(check["findings"][0]["code"], "credit_exceeded", "{check}");
    assert!(check["findings"][0]["message"]["en"].as_str().unwrap().contains("100.00"), "{check}");
    let order = company.place(&of_poor("C-1", "8")).await;
    assert_eq!(order["status"], "confirmed", "100.00 exactly");
    // A change takes credit like a new order.
    let mut more = wish(&order, "C-1", "9");
    more["customer"] = json!("C002");
    let preview = post(&company, &sales1, &path(&order, "/changes/preview"), &more).await.body;
    assert_eq!(
        (&preview["credit"]["enough"], &preview["at_once"]),
        (&json!(false), &json!(false)),
        "{preview}"
    );
    let changing = post(&company, &sales1, &path(&order, "/changes"), &more).await.body;
    assert_eq!(open_nodes(&changing), ["finance_review"], "{changing}");
    let done = company.decide(&fin1, &changing, "finance_review", "approve").await.body;
    assert_eq!((&done["status"], &done["revision"]), (&json!("confirmed"), &json!(2)));
    // So does a copy; a split takes none, as both owe what one owed.
    let copy = post(&company, &sales1, &path(&order, "/copy"), &json!({})).await.body;
    let copied = post(&company, &sales1, &path(&copy, "/submit"), &json!({})).await.body;
    assert_eq!(copied["findings"][0]["code"], "credit_exceeded", "{copied}");
    let owed = |credit: &Value| credit["exposure"].as_str().unwrap().to_owned();
    let before = owed(&company.get("/customers/C002/credit").await.body);
    let split =
        json!({ "reason": "two places", "lines": [{ "line": done["lines"][0]["id"], "quantity": "4" }] });
    let split = post(&company, &sales1, &path(&order, "/split"), &split).await;
    assert_eq!(split.status, 200, "{}", split.text);
    assert_eq!(owed(&company.get("/customers/C002/credit").await.body), before);
    // Cancelled, everything is given back.
    let cancel = json!({ "reason_code": "customer_cancelled" });
    post(&company, &sales1, &path(&copy, "/cancel"), &cancel).await;
    post(&company, &sales1, &path(&order, "/cancel"), &cancel).await;
    let left = company.get("/customers/C002/credit").await.body;
    assert!(owed(&left).parse::<f64>().unwrap() < before.parse::<f64>().unwrap(), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_groups_and_rates_are_kept_through_the_api() {
    let company = Company::open().await;
    let put = async |path: &str, items: Value| {
        answer(company.by_token(Method::PUT, path).json(&json!({ "items": items }))).await
    };
    let group = json!([{ "code": "G", "name": "Group", "limit": "150.00", "members": ["C001", "C002"] }]);
    let made = put("/credit-groups", group.clone()).await;
    assert_eq!((made.status, &made.body["created"]), (200, &json!(1)), "{}", made.text);
    assert_eq!(put("/credit-groups", group).await.body["unchanged"], 1);
    let rates = json!([{ "currency": "USD", "on": "2026-01-01", "rate": "7.12345678" }]);
    assert_eq!(put("/rates", rates).await.status, 200);
    assert_eq!(company.get("/rates").await.body["items"][0]["rate"], "7.12345678");
    let wrong = put("/rates", json!([{ "currency": "USD", "on": "soon", "rate": "-1" }])).await;
    let codes: Vec<_> =
        wrong.body["findings"].as_array().unwrap().iter().map(|f| f["code"].clone()).collect();
    assert_eq!(
        (wrong.status, codes),
        (422, vec![json!("invalid_date"), json!("negative_number")]),
        "{}",
        wrong.text
    );
    let first = company.place(&of("G-1", "SKU-1", "10")).await;
    assert_eq!(first["status"], "confirmed", "125.00 of 150.00");
    let mut second = of("G-2", "SKU-1", "3");
    second["customer"] = json!("C002");
    let second = company.place(&second).await;
    assert_eq!(second["findings"][0]["code"], "group_credit_exceeded", "{second}");
    let credit = company.get("/customers/C002/credit?payment=12.50").await.body;
    assert_eq!(
        (&credit["group"]["exposure"], &credit["waiting"][0]["goes"]),
        (&json!("125.00"), &json!(true)),
        "{credit}"
    );
    // The sister pays, and the order goes by itself.
    let fin1 = company.sign_in("fin1").await;
    let paid = json!({ "reference": "B-1", "amount": "12.50" });
    assert_eq!(post(&company, &fin1, &path(&first, "/payments"), &paid).await.status, 201);
    assert_eq!(company.get(&path(&second, "")).await.body["status"], "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_of_a_wrong_currency_and_taxes_above_the_whole_are_refused() {
    let company = Company::open().await;
    let put = async |path: &str, items: Value| {
        answer(company.by_token(Method::PUT, path).json(&json!({ "items": items }))).await
    };
    let price =
        put("/prices", json!([{ "product": "SKU-1", "customer": "C001", "currency": "USD", "price": "2" }]))
            .await;
    assert_eq!(
        (price.status, &price.body["findings"][0]["code"]),
        (422, &json!("wrong_currency")),
        "{}",
        price.text
    );
    let tax =
        put("/products", json!([{ "code": "SKU-9", "name": "x", "unit": "pcs", "tax_rate": "1.01" }])).await;
    assert_eq!(
        (tax.status, &tax.body["findings"][0]["path"]),
        (422, &json!("items[0].tax_rate")),
        "{}",
        tax.text
    );
    let mut dollars = clean("X-1");
    dollars["currency"] = json!("USD");
    let order = company.place(&dollars).await;
    assert_eq!(
        (&order["status"], &order["findings"][0]["code"]),
        (&json!("incomplete"), &json!("currency_differs"))
    );
}
