//! What each role may do, and the roles that a company makes for itself.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::roles::{OWN_ROLES, OwnRolesView, RolesView, roles};
use axum::response::Response;
use ordain_app::admin::{AdminCommand, RoleItem};
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<RoleItem>,
}

/// Shows the roles: their rights, how many have them, and who holds two that should be apart.
#[utoipa::path(get, path = "/roles", operation_id = "list_roles", tag = "people",
    responses((status = 200, description = "The roles, under the tag of the company's own", body = RolesView)))]
pub async fn list_roles(ctx: Ctx) -> Result<Response, Problem> {
    Ok(tagged(&ctx.house.people.own_roles, &roles(&ctx.house)))
}

/// Replaces the company's own roles. One that somebody holds cannot be left out.
#[utoipa::path(put, path = "/roles", operation_id = "put_roles", tag = "people", request_body = OwnRolesView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_roles(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, OWN_ROLES)?;
    write::document(&ctx, &raw, AdminCommand::PutRoles { items, expected }).await
}
