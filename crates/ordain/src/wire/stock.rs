//! Stock as it is listed, promised and moved.

use super::material::{MaterialView, material};
use super::purchase::{SupplyPartView, part};
use crate::words::{Text, text};
use jiff::civil::Date;
use ordain_app::case::world::House;
use ordain_app::gate::{stock_free_milli, stock_is_low};
use ordain_app::query::substitute::Replacement;
use ordain_domain::actor::Actor;
use ordain_domain::atp::Timeline;
use ordain_domain::ctp::{Material, earlier};
use ordain_domain::decimal::qty_text;
use ordain_store::{SoftlyHeld, StockMovementRow, StockRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const HOUR_MS: i64 = 60 * 60 * 1_000;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Stock)]
pub struct StockView {
    pub product: String,
    pub warehouse: String,
    pub on_hand: String,
    /// What orders hold: softly while they are in review, hard once they are confirmed.
    pub reserved: String,
    pub reserved_soft: String,
    pub reserved_hard: String,
    pub frozen: String,
    pub safety: String,
    pub available: String,
    /// Below this people are told.
    pub reorder: String,
    /// Whether what is available is below that.
    pub low: bool,
    /// When it was counted.
    pub as_of: String,
    /// Whole hours since then.
    pub age_hours: i64,
    /// Whether it is older than the company trusts.
    pub stale: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AtpAnswer)]
pub struct AtpView {
    pub product: String,
    pub quantity: String,
    /// The day that was asked for.
    pub date: Option<String>,
    /// `backed` or `short`, for that day; without one for today.
    pub state: &'static str,
    /// What can be promised for that day: the least balance from then on.
    pub available: String,
    pub short: String,
    /// What would stand behind the quantity, or behind what there is of it.
    pub from: Vec<SupplyPartView>,
    /// The first day for which the whole quantity can be promised, or can be made; none if neither what is ordered nor
    /// what it is made of suffices.
    pub earliest_date: Option<String>,
    /// Of a product that is made and short: whether what it is made of suffices for what is missing, and when it can be
    /// made. An order is promised by it once planning has released the work.
    pub material: Option<MaterialView>,
    /// The quantity in parts, each as early as can be.
    pub split: Vec<SplitView>,
    /// What could be sold in its place, where it is short.
    pub substitutes: Vec<ReplacementView>,
    /// How old the figures of stock are on which the answer rests; nothing where none was ever counted.
    pub counted: Option<CountedView>,
}

/// The oldest count among warehouses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Counted)]
pub struct CountedView {
    pub as_of: String,
    /// Whole hours since then.
    pub age_hours: i64,
    /// Whether it is older than the company trusts: orders that rest on it wait for somebody.
    pub stale: bool,
}

pub fn counted(rows: &[StockRow], house: &House, now_ms: i64) -> Option<CountedView> {
    rows.iter().map(|row| row.as_of_ms).min().map(|as_of_ms| count_of(as_of_ms, house, now_ms))
}

fn count_of(as_of_ms: i64, house: &House, now_ms: i64) -> CountedView {
    let age_hours = (now_ms - as_of_ms).max(0) / HOUR_MS;
    let stale = house.rules.stock_stale_hours.is_some_and(|hours| age_hours >= hours);
    CountedView { as_of: house.calendar.text(as_of_ms), age_hours, stale }
}

/// A product that could replace goods that are short.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Replacement)]
pub struct ReplacementView {
    pub product: String,
    pub name: String,
    /// Its own, in which the quantities are.
    pub unit: String,
    /// How much of it replaces one.
    pub ratio: String,
    /// How much of it replaces what was asked for.
    pub quantity: String,
    /// What of it can be promised for that day.
    pub available: String,
    /// Whether that is all.
    pub enough: bool,
    /// The first day for which all of it can be promised.
    pub earliest_date: Option<String>,
    pub message: Text,
}

pub fn replacement(of: &str, found: Replacement) -> ReplacementView {
    let available = qty_text(found.available_milli);
    let args = [
        ("substitute", Text::plain(&found.product)),
        ("product", Text::plain(of)),
        ("available", Text::plain(&available)),
    ];
    ReplacementView {
        message: text("supply.substitute", &args),
        enough: found.available_milli >= found.qty_milli,
        product: found.product,
        name: found.name,
        unit: found.unit,
        ratio: qty_text(found.ratio_milli),
        quantity: qty_text(found.qty_milli),
        available,
        earliest_date: found.earliest.map(|date| date.to_string()),
    }
}

/// A part of a quantity and the first day for which it can be promised.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SplitPart)]
pub struct SplitView {
    pub quantity: String,
    pub date: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StockMovement)]
pub struct MovementView {
    pub at: String,
    pub product: String,
    pub warehouse: String,
    /// What it added to what is on hand; below zero it took away.
    pub quantity: String,
    /// `in`, `out`, `adjust`, `transfer`, `count`, `receipt` or `shipment`.
    pub kind: String,
    pub reason: Option<String>,
    pub reference: Option<String>,
    pub order_id: Option<String>,
    pub actor: String,
    /// Number of the entry of the log that booked it.
    pub log_seq: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MovementsBody {
    pub items: Vec<MovementItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MovementItemBody {
    /// `in`, `out`, `adjust` or `transfer`.
    pub kind: String,
    pub product: String,
    pub warehouse: String,
    /// Where a transfer goes.
    pub to_warehouse: Option<String>,
    /// Above zero; only an adjustment may take away.
    pub quantity: String,
    /// An adjustment needs one.
    pub reason: Option<String>,
    /// The document behind it.
    pub reference: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct LevelsBody {
    pub items: Vec<LevelItemBody>,
}

/// What is left out stays as it is; an empty text clears it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LevelItemBody {
    pub product: String,
    pub warehouse: String,
    pub frozen: Option<String>,
    pub safety: Option<String>,
    pub reorder: Option<String>,
}

/// The answer for a quantity on a day.
pub fn atp(
    product: String,
    (qty_milli, date): (i64, Option<Date>),
    (timeline, on): (&Timeline, Date),
    made: Option<Material>,
) -> AtpView {
    let makes = made.as_ref().and_then(|made| made.made);
    let earliest = earlier(timeline.earliest(qty_milli), makes);
    let available = timeline.available_milli(on);
    let short = (qty_milli - available).max(0);
    let split = timeline.split(qty_milli, on).into_iter();
    AtpView {
        product,
        quantity: qty_text(qty_milli),
        date: date.map(|date| date.to_string()),
        state: if short == 0 { "backed" } else { "short" },
        available: qty_text(available),
        short: qty_text(short),
        from: timeline.backing(qty_milli, on).iter().map(part).collect(),
        earliest_date: earliest.map(|date| date.max(on).to_string()),
        material: made.map(material),
        substitutes: Vec::new(),
        counted: None,
        split: split
            .map(|(date, qty)| SplitView { quantity: qty_text(qty), date: date.to_string() })
            .collect(),
    }
}

/// What of a row can still be promised, not below zero.
fn free_milli(row: &StockRow) -> i64 {
    stock_free_milli(row).max(0)
}

pub fn stock(row: StockRow, softly: &SoftlyHeld, house: &House, now_ms: i64) -> StockView {
    let soft = softly.get(&(row.product.clone(), row.warehouse.clone())).copied().unwrap_or(0);
    let CountedView { as_of, age_hours, stale } = count_of(row.as_of_ms, house, now_ms);
    StockView {
        available: qty_text(free_milli(&row)),
        low: stock_is_low(&row),
        on_hand: qty_text(row.on_hand_milli),
        reserved: qty_text(row.reserved_milli),
        reserved_soft: qty_text(soft),
        reserved_hard: qty_text(row.reserved_milli - soft),
        frozen: qty_text(row.frozen_milli),
        safety: qty_text(row.safety_milli),
        reorder: qty_text(row.reorder_milli),
        as_of,
        age_hours,
        stale,
        product: row.product,
        warehouse: row.warehouse,
    }
}

pub fn movement(row: StockMovementRow, house: &House) -> MovementView {
    let actor = serde_json::from_str::<Actor>(&row.actor).map(|actor| actor.name().to_owned());
    MovementView {
        at: house.calendar.text(row.at_ms),
        quantity: qty_text(row.qty_milli),
        product: row.product,
        warehouse: row.warehouse,
        kind: row.kind,
        reason: row.reason,
        reference: row.reference,
        order_id: row.order_id.map(|id| uuid::Uuid::from_bytes(id).to_string()),
        actor: actor.unwrap_or_default(),
        log_seq: row.seq,
    }
}
