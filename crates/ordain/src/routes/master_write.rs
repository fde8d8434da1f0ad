//! Master data, stock and people as they are put: in batches that are taken whole or not at all.

use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::problem::{FaultView, Problem};
use crate::server::write::{self, text_of};
use crate::wire::body::{CUSTOMERS, FEED, PRICES, PRODUCTS, USERS};
use crate::wire::master::{CustomersBody, FeedBody, PricesBody, ProductsBody, UpsertedView, UsersBody};
use crate::wire::reader::{Shape, text};
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, AdminDone, UserItem, recheck_waiting};
use ordain_app::gate::Done;
use ordain_app::password;
use ordain_app::problem::Fault;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Most items of one request.
const ITEMS_MAX: usize = 10_000;

/// The items of a body whose shape is sound.
fn read_items<T: DeserializeOwned>(raw: &Raw, shape: Shape) -> Result<(Value, Vec<T>), Problem> {
    let mut value = shaped(raw, shape)?;
    let items = match value.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => return Err(unreadable(vec![Fault::new("missing", "items")])),
    };
    if items.len() > ITEMS_MAX {
        let fault = Fault::new("too_many_items", "items").with("most", ITEMS_MAX.to_string());
        return Err(Problem { status: StatusCode::PAYLOAD_TOO_LARGE, ..unreadable(vec![fault]) });
    }
    let (mut read, mut faults) = (Vec::with_capacity(items.len()), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        match serde_json::from_value(without_nulls(item)) {
            Ok(item) => read.push(item),
            Err(error) => {
                let fault = Fault::new("bad_item", format!("items[{index}]"));
                faults.push(fault.with("why", error.to_string()));
            }
        }
    }
    if faults.is_empty() { Ok((value, read)) } else { Err(unreadable(faults)) }
}

/// Null means absent in every body.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

pub fn upserted(done: &AdminDone) -> String {
    let AdminDone::Upserted { created, updated, unchanged, findings, .. } = done else {
        return "{}".to_owned();
    };
    text_of(&UpsertedView {
        created: *created,
        updated: *updated,
        unchanged: *unchanged,
        findings: findings.iter().cloned().map(FaultView::from).collect(),
    })
}

/// Puts a batch, answers, and looks again at the orders that waited for something in it.
async fn put(ctx: &Ctx, raw: &Raw, command: AdminCommand) -> Result<Response, Problem> {
    let answer = write::admin(ctx, raw, command, 200, upserted).await?;
    if let Some(Done::Admin(AdminDone::Upserted { touched, .. })) = answer.done {
        let (app, org) = (ctx.server.app.clone(), ctx.org());
        recheck_waiting(&app, org, &touched.products, &touched.customers).await?;
    }
    Ok(answer.response)
}

/// Creates and changes customers.
#[utoipa::path(put, path = "/customers", operation_id = "put_customers", tag = "master data",
    request_body = CustomersBody, responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_customers(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let (_, items) = read_items(&raw, CUSTOMERS)?;
    put(&ctx, &raw, AdminCommand::PutCustomers(items)).await
}

/// Creates and changes products.
#[utoipa::path(put, path = "/products", operation_id = "put_products", tag = "master data",
    request_body = ProductsBody, responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_products(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let (_, items) = read_items(&raw, PRODUCTS)?;
    put(&ctx, &raw, AdminCommand::PutProducts(items)).await
}

/// Creates and changes agreed prices.
#[utoipa::path(put, path = "/prices", operation_id = "put_prices", tag = "master data",
    request_body = PricesBody, responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_prices(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let (_, items) = read_items(&raw, PRICES)?;
    put(&ctx, &raw, AdminCommand::PutPrices(items)).await
}

/// Replaces what is on hand; what is reserved stays.
#[utoipa::path(put, path = "/stock/feed", operation_id = "feed_stock", tag = "stock", request_body = FeedBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn feed_stock(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let (value, items) = read_items(&raw, FEED)?;
    put(&ctx, &raw, AdminCommand::FeedStock { as_of: text(&value, "as_of"), items }).await
}

/// Creates and changes people. A new password ends their sessions.
#[utoipa::path(put, path = "/users", operation_id = "put_users", tag = "people", request_body = UsersBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_users(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let (_, mut items): (_, Vec<UserItem>) = read_items(&raw, USERS)?;
    let weak = |(index, item): (usize, &UserItem)| {
        let fault = item.password.as_ref()?.weakness()?;
        Some(Fault { path: format!("items[{index}].password"), ..fault })
    };
    let faults: Vec<Fault> = items.iter().enumerate().filter_map(weak).collect();
    if !faults.is_empty() {
        return Err(ordain_app::gate::GateError::Invalid(faults).into());
    }
    for item in &mut items {
        if let Some(chosen) = item.password.take() {
            item.password_hash = Some(password::hash(chosen).await?);
        }
    }
    put(&ctx, &raw, AdminCommand::PutUsers(items)).await
}
