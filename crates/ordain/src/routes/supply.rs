//! How the lines of an order stand: what they hold, what is free, what comes and when, against the asked date.

use super::order_act::{order_id, other_order};
use super::work::{WorkOrderView, work_order};
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::Page;
use crate::wire::material::{MaterialView, material};
use crate::wire::order::OrderView;
use crate::wire::purchase::{PurchaseView, SupplyPartView, part, purchase};
use crate::wire::reader::{Kind, Shape, text as text_of};
use crate::wire::stock::{ReplacementView, replacement};
use crate::words::{Text, list, text, word};
use axum::Json;
use axum::response::Response;
use jiff::civil::Date;
use ordain_app::case::decide::{OrderCommand, Settlement};
use ordain_app::case::world::House;
use ordain_app::problem::Fault;
use ordain_app::query::supply::LineSupply;
use ordain_app::query::{self, QueryError};
use ordain_app::rights::Permission;
use ordain_domain::atp::{Backing, Supply};
use ordain_domain::calendar::Calendar;
use ordain_domain::ctp::Material;
use ordain_domain::decimal::qty_text;
use ordain_store::{PurchaseLineRow, Store, WorkOrderRow};
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
    /// Working days from today until then.
    pub lead_days: Option<i64>,
    /// Days that is after the asked date; none if either is not known.
    pub late_days: Option<i64>,
    /// What it was promised of goods to come, and what would stand behind what is missing on that day.
    pub from: Vec<SupplyPartView>,
    /// Of a product that a work centre makes: what is planned there.
    pub plan: Option<PlanView>,
    /// Of a product that is made: whether what it is made of suffices for what is missing.
    pub material: Option<MaterialView>,
    /// What purchasing was asked for by this line, or ordered for it.
    pub purchases: Vec<PurchaseView>,
    /// What production was asked for by this line, or makes for it.
    pub work_orders: Vec<WorkOrderView>,
    /// What could be sold in its place, where it is short.
    pub substitutes: Vec<ReplacementView>,
    /// Where the goods come from and when, in words.
    pub explanation: Text,
}

/// How busy the work centre is that makes a product.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PlanLoad)]
pub struct PlanView {
    pub work_centre: String,
    /// Minutes that planned and released work takes.
    pub load_minutes: i64,
    /// Minutes of a working day.
    pub daily_minutes: i64,
    /// The last day that is taken by it.
    pub full_until: Option<String>,
}

/// "60 from stock, 40 made by WO-7 on 15 June; 5 can be made until…": where the goods come from.
fn explained(line: &LineSupply) -> Text {
    let mut parts = Vec::new();
    let plain = |text: String| Text::plain(text);
    if line.held_milli > 0 {
        parts.push(text("supply.held", &[("quantity", plain(qty_text(line.held_milli)))]));
    }
    let told = |of: &Backing| matches!(of.supply, Supply::Stock { .. });
    if line.free_milli > 0 && !line.backing.iter().any(told) {
        parts.push(text("supply.free", &[("quantity", plain(qty_text(line.free_milli)))]));
    }
    for of in &line.backing {
        let quantity = ("quantity", plain(qty_text(of.qty_milli)));
        let date = ("date", plain(of.date.to_string()));
        parts.push(match &of.supply {
            Supply::Stock { warehouse } => {
                text("supply.stock", &[quantity, ("warehouse", plain(warehouse.clone()))])
            }
            Supply::Purchase { number, .. } => {
                text("supply.purchase", &[quantity, ("number", plain(number.clone())), date])
            }
            Supply::Work { number } => {
                text("supply.work", &[quantity, ("number", plain(number.clone())), date])
            }
        });
    }
    parts.extend(line.material.as_ref().map(makeable));
    if parts.is_empty() { word("supply.nothing") } else { list(&parts) }
}

/// What making the rest hangs on.
fn makeable(material: &Material) -> Text {
    let Some(made) = material.made else { return word("supply.not_made") };
    let day = |date: Option<Date>| {
        date.map_or_else(|| word("supply.at_once"), |date| Text::plain(date.to_string()))
    };
    let args = [("date", Text::plain(made.to_string())), ("ready", day(material.ready))];
    match &material.work {
        None => text("supply.made", &args),
        Some(work) => {
            let [date, ready] = args;
            let centre = ("centre", Text::plain(&work.centre));
            text("supply.made_at", &[date, ready, centre, ("full", day(work.full_until))])
        }
    }
}

const SETTLEMENT: Shape = &[("by", Kind::Text), ("with", Kind::Text)];

#[derive(Debug, Deserialize, ToSchema)]
pub struct SettlementBody {
    /// `instead`: what is held instead stands behind the line from now on; `new_date`: it is promised for the day on which
    /// the goods come now; `exchange`: the line takes goods that another order holds and needs no sooner than that, and that
    /// order gets the goods that come.
    pub by: String,
    /// The id of the other order of an `exchange`.
    #[serde(default)]
    pub with: Option<String>,
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
    let asked = shaped(&raw, SETTLEMENT)?;
    let line = line.parse().map_err(|_| Problem::not_found())?;
    let by = match text_of(&asked, "by").unwrap_or_default().as_str() {
        "instead" => Settlement::Instead,
        "new_date" => Settlement::NewDate,
        "exchange" => {
            Settlement::Exchange { with: other_order(&ctx, Permission::KeepPromises, &asked, "with").await? }
        }
        other => {
            let fault = Fault::new("invalid_value", "by").with("found", other);
            return Err(unreadable(vec![fault.with("allowed", "instead, new_date, exchange")]));
        }
    };
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::SettlePromise { line, by }, 200).await
}

/// Says for each line whether goods are enough and when they can be there, against the asked date.
#[utoipa::path(get, path = "/orders/{id}/supply", operation_id = "read_supply", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order")),
    responses((status = 200, description = "The lines", body = Page<LineSupplyView>)))]
pub async fn read_supply(ctx: Ctx, Path(id): Path<String>) -> Result<Json<Page<LineSupplyView>>, Problem> {
    let (org, house) = (ctx.org(), ctx.house.clone());
    let today = house.calendar.date_at(ctx.now_ms);
    let (lines, purchases, work) = ctx
        .read(move |store| {
            let case = query::order::named(store, org, &id)?;
            let mut lines = Vec::new();
            for line in query::supply::of_order(store, org, &house, &case, today)? {
                lines.push((instead(store, (org, &house), &line, today)?, line));
            }
            let own = case.order.id.into_bytes();
            Ok((lines, store.purchases_of_order(org, own)?, store.work_orders_of_order(org, own)?))
        })
        .await?;
    let calendar = (&ctx.house.calendar, today);
    let view =
        |(substitutes, line)| LineSupplyView { substitutes, ..view(line, calendar, &purchases, &work) };
    let items = lines.into_iter().map(view).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// What could replace all of a line that is short.
fn instead(
    store: &Store,
    (org, house): (i64, &House),
    line: &LineSupply,
    today: Date,
) -> Result<Vec<ReplacementView>, QueryError> {
    let (Some(product), Some(qty_milli)) = (line.product.as_deref(), line.qty_milli) else {
        return Ok(Vec::new());
    };
    if missing_milli(line) == 0 {
        return Ok(Vec::new());
    }
    let on = line.asked_date.map_or(today, |date| date.max(today));
    let found = query::substitute::replacements(store, (org, house), (product, qty_milli), (today, on))?;
    Ok(found.into_iter().map(|of| replacement(product, of)).collect())
}

/// What neither is held or on its way nor free.
fn missing_milli(line: &LineSupply) -> i64 {
    let backed = line.held_milli + line.coming_milli + line.free_milli;
    (line.qty_milli.unwrap_or(0) - backed).max(0)
}

fn view(
    line: LineSupply,
    (calendar, today): (&Calendar, Date),
    purchases: &[PurchaseLineRow],
    work: &[WorkOrderRow],
) -> LineSupplyView {
    let late = line.earliest.zip(line.asked_date).and_then(|(earliest, asked)| {
        let days = asked.until(earliest).ok()?.get_days();
        Some(i64::from(days).max(0))
    });
    let own = purchases.iter().filter(|row| row.order_line == Some(i64::from(line.line)));
    let explanation = explained(&line);
    let own_work = work.iter().filter(|row| row.order_line == Some(i64::from(line.line)));
    let lacks = missing_milli(&line);
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
        lead_days: line.earliest.map(|earliest| calendar.working_days(today, earliest)),
        late_days: late,
        from: line.backing.iter().map(part).collect(),
        plan: line.plan.map(|plan| PlanView {
            work_centre: plan.work_centre,
            load_minutes: plan.load_minutes,
            daily_minutes: plan.daily_minutes,
            full_until: plan.full_until.map(|date| date.to_string()),
        }),
        material: line.material.map(material),
        purchases: own.cloned().map(purchase).collect(),
        work_orders: own_work.cloned().map(work_order).collect(),
        substitutes: Vec::new(),
        explanation,
    }
}
