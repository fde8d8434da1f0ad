//! Puts commands through the Gate and makes their answers.
//!
//! With an Idempotency-Key the answer is made within the commit and stored with it, so that a repetition gets the same
//! bytes; without one it is made afterwards, on the request's own thread.

use super::body::Raw;
use super::context::Ctx;
use super::problem::Problem;
use crate::wire::order::order as order_view;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ordain_app::admin::{AdminCommand, AdminDone};
use ordain_app::case::Case;
use ordain_app::case::decide::OrderCommand;
use ordain_app::gate::{Command, Done, IdempotencyKey, Renderer};
use ordain_store::Hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a document is recognised by now, for the next `If-Match`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Tagged)]
pub struct TaggedView {
    pub tag: i64,
}

/// What a command answers: the status, and whatever became of an admin command.
pub struct Answer {
    pub response: Response,
    /// None for a repetition.
    pub done: Option<Done>,
    /// The status and body of a repetition.
    pub replayed: Option<(u16, String)>,
}

/// The digest that tells requests under one key apart.
fn fingerprint(ctx: &Ctx, raw: &Raw) -> Hash {
    let mut digest = Sha256::new();
    for part in [ctx.method.as_bytes(), ctx.path.as_bytes(), &raw.hash] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

pub fn json(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// Serializes a view. Views are made of texts and numbers, so this cannot fail.
pub fn text_of(view: &impl serde::Serialize) -> String {
    serde_json::to_string(view).unwrap_or_default()
}

/// The key of one command of a request.
pub fn key_of(ctx: &Ctx, raw: &Raw, key: String, render: Renderer) -> IdempotencyKey {
    IdempotencyKey { caller: ctx.caller.key_space(), key, fingerprint: fingerprint(ctx, raw), render }
}

/// Sends a command and answers with what `render` makes of its effect.
///
/// # Errors
/// What the Gate says.
pub async fn send(ctx: &Ctx, raw: &Raw, command: Command, render: Renderer) -> Result<Answer, Problem> {
    let app = &ctx.server.app;
    // What was stored under the key, byte for byte, is what this request answers too.
    let made: Arc<Mutex<Option<(u16, String)>>> = Arc::default();
    let key = ctx.key.clone().map(|key| {
        let (made, render) = (made.clone(), render.clone());
        let noting: Renderer = Arc::new(move |done| {
            let answer = render(done);
            *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer.clone());
            answer
        });
        key_of(ctx, raw, key, noting)
    });
    let envelope = app.envelope(ctx.org(), ctx.caller.actor(), command, key);
    let done = app.gate.send(envelope).await?;
    if let Done::Replayed { status, body } = done {
        let mut response = json(status, body.clone());
        response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
        return Ok(Answer { response, done: None, replayed: Some((status, body)) });
    }
    let made = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (status, body) = made.unwrap_or_else(|| render(&done));
    Ok(Answer { response: json(status, body), done: Some(done), replayed: None })
}

/// Makes order views, also within a commit: the house is looked up when the answer is made.
fn order_renderer(ctx: &Ctx, status: u16) -> Renderer {
    let (houses, house) = (ctx.server.app.gate.houses().clone(), ctx.house.clone());
    let (caller, now_ms) = (ctx.caller.clone(), ctx.now_ms);
    Arc::new(move |done| {
        let Done::Order(case) = done else { return (status, String::new()) };
        let house = houses.get(caller.org).unwrap_or_else(|| house.clone());
        (status, text_of(&order_view(case, &house, &caller, now_ms, &BTreeMap::new())))
    })
}

/// Sends a command about an order and answers with the order as it is then.
///
/// # Errors
/// What the Gate says.
pub async fn order(
    ctx: &Ctx,
    raw: &Raw,
    id: Option<Uuid>,
    command: OrderCommand,
    status: u16,
) -> Result<Response, Problem> {
    let command = Command::Order { id, expected: ctx.expected()?, command };
    let answer = send(ctx, raw, command, order_renderer(ctx, status)).await?;
    let mut response = answer.response;
    let told = match (answer.done, answer.replayed) {
        (Some(Done::Order(case)), _) => Some((status, case.order.id.to_string(), case.version)),
        (_, Some((status, body))) => told_before(status, &body),
        _ => None,
    };
    if let Some((status, id, version)) = told {
        response.headers_mut().extend(tag_of(version).map(|tag| (header::ETAG, tag)));
        if status == 201 {
            let place = HeaderValue::from_str(&format!("/api/v1/orders/{id}")).ok();
            response.headers_mut().extend(place.map(|place| (header::LOCATION, place)));
        }
    }
    Ok(response)
}

/// Status, id and version of an order as a stored answer shows it: headers are not stored beside it.
fn told_before(status: u16, body: &str) -> Option<(u16, String, i64)> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some((status, body.get("id")?.as_str()?.to_owned(), body.get("version")?.as_i64()?))
}

/// The entity tag of an order.
pub fn tag(case: &Case) -> Option<HeaderValue> {
    tag_of(case.version)
}

pub fn tag_of(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

/// A document with the tag that it has.
pub fn tagged(document: &impl Serialize, view: &impl Serialize) -> Response {
    let mut response = json(200, text_of(view));
    let tag = tag_of(ordain_app::admin::tag_of(document));
    response.headers_mut().extend(tag.map(|tag| (header::ETAG, tag)));
    response
}

/// Sends a command about the company; `render` makes the body of its answer.
///
/// # Errors
/// What the Gate says.
pub async fn admin(
    ctx: &Ctx,
    raw: &Raw,
    command: AdminCommand,
    status: u16,
    render: fn(&AdminDone) -> String,
) -> Result<Answer, Problem> {
    let renderer: Renderer = Arc::new(move |done| match done {
        Done::Admin(done) => (status, render(done)),
        _ => (status, String::new()),
    });
    send(ctx, raw, Command::Admin(Box::new(command)), renderer).await
}

/// Replaces a document and answers with the tag that it has then.
///
/// # Errors
/// What the Gate says.
pub async fn document(ctx: &Ctx, raw: &Raw, command: AdminCommand) -> Result<Response, Problem> {
    let render = |done: &AdminDone| match done {
        AdminDone::Tagged { tag } => text_of(&TaggedView { tag: *tag }),
        _ => String::new(),
    };
    let answer = admin(ctx, raw, command, 200, render).await?;
    let told = |(_, body): (u16, String)| serde_json::from_str::<TaggedView>(&body).ok();
    let tag = match answer.done {
        Some(Done::Admin(AdminDone::Tagged { tag })) => Some(tag),
        _ => answer.replayed.and_then(told).map(|told| told.tag),
    };
    let mut response = answer.response;
    response.headers_mut().extend(tag.and_then(tag_of).map(|tag| (header::ETAG, tag)));
    Ok(response)
}
