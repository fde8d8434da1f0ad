//! Looking at the program as somebody else sees it, within one session of a browser.

use super::order_act::order_id;
use super::practice::present;
use super::session::{moved, refused};
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::wire::body::{EmptyBody, NOTHING};
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::practice::is_practice;
use ordain_app::session::{SignInRefusal, expires_at_ms, sign_out};
use ordain_app::view_as;

/// Shows the caller what somebody else sees, to read only; the log says who looked at whom. The session goes on under a
/// new cookie.
#[utoipa::path(post, path = "/users/{id}/view", operation_id = "start_view", tag = "session",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the person")),
    responses((status = 204, description = "The next requests are answered as to that person")))]
pub async fn start_view(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    let (app, user, seen) = (&ctx.server.app, ctx.user()?, order_id(&id)?);
    if is_practice(ctx.org()) {
        return Err(Problem::new(StatusCode::CONFLICT, "in_practice"));
    }
    let token = present(&ctx)?;
    let signed = view_as::start(app, ctx.org(), user, seen, expires_at_ms(app, &token)?).await;
    let signed = signed.map_err(|error| refused(&ctx.server, SignInRefusal::Gate(error)))?;
    sign_out(app, &token).await?;
    Ok(moved(&signed, &ctx))
}

/// Brings the caller back to what they see themselves.
#[utoipa::path(delete, path = "/view", operation_id = "end_view", tag = "session",
    responses((status = 204, description = "The next requests are answered as to the caller")))]
pub async fn end_view(ctx: Ctx) -> Result<Response, Problem> {
    let (app, token) = (&ctx.server.app, present(&ctx)?);
    let viewer = ctx.viewer.as_ref().ok_or_else(|| Problem::new(StatusCode::CONFLICT, "not_viewing"))?;
    let signed = view_as::end(app, ctx.org(), viewer, expires_at_ms(app, &token)?).await;
    let signed = signed.map_err(|error| refused(&ctx.server, SignInRefusal::Gate(error)))?;
    sign_out(app, &token).await?;
    Ok(moved(&signed, &ctx))
}
