//! What happened and why can be read by whoever may.

use crate::company::{Company, answer, clean};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn s025_s027_timeline_and_why_can_be_read() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["lines"][0]["quantity"] = json!("4000");
    let order = company.place(&body).await;
    let id = order["id"].as_str().unwrap();
    let story = company.get(&format!("/orders/{id}/timeline")).await;
    let first = &story.body["items"][0];
    assert_eq!(first["action"], "place_order");
    assert_eq!(first["hash"].as_str().unwrap().len(), 64);
    assert!(!first["details"].as_array().unwrap().is_empty());
    let why = company.get(&format!("/orders/{id}/why")).await;
    assert_eq!(why.body["waiting_on"][0]["node_id"], "manager_approval", "{}", why.text);
    let row = &why.body["decisions"][0]["rows"][0];
    assert_eq!(
        (&row["field"], &row["value"], &row["holds"]),
        (&json!("amount"), &json!("50000.00"), &json!(true))
    );
    assert_eq!(row["text"]["zh"], "含税金额 ≥ 50,000（实际为 50000.00）");
    assert!(why.body["waiting_on"][0]["because"][0]["text"]["en"].is_string());
    assert!(
        order["sentence"]["en"].as_str().unwrap().starts_with("Now in Sales manager approval"),
        "{}",
        order["sentence"]
    );
    let past = company.get(&format!("/orders/{id}?as_of=2020-01-01T00:00:00Z")).await;
    assert_eq!(past.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn s065_the_log_is_searched_by_order_person_and_time() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&clean("PO-1"))).await;
    let number = placed.body["number"].as_str().unwrap();
    for query in [format!("order={number}"), "actor=SALES1".to_owned(), "action=place_order".to_owned()] {
        let found = company.get(&format!("/audit?{query}")).await;
        assert_eq!(found.body["items"][0]["order_id"], placed.body["id"], "{query}: {}", found.text);
    }
    let commands = async |query: &str| {
        let found = company.get(&format!("/audit?limit=200&{query}")).await.body;
        let items = found["items"].as_array().unwrap().iter();
        items.map(|item| item["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (all, some) = (commands("").await, commands("without=place_order,put_products").await);
    let left: Vec<&String> =
        all.iter().filter(|name| !["place_order", "put_products"].contains(&name.as_str())).collect();
    assert!(left.len() < all.len() && !left.is_empty(), "{all:?}");
    assert_eq!(some.iter().collect::<Vec<_>>(), left);
    let later = company.get("/audit?from=2199-01-01T00:00:00Z").await;
    assert_eq!(later.body["items"], json!([]));
    let report = company.post("/audit/verify", &json!({})).await;
    assert_eq!(report.body["ok"], true, "{}", report.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s017_s024_s055_changes_are_pushed_and_caught_up_with() {
    let company = Company::open().await;
    let stream = company.by_token(Method::GET, "/events").send().await.unwrap();
    let order = company.place(&clean("PO-1")).await;
    let piece = tokio::time::timeout(Duration::from_secs(2), next_event(stream)).await.unwrap();
    assert!(
        piece.contains(order["id"].as_str().unwrap()) && piece.contains("\"status\":\"confirmed\""),
        "{piece}"
    );
    let again = company.by_token(Method::GET, "/events").header("last-event-id", "0").send().await.unwrap();
    let piece = tokio::time::timeout(Duration::from_secs(2), next_event(again)).await.unwrap();
    assert!(piece.contains("id: 1"), "{piece}");
}

async fn next_event(mut response: reqwest::Response) -> String {
    let mut text = String::new();
    while !text.contains("data:") {
        text.push_str(&String::from_utf8_lossy(&response.chunk().await.unwrap().unwrap()));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_paged_without_gaps() {
    let company = Company::open().await;
    for n in 0..5 {
        company.place(&clean(&format!("PO-{n}"))).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = company.get(&format!("/orders?limit=2&cursor={cursor}")).await;
        seen.extend(page.body["items"].as_array().unwrap().iter().map(|row| row["number"].clone()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    assert_eq!(company.get("/orders?cursor=nonsense").await.status, 400);
    assert_eq!(company.get("/orders?q=PO-3").await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_metrics_and_pages_are_served_with_headers_of_safety() {
    let company = Company::open().await;
    for path in [
        "/api/v1/openapi.json",
        "/api/v1/schemas/flow.json",
        "/api/docs",
        "/healthz",
        "/readyz",
        "/metrics",
        "/",
        "/orders/x",
    ] {
        let response = company.client.get(format!("{}{path}", company.base)).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        assert!(
            response.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'")
        );
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(response.headers().contains_key("x-request-id"));
    }
    let missing = answer(company.client.get(format!("{}/api/v1/nothing", company.base))).await;
    assert_eq!((missing.status, missing.content_type.as_str()), (404, "application/problem+json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn s027_evidence_is_taken_by_who_may_verify_and_that_it_was_taken_is_in_it() {
    let company = Company::open().await;
    company.place(&clean("PO-1")).await;
    let auditor = company.sign_in("audit1").await;
    let request = company.as_person(&auditor, Method::POST, "/audit/evidence").json(&json!({}));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(name.contains("evidence-") && name.ends_with(".jsonl.gz\""), "{name}");
    let file = response.bytes().await.unwrap();
    let report = ordain_app::audit::check_evidence(&file[..], &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
    let log = company.get("/audit?action=take_evidence").await;
    let seq = log.body["items"][0]["seq"].as_i64().unwrap();
    assert!(seq <= report.entries, "entry {seq} of {}", report.entries);
    assert_eq!(log.body["items"][0]["actor"]["name"], "AUDIT1");
    let sales = company.sign_in("sales1").await;
    let refused = company.post_as(&sales, "/audit/evidence", &json!({})).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}
