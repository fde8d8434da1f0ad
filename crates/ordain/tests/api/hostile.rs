//! Bad input: unreadable is refused with every fault named and kept in the journal, readable but wrong is kept.

use crate::company::{Company, answer, clean, codes};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn s041_unreadable_bodies_are_refused_naming_all_faults_and_kept() {
    let company = Company::open().await;
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    let broken: [(&[u8], u16, &str); 6] = [
        (b"{", 400, "malformed_json"),
        (b"[]", 400, "not_an_object"),
        (b"\xff\xfe{}", 400, "not_utf8"),
        (b"", 400, "malformed_json"),
        (b"null", 400, "not_an_object"),
        (deep.as_bytes(), 400, "nested_too_deep"),
    ];
    for (bytes, status, code) in broken {
        let said = answer(company.by_token(Method::POST, "/orders").body(bytes.to_vec())).await;
        assert_eq!(said.status, status, "{}", said.text);
        assert_eq!(said.body["findings"][0]["code"], code);
        assert!(said.body["intake"].is_string(), "{}", said.text);
    }
    let body = json!({
        "customer": 5, "requested_date": "soon", "number": "SO-1", "else": 1, "submit": "yes",
        "lines": [{ "quantity": 3, "unit_price": "1e3" }, 7]
    });
    let said = company.post("/orders", &body).await;
    assert_eq!(said.status, 422);
    let expected = [
        "invalid_date",
        "invalid_number",
        "read_only_field",
        "unknown_field",
        "wrong_type",
        "wrong_type",
        "wrong_type",
        "wrong_type",
    ];
    assert_eq!(codes(&said.body["findings"]), expected, "{}", said.text);
    assert_eq!(company.get("/orders").await.body["items"], json!([]));
    let journal = company.get("/intake").await;
    assert_eq!(journal.body["items"].as_array().unwrap().len(), 7);
    assert_eq!(journal.body["items"][0]["id"], said.body["intake"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_orders_beyond_the_limits_are_refused() {
    let company = Company::open().await;
    let large = json!({ "special_requests": "x".repeat(10_000_000) });
    let said = company.post("/orders", &large).await;
    assert_eq!((said.status, &said.body["code"]), (413, &json!("body_too_large")));
    let lines = |n: usize| json!({ "lines": vec![json!({}); n] });
    let said = company.post("/orders", &lines(5_001)).await;
    assert_eq!((said.status, &said.body["code"]), (413, &json!("too_many_lines")));
    assert_eq!(company.get("/intake").await.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn readable_but_wrong_input_is_kept_with_its_findings() {
    let company = Company::open().await;
    let rows: [(&str, Value, &str); 9] = [
        ("/lines/0/quantity", json!("0"), "quantity_not_positive"),
        ("/lines/0/quantity", json!("-5"), "quantity_not_positive"),
        ("/lines/0/quantity", json!("999999999999999999999999999999"), "quantity_too_large"),
        ("/lines/0/quantity", json!("0.0001"), "quantity_too_precise"),
        ("/lines/0/unit", json!("boxes"), "unknown_unit"),
        ("/requested_date", json!("2001-01-01"), "date_past"),
        ("/requested_date", json!("9999-12-31"), "date_too_far"),
        ("/payment_terms", json!("whenever"), "unknown_payment_terms"),
        ("/currency", json!("ZZZ"), "unknown_currency"),
    ];
    for (n, (place, value, code)) in rows.into_iter().enumerate() {
        let mut body = clean(&format!("PO-{n}"));
        *body.pointer_mut(place).unwrap() = value;
        let order = company.place(&body).await;
        assert_eq!(order["status"], "incomplete", "{code}");
        assert!(codes(&order["findings"]).contains(&code.to_owned()), "{code}: {}", order["findings"]);
    }
    let none = company.place(&json!({ "submit": true, "lines": [] })).await;
    assert!(codes(&none["findings"]).contains(&"no_lines".to_owned()));
    assert_eq!(company.place(&json!({})).await["status"], "draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_script_comes_back_as_it_went_in() {
    let company = Company::open().await;
    for text in
        ["\u{1F4E6} two boxes", "\u{202E}abc", "\u{0627}\u{0644}", "<script>alert(1)</script>", "a\u{0}b"]
    {
        let mut body = clean(text);
        body["ship_to"]["name"] = json!(text);
        let order = company.place(&body).await;
        assert_eq!(order["ship_to"]["name"], text);
        let read = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await;
        assert_eq!(read.body["customer_po"], text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_master_data_are_all_or_nothing() {
    let company = Company::open().await;
    let body = json!({ "items": [
        { "code": "OK-1", "name": "Good", "unit": "pcs" },
        { "code": "", "name": "No code", "unit": "pcs" },
        { "code": "BAD", "name": "Bad", "unit": "pcs", "tax_rate": "a lot" },
        { "code": "ODD", "colour": "red" }
    ] });
    let said = answer(company.by_token(Method::PUT, "/products").json(&body)).await;
    assert_eq!(said.status, 422, "{}", said.text);
    let fixed = json!({ "items": body["items"].as_array().unwrap()[..3] });
    let said = answer(company.by_token(Method::PUT, "/products").json(&fixed)).await;
    assert_eq!((said.status, said.body["findings"].as_array().unwrap().len()), (422, 2), "{}", said.text);
    assert_eq!(company.get("/products?q=OK-1").await.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_speak_the_language_that_is_asked_for() {
    let company = Company::open().await;
    let ask = |lang: &str| {
        answer(company.request(Method::GET, "/orders").header("accept-language", lang.to_owned()))
    };
    let (zh, en) = (ask("zh-CN").await, ask("en-GB,en;q=0.9").await);
    assert_eq!((zh.status, en.status), (401, 401));
    assert_eq!(en.body["title"], "Sign in first");
    assert_ne!(zh.body["title"], en.body["title"]);
    assert_eq!(en.content_type, "application/problem+json");
}
