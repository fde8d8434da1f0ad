//! For operators: is it alive, can it serve, what does it do.

use crate::server::Shared;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready means: the database can be read and a company can be served.
pub async fn readyz(State(server): State<Shared>) -> Response {
    let store = server.app.store.clone();
    let orgs = tokio::task::spawn_blocking(move || store.orgs()).await;
    let served = match orgs {
        Ok(Ok(orgs)) => orgs.iter().any(|org| server.app.gate.houses().get(org.org).is_some()),
        _ => false,
    };
    if served {
        (StatusCode::OK, "ready\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
    }
}

pub async fn metrics(State(server): State<Shared>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], server.metrics.text(&server.app.gate)).into_response()
}
