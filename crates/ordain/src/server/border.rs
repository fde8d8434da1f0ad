//! The outermost layer: request id, counters, headers of safety, and the words of problems.

use super::Shared;
use super::context::asked_language;
use super::gatekeeper::{OwnCalendar, OwnLanguage};
use super::problem::Problem;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

const SAFETY: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

pub async fn border(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let language = asked_language(request.headers());
    let method = request.method().clone();
    // The path alone: what is searched for may name somebody.
    let span = tracing::info_span!("request", %id, %method, path = request.uri().path());
    server.metrics.in_flight.inc();
    let mut response = next.run(request).instrument(span.clone()).await;
    server.metrics.in_flight.dec();
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        let own = response.extensions().get::<OwnLanguage>().map(|own| own.0);
        let calendar = response.extensions().get::<OwnCalendar>().map(|own| &own.0);
        let view = problem.view(language.or(own).unwrap_or_default(), &id, calendar);
        let body = serde_json::to_string(&view).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    let headers = response.headers_mut();
    // What a handler has said itself is stricter.
    for (name, value) in SAFETY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    server.metrics.record(method.as_str(), status, took);
    let _entered = span.enter();
    if status >= 500 {
        tracing::warn!(target: "ordain::access", status, ms = took.as_millis(), "failed");
    } else {
        tracing::debug!(target: "ordain::access", status, ms = took.as_millis(), "answered");
    }
    response
}

/// The sender's id if it is harmless, else a fresh one.
fn request_id(headers: &HeaderMap) -> String {
    let harmless = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let sent = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(harmless);
    sent.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// What a handler that panicked answers.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
    Problem::bug(text).into_response()
}

/// An address that nothing answers at.
pub async fn nowhere() -> Problem {
    Problem::not_found()
}

/// An address that answers to other methods.
pub async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
}
