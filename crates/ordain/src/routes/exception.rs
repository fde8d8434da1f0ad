//! The exception centre: what nothing automatic goes on with, and who sees to it.

use super::cursor;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::body::{EmptyBody, NOTHING, REASONED, ReasonedBody};
use crate::wire::exception::{ExceptionView, exception};
use crate::wire::order::OrderView;
use crate::wire::reader::text;
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::OrderCommand;
use ordain_app::gate::party_key;
use ordain_app::query::order;
use ordain_app::query::sight::Sight;
use ordain_app::rights::Permission;
use ordain_store::{ExceptionFilter, ExceptionRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExceptionQuery {
    /// `open` (the default) or `closed`.
    pub state: Option<String>,
    pub kind: Option<String>,
    /// `mine`: those that the caller owns by name, role or department.
    pub owner: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExceptionPage)]
pub struct ExceptionPageView {
    pub items: Vec<ExceptionView>,
    pub next_cursor: Option<String>,
    /// Open ones by kind.
    pub counts: BTreeMap<String, CountView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExceptionCount)]
pub struct CountView {
    pub open: i64,
    pub oldest_at: String,
}

fn filter(ctx: &Ctx, asked: &ExceptionQuery) -> Result<ExceptionFilter, Problem> {
    let named = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let closed = match named(&asked.state).as_deref() {
        None | Some("open") => false,
        Some("closed") => true,
        Some(other) => return Err(Problem::bad_query("state", other)),
    };
    let kind = named(&asked.kind);
    if let Some(kind) =
        kind.as_deref().filter(|kind| !ExceptionKind::ALL.iter().any(|known| known.name() == *kind))
    {
        return Err(Problem::bad_query("kind", kind));
    }
    let owners = match (named(&asked.owner).as_deref(), ctx.caller.user()) {
        (None, _) => Vec::new(),
        (Some("mine"), Some(user)) => user.parties().iter().map(party_key).collect(),
        (Some(other), _) => return Err(Problem::bad_query("owner", other)),
    };
    Ok(ExceptionFilter { closed, kind, owners, reach: ctx.reach(Permission::ReadExceptions) })
}

/// Lists exceptions, open ones by due time.
#[utoipa::path(get, path = "/exceptions", operation_id = "list_exceptions", tag = "exceptions",
    params(ExceptionQuery),
    responses((status = 200, description = "A page of exceptions with the open ones by kind", body = ExceptionPageView)))]
pub async fn list_exceptions(
    ctx: Ctx,
    Query(asked): Query<ExceptionQuery>,
) -> Result<Json<ExceptionPageView>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Option<(i64, Uuid)> = cursor::read(asked.cursor.as_deref())?;
    let (org, filter) = (ctx.org(), filter(&ctx, &asked)?);
    let after = after.map(|(at_ms, id)| (at_ms, id.into_bytes()));
    let (rows, cases, counts) = ctx
        .read(move |store| {
            let rows = store.list_exceptions(org, &filter, after, limit)?;
            let mut cases = BTreeMap::new();
            for row in &rows {
                let id = Uuid::from_bytes(row.order_id);
                cases.insert(row.id, order::by_id(store, org, id)?);
            }
            Ok((rows, cases, store.count_exceptions(org, filter.reach.as_ref())?))
        })
        .await?;
    let place = |row: &ExceptionRow| {
        let (at_ms, id) = row.place();
        cursor::write(&(at_ms, Uuid::from_bytes(id)))
    };
    let next_cursor = cursor::next(&rows, limit, place);
    let view = |row: &ExceptionRow| {
        let case = cases.get(&row.id)?;
        let id = Uuid::from_bytes(row.id);
        let found = case.exceptions.iter().find(|known| known.id == id)?;
        let shown = Sight::of_case(case, &ctx.house, &ctx.caller).cut(case);
        Some(exception(found, &shown, &ctx.house, &ctx.caller, ctx.now_ms))
    };
    let count =
        |(open, oldest_ms): (i64, i64)| CountView { open, oldest_at: ctx.house.calendar.text(oldest_ms) };
    let counts = counts.into_iter().map(|(kind, of)| (kind, count(of))).collect();
    Ok(Json(ExceptionPageView { items: rows.iter().filter_map(view).collect(), next_cursor, counts }))
}

async fn order_of(ctx: &Ctx, id: &str) -> Result<(Uuid, Uuid), Problem> {
    let absent = || Problem::new(StatusCode::NOT_FOUND, "exception_not_found");
    let id = Uuid::parse_str(id).map_err(|_| absent())?;
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.exception(org, id.into_bytes())?)).await?;
    Ok((id, Uuid::from_bytes(row.ok_or_else(absent)?.order_id)))
}

/// Takes an exception for oneself.
#[utoipa::path(post, path = "/exceptions/{id}/take", operation_id = "take_exception", tag = "exceptions",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the exception")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn take_exception(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    let (id, order) = order_of(&ctx, &id).await?;
    write::order(&ctx, &raw, Some(order), OrderCommand::TakeException { id }, 200).await
}

/// Closes an exception, with a reason.
#[utoipa::path(post, path = "/exceptions/{id}/close", operation_id = "close_exception", tag = "exceptions",
    request_body = ReasonedBody, params(("id" = String, Path, description = "Id of the exception")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn close_exception(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, REASONED)?, "reason").unwrap_or_default();
    let (id, order) = order_of(&ctx, &id).await?;
    write::order(&ctx, &raw, Some(order), OrderCommand::CloseException { id, reason }, 200).await
}
