//! Other systems that steps of flows call.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::connector::{CONNECTOR, ConnectorBody, ConnectorView, ConnectorsView, connector};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;

/// Lists the connectors, without their secrets.
#[utoipa::path(get, path = "/connectors", operation_id = "list_connectors", tag = "connectors",
    responses((status = 200, description = "The connectors", body = ConnectorsView)))]
pub async fn list_connectors(ctx: Ctx) -> Json<ConnectorsView> {
    let known = ctx.house.connectors.0.iter();
    let items = known.map(|(key, known)| connector(key, known, &ctx.house, ctx.now_ms)).collect();
    Json(ConnectorsView { items })
}

/// Shows a connector, without its secrets. One that does not exist yet has a tag too, for the first `PUT`.
#[utoipa::path(get, path = "/connectors/{key}", operation_id = "read_connector", tag = "connectors",
    params(("key" = String, Path, description = "Key of the connector")),
    responses((status = 200, description = "The connector", body = ConnectorView)))]
pub async fn read_connector(ctx: Ctx, Path(key): Path<String>) -> Response {
    let known = ctx.house.connectors.0.get(&key).cloned().unwrap_or_default();
    tagged(&known, &connector(&key, &known, &ctx.house, ctx.now_ms))
}

/// Puts a connector as a whole; secrets that are left out stay.
#[utoipa::path(put, path = "/connectors/{key}", operation_id = "put_connector", tag = "connectors",
    request_body = ConnectorBody,
    params(("key" = String, Path, description = "Key of the connector"),
        ("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_connector(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = Box::new(item(&raw, CONNECTOR)?);
    write::document(&ctx, &raw, AdminCommand::PutConnector { key, item, expected }).await
}
