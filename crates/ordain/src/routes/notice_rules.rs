//! How people of the house are told.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::reader::{Kind, Shape};
use axum::response::Response;
use ordain_app::admin::{AdminCommand, NoticeRules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const RULES: Shape = &[("merge_minutes", Kind::Integer)];

/// They are replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NoticeRules)]
pub struct NoticeRulesView {
    /// Minutes within which several unread notices of one kind to one person are shown as one; 0: each by itself.
    pub merge_minutes: i64,
}

/// Shows how people of the house are told.
#[utoipa::path(get, path = "/settings/notices", operation_id = "read_notice_rules", tag = "organisation",
    responses((status = 200, description = "The rules", body = NoticeRulesView)))]
pub async fn read_notice_rules(ctx: Ctx) -> Result<Response, Problem> {
    let known = NoticeRules::from(&ctx.house.rules);
    Ok(tagged(&known, &NoticeRulesView { merge_minutes: known.merge_minutes }))
}

/// Replaces how people of the house are told.
#[utoipa::path(put, path = "/settings/notices", operation_id = "put_notice_rules", tag = "organisation",
    request_body = NoticeRulesView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_notice_rules(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = item(&raw, RULES)?;
    write::document(&ctx, &raw, AdminCommand::PutNoticeRules { item, expected }).await
}
