//! Orders as they are listed and looked at.

use super::cursor;
use super::narrow::{TraitsQuery, refuse_unseen, traits};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::{BadValues, Query, listed, some};
use crate::server::write::tag;
use crate::wire::Page;
use crate::wire::order::{OrderView, order};
use crate::wire::order_row::{OrderRowView, row};
use crate::wire::timeline::{Names, TimelineItemView, findings_of, item};
use crate::wire::why::{WhyView, why};
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use ordain_app::case::{Case, FlowPin};
use ordain_app::query::sight::Sight;
use ordain_app::query::{self, story};
use ordain_app::rights::{CallerKind, Permission};
use ordain_domain::order::Status;
use ordain_flow::run::Flow;
use ordain_store::{OrderCursor, OrderFilter, OrderRow};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    pub limit: Option<String>,
    pub cursor: Option<String>,
    /// Order number, customer, purchase order number, product or phone.
    pub q: Option<String>,
    /// One status or several, with commas.
    pub status: Option<String>,
    pub stage: Option<String>,
    /// The department that the order waits for.
    pub department: Option<String>,
    pub channel: Option<String>,
    /// `all`, `mine`, `stuck`, `incomplete` or `today`.
    pub view: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// Shows the order as it was at this instant.
    pub as_of: Option<String>,
}

fn statuses(text: &str) -> Option<Vec<String>> {
    let names = listed(Some(text));
    names.iter().all(|name| Status::ALL.iter().any(|status| status.name() == name)).then_some(names)
}

fn filter(ctx: &Ctx, asked: ListQuery, of: TraitsQuery, bad: &mut BadValues) -> OrderFilter {
    let mut filter = OrderFilter {
        q: some(asked.q),
        statuses: bad.read("status", asked.status, statuses).unwrap_or_default(),
        stage: some(asked.stage),
        waiting_department: some(asked.department),
        channel: some(asked.channel),
        traits: traits(&ctx.house, of, bad),
        ..OrderFilter::default()
    };
    let mut view = |name: &str| {
        match name {
            "all" => {}
            "mine" => {
                let id = match &ctx.caller.kind {
                    CallerKind::Person(user) => user.id,
                    CallerKind::Token { id, .. } => *id,
                };
                filter.receiver = Some(id.to_string());
            }
            "stuck" => filter.due_before_ms = Some(ctx.now_ms),
            "incomplete" => filter.statuses = vec!["incomplete".to_owned()],
            "today" => {
                filter.due_before_ms = Some(end_of_day(ctx));
                filter.statuses = vec!["in_review".to_owned()];
            }
            _ => return None,
        }
        Some(())
    };
    bad.read("view", asked.view, &mut view);
    filter
}

/// The midnight with which today ends on the company's clock.
pub fn end_of_day(ctx: &Ctx) -> i64 {
    day_start(ctx, 1)
}

/// The midnight with which a day begins, `days` from today.
pub fn day_start(ctx: &Ctx, days: i64) -> i64 {
    let today = ctx.house.calendar.date_at(ctx.now_ms);
    midnight(ctx, today.checked_add(jiff::Span::new().days(days)).unwrap_or(today))
}

/// The midnight with which a day begins on the company's clock.
pub fn midnight(ctx: &Ctx, day: Date) -> i64 {
    let zone = jiff::tz::TimeZone::get(&ctx.house.rules.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    day.to_zoned(zone).map_or(ctx.now_ms, |at| at.timestamp().as_millisecond())
}

/// Lists orders, the newest first.
#[utoipa::path(get, path = "/orders", operation_id = "list_orders", tag = "orders",
    params(ListQuery, TraitsQuery),
    responses((status = 200, description = "A page of orders", body = Page<OrderRowView>)))]
pub async fn list_orders(
    ctx: Ctx,
    Query(mut asked): Query<ListQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<Page<OrderRowView>>, Problem> {
    let mut bad = BadValues::default();
    let (limit, after) = cursor::page(asked.limit.take(), asked.cursor.take(), &mut bad);
    let after =
        after.map(|(created_at_ms, id): (i64, Uuid)| OrderCursor { created_at_ms, id: id.into_bytes() });
    let mut filter = filter(&ctx, asked, of, &mut bad);
    bad.refuse()?;
    let (org, sight) = (ctx.org(), Sight::in_lists(&ctx.house, &ctx.caller));
    refuse_unseen(&sight, &filter.traits)?;
    filter.by_number_only = sight.searches_blindly();
    filter.reach = ctx.reach(Permission::ReadOrders);
    let rows: Vec<OrderRow> =
        ctx.read(move |store| Ok(store.list_orders(org, &filter, after, limit)?)).await?;
    let place = |row: &OrderRow| cursor::write(&(row.created_at_ms, Uuid::from_bytes(row.id)));
    let next_cursor = cursor::next(&rows, limit, place);
    let items = rows.into_iter().map(|found| row(found, &ctx.house, &sight, ctx.now_ms)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// How often each message of an order was tried.
fn attempts(store: &ordain_store::Store, org: i64, id: Uuid) -> Result<BTreeMap<Uuid, i64>, Problem> {
    let rows = store.outbox_of_order(org, id.into_bytes())?;
    Ok(rows.into_iter().map(|row| (Uuid::from_bytes(row.id), row.attempts)).collect())
}

/// Reads an order, as it is or as it was.
#[utoipa::path(get, path = "/orders/{id}", operation_id = "read_order", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order"), AsOfQuery),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn read_order(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<AsOfQuery>,
) -> Result<Response, Problem> {
    let at_ms = match some(asked.as_of) {
        None => None,
        Some(text) => {
            let at = text.parse::<Timestamp>().map_err(|_| Problem::bad_query("as_of", &text))?;
            Some(at.as_millisecond())
        }
    };
    let org = ctx.org();
    let (case, attempts) = ctx
        .read(move |store| {
            let case = query::order::named(store, org, &id)?;
            let attempts = attempts(store, org, case.order.id)?;
            let case = match at_ms {
                Some(at_ms) => query::order::as_of(store, org, case.order.id, at_ms)?,
                None => case,
            };
            Ok((case, attempts))
        })
        .await?;
    let now_ms = at_ms.unwrap_or(ctx.now_ms);
    let view = order(&case, &ctx.house, &ctx.caller, now_ms, &attempts);
    let mut response = Json(view).into_response();
    if at_ms.is_none() {
        response.headers_mut().extend(tag(&case).map(|tag| (header::ETAG, tag)));
    }
    Ok(response)
}

async fn story_of(ctx: &Ctx, id: String) -> Result<(Case, Vec<story::Item>), Problem> {
    let org = ctx.org();
    ctx.read(move |store| {
        let case = query::order::named(store, org, &id)?;
        let items = story::items(store, org, case.order.id)?;
        Ok((case, items))
    })
    .await
}

/// Tells the story of an order, the latest first.
#[utoipa::path(get, path = "/orders/{id}/timeline", operation_id = "read_timeline", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order"), PageQuery),
    responses((status = 200, description = "A page of the story", body = Page<TimelineItemView>)))]
pub async fn read_timeline(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<PageQuery>,
) -> Result<Json<Page<TimelineItemView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let before: Option<i64> = cursor::read(asked.cursor.as_deref())?;
    let (case, items) = story_of(&ctx, id).await?;
    let sight = Sight::of_case(&case, &ctx.house, &ctx.caller);
    let mut flows: Vec<&Flow> = case.flows(&ctx.house).map(AsRef::as_ref).collect();
    // What happened before a migration was in another version, and is told in its words.
    let earlier: BTreeSet<&FlowPin> = items.iter().filter_map(|item| item.flow.as_ref()).collect();
    flows.extend(earlier.into_iter().filter_map(|pin| ctx.house.flow(pin)).map(AsRef::as_ref));
    let totals = case.order.checked.totals.as_ref();
    let currency = totals.map_or(ctx.house.rules.currency, |totals| totals.currency);
    let mut names =
        Names { house: &ctx.house, at: None, flows, currency, findings: findings_of(&items), sight: &sight };
    let before = before.unwrap_or(i64::MAX);
    let page: Vec<&story::Item> =
        items.iter().rev().filter(|item| item.row.subject_seq < before).take(limit).collect();
    let next_cursor = cursor::next(&page, limit, |item| cursor::write(&item.row.subject_seq));
    let told = page.into_iter().map(|found| {
        names.at = found.flow.as_ref().and_then(|pin| ctx.house.flow(pin)).map(AsRef::as_ref);
        item(found, &names)
    });
    let items = told.collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Explains what an order waits for, and which rules sent it where it is.
#[utoipa::path(get, path = "/orders/{id}/why", operation_id = "explain_order", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order")),
    responses((status = 200, description = "What it waits for and why", body = WhyView)))]
pub async fn explain_order(ctx: Ctx, Path(id): Path<String>) -> Result<Json<WhyView>, Problem> {
    let (case, items) = story_of(&ctx, id).await?;
    let flow = case.flow.as_ref().and_then(|pin| ctx.house.flow(pin)).map(AsRef::as_ref);
    let sight = Sight::of_case(&case, &ctx.house, &ctx.caller);
    let choices = story::lane_choices(&items);
    Ok(Json(why(&sight.cut(&case), flow, &ctx.house, &choices, &sight, ctx.now_ms)))
}
