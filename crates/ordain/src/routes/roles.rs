//! What each role may do.

use crate::server::context::Ctx;
use crate::wire::roles::{RolesView, roles};
use axum::Json;

/// Shows the roles: their rights, how many have them, and who holds two that should be apart.
#[utoipa::path(get, path = "/roles", operation_id = "list_roles", tag = "people",
    responses((status = 200, description = "The roles", body = RolesView)))]
pub async fn list_roles(ctx: Ctx) -> Json<RolesView> {
    Json(roles(&ctx.house))
}
