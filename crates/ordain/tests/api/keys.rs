//! Repeating a request, and editing what somebody else has changed.

use crate::company::{Company, answer, clean};
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn r10_a_replay_is_equal_byte_for_byte_and_has_one_effect() {
    let company = Company::open().await;
    let send =
        |body| answer(company.by_token(Method::POST, "/orders").header("idempotency-key", "k-1").json(&body));
    let first = send(clean("PO-1")).await;
    let again = send(clean("PO-1")).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!((&first.text, &first.etag), (&again.text, &again.etag));
    assert!(!first.replayed && again.replayed && again.etag.is_some());
    let other = send(clean("PO-2")).await;
    assert_eq!((other.status, &other.body["code"]), (409, &json!("key_reused")));
    assert_eq!(company.get("/orders").await.body["items"].as_array().unwrap().len(), 1);
    let long = "x".repeat(256);
    let refused =
        answer(company.by_token(Method::POST, "/orders").header("idempotency-key", long).json(&clean("P")))
            .await;
    assert_eq!(refused.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn r10_master_data_under_a_key_is_written_once() {
    let company = Company::open().await;
    let body = json!({ "items": [{ "code": "N-1", "name": "New", "unit": "pcs" }] });
    let send =
        || answer(company.by_token(Method::PUT, "/products").header("idempotency-key", "p-1").json(&body));
    let (first, again) = (send().await, send().await);
    assert_eq!(first.body["created"], 1, "{}", first.text);
    assert_eq!(first.text, again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_needs_the_tag_that_was_read() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["submit"] = json!(false);
    let made = company.post("/orders", &body).await;
    assert_eq!(made.body["status"], "draft");
    let path = format!("/orders/{}", made.body["id"].as_str().unwrap());
    let tag = made.etag.unwrap();
    let put = |tag: Option<String>| {
        let request = company.by_token(Method::PUT, &path).json(&body);
        answer(match tag {
            Some(tag) => request.header("if-match", tag),
            None => request,
        })
    };
    assert_eq!(put(None).await.status, 428);
    let any = put(Some("*".to_owned())).await;
    assert_eq!((any.status, &any.body["code"]), (400, &json!("bad_if_match")));
    assert_eq!(put(Some("\"99\"".to_owned())).await.status, 412);
    let edited = put(Some(tag.clone())).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    assert_eq!(company.get(&path).await.etag, edited.etag);
}
