//! Bills of material: what products are made of.

use super::cursor;
use super::master_write::{put_bulk, read_items};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::body::BOMS;
use crate::wire::master::UpsertedView;
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use ordain_domain::bom::Component;
use ordain_domain::decimal::qty_text;
use ordain_store::BomRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a product is made of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Bom)]
pub struct BomView {
    pub product: String,
    /// How many days making it takes once the parts are there.
    pub days: i64,
    /// Where it is made, and how many minutes one takes there.
    #[serde(default)]
    pub work_centre: Option<String>,
    #[serde(default)]
    pub minutes: Option<String>,
    pub components: Vec<ComponentView>,
}

/// A part and how much of it goes into one.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Component)]
pub struct ComponentView {
    pub product: String,
    pub quantity: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BomsBody {
    pub items: Vec<BomView>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BomQuery {
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

fn view(row: BomRow) -> BomView {
    let components: Vec<Component> = serde_json::from_str(&row.components).unwrap_or_default();
    let part = |part: Component| ComponentView { product: part.product, quantity: qty_text(part.qty_milli) };
    BomView {
        product: row.product,
        days: row.make_days,
        minutes: row.work_centre.as_ref().map(|_| qty_text(row.minutes_milli)),
        work_centre: row.work_centre,
        components: components.into_iter().map(part).collect(),
    }
}

/// Lists bills of material by product.
#[utoipa::path(get, path = "/boms", operation_id = "list_boms", tag = "purchases", params(BomQuery),
    responses((status = 200, description = "A page of bills of material", body = Page<BomView>)))]
pub async fn list_boms(ctx: Ctx, Query(asked): Query<BomQuery>) -> Result<Json<Page<BomView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: String = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.list_boms(org, &after, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.product));
    Ok(Json(Page { items: rows.into_iter().map(view).collect(), next_cursor }))
}

/// Says what products are made of. Each is replaced as a whole; one made of itself is refused.
#[utoipa::path(put, path = "/boms", operation_id = "put_boms", tag = "purchases", request_body = BomsBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_boms(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, BOMS)?;
    put_bulk(&ctx, &raw, AdminCommand::PutBoms(bulk.items), bulk.faults).await
}
