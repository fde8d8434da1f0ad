//! Published flows.

use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::words::Text;
use axum::Json;
use axum::extract::Path;
use ordain_app::case::FlowPin;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FlowVersion)]
pub struct FlowView {
    pub key: String,
    pub name: Text,
    pub version: i64,
    /// `active` or `history`.
    pub state: String,
    pub published_at: String,
    pub published_by: String,
}

/// Lists the published versions of all flows.
#[utoipa::path(get, path = "/flows", operation_id = "list_flows", tag = "flows",
    responses((status = 200, description = "All versions, newest first within a flow", body = [FlowView])))]
pub async fn list_flows(ctx: Ctx) -> Result<Json<Vec<FlowView>>, Problem> {
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.flows(org)?)).await?;
    let view = |row: ordain_store::FlowRow| {
        let pin = FlowPin { key: row.key.clone(), version: row.version };
        FlowView {
            name: ctx.house.flow(&pin).map(|flow| Text::from(&flow.doc().name)).unwrap_or_default(),
            key: row.key,
            version: row.version,
            state: row.state,
            published_at: ctx.house.calendar.text(row.published_at_ms),
            published_by: row.published_by,
        }
    };
    Ok(Json(rows.into_iter().map(view).collect()))
}

/// Reads the flow document in force.
#[utoipa::path(get, path = "/flows/{key}", operation_id = "read_flow", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The document; its schema is at /api/v1/schemas/flow.json", body = serde_json::Value)))]
pub async fn read_flow(ctx: Ctx, Path(key): Path<String>) -> Result<Json<serde_json::Value>, Problem> {
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.active_flow(org, &key)?)).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    serde_json::from_str(&row.doc).map(Json).map_err(|error| Problem::bug(&error.to_string()))
}
