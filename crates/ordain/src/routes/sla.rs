//! How long people have where their step does not say.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, json, tag_of, text_of};
use crate::wire::sla::{SlaView, TABLE, sla};
use axum::http::header;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, SlaItem, tag_of as tag};
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<SlaItem>,
}

/// Shows the table of deadlines.
#[utoipa::path(get, path = "/settings/sla", operation_id = "read_sla", tag = "calendars",
    responses((status = 200, description = "The table", body = SlaView)))]
pub async fn read_sla(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.sla;
    let mut response = json(200, text_of(&sla(known)));
    response.headers_mut().extend(tag_of(tag(known)).map(|tag| (header::ETAG, tag)));
    Ok(response)
}

/// Replaces the table; open tasks that go by it are due anew.
#[utoipa::path(put, path = "/settings/sla", operation_id = "put_sla", tag = "calendars",
    request_body = SlaView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_sla(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, TABLE)?;
    write::document(&ctx, &raw, AdminCommand::PutSla { items, expected }).await
}
