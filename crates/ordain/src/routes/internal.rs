//! The door for command lines of the same user: on the same machine, with the secret of the lock file.

use crate::commands::remote::{Request, carry_out};
use crate::server::Shared;
use crate::server::body::{Raw, object};
use crate::server::problem::Problem;
use crate::server::write::json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use subtle::ConstantTimeEq;

pub const SECRET: &str = "x-ordain-local";

pub async fn run(State(server): State<Shared>, headers: HeaderMap, raw: Raw) -> Result<Response, Problem> {
    let secret = server.local.as_deref().ok_or_else(Problem::not_found)?;
    let sent = headers.get(SECRET).map(|value| value.as_bytes()).unwrap_or_default();
    if !bool::from(sent.ct_eq(secret.as_bytes())) {
        return Err(Problem::not_found());
    }
    let request: Request = serde_json::from_value(object(&raw)?).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_body").with("n", error.to_string())
    })?;
    let said = carry_out(&server.app, request).await;
    Ok(json(200, serde_json::to_string(&said).unwrap_or_default()))
}
