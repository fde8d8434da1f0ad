//! Changes of orders that are under way.

use super::cursor;
use super::order::order_object;
use super::order_act::order_id;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::Page;
use crate::wire::body::{EmptyBody, NOTHING, REASONED, ReasonedBody, TAKE, TakeBody, WATCH, WatchBody};
use crate::wire::change::{
    Around, ChangeBody, ChangePreviewView, OrderChangeView, OrderChangesView, ReadChange, asked, change,
    changes, preview,
};
use crate::wire::order::OrderView;
use crate::wire::reader::{boolean, items, text};
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, OrderCommand, Place};
use ordain_app::query::{self, sight::Sight};
use ordain_app::rights::Permission;
use ordain_domain::order::{Content, Origin};
use ordain_store::{ChangeRequestFilter, ChangeRequestRow, OrderReach};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::IntoParams;
use uuid::Uuid;

/// The channel that a copy came by.
const COPY: &str = "copy";

fn change_id(id: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(id).map_err(|_| Problem::new(StatusCode::NOT_FOUND, "change_not_found"))
}

async fn case_of(ctx: &Ctx, id: Uuid) -> Result<Case, Problem> {
    let org = ctx.org();
    ctx.read(move |store| Ok(query::order::by_id(store, org, id)?)).await
}

/// The wish in a body, with the order as it is.
async fn wish(ctx: &Ctx, id: Uuid, raw: &Raw) -> Result<(Case, ReadChange), Problem> {
    let value = order_object(raw)?;
    let case = case_of(ctx, id).await?;
    let stands = case.order.as_it_stands();
    let used = stands.content.last_line().max(case.order.content.last_line());
    let mut read = asked(&value, used).map_err(unreadable)?;
    // What is kept back from whoever asks stays as it is.
    let sight = Sight::of_case(&case, &ctx.house, &ctx.caller);
    read.content = sight.keep(&stands.content, read.content);
    drop(stands);
    Ok((case, read))
}

/// Asks for a change of an order that is under way. Whoever may write orders puts it under review at once; the wish of
/// anybody else waits until one of them takes it up. `If-Match` says of which version of the order the change is: one
/// that was written against an older one would take back what others have changed since.
#[utoipa::path(post, path = "/orders/{id}/changes", operation_id = "request_change", tag = "changes",
    request_body = ChangeBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The order as it stands then", body = OrderView)))]
pub async fn request_change(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let id = order_id(&id)?;
    ctx.required()?;
    let (_, ReadChange { content, reason, origin }) = wish(&ctx, id, &raw).await?;
    let direct = ctx.caller.may(Permission::WriteOrders);
    let asked = ChangeAsked { content, reason, origin, direct };
    write::order(&ctx, &raw, Some(id), OrderCommand::RequestChange(Box::new(asked)), 201).await
}

/// Says what a change would come to, and writes nothing.
#[utoipa::path(post, path = "/orders/{id}/changes/preview", operation_id = "preview_change", tag = "changes",
    request_body = ChangeBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "Differences, sums, stock, credit, reviews and who would be told", body = ChangePreviewView)))]
pub async fn preview_change(
    ctx: Ctx,
    Path(id): Path<String>,
    raw: Raw,
) -> Result<Json<ChangePreviewView>, Problem> {
    let (case, read) = wish(&ctx, order_id(&id)?, &raw).await?;
    let ReadChange { content, reason, origin } = read;
    let asked = ChangeAsked { content, reason, origin, direct: true };
    let (org, house, by) = (ctx.org(), ctx.house.clone(), ctx.server.app.by(ctx.caller.actor()));
    let (case, impact) = ctx
        .read(move |store| {
            let impact = query::change::impact(store, org, &house, &case, asked, &by)?;
            Ok((case, impact))
        })
        .await?;
    let impact = impact?;
    let sight = Sight::of_case(&case, &ctx.house, &ctx.caller);
    Ok(Json(preview(&around(&ctx, &case, &sight), &impact)))
}

fn around<'a>(ctx: &'a Ctx, case: &'a Case, sight: &'a Sight) -> Around<'a> {
    let flow = case.flow.as_ref().and_then(|pin| ctx.house.flow(pin)).map(AsRef::as_ref);
    Around { case, flow, house: &ctx.house, caller: &ctx.caller, sight }
}

/// Lists the changes of an order with who asked, who was told and who has read it, the latest first.
#[utoipa::path(get, path = "/orders/{id}/changes", operation_id = "list_order_changes", tag = "changes",
    params(("id" = String, Path, description = "Id or number of the order")),
    responses((status = 200, description = "The changes of the order", body = OrderChangesView)))]
pub async fn list_order_changes(ctx: Ctx, Path(id): Path<String>) -> Result<Json<OrderChangesView>, Problem> {
    let org = ctx.org();
    let (case, read) = ctx
        .read(move |store| {
            let case = query::order::named(store, org, &id)?;
            let read = query::change::read_notices(store, org, &case)?;
            Ok((case, read))
        })
        .await?;
    let sight = Sight::of_case(&case, &ctx.house, &ctx.caller);
    Ok(Json(changes(&around(&ctx, &case, &sight), &read)))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// `open` (the default): those that are not over, the oldest first; `all`: the latest first; or one state.
    pub state: Option<String>,
    pub origin: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

const STATES: [&str; 5] = ["requested", "under_review", "applied", "rejected", "withdrawn"];

fn filter(asked: ChangeQuery, reach: Option<OrderReach>) -> Result<ChangeRequestFilter, Problem> {
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let origin = some(asked.origin);
    if let Some(origin) = origin.as_deref().filter(|origin| Origin::parse(origin).is_none()) {
        return Err(Problem::bad_query("origin", origin));
    }
    let (open, state) = match some(asked.state).as_deref() {
        None | Some("open") => (true, None),
        Some("all") => (false, None),
        Some(state) if STATES.contains(&state) => (false, Some(state.to_owned())),
        Some(other) => return Err(Problem::bad_query("state", other)),
    };
    Ok(ChangeRequestFilter { open, state, origin, reach })
}

/// Lists changes of all orders.
#[utoipa::path(get, path = "/changes", operation_id = "list_changes", tag = "changes", params(ChangeQuery),
    responses((status = 200, description = "A page of changes", body = Page<OrderChangeView>)))]
pub async fn list_changes(
    ctx: Ctx,
    Query(asked): Query<ChangeQuery>,
) -> Result<Json<Page<OrderChangeView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Option<(i64, Uuid)> = cursor::read(asked.cursor.as_deref())?;
    let after = after.map(|(at_ms, id)| (at_ms, id.into_bytes()));
    let (org, filter) = (ctx.org(), filter(asked, ctx.reach(Permission::ReadOrders))?);
    let (rows, cases) = ctx
        .read(move |store| {
            let rows = store.list_change_requests(org, &filter, after, limit)?;
            let mut cases = BTreeMap::new();
            for row in &rows {
                let case = query::order::by_id(store, org, Uuid::from_bytes(row.order_id))?;
                let read = query::change::read_notices(store, org, &case)?;
                cases.insert(row.order_id, (case, read));
            }
            Ok((rows, cases))
        })
        .await?;
    let place = |row: &ChangeRequestRow| {
        let (at_ms, id) = row.place();
        cursor::write(&(at_ms, Uuid::from_bytes(id)))
    };
    let next_cursor = cursor::next(&rows, limit, place);
    let view = |row: &ChangeRequestRow| {
        let (case, read) = cases.get(&row.order_id)?;
        let sight = Sight::of_case(case, &ctx.house, &ctx.caller);
        let of = case.order.change(Uuid::from_bytes(row.id))?;
        Some(change(&around(&ctx, case, &sight), of, read))
    };
    Ok(Json(Page { items: rows.iter().filter_map(view).collect(), next_cursor }))
}

/// Places a new draft with the content of an order, without its purchase order number. It goes through every check of a
/// new order.
#[utoipa::path(post, path = "/orders/{id}/copy", operation_id = "copy_order", tag = "orders",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The new order", body = OrderView)))]
pub async fn copy_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    let case = case_of(&ctx, order_id(&id)?).await?;
    // Who takes an order in sees it whole, so nobody copies what they do not see.
    if !Sight::of_case(&case, &ctx.house, &ctx.caller).is_clear() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "copy_not_seen"));
    }
    let content = Content { customer_po: None, ..case.order.as_it_stands().content.clone() };
    let source = Some(serde_json::json!({ "kind": "copy", "name": case.order.number }));
    let (channel, reasons) = (COPY.to_owned(), BTreeMap::new());
    let place = Place { channel, source, content, submit: false, reasons, entered_later: None };
    write::order(&ctx, &raw, None, OrderCommand::Place(Box::new(place)), 201).await
}

/// Puts a change that somebody asked for under review. With `lines` or `head` only that part of it is taken up, and the
/// rest is refused for the reason given; of a change that is under review already, what is left of it is looked at anew.
#[utoipa::path(post, path = "/orders/{id}/changes/{change}/take", operation_id = "take_change", tag = "changes",
    request_body = TakeBody, params(("id" = String, Path, description = "Id of the order"),
        ("change" = String, Path, description = "Id of the change")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn take_change(
    ctx: Ctx,
    Path((id, change)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let (value, id_of) = (shaped(&raw, TAKE)?, change_id(&change)?);
    let part =
        value.get("lines").is_some_and(Value::is_array) || value.get("head").is_some_and(Value::is_boolean);
    let command = if part {
        let lines = items(&value, "lines").iter().filter_map(line_id).collect();
        let reason = text(&value, "reason").unwrap_or_default();
        OrderCommand::TakePart { id: id_of, lines, head: boolean(&value, "head"), reason }
    } else {
        OrderCommand::TakeChange { id: id_of }
    };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

fn line_id(value: &Value) -> Option<u32> {
    let number = value.as_u64().and_then(|id| u32::try_from(id).ok());
    number.or_else(|| value.as_str()?.parse().ok())
}

/// Refuses a change that nobody has taken up, with a reason.
#[utoipa::path(post, path = "/orders/{id}/changes/{change}/reject", operation_id = "reject_change", tag = "changes",
    request_body = ReasonedBody, params(("id" = String, Path, description = "Id of the order"),
        ("change" = String, Path, description = "Id of the change")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn reject_change(
    ctx: Ctx,
    Path((id, change)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, REASONED)?, "reason").unwrap_or_default();
    let command = OrderCommand::RejectChange { id: change_id(&change)?, reason };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Takes a change back that is not in force yet, with a reason: one's own, or anybody's for who may write orders.
#[utoipa::path(post, path = "/orders/{id}/changes/{change}/withdraw", operation_id = "withdraw_change", tag = "changes",
    request_body = ReasonedBody, params(("id" = String, Path, description = "Id of the order"),
        ("change" = String, Path, description = "Id of the change")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn withdraw_change(
    ctx: Ctx,
    Path((id, change)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, REASONED)?, "reason").unwrap_or_default();
    let any = ctx.caller.may(Permission::WriteOrders);
    let command = OrderCommand::WithdrawChange { id: change_id(&change)?, reason, any };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Begins or ceases to be told of every change of an order.
#[utoipa::path(post, path = "/orders/{id}/watch", operation_id = "watch_order", tag = "changes",
    request_body = WatchBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn watch_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let on = boolean(&shaped(&raw, WATCH)?, "on");
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Watch { on }, 200).await
}
