//! Orders come in and are replaced.

use crate::server::body::{Raw, keep, object, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::check::{CheckView, check};
use crate::wire::order::OrderView;
use crate::wire::order_body::{OrderBody, ReadOrder, last_named, placed, replaced, too_many_lines};
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::Case;
use ordain_app::case::decide::{OrderCommand, Place, decide, examine};
use ordain_app::case::world::World;
use ordain_app::problem::Fault;
use ordain_app::query::{self, sight::Sight};
use ordain_app::rights::Permission;
use ordain_domain::order::content::LINES_MAX;
use ordain_store::CustomerRow;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

/// The body as JSON with no more lines than an order takes.
pub(super) fn order_object(raw: &Raw) -> Result<Value, Problem> {
    let value = object(raw)?;
    match too_many_lines(&value) {
        None => Ok(value),
        Some(found) => Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_lines")
            .with("most", LINES_MAX.to_string())
            .with("found", found.to_string())),
    }
}

/// The same, and a refused body is kept.
async fn admitted(ctx: &Ctx, raw: &Raw) -> Result<Value, Problem> {
    match order_object(raw) {
        Ok(value) => Ok(value),
        Err(problem) => Err(keep(ctx, &ctx.path, raw, problem).await),
    }
}

/// Places an order. It is kept whatever is wrong with it; every fault is named in `findings` at once.
#[utoipa::path(post, path = "/orders", operation_id = "place_order", tag = "orders", request_body = OrderBody,
    responses((status = 201, description = "The order as it stands after the flow ran as far as it could", body = OrderView)))]
pub async fn place_order(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let value = admitted(&ctx, &raw).await?;
    match placed(&value) {
        Ok(read) => {
            let ReadOrder { content, channel, submit, reasons, entered_later } = read;
            let place = Place { channel, source: None, content, submit, reasons, entered_later };
            write::order(&ctx, &raw, None, OrderCommand::Place(Box::new(place)), 201).await
        }
        Err(faults) => Err(keep(&ctx, &ctx.path, &raw, unreadable(faults)).await),
    }
}

/// Replaces an order that its sender may still change: a draft, an incomplete or a returned one.
#[utoipa::path(put, path = "/orders/{id}", operation_id = "edit_order", tag = "orders", request_body = OrderBody,
    params(("id" = String, Path, description = "Id of the order"),
        ("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn edit_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let id = Uuid::parse_str(&id).map_err(|_| Problem::not_found())?;
    let value = admitted(&ctx, &raw).await?;
    let org = ctx.org();
    let known = ctx.read(move |store| Ok(query::order::by_id(store, org, id)?)).await?;
    ctx.required()?;
    match replaced(&value, known.order.content.last_line()) {
        Ok(ReadOrder { entered_later: Some(_), .. }) => {
            Err(unreadable(vec![Fault::new("read_only_field", "entered_later")]))
        }
        Ok(ReadOrder { content, submit, reasons, .. }) => {
            let sight = Sight::of_case(&known, &ctx.house, &ctx.caller);
            let content = sight.keep(&known.order.content, content);
            let command = OrderCommand::Edit { content: Box::new(content), submit, reasons };
            write::order(&ctx, &raw, Some(id), command, 200).await
        }
        Err(faults) => Err(keep(&ctx, &ctx.path, &raw, unreadable(faults)).await),
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CheckQuery {
    /// The order that is being changed, so that it is not taken for a duplicate of itself.
    pub order: Option<String>,
}

/// Says what an order would come to, and writes nothing.
#[utoipa::path(post, path = "/orders/check", operation_id = "check_order", tag = "orders", request_body = OrderBody,
    params(CheckQuery), responses((status = 200, description = "Findings, sums, stock and the expected way", body = CheckView)))]
pub async fn check_order(
    ctx: Ctx,
    Query(CheckQuery { order }): Query<CheckQuery>,
    raw: Raw,
) -> Result<Json<CheckView>, Problem> {
    let own =
        order.map(|id| Uuid::parse_str(&id).map_err(|_| Problem::bad_query("order", &id))).transpose()?;
    let value = order_object(&raw)?;
    let (org, house, by) = (ctx.org(), ctx.house.clone(), ctx.server.app.by(ctx.caller.actor()));
    let caller = ctx.caller.clone();
    if let Some(id) = own {
        ctx.must_reach(Permission::WriteOrders, &[id]).await?;
    }
    let edited = match own {
        Some(id) => Some(ctx.read(move |store| Ok(query::order::by_id(store, org, id)?)).await?),
        None => None,
    };
    // A line that somebody else has taken out meanwhile is told of when the order is written.
    let used = |edited: &Case| edited.order.content.last_line().max(last_named(&value));
    let used = edited.as_ref().map_or(0, used);
    let read = replaced(&value, used).map_err(unreadable)?;
    let ReadOrder { mut content, channel, entered_later, .. } = read;
    if let Some(edited) = &edited {
        // As the write will have it: what is not shown to whoever edits stays as it is.
        content = Sight::of_case(edited, &house, &caller).keep(&edited.order.content, content);
    }
    let reasons = Default::default();
    let place = Place { channel, source: None, content, submit: true, reasons, entered_later };
    let view = ctx
        .read(move |store| {
            let world: World = query::world::load(store, org, &house, &place.content, (own, by.at_ms))?;
            let row: Option<CustomerRow> = match &place.content.customer {
                Some(code) => store.customer(org, code)?,
                None => None,
            };
            let backing = examine(&place.content, None, &world, &by).backing;
            let decided = decide(None, &world, &OrderCommand::Place(Box::new(place)), &by)?;
            let flow = decided.case.flow.as_ref().and_then(|pin| house.flow(pin)).map(AsRef::as_ref);
            let sight = Sight::of_check(&house, flow, edited.as_ref(), &caller);
            Ok(check(&decided.case, &backing, &world, row.as_ref(), flow, (&caller, &sight)))
        })
        .await?;
    Ok(Json(view))
}
