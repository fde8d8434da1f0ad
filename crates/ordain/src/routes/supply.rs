//! How the lines of an order stand: what they hold, what is free, what comes and when, against the asked date.

use super::order_act::order_id;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::Page;
use crate::wire::order::OrderView;
use crate::wire::purchase::{PurchaseView, SupplyPartView, part, purchase};
use crate::wire::reader::{Kind, Shape, text};
use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use ordain_app::case::decide::{OrderCommand, PromiseStep};
use ordain_app::problem::Fault;
use ordain_app::query;
use ordain_app::query::supply::LineSupply;
use ordain_domain::ctp::{Material, MaterialPart};
use ordain_domain::decimal::qty_text;
use ordain_store::PurchaseLineRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of an order against stock and purchases.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LineSupply)]
pub struct LineSupplyView {
    pub line: String,
    pub product: Option<String>,
    pub quantity: Option<String>,
    /// What the line holds or has had shipped.
    pub held: String,
    /// What it was promised of goods that are still to come.
    pub coming: String,
    /// What is free in stock beside that.
    pub free: String,
    /// What is missing now.
    pub short: String,
    pub asked_date: Option<String>,
    /// When the whole line can be there; none if nothing that is ordered makes it whole.
    pub earliest_date: Option<String>,
    /// Days that is after the asked date; none if either is not known.
    pub late_days: Option<i64>,
    /// What it was promised of goods to come, and what would stand behind what is missing on that day.
    pub from: Vec<SupplyPartView>,
    /// Of a product that is made: whether what it is made of suffices for what is missing.
    pub material: Option<MaterialView>,
    /// What purchasing was asked for by this line, or ordered for it.
    pub purchases: Vec<PurchaseView>,
}

/// What making the missing quantity needs. Each line is judged by itself: two lines may count on the same parts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Material)]
pub struct MaterialView {
    /// Whether every part is there or can be there.
    pub enough: bool,
    /// Days from the last part to the finished product.
    pub days: i64,
    /// When it can be made; none if some part is neither there nor coming.
    pub made_date: Option<String>,
    pub parts: Vec<PartView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MaterialPart)]
pub struct PartView {
    pub product: String,
    pub needed: String,
    pub free: String,
    /// When what is needed can be there.
    pub date: Option<String>,
}

fn material(material: Material) -> MaterialView {
    let part = |part: MaterialPart| PartView {
        product: part.product,
        needed: qty_text(part.need_milli),
        free: qty_text(part.free_milli),
        date: part.date.map(|date| date.to_string()),
    };
    MaterialView {
        enough: material.made.is_some(),
        days: material.days,
        made_date: material.made.map(|date| date.to_string()),
        parts: material.parts.into_iter().map(part).collect(),
    }
}

const SETTLEMENT: Shape = &[("by", Kind::Text)];

#[derive(Debug, Deserialize, ToSchema)]
pub struct SettlementBody {
    /// `instead`: what is held instead stands behind the line from now on; `new_date`: it is promised for the day on which
    /// the goods come now.
    pub by: String,
}

/// Settles the broken promises of a line of a confirmed order.
#[utoipa::path(post, path = "/orders/{id}/lines/{line}/promise", operation_id = "settle_promise", tag = "orders",
    request_body = SettlementBody, params(("id" = String, Path, description = "Id of the order"),
        ("line" = String, Path, description = "Id of the line")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn settle_promise(
    ctx: Ctx,
    Path((id, line)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let by = text(&shaped(&raw, SETTLEMENT)?, "by").unwrap_or_default();
    let instead = match by.as_str() {
        "instead" => true,
        "new_date" => false,
        other => {
            let fault = Fault::new("invalid_value", "by").with("found", other);
            return Err(unreadable(vec![fault.with("allowed", "instead, new_date")]));
        }
    };
    let line = line.parse().map_err(|_| Problem::not_found())?;
    let step = PromiseStep::Settled { line, instead };
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Promise(Box::new(step)), 200).await
}

/// Says for each line whether goods are enough and when they can be there, against the asked date.
#[utoipa::path(get, path = "/orders/{id}/supply", operation_id = "read_supply", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order")),
    responses((status = 200, description = "The lines", body = Page<LineSupplyView>)))]
pub async fn read_supply(ctx: Ctx, Path(id): Path<String>) -> Result<Json<Page<LineSupplyView>>, Problem> {
    let (org, house) = (ctx.org(), ctx.house.clone());
    let today = house.calendar.date_at(ctx.now_ms);
    let (lines, purchases) = ctx
        .read(move |store| {
            let case = query::order::named(store, org, &id)?;
            let lines = query::supply::of_order(store, org, &house, &case, today)?;
            Ok((lines, store.purchases_of_order(org, case.order.id.into_bytes())?))
        })
        .await?;
    let items = lines.into_iter().map(|line| view(line, &purchases)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

fn view(line: LineSupply, purchases: &[PurchaseLineRow]) -> LineSupplyView {
    let late = line.earliest.zip(line.asked_date).and_then(|(earliest, asked)| {
        let days = asked.until(earliest).ok()?.get_days();
        Some(i64::from(days).max(0))
    });
    let own = purchases.iter().filter(|row| row.order_line == Some(i64::from(line.line)));
    let backed = line.held_milli + line.coming_milli + line.free_milli;
    let lacks = (line.qty_milli.unwrap_or(0) - backed).max(0);
    LineSupplyView {
        line: line.line.to_string(),
        product: line.product,
        quantity: line.qty_milli.map(qty_text),
        held: qty_text(line.held_milli),
        coming: qty_text(line.coming_milli),
        free: qty_text(line.free_milli),
        short: qty_text(lacks),
        asked_date: line.asked_date.map(|date| date.to_string()),
        earliest_date: line.earliest.map(|date| date.to_string()),
        late_days: late,
        from: line.backing.iter().map(part).collect(),
        material: line.material.map(material),
        purchases: own.cloned().map(purchase).collect(),
    }
}
