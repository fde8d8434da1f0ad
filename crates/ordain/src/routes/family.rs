//! One order becomes two, and two become one.

use super::order_act::{order_id, other_order};
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::order::OrderView;
use crate::wire::reader::{Kind, Shape, integer, items, text};
use axum::response::Response;
use ordain_app::case::decide::{OrderCommand, SplitLine};
use ordain_app::rights::Permission;
use ordain_domain::decimal::DecimalText;
use serde::Deserialize;
use utoipa::ToSchema;

const LINE: Shape = &[("line", Kind::Integer), ("quantity", Kind::Decimal)];
const SPLIT: Shape = &[("lines", Kind::List(&Kind::Object(LINE))), ("reason", Kind::Words)];
const MERGE: Shape = &[("from", Kind::Text), ("reason", Kind::Words)];

#[derive(Debug, Deserialize, ToSchema)]
pub struct SplitBody {
    /// What goes into the new order.
    pub lines: Vec<SplitLineBody>,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SplitLineBody {
    /// The line, by its id.
    pub line: u32,
    /// How much of it; all where nothing is said.
    pub quantity: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MergeBody {
    /// Id of the order whose lines are taken over; it is cancelled.
    pub from: String,
    pub reason: String,
}

/// Splits an order that is under way: the lines go into an order of their own, which is checked and confirmed like any
/// other. Where people have to look at the split first, the new order is made once they have.
#[utoipa::path(post, path = "/orders/{id}/split", operation_id = "split_order", tag = "changes",
    request_body = SplitBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order as it is then", body = OrderView)))]
pub async fn split_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, SPLIT)?;
    let line = |line: &serde_json::Value| SplitLine {
        line: integer(line, "line").and_then(|id| u32::try_from(id).ok()),
        quantity: text(line, "quantity").and_then(|quantity| DecimalText::try_from(quantity).ok()),
    };
    let lines = items(&value, "lines").iter().map(line).collect();
    let reason = text(&value, "reason").unwrap_or_default();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Split { lines, reason }, 200).await
}

/// Takes the lines of another order of the same customer over, before either is confirmed. The other one is cancelled
/// in the same commit.
#[utoipa::path(post, path = "/orders/{id}/merge", operation_id = "merge_orders", tag = "changes",
    request_body = MergeBody, params(("id" = String, Path, description = "Id of the order that stays")),
    responses((status = 200, description = "The order as it is then", body = OrderView)))]
pub async fn merge_orders(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, MERGE)?;
    let from = other_order(&ctx, Permission::WriteOrders, &value, "from").await?;
    let reason = text(&value, "reason").unwrap_or_default();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Merge { from, reason }, 200).await
}
