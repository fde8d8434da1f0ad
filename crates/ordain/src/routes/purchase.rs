//! Purchases: requests, orders to suppliers and their receipts.

use super::cursor;
use super::master_write::{put_bulk, read_items};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::body::{PURCHASES, RECEIPTS};
use crate::wire::master::UpsertedView;
use crate::wire::purchase::{PurchaseView, PurchasesBody, ReceiptsBody, purchase};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PurchaseQuery {
    /// A part of number, product or supplier.
    pub q: Option<String>,
    /// `requested`, `ordered`, `received` or `cancelled`.
    pub state: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Lists lines of purchases by number.
#[utoipa::path(get, path = "/purchase-orders", operation_id = "list_purchases", tag = "purchases",
    params(PurchaseQuery),
    responses((status = 200, description = "A page of purchases", body = Page<PurchaseView>)))]
pub async fn list_purchases(
    ctx: Ctx,
    Query(asked): Query<PurchaseQuery>,
) -> Result<Json<Page<PurchaseView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: (String, i64) = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
    let (q, state, org) = (text(asked.q), text(asked.state), ctx.org());
    let rows = ctx
        .read(move |store| Ok(store.list_purchases(org, (&q, &state), (&after.0, after.1), limit)?))
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(&row.number, row.line)));
    Ok(Json(Page { items: rows.into_iter().map(purchase).collect(), next_cursor }))
}

/// Creates and changes purchases: a request becomes an order here, and an order is moved or cancelled.
#[utoipa::path(put, path = "/purchase-orders", operation_id = "put_purchases", tag = "purchases",
    request_body = PurchasesBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_purchases(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, PURCHASES)?;
    put_bulk(&ctx, &raw, AdminCommand::PutPurchases(bulk.items), bulk.faults).await
}

/// Books what came on purchases into stock, all of it or nothing; orders that wait for it go on.
#[utoipa::path(post, path = "/purchase-orders/receive", operation_id = "receive_purchases", tag = "purchases",
    request_body = ReceiptsBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn receive_purchases(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, RECEIPTS)?;
    put_bulk(&ctx, &raw, AdminCommand::ReceivePurchases(bulk.items), bulk.faults).await
}
