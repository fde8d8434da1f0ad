//! Stock: balances, what can be promised, and the ledger of movements.

use super::cursor;
use super::master::FindQuery;
use super::master_write::{put_bulk, read_items};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::body::{LEVELS, MOVEMENTS};
use crate::wire::master::UpsertedView;
use crate::wire::stock::{
    AtpView, LevelsBody, MovementView, MovementsBody, StockView, atp, counted, movement, replacement, stock,
};
use axum::Json;
use axum::response::Response;
use jiff::civil::Date;
use ordain_app::admin::AdminCommand;
use ordain_app::gate::ProductBody;
use ordain_app::query;
use ordain_domain::decimal::{DecimalText, QTY_MILLI_MAX};
use ordain_domain::master::UNIT_MILLI;
use ordain_store::ProductRow;
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;

/// Lists stock by product and warehouse.
#[utoipa::path(get, path = "/stock", operation_id = "list_stock", tag = "stock",
    params(FindQuery), responses((status = 200, description = "A page of stock", body = Page<StockView>)))]
pub async fn list_stock(ctx: Ctx, Query(asked): Query<FindQuery>) -> Result<Json<Page<StockView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: (String, String) = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let org = ctx.org();
    let (rows, softly) = ctx
        .read(move |store| {
            let rows = store.list_stock(org, &asked.text(), (&after.0, &after.1), limit)?;
            let products: BTreeSet<&str> = rows.iter().map(|row| row.product.as_str()).collect();
            let softly = store.held_softly(org, &Vec::from_iter(products))?;
            Ok((rows, softly))
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(&row.product, &row.warehouse)));
    let items = rows.into_iter().map(|row| stock(row, &softly, &ctx.house, ctx.now_ms)).collect();
    Ok(Json(Page { items, next_cursor }))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AtpQuery {
    pub product: Option<String>,
    /// A decimal number.
    pub quantity: Option<String>,
    /// One that the product is sold in; without it its own.
    pub unit: Option<String>,
    /// One that has passed counts as today.
    pub date: Option<String>,
    /// Code of the only one that may deliver; without it any may.
    pub warehouse: Option<String>,
}

/// Says whether a quantity can be promised, and holds nothing.
#[utoipa::path(get, path = "/atp", operation_id = "read_atp", tag = "stock", params(AtpQuery),
    responses((status = 200, description = "What can be promised", body = AtpView)))]
pub async fn read_atp(ctx: Ctx, Query(asked): Query<AtpQuery>) -> Result<Json<AtpView>, Problem> {
    let wanted = asked.quantity.clone().unwrap_or_else(|| "1".to_owned());
    let qty = DecimalText::try_from(wanted.clone()).ok().and_then(|text| text.scaled(3, QTY_MILLI_MAX).ok());
    let qty = qty.filter(|qty| *qty > 0).ok_or_else(|| Problem::bad_query("quantity", &wanted))?;
    let date = match asked.date.as_deref().filter(|date| !date.is_empty()) {
        None => None,
        Some(text) => Some(text.parse::<Date>().map_err(|_| Problem::bad_query("date", text))?),
    };
    let code = asked.product.unwrap_or_default();
    let (org, house) = (ctx.org(), ctx.house.clone());
    let today = house.calendar.date_at(ctx.now_ms);
    let on = date.unwrap_or(today).max(today);
    let unit = asked.unit.filter(|unit| !unit.is_empty());
    let warehouse = asked.warehouse.filter(|code| !code.is_empty());
    if let Some(unknown) = warehouse.as_ref().filter(|code| !house.warehouses.contains(*code)) {
        return Err(Problem::bad_query("warehouse", unknown));
    }
    let now_ms = ctx.now_ms;
    let answer = ctx
        .read(move |store| {
            let row = store.product(org, &code)?.ok_or_else(Problem::not_found)?;
            let qty = match unit {
                None => qty,
                Some(unit) => in_own(&row, &unit, qty).ok_or_else(|| Problem::bad_query("unit", &unit))?,
            };
            let place = (code.as_str(), warehouse.as_deref());
            let timeline = query::supply::timeline(store, org, &house, place, (today, None))?;
            let missing = (qty - timeline.available_milli(today)).max(0);
            let short = timeline.available_milli(on) < qty;
            let made = match short {
                true => query::supply::makeable(store, (org, &house), (&code, missing), today)?,
                false => None,
            };
            let mut answer = atp(code.clone(), (qty, date), (&timeline, on), made);
            let mut rows = store.stock_of_product(org, &code)?;
            rows.retain(|row| warehouse.as_ref().is_none_or(|only| *only == row.warehouse));
            answer.counted = counted(&rows, &house, now_ms);
            if answer.state == "short" {
                let found = query::substitute::replacements(store, (org, &house), (&code, qty), (today, on))?;
                answer.substitutes = found.into_iter().map(|of| replacement(&code, of)).collect();
            }
            Ok(answer)
        })
        .await?;
    Ok(Json(answer))
}

/// A quantity in the product's own unit; nothing where it is not sold in the one that is named.
fn in_own(row: &ProductRow, unit: &str, qty_milli: i64) -> Option<i64> {
    if row.unit == unit {
        return Some(qty_milli);
    }
    let body: ProductBody = serde_json::from_str(&row.body).ok()?;
    let base = i128::from(qty_milli) * i128::from(*body.units.get(unit)?) / i128::from(UNIT_MILLI);
    i64::try_from(base).ok()
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MovementQuery {
    /// Code of a product; without it all movements are listed.
    pub product: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Lists movements of goods, the newest first.
#[utoipa::path(get, path = "/stock/movements", operation_id = "list_stock_movements", tag = "stock",
    params(MovementQuery),
    responses((status = 200, description = "A page of movements", body = Page<MovementView>)))]
pub async fn list_stock_movements(
    ctx: Ctx,
    Query(asked): Query<MovementQuery>,
) -> Result<Json<Page<MovementView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let before: (i64, i64) = cursor::read(asked.cursor.as_deref())?.unwrap_or((i64::MAX, 0));
    let product = asked.product.unwrap_or_default().trim().to_owned();
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.stock_movements(org, &product, before, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(row.seq, row.n)));
    let items = rows.into_iter().map(|row| movement(row, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Books goods that came, went, turned out to be more or fewer, or changed place: all of them or none.
#[utoipa::path(post, path = "/stock/movements", operation_id = "move_stock", tag = "stock",
    request_body = MovementsBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn move_stock(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, MOVEMENTS)?;
    put_bulk(&ctx, &raw, AdminCommand::MoveStock(bulk.items), bulk.faults).await
}

/// Freezes stock, keeps safety stock back, and says below what level people are told.
#[utoipa::path(put, path = "/stock/levels", operation_id = "put_stock_levels", tag = "stock",
    request_body = LevelsBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_stock_levels(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, LEVELS)?;
    put_bulk(&ctx, &raw, AdminCommand::PutStockLevels(bulk.items), bulk.faults).await
}
