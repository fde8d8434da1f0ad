//! Practising: over to the practice company and back, within one session of a browser.

use super::session::{refused, signed_in};
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::gatekeeper::session_cookie;
use crate::server::problem::Problem;
use crate::wire::body::{PRACTICE, PracticeBody};
use crate::wire::me::SessionView;
use crate::wire::reader::text;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::practice::{self, is_practice};
use ordain_app::session::{SignInRefusal, expires_at_ms, sign_out};

/// Takes the caller over to the practice company, where nothing that is done touches the company or leaves it. The
/// session goes on under a new cookie, so a page that was drawn before can change nothing there.
#[utoipa::path(post, path = "/practice", operation_id = "start_practice", tag = "session",
    request_body = PracticeBody,
    responses((status = 200, description = "Who practises", body = SessionView)))]
pub async fn start_practice(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let role = text(&shaped(&raw, PRACTICE)?, "role").filter(|role| !role.is_empty());
    let (app, user, token) = (&ctx.server.app, ctx.user()?, present(&ctx)?);
    if is_practice(ctx.org()) {
        return Err(Problem::new(StatusCode::CONFLICT, "in_practice"));
    }
    let until_ms = expires_at_ms(app, &token)?;
    let signed = practice::start(app, ctx.org(), user, role.as_deref(), until_ms).await;
    let signed = signed.map_err(|error| refused(&ctx.server, SignInRefusal::Gate(error)))?;
    sign_out(app, &token).await?;
    signed_in(&ctx.server, signed, &ctx.headers).await
}

/// Brings the caller back to the company.
#[utoipa::path(delete, path = "/practice", operation_id = "end_practice", tag = "session",
    responses((status = 200, description = "Who is back", body = SessionView)))]
pub async fn end_practice(ctx: Ctx) -> Result<Response, Problem> {
    let (app, user, token) = (&ctx.server.app, ctx.user()?, present(&ctx)?);
    if !is_practice(ctx.org()) {
        return Err(Problem::new(StatusCode::CONFLICT, "not_in_practice"));
    }
    let until_ms = expires_at_ms(app, &token)?;
    let signed = practice::end(app, ctx.org(), user, until_ms).await;
    let signed = signed.map_err(|error| refused(&ctx.server, SignInRefusal::Gate(error)))?;
    sign_out(app, &token).await?;
    signed_in(&ctx.server, signed, &ctx.headers).await
}

/// The session that the caller is in; people have one.
pub(super) fn present(ctx: &Ctx) -> Result<String, Problem> {
    session_cookie(&ctx.headers).ok_or_else(Problem::unauthorized)
}
