//! Which orders could exchange goods with one whose goods come too late.

use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::wire::Page;
use axum::Json;
use jiff::civil::Date;
use ordain_app::case::Case;
use ordain_app::data_scope;
use ordain_app::query::{self, sight::Sight};
use ordain_app::rights::Permission;
use ordain_domain::decimal::qty_text;
use ordain_domain::order::exchange::Exchange;
use serde::Serialize;
use utoipa::ToSchema;

/// Goods of another order that could stand behind a broken promise.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExchangeOffer)]
pub struct OfferView {
    /// The id of the order that has them, as `with` of an exchange.
    pub order: String,
    pub number: String,
    pub customer_name: Option<String>,
    /// How much of the product goes over.
    pub quantity: String,
    /// The day for which that order is promised what it gives.
    pub promised: Option<String>,
    /// The day on which it gets the goods for it that this order waits for.
    pub comes: Option<String>,
}

/// Names the orders that hold goods which they need only after those have come that a line waits for. Whoever is served
/// last stands first.
#[utoipa::path(get, path = "/orders/{id}/lines/{line}/exchanges", operation_id = "list_exchanges", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order"),
        ("line" = String, Path, description = "Id of the line")),
    responses((status = 200, description = "The orders", body = Page<OfferView>)))]
pub async fn list_exchanges(
    ctx: Ctx,
    Path((id, line)): Path<(String, String)>,
) -> Result<Json<Page<OfferView>>, Problem> {
    let line: u32 = line.parse().map_err(|_| Problem::not_found())?;
    let (org, house, reach) = (ctx.org(), ctx.house.clone(), ctx.reach(Permission::KeepPromises));
    let found = ctx
        .read(move |store| {
            let case = query::order::named(store, org, &id)?;
            let mut offers = query::exchange::offers(store, org, &house, &case, line)?;
            data_scope::retain((store, org), reach.as_ref(), &mut offers, |(other, _)| other.order.id)?;
            Ok(offers)
        })
        .await?;
    let items = found.iter().map(|(other, exchange)| offer(&ctx, other, exchange)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

fn offer(ctx: &Ctx, other: &Case, exchange: &Exchange) -> OfferView {
    let order = &other.order;
    let days = exchange.giver.gives.held.iter().filter_map(|part| order.promised_on(part.line));
    let text = |date: Option<Date>| date.map(|date| date.to_string());
    let customer = order.checked.customer.as_ref().map(|customer| customer.name.clone());
    OfferView {
        order: order.id.to_string(),
        number: order.number.clone(),
        customer_name: Sight::of_case(other, &ctx.house, &ctx.caller).text("customer", customer),
        quantity: qty_text(exchange.qty_milli()),
        promised: text(days.min()),
        comes: text(exchange.giver.takes.date()),
    }
}
