//! The documents of the API: OpenAPI, the schema of flow documents, and a page for people.

use crate::server::openapi;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

fn of_kind(kind: &'static str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

pub async fn openapi_json() -> Response {
    of_kind("application/json", openapi::text())
}

pub async fn flow_schema() -> Response {
    of_kind("application/schema+json", ordain_flow::doc::json_schema().to_string())
}

pub async fn page() -> Response {
    of_kind("text/html; charset=utf-8", include_str!("../../assets/docs.html"))
}

pub async fn script() -> Response {
    of_kind("text/javascript; charset=utf-8", include_str!("../../assets/docs.js"))
}
