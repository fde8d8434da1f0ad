//! Lines, their promises, and the sums of an order.

use jiff::civil::Date;
use ordain_app::case::Case;
use ordain_app::case::timers::reservation_due;
use ordain_app::case::world::House;
use ordain_domain::check::{CheckedLine, PriceSource, Totals};
use ordain_domain::decimal::{Currency, money_text, price_text, qty_text};
use ordain_domain::order::Line;
use ordain_domain::promise::{BrokenPromise, Incoming, Promise};
use ordain_domain::stock::Allocation;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Line)]
pub struct LineView {
    pub id: String,
    pub product: Option<String>,
    pub product_name: Option<String>,
    pub quantity: Option<String>,
    pub unit: Option<String>,
    /// The quantity as stock counts it, where the line asks in another unit than the product's own: what is promised,
    /// available and shipped is counted so.
    pub base_quantity: Option<String>,
    pub base_unit: Option<String>,
    pub unit_price: Option<String>,
    /// What is taken off the price, in percent.
    pub discount: Option<String>,
    /// The rate of tax as a fraction, where it is not the product's own.
    pub tax_rate: Option<String>,
    /// Whether the price contains tax; otherwise tax is added to it.
    pub tax_included: bool,
    /// What was agreed, with tax.
    pub list_price: Option<String>,
    /// `contract`, `quotation`, `tier`, `quantity_break` or `list`.
    pub price_source: Option<&'static str>,
    /// With tax.
    pub amount: Option<String>,
    /// The tax in the amount.
    pub tax: Option<String>,
    pub requested_date: Option<String>,
    pub warehouse: Option<String>,
    /// Own fields of the line.
    pub extra: BTreeMap<String, serde_json::Value>,
    pub promise: PromiseView,
    pub available: Option<String>,
    /// What has left.
    pub shipped: String,
}

/// What stands behind a quantity.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Promise)]
pub struct PromiseView {
    /// `backed`, `short` or `none`.
    pub state: &'static str,
    pub date: Option<String>,
    /// The quantity that is missing.
    pub short: String,
    pub from: Vec<BackingView>,
    pub broken: Vec<BrokenPromiseView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Backing)]
pub struct BackingView {
    pub quantity: String,
    /// `stock`, `purchase` or `work`.
    pub source: &'static str,
    /// Where it lies, or goes to.
    pub warehouse: Option<String>,
    /// The purchase or work order that it comes by.
    pub number: Option<String>,
    /// When it comes.
    pub date: Option<String>,
}

/// A promise of a confirmed order that cannot be kept as it was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BrokenPromise)]
pub struct BrokenPromiseView {
    pub quantity: String,
    /// `purchase`, `work`, or `stock` where a count found fewer goods.
    pub source: &'static str,
    /// What was to bring the goods, or the warehouse where they lay.
    pub number: String,
    /// The day for which it was made.
    pub promised: String,
    /// When the goods come now; none if they do not.
    pub now: Option<String>,
    /// What could stand behind it instead; it is held until somebody decides.
    pub instead: Vec<BackingView>,
    /// When that would be there, if not at once.
    pub instead_date: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Totals)]
pub struct TotalsView {
    pub net: String,
    pub tax: String,
    pub gross: String,
    pub currency: String,
}

/// The promise of the order as a whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderPromise)]
pub struct OrderPromiseView {
    /// `backed`, `short` or `none`.
    pub state: &'static str,
    pub date: Option<String>,
    /// Until when the goods stay reserved while nobody decides; none if they are for good, or nothing is.
    pub reserved_until: Option<String>,
    /// Since when nothing is reserved because nobody decided in time; the goods are taken again when somebody does.
    pub expired_at: Option<String>,
}

pub fn totals(totals: &Totals) -> TotalsView {
    let money = |minor| money_text(minor, totals.currency);
    TotalsView {
        net: money(totals.net),
        tax: money(totals.tax),
        gross: money(totals.gross),
        currency: totals.currency.code().to_owned(),
    }
}

fn shelved(part: &Allocation) -> BackingView {
    BackingView {
        quantity: qty_text(part.qty_milli),
        source: "stock",
        warehouse: Some(part.warehouse.clone()),
        number: None,
        date: None,
    }
}

fn incoming(part: &Incoming) -> BackingView {
    BackingView {
        quantity: qty_text(part.qty_milli),
        source: part.source.kind(),
        warehouse: part.warehouse.clone(),
        number: Some(part.source.number().to_owned()),
        date: Some(part.date.to_string()),
    }
}

fn broken(of: &BrokenPromise) -> BrokenPromiseView {
    let instead = &of.instead;
    BrokenPromiseView {
        quantity: qty_text(of.qty_milli),
        source: of.source.kind(),
        number: of.source.to_string(),
        promised: of.promised.to_string(),
        now: of.now.map(|date| date.to_string()),
        instead: instead.held.iter().map(shelved).chain(instead.coming.iter().map(incoming)).collect(),
        instead_date: instead.date().map(|date| date.to_string()),
    }
}

/// What stands behind one line, and says of its promise. `asked_date` is the day that it is wanted for.
pub fn promise(
    checked: Option<&CheckedLine>,
    line: u32,
    backing: &Promise,
    asked_date: Option<Date>,
) -> PromiseView {
    let asked = checked.and_then(|checked| checked.qty_milli).unwrap_or(0);
    let held: Vec<&Allocation> = backing.held.iter().filter(|part| part.line == line).collect();
    let coming: Vec<&Incoming> = backing.coming.iter().filter(|part| part.line == line).collect();
    let backed = backing.qty_of_line(line);
    let last = coming.iter().map(|part| part.date).max();
    let date = asked_date.map(|asked| last.map_or(asked, |last| last.max(asked))).or(last);
    let free = checked.and_then(|checked| checked.available_milli);
    let state = match free {
        _ if asked > 0 && backed == asked => "backed",
        Some(free) if free < asked => "short",
        _ => "none",
    };
    let from = held.into_iter().map(shelved).chain(coming.into_iter().map(incoming)).collect();
    let short = if state == "short" { asked - free.unwrap_or(0) } else { 0 };
    let date = date.filter(|_| state == "backed").map(|date| date.to_string());
    PromiseView { state, date, short: qty_text(short), from, broken: Vec::new() }
}

fn currency(case: &Case) -> Currency {
    let known = case.order.content.currency.as_deref().and_then(Currency::parse);
    known.unwrap_or(Currency::Cny)
}

pub fn lines(case: &Case) -> Vec<LineView> {
    let shipped = case.order.fulfilment.shipped_milli();
    let left = |asked: &Line| shipped.get(&asked.id).copied().unwrap_or(0);
    case.order.content.lines.iter().map(|asked| line(case, asked, left(asked))).collect()
}

fn line(case: &Case, asked: &Line, shipped_milli: i64) -> LineView {
    let checked = case.order.checked.lines.iter().find(|checked| checked.line == asked.id);
    let order = &case.order;
    let backing = order.promise_of(asked.id);
    let promise = promise(checked, asked.id, &backing, order.promised_on(asked.id));
    let broken_of = order.broken.iter().filter(|of| of.line == asked.id).map(broken).collect();
    let currency = currency(case);
    let base = checked.filter(|checked| checked.base.is_some());
    LineView {
        id: asked.id.to_string(),
        product: asked.product.clone(),
        product_name: checked.and_then(|checked| checked.name.clone()),
        quantity: asked.quantity.as_ref().map(|text| text.as_str().to_owned()),
        unit: asked.unit.clone(),
        base_quantity: base.and_then(|checked| checked.qty_milli).map(qty_text),
        base_unit: base.and_then(|checked| Some(checked.base.as_ref()?.unit.clone())),
        unit_price: asked.unit_price.as_ref().map(|text| text.as_str().to_owned()),
        discount: asked.discount.as_ref().map(|text| text.as_str().to_owned()),
        tax_rate: asked.tax_rate.as_ref().map(|text| text.as_str().to_owned()),
        tax_included: !asked.tax_excluded,
        list_price: checked.and_then(|checked| checked.agreed_e4).map(price_text),
        price_source: checked.and_then(|checked| checked.agreed_from).map(PriceSource::name),
        amount: checked.and_then(|checked| checked.amount_minor).map(|minor| money_text(minor, currency)),
        tax: checked.and_then(|checked| checked.tax_minor).map(|minor| money_text(minor, currency)),
        requested_date: asked.requested_date.map(|date| date.to_string()),
        warehouse: asked.warehouse.clone(),
        extra: asked.extra.clone(),
        promise: PromiseView { broken: broken_of, ..promise },
        available: checked.and_then(|checked| checked.available_milli).map(qty_text),
        shipped: qty_text(shipped_milli),
    }
}

pub fn order_promise(lines: &[LineView], case: &Case, house: &House) -> OrderPromiseView {
    let state = if lines.iter().any(|line| line.promise.state == "short") {
        "short"
    } else if !lines.is_empty() && lines.iter().all(|line| line.promise.state == "backed") {
        "backed"
    } else {
        "none"
    };
    let date = lines.iter().filter_map(|line| line.promise.date.clone()).max();
    let at = |ms: i64| house.calendar.text(ms);
    OrderPromiseView {
        state,
        date: date.filter(|_| state == "backed"),
        reserved_until: reservation_due(case, house).map(at),
        expired_at: case.order.reservation_expired_ms.map(at),
    }
}
