//! What people do to an order as a whole.

use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::body::{
    CANCEL, COMMENT, CancelBody, CommentBody, EmptyBody, NOTHING, REASONED, ReasonedBody, SUBMIT, SubmitBody,
};
use crate::wire::order::OrderView;
use crate::wire::reader::{items, text};
use axum::response::Response;
use ordain_app::case::decide::OrderCommand;
use ordain_app::problem::Fault;
use ordain_app::rights::Permission;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The order that a path names.
///
/// # Errors
/// What is no id names nothing.
pub fn order_id(id: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(id).map_err(|_| Problem::not_found())
}

/// The other order that a body names.
///
/// # Errors
/// That it names none, or one outside the caller's data scope; what is no id names nothing.
pub async fn other_order(ctx: &Ctx, right: Permission, value: &Value, name: &str) -> Result<Uuid, Problem> {
    let id = text(value, name).ok_or_else(|| unreadable(vec![Fault::new("missing", name)]))?;
    let id = order_id(&id)?;
    ctx.must_reach(right, &[id]).await?;
    Ok(id)
}

/// Reasons by finding id.
pub fn reasons(value: &Value, name: &str) -> BTreeMap<String, String> {
    let given = items(value, name).iter();
    given
        .filter_map(|given| Some((text(given, "finding_id")?, text(given, "reason").unwrap_or_default())))
        .collect()
}

/// Submits a draft or a completed order for review.
#[utoipa::path(post, path = "/orders/{id}/submit", operation_id = "submit_order", tag = "orders",
    request_body = SubmitBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn submit_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, SUBMIT)?;
    let command = OrderCommand::Submit { reasons: reasons(&value, "reasons") };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Cancels an order, with a reason of the company's list or in words.
#[utoipa::path(post, path = "/orders/{id}/cancel", operation_id = "cancel_order", tag = "orders",
    request_body = CancelBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn cancel_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, CANCEL)?;
    let (reason, code) = (text(&value, "reason").unwrap_or_default(), text(&value, "reason_code"));
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Cancel { reason, code }, 200).await
}

/// Takes back an order that was handed in, as long as its flow allows.
#[utoipa::path(post, path = "/orders/{id}/recall", operation_id = "recall_order", tag = "orders",
    request_body = ReasonedBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn recall_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, REASONED)?, "reason").unwrap_or_default();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Recall { reason }, 200).await
}

/// Puts an order on hold, with a reason.
#[utoipa::path(post, path = "/orders/{id}/hold", operation_id = "hold_order", tag = "orders",
    request_body = ReasonedBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn hold_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, REASONED)?, "reason").unwrap_or_default();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Hold { reason }, 200).await
}

/// Resumes an order that is on hold.
#[utoipa::path(post, path = "/orders/{id}/resume", operation_id = "resume_order", tag = "orders",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn resume_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Resume, 200).await
}

/// Says that one has read the copy of an order that a step asks a receipt for.
#[utoipa::path(post, path = "/orders/{id}/acknowledge", operation_id = "acknowledge_copy", tag = "orders",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn acknowledge_copy(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Acknowledge, 200).await
}

/// Writes a comment on an order.
#[utoipa::path(post, path = "/orders/{id}/comments", operation_id = "comment_order", tag = "orders",
    request_body = CommentBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn comment_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let text = text(&shaped(&raw, COMMENT)?, "text").unwrap_or_default();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Comment { text }, 200).await
}
