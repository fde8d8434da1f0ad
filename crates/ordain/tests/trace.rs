//! What a collector of OpenTelemetry is told of an order: one trace, whose id is the order's, across restarts.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

#[allow(dead_code)] // others use the rest of it
mod node;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use node::{Node, ordain, run};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use reqwest::Method;
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

type Spans = Arc<Mutex<Vec<Span>>>;

/// A contract fake of a collector: takes what the protocol's own types can read.
async fn collect(State(spans): State<Spans>, headers: HeaderMap, body: Bytes) {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let sent = ExportTraceServiceRequest::decode(body).unwrap();
    for of in sent.resource_spans {
        let names = of.resource.iter().flat_map(|resource| &resource.attributes);
        assert!(names.into_iter().any(|fact| fact.key == "service.name"));
        spans.lock().unwrap().extend(of.scope_spans.into_iter().flat_map(|scope| scope.spans));
    }
}

async fn collector() -> (String, Spans) {
    let spans = Spans::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", post(collect)).with_state(spans.clone());
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    (address, spans)
}

fn serving(folder: &Path, database: &str, token: &str, collector: &str) -> Node {
    let mut serve = ordain(folder, database, &["serve", "--listen", "127.0.0.1:0"]);
    // Nobody takes mail at this port.
    serve.env("ORDAIN_TRACES", collector).env("ORDAIN_SMTP_HOST", "127.0.0.1").env("ORDAIN_SMTP_PORT", "1");
    serve.env("ORDAIN_SMTP_TLS", "none");
    Node::of(&mut serve, token)
}

fn fact(span: &Span, name: &str) -> String {
    let fact = span.attributes.iter().find(|fact| fact.key == name);
    format!("{:?}", fact.unwrap_or_else(|| panic!("{} has no {name}", span.name)).value)
}

/// Waits until a step of that name was told of.
async fn told(spans: &Spans, name: &str) {
    for _ in 0..200 {
        if spans.lock().unwrap().iter().any(|span| span.name == name) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_one_trace_through_queue_commit_and_outbox() {
    let (address, spans) = collector().await;
    let folder = tempfile::tempdir().unwrap();
    let (folder, database) = (folder.path(), format!("sqlite:{}", folder.path().join("ordain.db").display()));
    run(folder, &database, &["init", "--company", "Traced Ltd"]);
    let token = run(folder, &database, &["token", "create", "--role", "admin", "--name", "shop"]);

    let node = serving(folder, &database, &token, &address);
    node.furnish().await;
    let reached = json!([{ "code": "C001", "name": "Customer", "level": "A", "credit_limit": "100000.00",
        "currency": "CNY", "payment_terms": "NET30",
        "contacts": [{ "name": "Zhang", "email": "buyer@example.cn" }] }]);
    node.put("/customers", &json!({ "items": reached })).await;
    let goods = json!([{ "product": "P-1", "warehouse": "SH", "on_hand": "30" }]);
    node.put("/stock/feed", &json!({ "as_of": "2026-01-01T00:00:00Z", "items": goods })).await;
    let placed = node.place("PO-1").await;
    assert_eq!(placed["status"], "confirmed");
    // The mail is tried by itself, and told of some seconds later.
    told(&spans, "send").await;
    node.stop();
    let id: Uuid = placed["id"].as_str().unwrap().parse().unwrap();

    let node = serving(folder, &database, &token, &address);
    let hold = node.request(Method::POST, &format!("/orders/{id}/hold")).header("idempotency-key", "hold-1");
    let answer = hold.json(&json!({ "reason": "asked for" })).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    told(&spans, "hold_order").await;
    node.stop();

    let spans = spans.lock().unwrap();
    let ours: Vec<&Span> = spans.iter().filter(|span| span.trace_id == id.as_bytes()).collect();
    let named = |name: &str| ours.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    let roots: Vec<_> = ours.iter().filter(|span| span.parent_span_id.is_empty()).collect();
    let [root] = roots[..] else { panic!("{roots:?}") };
    assert_eq!(root.name, "place_order");
    let [held] = named("hold_order")[..] else { panic!("{ours:?}") };
    for whole in [root, held] {
        for part in ["queue", "commit"] {
            let part = named(part).into_iter().find(|part| part.parent_span_id == whole.span_id).unwrap();
            assert!(
                whole.start_time_unix_nano <= part.start_time_unix_nano
                    && part.start_time_unix_nano <= part.end_time_unix_nano
                    && part.end_time_unix_nano <= whole.end_time_unix_nano
            );
        }
    }
    assert_eq!(held.parent_span_id, root.span_id);
    // The mail could not leave: the attempt is told of with its reason.
    let sends = named("send");
    let send = sends.first().unwrap_or_else(|| panic!("{ours:?}"));
    assert_eq!(send.parent_span_id, root.span_id);
    assert!(fact(send, "ordain.channel").contains("mail"));
    assert_eq!(send.status.as_ref().unwrap().code, 2, "{send:?}");
    let mut ids: Vec<_> = ours.iter().map(|span| &span.span_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), ours.len(), "no two steps share an id");
}

#[test]
fn a_collector_without_an_address_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("ordain.db").display());
    run(folder.path(), &database, &["init", "--company", "Traced Ltd"]);
    let mut serve = ordain(folder.path(), &database, &["serve", "--listen", "127.0.0.1:0"]);
    let out = serve.env("ORDAIN_TRACES", "collector").env("LC_ALL", "en_US.UTF-8").output().unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("Cannot send traces to collector"), "{said}");
}
