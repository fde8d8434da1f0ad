//! Reads request bodies: size, encoding, JSON, shape. What is refused at an order's door is kept in the journal.

use super::Shared;
use super::context::Ctx;
use super::problem::Problem;
use crate::wire::reader::{Shape, faults, without_nulls};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use futures::StreamExt;
use ordain_app::admin::{AdminCommand, KeptIntake};
use ordain_app::gate::Command;
use ordain_app::problem::Fault;
use ordain_store::Hash;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Largest body that is read.
pub const BODY_MAX: usize = 8 * 1024 * 1024;
/// A larger body is still listened to so far, so that its sender hears the answer.
const DRAIN_MAX: usize = 64 * 1024 * 1024;
/// How much of a refused body is kept.
const HEAD_MAX: usize = 64 * 1024;

/// A body as it came.
pub struct Raw {
    pub bytes: Bytes,
    pub hash: Hash,
    pub size: usize,
}

impl Raw {
    pub fn is_too_large(&self) -> bool {
        self.size > BODY_MAX
    }
}

impl FromRequest<Shared> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Problem> {
        let mut stream = request.into_body().into_data_stream();
        let (mut kept, mut digest, mut size) = (Vec::new(), Sha256::new(), 0usize);
        while let Some(piece) = stream.next().await {
            let Ok(piece) = piece else {
                return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_body").with("n", "1"));
            };
            size = size.saturating_add(piece.len());
            digest.update(&piece);
            if size <= BODY_MAX {
                kept.extend_from_slice(&piece);
            } else if kept.len() < HEAD_MAX {
                kept.extend(piece.iter().take(HEAD_MAX - kept.len()));
            }
            if size > DRAIN_MAX {
                break;
            }
        }
        Ok(Self { bytes: Bytes::from(kept), hash: digest.finalize().into(), size })
    }
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large").with("most", "8 MiB")
}

fn bad(fault: Fault) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_body").faults(vec![fault])
}

/// The body as a JSON object.
///
/// # Errors
/// 413 for size, 400 for anything that is not a JSON object in UTF-8.
pub fn object(raw: &Raw) -> Result<Value, Problem> {
    if raw.is_too_large() {
        return Err(too_large());
    }
    let Ok(text) = std::str::from_utf8(&raw.bytes) else { return Err(bad(Fault::new("not_utf8", ""))) };
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let at = format!("{}:{}", error.line(), error.column());
            return Err(bad(Fault::new("malformed_json", "").with("at", at)));
        }
    };
    if value.is_object() { Ok(value) } else { Err(bad(Fault::new("not_an_object", ""))) }
}

/// The body read against a shape; an empty body is an empty object.
///
/// # Errors
/// As [`object`], and 422 naming every fault of the shape at once.
pub fn shaped(raw: &Raw, shape: Shape) -> Result<Value, Problem> {
    let empty = raw.size == 0;
    let value = if empty { Value::Object(serde_json::Map::new()) } else { object(raw)? };
    let found = faults(&value, shape);
    if found.is_empty() { Ok(value) } else { Err(unreadable(found)) }
}

/// The body read against a shape and taken apart.
///
/// # Errors
/// As [`shaped`].
pub fn item<T: DeserializeOwned>(raw: &Raw, shape: Shape) -> Result<T, Problem> {
    let value = without_nulls(shaped(raw, shape)?);
    serde_json::from_value(value)
        .map_err(|error| unreadable(vec![Fault::new("bad_item", "").with("why", error.to_string())]))
}

pub fn unreadable(faults: Vec<Fault>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_body").faults(faults)
}

/// Keeps a refused body in the journal and names its id in the problem.
pub async fn keep(ctx: &Ctx, door: &str, raw: &Raw, problem: Problem) -> Problem {
    let detail: Vec<String> =
        problem.faults.iter().take(20).map(|fault| format!("{} {}", fault.code, fault.path)).collect();
    let kept = KeptIntake {
        door: door.to_owned(),
        hash: raw.hash,
        size: i64::try_from(raw.size).unwrap_or(i64::MAX),
        code: problem.faults.first().map_or_else(|| problem.code.clone(), |fault| fault.code.clone()),
        detail: detail.join("; "),
        head: raw.bytes.get(..HEAD_MAX).unwrap_or(&raw.bytes).to_vec(),
    };
    let app = &ctx.server.app;
    let command = Command::Admin(Box::new(AdminCommand::KeepIntake(kept)));
    let envelope = app.envelope(ctx.org(), ctx.caller.actor(), command, None);
    let id: Uuid = envelope.by.id;
    match app.gate.send(envelope).await {
        Ok(_) => Problem { intake: Some(id), ..problem },
        Err(error) => {
            tracing::warn!(%error, "a refused body was not kept");
            problem
        }
    }
}
