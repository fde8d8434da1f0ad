//! Somebody leaves: their open work goes to somebody else.

use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::wire::body::{TRANSFER, TransferBody};
use crate::wire::reader::text;
use axum::Json;
use ordain_app::leaver::{self, HandedOver};
use ordain_app::problem::Fault;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandOverResult)]
pub struct HandOverView {
    pub handed_over: usize,
    pub refused: usize,
    pub items: Vec<HandOverItemView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandOverItem)]
pub struct HandOverItemView {
    pub task_id: String,
    pub order_id: String,
    pub handed_over: bool,
    /// Code of why it stays where it is.
    pub code: Option<String>,
}

/// Hands over every open task of a person; what cannot be given on stays and is named.
#[utoipa::path(post, path = "/users/{id}/hand-over", operation_id = "hand_over_tasks", tag = "people",
    request_body = TransferBody, params(("id" = String, Path, description = "Id of the user who leaves")),
    responses((status = 200, description = "What became of each task", body = HandOverView)))]
pub async fn hand_over_tasks(
    ctx: Ctx,
    Path(id): Path<String>,
    raw: Raw,
) -> Result<Json<HandOverView>, Problem> {
    let value = shaped(&raw, TRANSFER)?;
    let to = text(&value, "to").ok_or_else(|| unreadable(vec![Fault::new("missing", "to")]))?;
    let reason = text(&value, "reason").ok_or_else(|| unreadable(vec![Fault::new("missing", "reason")]))?;
    let id = Uuid::parse_str(&id).map_err(|_| Problem::not_found())?;
    let from = ctx.house.people.users.get(&id).cloned().ok_or_else(Problem::not_found)?;
    let (app, actor) = (&ctx.server.app, ctx.caller.actor());
    let found = leaver::hand_over_tasks(app, ctx.org(), &actor, &from, &to, &reason).await?;
    let items: Vec<HandOverItemView> = found.into_iter().map(item).collect();
    let handed_over = items.iter().filter(|item| item.handed_over).count();
    Ok(Json(HandOverView { handed_over, refused: items.len() - handed_over, items }))
}

fn item(handed: HandedOver) -> HandOverItemView {
    let code = handed.outcome.err().map(|error| Problem::from(error).code);
    HandOverItemView {
        task_id: handed.task.to_string(),
        order_id: handed.order.to_string(),
        handed_over: code.is_none(),
        code,
    }
}
