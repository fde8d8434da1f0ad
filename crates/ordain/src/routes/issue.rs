//! Problems that people report on orders, and the types by which they are handled.

use super::order_act::order_id;
use crate::server::body::{Raw, item, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::body::{LOSS, LossBody};
use crate::wire::issue::{ISSUE, ISSUE_TYPES, IssueBody, IssueTypesBody, IssueTypesView, issue_types};
use crate::wire::order::OrderView;
use crate::wire::reader::text;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, IssueTypeItem};
use ordain_app::case::decide::OrderCommand;
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<IssueTypeItem>,
}

/// Reports a problem with an order. Its type says who handles it first, and until when.
#[utoipa::path(post, path = "/orders/{id}/issues", operation_id = "report_issue", tag = "exceptions",
    request_body = IssueBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn report_issue(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, ISSUE)?;
    let given = |name: &str| text(&value, name).unwrap_or_default();
    let command = OrderCommand::ReportIssue { issue: given("type"), text: given("text") };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Shows the issue types: who handles what first, until when, and how.
#[utoipa::path(get, path = "/issue-types", operation_id = "read_issue_types", tag = "exceptions",
    responses((status = 200, description = "The issue types", body = IssueTypesView)))]
pub async fn read_issue_types(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.issues;
    Ok(tagged(known, &issue_types(known)))
}

/// Replaces the issue types.
#[utoipa::path(put, path = "/issue-types", operation_id = "put_issue_types", tag = "exceptions",
    request_body = IssueTypesBody,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_issue_types(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, ISSUE_TYPES)?;
    write::document(&ctx, &raw, AdminCommand::PutIssueTypes { items, expected }).await
}

/// Puts right why an order was lost: once, by somebody who looks at the figures.
#[utoipa::path(post, path = "/orders/{id}/loss", operation_id = "explain_loss", tag = "reports",
    request_body = LossBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn explain_loss(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, LOSS)?, "reason_code").unwrap_or_default();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::ExplainLoss { reason }, 200).await
}
