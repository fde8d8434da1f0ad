//! Signing in and out of a browser.

use super::me::view;
use crate::server::Shared;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::gatekeeper::{COOKIE, is_own_site, session_cookie};
use crate::server::problem::Problem;
use crate::wire::body::{PASSWORD, PasswordBody, SESSION, SessionBody};
use crate::wire::me::SessionView;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ordain_app::practice::is_practice;
use ordain_app::problem::Fault;
use ordain_app::rights::Caller;
use ordain_app::session::{self, SESSION_MS, SignInRefusal, SignedIn, sign_in, sign_out};
use serde_json::Value;

fn cookie(token: &str, max_age_s: i64, headers: &HeaderMap) -> Option<HeaderValue> {
    // Behind a proxy that speaks TLS the cookie must never travel without it.
    let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    let secure = if proto == Some("https") { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    HeaderValue::from_str(&text).ok()
}

pub(super) fn refused(server: &Shared, refusal: SignInRefusal) -> Problem {
    match refusal {
        SignInRefusal::WrongPassword { tries_left } => {
            Problem::new(StatusCode::UNAUTHORIZED, "wrong_password").with("left", tries_left.to_string())
        }
        SignInRefusal::Locked { until_ms } => {
            let left_s = (until_ms - server.app.clock.now_ms()).max(0) / 1_000 + 1;
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "locked");
            let retry_after_s = Some(u32::try_from(left_s).unwrap_or(u32::MAX));
            Problem { retry_after_s, ..problem }.with("seconds", left_s.to_string())
        }
        SignInRefusal::Gate(error) => error.into(),
    }
}

/// Signs in with login and password and sets the session cookie.
#[utoipa::path(post, path = "/session", operation_id = "create_session", tag = "session",
    request_body = SessionBody,
    responses((status = 200, description = "Who is signed in", body = SessionView)))]
pub async fn create_session(
    State(server): State<Shared>,
    headers: HeaderMap,
    raw: Raw,
) -> Result<Response, Problem> {
    if !is_own_site(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "csrf"));
    }
    let [login, password] = both(&shaped(&raw, SESSION)?, ["login", "password"])?;
    let signed = sign_in(&server.app, login.trim(), password.into()).await;
    let signed = signed.map_err(|refusal| refused(&server, refusal))?;
    signed_in(&server, signed, &headers).await
}

/// Replaces the caller's password. Their other sessions end, and this one goes on under a new cookie.
#[utoipa::path(put, path = "/me/password", operation_id = "change_password", tag = "session",
    request_body = PasswordBody,
    responses((status = 200, description = "Who is signed in", body = SessionView)))]
pub async fn change_password(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    if is_practice(ctx.org()) {
        return Err(Problem::new(StatusCode::CONFLICT, "in_practice"));
    }
    let [current, chosen] = both(&shaped(&raw, PASSWORD)?, ["current", "password"])?;
    let (app, present) = (&ctx.server.app, session_cookie(&ctx.headers));
    let passwords = [current.into(), chosen.into()];
    let signed = session::change_password(app, ctx.org(), ctx.user()?, present.as_deref(), passwords);
    let signed = signed.await.map_err(|refusal| refused(&ctx.server, refusal))?;
    signed_in(&ctx.server, signed, &ctx.headers).await
}

/// Two texts that must be there, as they stand: blanks at the ends of a password belong to it.
fn both(value: &Value, names: [&str; 2]) -> Result<[String; 2], Problem> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let found = names.map(text);
    let missing = names.iter().zip(&found).filter(|(_, text)| text.is_empty());
    let missing: Vec<Fault> = missing.map(|(name, _)| Fault::new("missing", *name)).collect();
    if missing.is_empty() { Ok(found) } else { Err(unreadable(missing)) }
}

pub(super) async fn signed_in(
    server: &Shared,
    signed: SignedIn,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let own = session::own_roles(&server.app, signed.org);
    let caller = Caller::person(signed.org, signed.user, &own);
    let user = view(server, &caller, &signed.csrf).await?;
    let mut response = Json(SessionView { user }).into_response();
    let cookie = cookie(&signed.token, SESSION_MS / 1_000, headers);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// The browser goes on in another session.
pub(super) fn moved(signed: &SignedIn, ctx: &Ctx) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookie = cookie(&signed.token, (signed.expires_at_ms - ctx.now_ms) / 1_000, &ctx.headers);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Ends the session.
#[utoipa::path(delete, path = "/session", operation_id = "end_session", tag = "session",
    responses((status = 204, description = "Signed out")))]
pub async fn end_session(ctx: Ctx) -> Result<Response, Problem> {
    if let Some(token) = session_cookie(&ctx.headers) {
        sign_out(&ctx.server.app, &token).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(cookie("", 0, &ctx.headers).map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}
