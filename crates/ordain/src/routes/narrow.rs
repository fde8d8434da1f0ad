//! What lists of orders and of their tasks can be asked for alike, and the steps that a queue can be asked for.

use super::order_read::{day_start, midnight};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::{BadValues, listed, some};
use crate::words::{Text, field, list};
use axum::http::StatusCode;
use jiff::civil::Date;
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_domain::decimal::{Currency, DecimalText};
use ordain_flow::doc::Node;
use ordain_store::{AmountRange, OrderTraits, StepKey};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;

/// Days that "within a week" looks ahead, today among them.
const WEEK_DAYS: i64 = 7;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TraitsQuery {
    /// Code of the customer.
    pub customer: Option<String>,
    /// The least gross amount, such as `5000.00`. Amounts in different currencies are not compared: only orders in
    /// `currency` are found.
    pub amount_from: Option<String>,
    /// The largest gross amount; see `amount_from`.
    pub amount_to: Option<String>,
    /// The currency of the amounts; the company's own where only amounts are given. Without them, all orders in it.
    pub currency: Option<String>,
    /// Code of a warehouse in which goods are held for the order.
    pub warehouse: Option<String>,
}

/// Reads what is asked of orders.
pub fn traits(house: &House, asked: TraitsQuery, bad: &mut BadValues) -> OrderTraits {
    let home = house.rules.currency;
    let currency = bad.read("currency", asked.currency, Currency::parse);
    let of = currency.unwrap_or(home);
    let minor =
        |text: &str| DecimalText::try_from(text.to_owned()).ok()?.scaled(of.exponent(), i64::MAX).ok();
    let from_minor = bad.read("amount_from", asked.amount_from, minor);
    let to_minor = bad.read("amount_to", asked.amount_to, minor);
    let any = currency.is_some() || from_minor.is_some() || to_minor.is_some();
    let known = |code: &str| house.warehouses.iter().find(|known| *known == code).cloned();
    OrderTraits {
        customer: some(asked.customer),
        amount: any.then(|| AmountRange {
            currency: of.code().to_owned(),
            home: home.code().to_owned(),
            from_minor,
            to_minor,
        }),
        warehouse: bad.read("warehouse", asked.warehouse, known),
    }
}

/// The fields of orders that a list is asked for, and that the caller does not see in lists.
fn unseen(sight: &Sight, asked: &OrderTraits) -> Vec<&'static str> {
    let fields = [
        ("customer", asked.customer.is_some() && sight.veil("customer").is_some()),
        ("totals.gross", asked.amount.is_some() && sight.money().is_some()),
        ("line.warehouse", asked.warehouse.is_some() && sight.held().is_some()),
    ];
    fields.into_iter().filter(|(_, unseen)| *unseen).map(|(field, _)| field).collect()
}

/// What is found by a field tells of the field.
///
/// # Errors
/// If the caller does not see what is asked for.
pub fn refuse_unseen(sight: &Sight, asked: &OrderTraits) -> Result<(), Problem> {
    let fields: Vec<Text> = unseen(sight, asked).into_iter().map(field).collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "field_not_seen").with("field", list(&fields)))
}

/// What the caller may ask a queue for.
pub fn askable(sight: &Sight) -> Vec<&'static str> {
    let all = OrderTraits {
        customer: Some(String::new()),
        amount: Some(AmountRange::default()),
        warehouse: Some(String::new()),
    };
    let unseen = unseen(sight, &all);
    let fields = [
        ("step", "step"),
        ("customer", "customer"),
        ("totals.gross", "amount"),
        ("due", "due"),
        ("line.warehouse", "warehouse"),
    ];
    fields.into_iter().filter(|(field, _)| !unseen.contains(field)).map(|(_, name)| name).collect()
}

/// The instant before which something is due: now, or the end of a day.
pub fn due_before(ctx: &Ctx, text: &str) -> Option<i64> {
    match text {
        "overdue" => Some(ctx.now_ms),
        "today" => Some(day_start(ctx, 1)),
        "week" => Some(day_start(ctx, WEEK_DAYS)),
        day => Some(midnight(ctx, day.parse::<Date>().ok()?.tomorrow().ok()?)),
    }
}

/// The steps that are named, with commas between: a step of one flow as `flow:step`, a step of any flow by its id, or
/// all that have a name in either language, in whatever version of their flow. What is no name is taken for an id, known
/// or not: a view that was saved may name a step that is no more.
pub fn steps(house: &House, text: Option<String>) -> Vec<StepKey> {
    let mut found = BTreeSet::new();
    for name in listed(text.as_deref()) {
        let named = |node: &Node| node.name.zh == name || node.name.en == name;
        let before = found.len();
        for (pin, flow) in &house.flows {
            let nodes = flow.nodes().filter(|node| named(node));
            found.extend(nodes.map(|node| StepKey { flow: Some(pin.key.clone()), node: node.id.clone() }));
        }
        if found.len() == before {
            let (flow, node) =
                name.split_once(':').map_or((None, name.as_str()), |(flow, node)| (Some(flow), node));
            found.insert(StepKey { flow: flow.map(str::to_owned), node: node.to_owned() });
        }
    }
    found.into_iter().collect()
}
