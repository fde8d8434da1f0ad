//! What may be done to orders by hand.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, json, tag_of, text_of};
use crate::wire::reader::{Kind, Shape};
use axum::http::header;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, HandRules, tag_of as tag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const RULES: Shape = &[("second_person_from", Kind::Text)];

/// They are replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = HandRules)]
pub struct HandRulesView {
    /// Amount with tax, in the company's currency, from which on a second person has to agree to what the process admin
    /// does to an order; nobody has to if absent.
    pub second_person_from: Option<String>,
}

/// Shows what may be done to orders by hand.
#[utoipa::path(get, path = "/settings/by-hand", operation_id = "read_hand_rules", tag = "organisation",
    responses((status = 200, description = "The rules", body = HandRulesView)))]
pub async fn read_hand_rules(ctx: Ctx) -> Result<Response, Problem> {
    let known = HandRules::from(&ctx.house.rules);
    let view = HandRulesView { second_person_from: known.second_person_from.clone() };
    let mut response = json(200, text_of(&view));
    response.headers_mut().extend(tag_of(tag(&known)).map(|tag| (header::ETAG, tag)));
    Ok(response)
}

/// Replaces what may be done to orders by hand.
#[utoipa::path(put, path = "/settings/by-hand", operation_id = "put_hand_rules", tag = "organisation",
    request_body = HandRulesView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_hand_rules(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = item(&raw, RULES)?;
    write::document(&ctx, &raw, AdminCommand::PutHandRules { item, expected }).await
}
