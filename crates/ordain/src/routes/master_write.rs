//! Master data, stock and people as they are put: in batches that are taken whole or not at all.

use crate::server::body::{Raw, object, unreadable};
use crate::server::context::Ctx;
use crate::server::problem::{FaultView, Problem};
use crate::server::write::{self, text_of};
use crate::wire::body::{CUSTOMERS, FEED, PRICES, PRODUCTS, USERS};
use crate::wire::master::{CustomersBody, FeedBody, PricesBody, ProductsBody, UpsertedView, UsersBody};
use crate::wire::reader::{Shape, faults, shape_in, sound_part, text, without_nulls};
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, AdminDone, UserItem, recheck_waiting, refused_with, weak_passwords};
use ordain_app::gate::{Done, GateError};
use ordain_app::password;
use ordain_app::problem::Fault;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Most items of one request.
const ITEMS_MAX: usize = 10_000;

/// A bulk body as far as it can be read.
pub(super) struct Bulk<T> {
    pub value: Value,
    pub items: Vec<T>,
    /// What could not be read, and is not in the items.
    pub faults: Vec<Fault>,
}

impl<T> Bulk<T> {
    /// The items, if nothing is wrong with any.
    ///
    /// # Errors
    /// All that is wrong.
    pub(super) fn sound(self) -> Result<Vec<T>, Problem> {
        if self.faults.is_empty() { Ok(self.items) } else { Err(unreadable(self.faults)) }
    }
}

/// Reads what can be read of a bulk body: what is wrong with the rest is named along with it.
pub(super) fn read_items<T: DeserializeOwned>(raw: &Raw, shape: Shape) -> Result<Bulk<T>, Problem> {
    let mut value = if raw.size == 0 { Value::Object(serde_json::Map::new()) } else { object(raw)? };
    let mut faults = faults(&value, shape);
    let items = match value.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => {
            if faults.iter().all(|fault| fault.path != "items") {
                faults.push(Fault::new("missing", "items"));
            }
            return Err(unreadable(faults));
        }
    };
    if items.len() > ITEMS_MAX {
        let fault = Fault::new("too_many_items", "items").with("most", ITEMS_MAX.to_string());
        return Err(Problem { status: StatusCode::PAYLOAD_TOO_LARGE, ..unreadable(vec![fault]) });
    }
    let (item_shape, sound) = (shape_in(shape, "items"), faults.is_empty());
    let (mut read, mut unread) = (Vec::with_capacity(items.len()), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        let item = if sound { item } else { sound_part(&item, item_shape) };
        match serde_json::from_value(without_nulls(item)) {
            Ok(item) => read.push(item),
            Err(error) => {
                let fault = Fault::new("bad_item", format!("items[{index}]"));
                unread.push(fault.with("why", error.to_string()));
            }
        }
    }
    if unread.is_empty() {
        return Ok(Bulk { value, items: read, faults });
    }
    // With an item gone the places of the others would be wrong in a rehearsal.
    faults.extend(unread);
    Err(unreadable(faults))
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

/// Puts a batch, answers, and looks again at the orders that waited for something in it. With faults in the body
/// nothing is put: the rest is rehearsed, so that one answer names all that is wrong.
pub(super) async fn put_bulk(
    ctx: &Ctx,
    raw: &Raw,
    command: AdminCommand,
    faults: Vec<Fault>,
) -> Result<Response, Problem> {
    if !faults.is_empty() {
        let (app, actor) = (&ctx.server.app, ctx.caller.actor());
        return Err(match refused_with(app, ctx.org(), actor, command, faults).await {
            GateError::Invalid(faults) => unreadable(faults),
            other => other.into(),
        });
    }
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
    let bulk = read_items(&raw, CUSTOMERS)?;
    put_bulk(&ctx, &raw, AdminCommand::PutCustomers(bulk.items), bulk.faults).await
}

/// Creates and changes products.
#[utoipa::path(put, path = "/products", operation_id = "put_products", tag = "master data",
    request_body = ProductsBody, responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_products(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, PRODUCTS)?;
    put_bulk(&ctx, &raw, AdminCommand::PutProducts(bulk.items), bulk.faults).await
}

/// Creates and changes agreed prices.
#[utoipa::path(put, path = "/prices", operation_id = "put_prices", tag = "master data",
    request_body = PricesBody, responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_prices(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, PRICES)?;
    put_bulk(&ctx, &raw, AdminCommand::PutPrices(bulk.items), bulk.faults).await
}

/// Replaces what is on hand; what is reserved stays.
#[utoipa::path(put, path = "/stock/feed", operation_id = "feed_stock", tag = "stock", request_body = FeedBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn feed_stock(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, FEED)?;
    let as_of = text(&bulk.value, "as_of");
    put_bulk(&ctx, &raw, AdminCommand::FeedStock { as_of, items: bulk.items }, bulk.faults).await
}

/// Creates and changes people. A new password ends their sessions.
#[utoipa::path(put, path = "/users", operation_id = "put_users", tag = "people", request_body = UsersBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_users(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let Bulk { mut items, mut faults, .. } = read_items::<UserItem>(&raw, USERS)?;
    let weak = weak_passwords(&items);
    if faults.is_empty() && !weak.is_empty() {
        let (app, actor) = (&ctx.server.app, ctx.caller.actor());
        return Err(refused_with(app, ctx.org(), actor, AdminCommand::PutUsers(items), weak).await.into());
    }
    faults.extend(weak);
    for item in &mut items {
        // Hashing is dear, and nothing is put if there are faults.
        if let Some(chosen) = item.password.take().filter(|_| faults.is_empty()) {
            item.password_hash = Some(password::hash(chosen).await?);
        }
    }
    put_bulk(&ctx, &raw, AdminCommand::PutUsers(items), faults).await
}
