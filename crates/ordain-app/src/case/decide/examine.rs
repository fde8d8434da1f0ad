//! Checks a content against the world as it is for one order.

use super::{By, HOUR_MS};
use crate::case::Case;
use crate::case::world::World;
use jiff::civil::Date;
use ordain_domain::check::{self, Against, Fresh, Outcome};
use ordain_domain::master::CompanyRules;
use ordain_domain::order::family::Family;
use ordain_domain::order::{Content, Order, Status};
use ordain_domain::promise::{Incoming, Promise};
use ordain_domain::stock::Allocation;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Checks a content against the world as it is for this case; without a case, as it would be for a new order.
pub fn examine(content: &Content, case: Option<&Case>, world: &World, by: &By) -> Outcome {
    let order = case.map(|case| &case.order);
    examine_beside(content, order, &case.map(|case| Own::of(case, world)).unwrap_or_default(), world, by)
}

/// What of the world's figures is an order's own. The world is cut once for a decision, so what the order has come to
/// hold since is not among it.
#[derive(Default)]
pub(super) struct Own {
    held: Vec<Allocation>,
    coming: Vec<Incoming>,
    /// What is held now to mend broken promises, and so is not there for the lines.
    aside: Promise,
    credit_minor: i64,
    paid_minor: i64,
    shipped_milli: BTreeMap<u32, i64>,
    /// Dates of what is confirmed.
    dates: BTreeSet<Date>,
    /// Orders that it was split from, and their other parts.
    kin: Vec<String>,
    /// By how much its flow lets prices differ, where that is not the company's to say.
    price_tolerance_permille: Option<u16>,
}

impl Own {
    /// Nothing, for an order that is just coming in.
    pub(super) fn new(family: Option<&Family>) -> Self {
        Self { kin: family.map(|family| family.older.clone()).unwrap_or_default(), ..Self::default() }
    }

    pub(super) fn of(case: &Case, world: &World) -> Self {
        let order = &case.order;
        let content = &order.as_it_stands().content;
        let of_lines = content.lines.iter().filter_map(|line| line.requested_date);
        let dates = of_lines.chain(content.requested_date).filter(|_| order.status.is_firm());
        Self {
            held: order.stock_taken().into_owned(),
            coming: order.coming_taken().into_owned(),
            aside: aside(order),
            credit_minor: order.credit_taken().map_or(0, |held| held.minor),
            paid_minor: order.fulfilment.paid_minor(),
            shipped_milli: order.fulfilment.shipped_milli(),
            dates: dates.collect(),
            kin: order.family.as_ref().map(|family| family.older.clone()).unwrap_or_default(),
            price_tolerance_permille: tolerance(case, world),
        }
    }

    /// What was paid is no longer what it was when the decision began.
    pub(super) fn set_paid(&mut self, order: &Order) {
        self.paid_minor = order.fulfilment.paid_minor();
    }

    /// What is held to mend a promise may have changed since the decision began.
    pub(super) fn set_aside(&mut self, order: &Order) {
        self.aside = aside(order);
    }

    /// The order has entered a flow; says whether it is judged otherwise by that.
    pub(super) fn enters(&mut self, case: &Case, world: &World) -> bool {
        let before = std::mem::replace(&mut self.price_tolerance_permille, tolerance(case, world));
        before != self.price_tolerance_permille
    }
}

fn aside(order: &Order) -> Promise {
    let mut aside = Promise::default();
    order.broken.iter().for_each(|broken| aside.extend(broken.instead.clone()));
    aside
}

fn tolerance(case: &Case, world: &World) -> Option<u16> {
    world.house.flow(case.flow.as_ref()?)?.price_tolerance_permille()
}

pub(super) fn examine_beside(
    content: &Content,
    order: Option<&Order>,
    own: &Own,
    world: &World,
    by: &By,
) -> Outcome {
    let mut free = world.free.clone();
    for held in &own.held {
        free.add(&held.product, &held.warehouse, held.qty_milli);
    }
    for part in &own.coming {
        free.add_coming(&part.product, &part.source, part.qty_milli);
    }
    for held in &own.aside.held {
        free.add(&held.product, &held.warehouse, -held.qty_milli);
    }
    for part in &own.aside.coming {
        free.add_coming(&part.product, &part.source, -part.qty_milli);
    }
    // A date is judged by the day on which the sender gave it, not by how long the review took.
    let asked_ms = order.filter(|order| order.is_in_review()).and_then(Order::asked_ms);
    let rules = match own.price_tolerance_permille {
        None => Cow::Borrowed(&world.house.rules),
        Some(own) => {
            Cow::Owned(CompanyRules { price_tolerance_permille: own.into(), ..world.house.rules.clone() })
        }
    };
    let since_ms =
        rules.stock_stale_hours.map(|hours| by.at_ms.saturating_sub(hours.saturating_mul(HOUR_MS)));
    let against = Against {
        rules: &rules,
        master: &world.master,
        clauses: &world.house.clauses,
        form: &world.house.form,
        handed_in_ms: order
            .filter(|order| !matches!(order.status, Status::Draft | Status::Incomplete))
            .and_then(|order| order.handed_in_ms)
            .unwrap_or(by.at_ms),
        rates: &world.house.rates,
        free,
        // Parts of one order share the customer's number for it.
        twin: world.twin.as_deref().filter(|twin| !own.kin.iter().any(|kin| kin == twin)),
        first_order: world.first_order,
        own_credit_minor: own.credit_minor,
        paid_minor: own.paid_minor,
        shipped_milli: &own.shipped_milli,
        agreed_dates: &own.dates,
        asked_on: world.house.calendar.date_at(asked_ms.unwrap_or(by.at_ms)),
        fresh: since_ms.map(|since_ms| Fresh { since_ms, calendar: &world.house.calendar }),
    };
    check::check(content, against)
}
