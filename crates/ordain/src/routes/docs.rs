//! The documents of the API: OpenAPI, the schema of flow documents, and a page for people.

use crate::server::openapi;
use crate::words::{Lang, of_kinds};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;

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
    let page = include_str!("../../assets/docs.html").replace("<!-- problems -->", &problems());
    of_kind("text/html; charset=utf-8", page)
}

/// Every problem in both languages, under the anchor that its `type` names.
fn problems() -> String {
    let (zh, en) = (of_kinds(Lang::Zh, &["problem"]), of_kinds(Lang::En, &["problem"]));
    let word = |words: &BTreeMap<String, String>, code: &str, part: &str| {
        let text = words.get(&format!("problem.{code}.{part}")).cloned().unwrap_or_default();
        text.replace('&', "&amp;").replace('<', "&lt;")
    };
    let codes = en.keys().filter_map(|key| key.strip_prefix("problem.")?.strip_suffix(".title"));
    let shown = |code: &str| {
        let line = |words| format!("{}: {}", word(words, code, "title"), word(words, code, "detail"));
        format!("<dt id=\"problem-{code}\"><code>{code}</code></dt><dd>{}<br>{}</dd>\n", line(&zh), line(&en))
    };
    codes.map(shown).collect()
}

pub async fn script() -> Response {
    of_kind("text/javascript; charset=utf-8", include_str!("../../assets/docs.js"))
}
