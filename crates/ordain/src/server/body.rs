//! Reads request bodies: size, encoding, JSON, shape. What is refused at an order's door is kept in the journal.

use super::Shared;
use super::context::Ctx;
use super::problem::Problem;
use crate::wire::reader::{Shape, faults, without_nulls};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use bytes::Bytes;
use futures::StreamExt;
use ordain_app::admin::{AdminCommand, KeptIntake};
use ordain_app::gate::Command;
use ordain_app::problem::Fault;
use ordain_connect::yaml;
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

/// Media types of YAML, the registered one first.
const YAML: [&str; 3] = ["application/yaml", "application/x-yaml", "text/yaml"];
/// Brackets inside each other that the reader of JSON follows.
const NESTING_MAX: usize = 127;

/// A body as it came.
pub struct Raw {
    pub bytes: Bytes,
    pub hash: Hash,
    pub size: usize,
    /// It is said to be YAML.
    yaml: bool,
}

impl Raw {
    pub fn is_too_large(&self) -> bool {
        self.size > BODY_MAX
    }
}

impl FromRequest<Shared> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Shared) -> Result<Self, Problem> {
        let read = tokio::time::timeout(server.limits.body, read(request)).await;
        read.unwrap_or_else(|_| Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow")))
    }
}

async fn read(request: Request) -> Result<Raw, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(|kind| kind.trim().to_ascii_lowercase());
    let yaml = kind.is_some_and(|kind| YAML.contains(&kind.as_str()));
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
    Ok(Raw { bytes: Bytes::from(kept), hash: digest.finalize().into(), size, yaml })
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
            if nesting(text) > NESTING_MAX {
                let fault = Fault::new("nested_too_deep", "").with("most", NESTING_MAX.to_string());
                return Err(bad(fault));
            }
            let at = format!("{}:{}", error.line(), error.column());
            return Err(bad(Fault::new("malformed_json", "").with("at", at)));
        }
    };
    if value.is_object() { Ok(value) } else { Err(bad(Fault::new("not_an_object", ""))) }
}

/// The body as an object, out of JSON or YAML as its sender says.
///
/// # Errors
/// As [`object`].
pub fn object_or_yaml(raw: &Raw) -> Result<Value, Problem> {
    if !raw.yaml {
        return object(raw);
    }
    if raw.is_too_large() {
        return Err(too_large());
    }
    let Ok(text) = std::str::from_utf8(&raw.bytes) else { return Err(bad(Fault::new("not_utf8", ""))) };
    let value = yaml::read(text).map_err(|at| {
        bad(Fault::new("malformed_yaml", "").with("at", format!("{}:{}", at.line, at.column)))
    })?;
    if value.is_object() { Ok(value) } else { Err(bad(Fault::new("not_an_object", ""))) }
}

/// How deep brackets stand inside each other, outside of texts.
fn nesting(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
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
