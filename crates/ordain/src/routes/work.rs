//! Work centres and work orders: planned, released, finished.

use super::cursor;
use super::master_write::{put_bulk, read_items};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::body::{FINISHES, WORK_CENTRES, WORK_ORDERS};
use crate::wire::master::UpsertedView;
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use ordain_domain::decimal::qty_text;
use ordain_store::WorkOrderRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where things are made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WorkCentre)]
pub struct WorkCentreView {
    pub code: String,
    pub name: String,
    /// Of a working day.
    pub daily_minutes: i64,
    /// Minutes that planned and released work takes.
    pub load_minutes: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WorkOrder)]
pub struct WorkOrderView {
    pub number: String,
    /// `requested`, `planned`, `released`, `finished` or `cancelled`.
    pub state: String,
    pub product: String,
    /// Where its parts are taken from and where it goes to.
    pub warehouse: Option<String>,
    pub work_centre: Option<String>,
    /// That the rest of it takes the work centre.
    pub left_minutes: i64,
    pub quantity: String,
    pub finished: String,
    /// What was made and is no good.
    pub scrapped: String,
    /// What is still to be made.
    pub open: String,
    /// Of what is still to be made, what orders were promised.
    pub promised: String,
    /// When it is expected; of a request, when it is needed.
    pub due_date: Option<String>,
    /// The order whose shortage asked for it, and its line.
    pub order_id: Option<String>,
    pub order_line: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkCentresBody {
    pub items: Vec<WorkCentreBody>,
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkCentreBody {
    pub code: String,
    pub name: Option<String>,
    /// Of a working day.
    pub daily_minutes: Option<i64>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkOrdersBody {
    pub items: Vec<WorkOrderBody>,
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkOrderBody {
    pub number: String,
    /// `planned` (without it), `released` or `cancelled`.
    pub state: Option<String>,
    pub product: Option<String>,
    /// Where its parts are taken from and where it goes to.
    pub warehouse: Option<String>,
    /// Without it, as the bill of material says.
    pub work_centre: Option<String>,
    pub quantity: Option<String>,
    /// Without it, when the work centre can have it done behind all that is planned.
    pub due_date: Option<String>,
    /// Login of whoever sees to it.
    pub owner: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct FinishesBody {
    pub items: Vec<FinishBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct FinishBody {
    pub number: String,
    /// Named once more, so that another product is not booked as this one.
    pub product: String,
    pub quantity: Option<String>,
    /// What was made and is no good: it takes its parts and comes no more.
    pub scrapped: Option<String>,
    pub reference: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorkQuery {
    /// Part of a number or product.
    pub q: Option<String>,
    /// `requested`, `planned`, `released`, `finished` or `cancelled`.
    pub state: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CentreQuery {
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Lists work centres with what is planned there.
#[utoipa::path(get, path = "/work-centres", operation_id = "list_work_centres", tag = "purchases", params(CentreQuery),
    responses((status = 200, description = "A page of work centres", body = Page<WorkCentreView>)))]
pub async fn list_work_centres(
    ctx: Ctx,
    Query(asked): Query<CentreQuery>,
) -> Result<Json<Page<WorkCentreView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: String = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let org = ctx.org();
    let items = ctx
        .read(move |store| {
            let mut items = Vec::new();
            let loads = store.work_loads(org)?;
            for row in store.list_work_centres(org, &after, limit)? {
                let load_minutes = loads.get(&row.code).copied().unwrap_or(0);
                let (code, name, daily_minutes) = (row.code, row.name, row.daily_minutes);
                items.push(WorkCentreView { code, name, daily_minutes, load_minutes });
            }
            Ok(items)
        })
        .await?;
    let next_cursor = cursor::next(&items, limit, |item| cursor::write(&item.code));
    Ok(Json(Page { items, next_cursor }))
}

/// Creates and changes work centres.
#[utoipa::path(put, path = "/work-centres", operation_id = "put_work_centres", tag = "purchases",
    request_body = WorkCentresBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_work_centres(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, WORK_CENTRES)?;
    put_bulk(&ctx, &raw, AdminCommand::PutWorkCentres(bulk.items), bulk.faults).await
}

pub fn work_order(row: WorkOrderRow) -> WorkOrderView {
    let open = match row.state.as_str() {
        "requested" | "planned" | "released" => row.qty_milli - row.finished_milli - row.scrapped_milli,
        _ => 0,
    };
    WorkOrderView {
        open: qty_text(open),
        scrapped: qty_text(row.scrapped_milli),
        order_id: row.order_id.map(|id| uuid::Uuid::from_bytes(id).to_string()),
        order_line: row.order_line.map(|line| line.to_string()),
        quantity: qty_text(row.qty_milli),
        finished: qty_text(row.finished_milli),
        promised: qty_text(row.promised_milli),
        number: row.number,
        state: row.state,
        product: row.product,
        warehouse: row.warehouse,
        work_centre: row.work_centre,
        left_minutes: row.left_minutes,
        due_date: row.due_date,
    }
}

/// Lists work orders by number.
#[utoipa::path(get, path = "/work-orders", operation_id = "list_work_orders", tag = "purchases", params(WorkQuery),
    responses((status = 200, description = "A page of work orders", body = Page<WorkOrderView>)))]
pub async fn list_work_orders(
    ctx: Ctx,
    Query(asked): Query<WorkQuery>,
) -> Result<Json<Page<WorkOrderView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: String = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let state = asked.state.unwrap_or_default().trim().to_owned();
    let (org, q) = (ctx.org(), asked.q.unwrap_or_default().trim().to_owned());
    let rows = ctx.read(move |store| Ok(store.list_work_orders(org, (&q, &state), &after, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.number));
    Ok(Json(Page { items: rows.into_iter().map(work_order).collect(), next_cursor }))
}

/// Creates and changes work orders: what is planned is released here, and what is released can be promised.
#[utoipa::path(put, path = "/work-orders", operation_id = "put_work_orders", tag = "purchases", request_body = WorkOrdersBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_work_orders(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, WORK_ORDERS)?;
    put_bulk(&ctx, &raw, AdminCommand::PutWorkOrders(bulk.items), bulk.faults).await
}

/// Books what was made: its parts go out of stock, it comes in, and orders that wait for it go on.
#[utoipa::path(post, path = "/work-orders/finish", operation_id = "finish_work", tag = "purchases",
    request_body = FinishesBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn finish_work(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, FINISHES)?;
    put_bulk(&ctx, &raw, AdminCommand::FinishWork(bulk.items), bulk.faults).await
}
