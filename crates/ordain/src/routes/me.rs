//! The person who is signed in.

use crate::server::Shared;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::body::{LANGUAGE, LanguageBody};
use crate::wire::me::{CompanyView, CountsView, MeView, me};
use crate::wire::reader::text;
use axum::Json;
use axum::http::StatusCode;
use ordain_app::admin::AdminCommand;
use ordain_app::problem::Fault;
use ordain_app::query::queue::{Desk, Queue};
use ordain_app::rights::Caller;
use ordain_app::session::own_roles;
use uuid::Uuid;

/// Everything about somebody who has just been recognised.
///
/// # Errors
/// What the store says.
pub async fn view(server: &Shared, caller: &Caller, csrf: &str) -> Result<MeView, Problem> {
    let org = caller.org;
    let house = server.app.gate.houses().get(org);
    let house = house.ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_set_up"))?;
    let (store, user, now_ms) = (server.app.store.clone(), caller.user().cloned(), server.app.clock.now_ms());
    let of = house.clone();
    let read = tokio::task::spawn_blocking(move || -> Result<(String, CountsView), Problem> {
        let company = store.orgs()?.into_iter().find(|row| row.org == org).map(|row| row.name);
        let Some(user) = user else { return Ok((company.unwrap_or_default(), CountsView::default())) };
        let desk = Desk { store: &store, org, house: &of, user: &user, now_ms, reach: None };
        let (tasks, overdue) = desk.count(Queue::Mine)?;
        let notices_unread = store.unread_notices(org, user.id.into_bytes())?;
        Ok((company.unwrap_or_default(), CountsView { tasks, overdue, notices_unread }))
    });
    let (name, counts) = read.await.map_err(|error| Problem::bug(&error.to_string()))??;
    let company = CompanyView {
        name,
        currency: house.rules.currency.code().to_owned(),
        timezone: house.rules.timezone.clone(),
    };
    let who = (caller, &house.people.own_roles);
    Ok(me(who, csrf, company, counts, server.app.gate.is_read_only()))
}

/// Says who is signed in.
#[utoipa::path(get, path = "/me", operation_id = "read_me", tag = "session",
    responses((status = 200, description = "The caller", body = MeView)))]
pub async fn read_me(ctx: Ctx) -> Result<Json<MeView>, Problem> {
    let me = view(&ctx.server, &ctx.caller, &ctx.csrf).await?;
    // Whoever only looks chooses no password for them.
    let password_once = me.password_once && ctx.viewer.is_none();
    Ok(Json(MeView { viewer: ctx.viewer.map(|viewer| viewer.name), password_once, ..me }))
}

/// Sets the language of the caller.
#[utoipa::path(put, path = "/me", operation_id = "set_language", tag = "session", request_body = LanguageBody,
    responses((status = 200, description = "The caller", body = MeView)))]
pub async fn set_language(ctx: Ctx, raw: Raw) -> Result<Json<MeView>, Problem> {
    let value = shaped(&raw, LANGUAGE)?;
    let lang = match text(&value, "lang").as_deref() {
        Some("en") => "en",
        Some(_) => "zh-CN",
        None => return Err(unreadable(vec![Fault::new("missing", "lang")])),
    };
    let user: Uuid = ctx.user()?.id;
    let command = AdminCommand::SetLanguage { user, lang: lang.to_owned() };
    write::admin(&ctx, &raw, command, 200, |_| "{}".to_owned()).await?;
    let known = ctx.server.app.gate.houses().get(ctx.org());
    let user = known.and_then(|house| house.people.users.get(&user).cloned());
    let caller = match user {
        Some(user) => Caller::person(ctx.org(), user, &own_roles(&ctx.server.app, ctx.org())),
        None => ctx.caller.clone(),
    };
    Ok(Json(view(&ctx.server, &caller, &ctx.csrf).await?))
}
