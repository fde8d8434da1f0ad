//! What the company does where goods are short, late, or counted long ago.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, json, tag_of, text_of};
use crate::wire::reader::{Kind, Shape};
use axum::http::header;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, SupplyRules, tag_of as tag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const RULES: Shape = &[
    ("stock_stale_hours", Kind::Integer),
    ("shortage_asks_purchasing", Kind::Bool),
    ("shortage_plans_work", Kind::Bool),
    ("promise_from_supply", Kind::Bool),
    ("reservation_minutes", Kind::Integer),
    ("shortage_answer_minutes", Kind::Integer),
    ("priority_levels", Kind::List(&Kind::Text)),
];

/// They are replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SupplyRules)]
pub struct SupplyRulesView {
    /// Hours after which a stock figure is stale, so that a promise by it needs a reason; never if absent.
    pub stock_stale_hours: Option<i64>,
    /// Whether the shortage of an order asks purchasing for goods by itself.
    pub shortage_asks_purchasing: bool,
    /// Whether the shortage of something that is made plans work for it by itself, instead of asking purchasing.
    pub shortage_plans_work: bool,
    /// Whether goods that are ordered and not here yet can be promised for the day on which they come.
    pub promise_from_supply: bool,
    /// Working minutes without a decision after which the goods of an order in review are let go; never if absent. The
    /// automatic check of a flow may say otherwise.
    pub reservation_minutes: Option<i64>,
    /// Working minutes within which purchasing or production answers what an order is short of; no deadline if absent.
    pub shortage_answer_minutes: Option<i64>,
    /// Levels of customers, the first served first where not all can be.
    pub priority_levels: Vec<String>,
}

/// Shows what is done where goods are short.
#[utoipa::path(get, path = "/settings/supply", operation_id = "read_supply_rules", tag = "stock",
    responses((status = 200, description = "The rules", body = SupplyRulesView)))]
pub async fn read_supply_rules(ctx: Ctx) -> Result<Response, Problem> {
    let known = SupplyRules::from(&ctx.house.rules);
    let view = SupplyRulesView {
        stock_stale_hours: known.stock_stale_hours,
        shortage_asks_purchasing: known.shortage_asks_purchasing,
        shortage_plans_work: known.shortage_plans_work,
        promise_from_supply: known.promise_from_supply,
        reservation_minutes: known.reservation_minutes,
        shortage_answer_minutes: known.shortage_answer_minutes,
        priority_levels: known.priority_levels.clone(),
    };
    let mut response = json(200, text_of(&view));
    response.headers_mut().extend(tag_of(tag(&known)).map(|tag| (header::ETAG, tag)));
    Ok(response)
}

/// Replaces what is done where goods are short.
#[utoipa::path(put, path = "/settings/supply", operation_id = "put_supply_rules", tag = "stock",
    request_body = SupplyRulesView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_supply_rules(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = item(&raw, RULES)?;
    write::document(&ctx, &raw, AdminCommand::PutSupplyRules { item, expected }).await
}
