//! What the warehouse has to prepare.

use super::cursor;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::preparation::{PreparationView, preparation};
use axum::Json;
use ordain_app::query::sight::Sight;
use ordain_app::rights::Permission;
use ordain_store::PreparationPlace;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreparationQuery {
    /// One warehouse only.
    pub warehouse: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Lists what confirmed orders hold and has not left, what is wanted first at the top.
#[utoipa::path(get, path = "/preparation", operation_id = "list_preparation", tag = "stock", params(PreparationQuery),
    responses((status = 200, description = "A page of lines to prepare", body = Page<PreparationView>)))]
pub async fn list_preparation(
    ctx: Ctx,
    Query(asked): Query<PreparationQuery>,
) -> Result<Json<Page<PreparationView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: PreparationPlace = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let (org, warehouse) = (ctx.org(), asked.warehouse.unwrap_or_default());
    let reach = ctx.reach(Permission::ReadStock);
    let rows = ctx
        .read(move |store| {
            Ok(store.list_preparation(org, (warehouse.trim(), reach.as_ref()), &after, limit)?)
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.place()));
    let sight = Sight::in_lists(&ctx.house, &ctx.caller);
    let items = rows.into_iter().map(|row| preparation(row, &sight)).collect();
    Ok(Json(Page { items, next_cursor }))
}
