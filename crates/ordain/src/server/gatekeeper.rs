//! Who asks, and whether they may: one middleware over all operations, reading the one table of rights.
//!
//! An operation that does not stand in the table is refused, so a new one cannot be open by oversight.

use super::Shared;
use super::context::Known;
use super::problem::Problem;
use super::scope;
use crate::routes::table::{Right, is_before_password, right_of, writes};
use crate::words::Lang;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ordain_app::gate::GateError;
use ordain_app::practice::is_practice;
use ordain_app::rights::Permission;
use ordain_app::session::{Recognised, authenticate_session, authenticate_token};
use ordain_domain::calendar::Calendar;
use std::sync::Arc;
use subtle::ConstantTimeEq;

pub const COOKIE: &str = "ordain_session";
const CSRF: &str = "x-ordain-csrf";
const PRACTICE: &str = "x-ordain-practice";
const VIEW: &str = "x-ordain-view";

/// The language of the person who asks, for the border.
#[derive(Clone, Copy)]
pub struct OwnLanguage(pub Lang);

/// The calendar of the company that is asked, for the border.
#[derive(Clone)]
pub struct OwnCalendar(pub Calendar);

pub async fn guard(
    State(server): State<Shared>,
    path: MatchedPath,
    named: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let (asked, headers) = (server.clone(), request.headers().clone());
    // Away from the threads that move bytes: a database that says nothing must not keep the others from being served.
    let known = match tokio::task::spawn_blocking(move || authenticate(&asked, &headers)).await {
        Ok(Ok(known)) => known,
        Ok(Err(problem)) => return problem.into_response(),
        Err(error) => return Problem::bug(&error.to_string()).into_response(),
    };
    let org = known.as_ref().map(|known| known.caller.org);
    let viewed = known.as_ref().filter(|known| known.viewer.is_some());
    let viewed = viewed.and_then(|known| HeaderValue::from_str(&known.caller.user()?.id.to_string()).ok());
    let language = known.as_ref().and_then(|known| Lang::parse(&known.caller.user()?.lang));
    let closed = server.app.gate.is_read_only() && writes(request.method().as_str(), path.as_str());
    let id = named.iter().find(|(name, _)| *name == "id").map(|(_, value)| value.to_owned());
    let admitted = admit(request.method(), path.as_str(), known.as_ref(), request.headers());
    let admitted = admitted.and_then(|right| match (right, &known) {
        (Right::Needs(right), Some(known)) => permit(&server, known, right, (path.as_str(), id.as_deref())),
        _ => Ok(()),
    });
    let mut response = match admitted {
        // Whatever somebody may change elsewhere, here it is this that stands in the way.
        _ if closed && known.is_some() => Problem::from(GateError::ReadOnly).into_response(),
        Err(problem) => problem.into_response(),
        Ok(()) => {
            if let Some(known) = known {
                request.extensions_mut().insert(known);
            }
            next.run(request).await
        }
    };
    // A page that was drawn for oneself, for practice or for somebody else learns that it is another now.
    if org.is_some_and(is_practice) {
        response.headers_mut().insert(PRACTICE, HeaderValue::from_static("1"));
    }
    if let Some(viewed) = viewed {
        response.headers_mut().insert(VIEW, viewed);
    }
    if let Some(language) = language {
        response.extensions_mut().insert(OwnLanguage(language));
    }
    if response.extensions().get::<Arc<Problem>>().is_some()
        && let Some(house) = org.and_then(|org| server.app.gate.houses().get(org))
    {
        response.extensions_mut().insert(OwnCalendar(house.calendar.clone()));
    }
    response
}

fn admit(method: &Method, path: &str, known: Option<&Known>, headers: &HeaderMap) -> Result<Right, Problem> {
    let right = right_of(method.as_str(), path).ok_or_else(Problem::not_found)?;
    if right == Right::Public {
        return Ok(right);
    }
    let known = known.ok_or_else(Problem::unauthorized)?;
    // A token is never sent by a browser by itself; a cookie is.
    if !known.csrf.is_empty() && !matches!(*method, Method::GET | Method::HEAD) {
        same_origin(known, headers)?;
    }
    if known.viewer.is_some() && writes(method.as_str(), path) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "viewing_only"));
    }
    if known.viewer.is_none()
        && known.caller.user().is_some_and(|user| user.password_once)
        && !is_before_password(method.as_str(), path)
    {
        return Err(Problem::new(StatusCode::FORBIDDEN, "password_must_change"));
    }
    Ok(right)
}

/// Somebody known, of a company that is set up, may do it with what the path names.
fn permit(
    server: &Shared,
    known: &Known,
    right: Permission,
    named: (&str, Option<&str>),
) -> Result<(), Problem> {
    let house = server.app.gate.houses().get(known.caller.org);
    let house = house.ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_set_up"))?;
    if !known.caller.may(right) {
        return Err(Problem::forbidden(right, &house.people));
    }
    scope::admit(server, (&known.caller, right, &house), named)
}

/// Refuses what another site made the browser send.
fn same_origin(known: &Known, headers: &HeaderMap) -> Result<(), Problem> {
    let refused = || Problem::new(StatusCode::FORBIDDEN, "csrf");
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let sent = text(CSRF).ok_or_else(refused)?;
    if !bool::from(sent.as_bytes().ct_eq(known.csrf.as_bytes())) || !is_own_site(headers) {
        return Err(refused());
    }
    Ok(())
}

/// Whether the request comes from a page of this server, as far as the browser says.
pub fn is_own_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, of)| of == host),
        (Some(_), None) => false,
    }
}

fn authenticate(server: &Shared, headers: &HeaderMap) -> Result<Option<Known>, Problem> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(value) = bearer {
        let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else { return Err(Problem::unauthorized()) };
        let caller = authenticate_token(&server.app, token.trim())?;
        // A wrong token is refused also where none is needed: its holder should know.
        return caller
            .map(|caller| Some(Known { caller, csrf: String::new(), viewer: None }))
            .ok_or_else(Problem::unauthorized);
    }
    let Some(token) = session_cookie(headers) else { return Ok(None) };
    let session = authenticate_session(&server.app, &token)?;
    Ok(session.map(|Recognised { caller, csrf, viewer }| Known { caller, csrf, viewer }))
}

/// The value of the session cookie.
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}
