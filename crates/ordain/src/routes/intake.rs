//! What was refused at the door, and kept.

use super::cursor;
use super::order_read::PageQuery;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::intake::{IntakeView, intake};
use axum::Json;
use uuid::Uuid;

/// Lists refused bodies, the latest first.
#[utoipa::path(get, path = "/intake", operation_id = "list_intake", tag = "orders", params(PageQuery),
    responses((status = 200, description = "A page of the journal", body = Page<IntakeView>)))]
pub async fn list_intake(
    ctx: Ctx,
    Query(asked): Query<PageQuery>,
) -> Result<Json<Page<IntakeView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let before: Option<Uuid> = cursor::read(asked.cursor.as_deref())?;
    let org = ctx.org();
    let before = before.map(Uuid::into_bytes);
    let rows = ctx.read(move |store| Ok(store.list_intake(org, before, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&Uuid::from_bytes(row.id)));
    let items = rows.into_iter().map(|row| intake(row, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}
