//! The saved lists that rules name.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::saved_set::{SETS, SavedSetsView, saved_sets};
use axum::response::Response;
use ordain_app::admin::{AdminCommand, SavedSetItem};
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<SavedSetItem>,
}

/// Shows the saved lists, such as the key customers, that rules of flows can name.
#[utoipa::path(get, path = "/saved-sets", operation_id = "read_saved_sets", tag = "flows",
    responses((status = 200, description = "The lists", body = SavedSetsView)))]
pub async fn read_saved_sets(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.saved_sets;
    Ok(tagged(known, &saved_sets(known)))
}

/// Replaces the saved lists. What they hold counts from then on; one that a flow names cannot be left out.
#[utoipa::path(put, path = "/saved-sets", operation_id = "put_saved_sets", tag = "flows",
    request_body = SavedSetsView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_saved_sets(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, SETS)?;
    write::document(&ctx, &raw, AdminCommand::PutSavedSets { items, expected }).await
}
