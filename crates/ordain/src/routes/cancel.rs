//! The reasons for which orders are cancelled.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::cancel::{CancelReasonsView, REASONS, cancel_reasons};
use axum::response::Response;
use ordain_app::admin::{AdminCommand, CancelReasonItem};
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<CancelReasonItem>,
}

/// Shows the reasons for which an order can be cancelled.
#[utoipa::path(get, path = "/cancel-reasons", operation_id = "read_cancel_reasons", tag = "orders",
    responses((status = 200, description = "The reasons", body = CancelReasonsView)))]
pub async fn read_cancel_reasons(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.cancel_reasons;
    Ok(tagged(known, &cancel_reasons(known)))
}

/// Replaces the reasons; orders keep the code that they were cancelled for.
#[utoipa::path(put, path = "/cancel-reasons", operation_id = "put_cancel_reasons", tag = "orders",
    request_body = CancelReasonsView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_cancel_reasons(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, REASONS)?;
    write::document(&ctx, &raw, AdminCommand::PutCancelReasons { items, expected }).await
}
