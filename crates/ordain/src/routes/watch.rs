//! For operators: is it alive, can it serve, what does it do.

use crate::server::Shared;
use crate::server::problem::Problem;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::time::timeout;

/// Whoever asks decides by the answer whom to send people to, and does not wait long for it.
const READY_WITHIN: Duration = Duration::from_secs(3);

pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready means: the database can be read in good time and a company can be served.
pub async fn readyz(State(server): State<Shared>) -> Response {
    let store = server.app.store.clone();
    let orgs = timeout(READY_WITHIN, tokio::task::spawn_blocking(move || store.orgs())).await;
    let served = match orgs {
        Ok(Ok(Ok(orgs))) => orgs.iter().any(|org| server.app.gate.houses().get(org.org).is_some()),
        _ => false,
    };
    if served {
        (StatusCode::OK, "ready\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
    }
}

/// Also while the database cannot be read: then what is known without it.
pub async fn metrics(State(server): State<Shared>) -> Result<Response, Problem> {
    let (store, now_ms) = (server.app.store.clone(), server.app.clock.now_ms());
    let looked = tokio::task::spawn_blocking(move || store.backlog(now_ms)).await;
    let backlog = looked.ok().and_then(Result::ok);
    let text = server.metrics.text(&server.app.gate, backlog.as_ref(), now_ms);
    let text = text.map_err(|error| Problem::bug(&error.to_string()))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
