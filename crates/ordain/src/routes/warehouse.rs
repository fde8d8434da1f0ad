//! Warehouses, in the order in which their places are tried.

use super::master_write::{put_bulk, read_items};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::wire::Page;
use crate::wire::body::WAREHOUSES;
use crate::wire::master::UpsertedView;
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where goods lie.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Warehouse)]
pub struct WarehouseView {
    pub code: String,
    pub name: String,
    /// The lowest is tried first.
    pub rank: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct WarehousesBody {
    pub items: Vec<WarehouseItemBody>,
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WarehouseItemBody {
    pub code: String,
    pub name: Option<String>,
    /// The lowest is tried first; a new one comes last.
    pub rank: Option<i64>,
}

/// Lists the warehouses, the one that is tried first at the top.
#[utoipa::path(get, path = "/warehouses", operation_id = "list_warehouses", tag = "master data",
    responses((status = 200, description = "All warehouses", body = Page<WarehouseView>)))]
pub async fn list_warehouses(ctx: Ctx) -> Result<Json<Page<WarehouseView>>, Problem> {
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.warehouses(org)?)).await?;
    let view =
        |row: ordain_store::WarehouseRow| WarehouseView { code: row.code, name: row.name, rank: row.rank };
    Ok(Json(Page { items: rows.into_iter().map(view).collect(), next_cursor: None }))
}

/// Creates and changes warehouses. Stock is fed, moved and promised only where there is one.
#[utoipa::path(put, path = "/warehouses", operation_id = "put_warehouses", tag = "master data",
    request_body = WarehousesBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_warehouses(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, WAREHOUSES)?;
    put_bulk(&ctx, &raw, AdminCommand::PutWarehouses(bulk.items), bulk.faults).await
}
