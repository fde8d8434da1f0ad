//! What a customer may owe, what it owes, and which of its orders wait for a payment.

use super::{QueryError, order};
use crate::case::Case;
use crate::case::world::House;
use crate::gate::master_rows;
use jiff::civil::Date;
use ordain_domain::credit::GroupCredit;
use ordain_domain::decimal::Currency;
use ordain_domain::rate::NoRate;
use ordain_store::{CustomerRow, Id, Store, UnmatchedKind};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Waiting orders that are looked at; a customer with more of them is not going to be helped by a list.
const ROWS: usize = 1_000;

/// Amounts are in minor units of the customer's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    pub currency: Currency,
    /// `None`: credit is not checked.
    pub limit_minor: Option<i64>,
    pub limit_until: Option<Date>,
    pub temporary: Option<(i64, Date)>,
    /// All that confirmed orders and those in review have taken and not paid; the sum of the three stages.
    pub exposure_minor: i64,
    pub ordered_minor: i64,
    pub shipped_minor: i64,
    pub billed_minor: i64,
    /// Of all stages, what should have been paid by now.
    pub overdue_minor: i64,
    /// Where the customer owes together with others.
    pub group: Option<Group>,
    /// Orders over the limit, the oldest first.
    pub waiting: Vec<Waiting>,
}

/// Amounts are in minor units of the group's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub credit: GroupCredit,
    pub limit_minor: i64,
    /// What all owe together; `Err` names the currency that has no rate.
    pub exposure_minor: Result<i64, NoRate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: Uuid,
    pub number: String,
    /// Another member of the group, where it is not the customer itself.
    pub customer: String,
    /// In minor units of the order's currency.
    pub minor: i64,
    pub currency: Currency,
    /// The payment that lets this order go, and those that wait with it.
    pub needs_minor: i64,
    /// Whether it would go if as much were paid as was asked about.
    pub goes: bool,
}

/// The credit of a customer today, and what a payment would let go.
///
/// # Errors
/// `NotFound`, or what the store says.
pub fn credit(
    store: &Store,
    org: i64,
    house: &House,
    code: &str,
    today: Date,
    payment_minor: i64,
) -> Result<Credit, QueryError> {
    let row = store.customer(org, code)?.ok_or(QueryError::NotFound)?;
    let customer = master_rows::customer(&row, &house.rules);
    let (shipped_minor, billed_minor) = store.stages_of_customer(org, code)?;
    let overdue_minor = store.overdue_of_customer(org, code, &today.to_string())?;
    let limit_minor = customer.limit_on(today);
    let group = group(store, org, house, code, today)?;
    // A payment of one member makes room for the orders of all that are within limits of their own.
    let mut codes = vec![code.to_owned()];
    for member in house.credit_groups.together(code).into_iter().filter(|member| member != code) {
        let row = store.customer(org, &member)?;
        if row.is_some_and(|row| over_own(&row, house, today) == 0) {
            codes.push(member);
        }
    }
    let ids = store.orders_waiting_for_code(org, UnmatchedKind::Credit, &codes)?;
    let ids: Vec<Id> = ids.into_iter().take(ROWS).collect();
    let rows = store.orders_by_ids(org, &ids)?;
    let waiting = rows.iter().map(|row| order::read(&row.body)).collect::<Result<Vec<Case>, _>>()?;
    let needs_minor = over_own(&row, house, today)
        .max(group.as_ref().map_or(0, |group| over(group, customer.currency, house, today)));
    Ok(Credit {
        currency: customer.currency,
        limit_minor,
        limit_until: customer.credit_limit_until,
        temporary: customer.temporary_limit,
        exposure_minor: row.exposure_minor,
        ordered_minor: row.exposure_minor - shipped_minor - billed_minor,
        shipped_minor,
        billed_minor,
        overdue_minor,
        group,
        waiting: queue(&waiting, customer.currency, needs_minor, payment_minor),
    })
}

fn group(
    store: &Store,
    org: i64,
    house: &House,
    customer: &str,
    today: Date,
) -> Result<Option<Group>, QueryError> {
    let mut rows = BTreeMap::new();
    for code in house.credit_groups.of(customer).iter().flat_map(|(_, group)| &group.members) {
        rows.insert(code.clone(), store.customer(org, code)?);
    }
    let credit = master_rows::group(customer, house, |code| rows.get(code).cloned().flatten());
    Ok(credit.map(|credit| Group {
        limit_minor: credit.group.limit_on(today),
        exposure_minor: credit.exposure(&house.rates, house.rules.currency, today),
        credit,
    }))
}

/// What a customer is over its own limit, in minor units of its currency.
fn over_own(row: &CustomerRow, house: &House, today: Date) -> i64 {
    let limit = master_rows::customer(row, &house.rules).limit_on(today);
    row.exposure_minor.saturating_sub(limit.unwrap_or(i64::MAX)).max(0)
}

/// What the group is over its limit, as an amount that the customer would have to pay; nothing where no rate tells it.
fn over(group: &Group, currency: Currency, house: &House, today: Date) -> i64 {
    let over = group.exposure_minor.unwrap_or(0).saturating_sub(group.limit_minor).max(0);
    let between = (group.credit.group.currency, currency);
    let converted = house.rates.convert(over, between, house.rules.currency, today).unwrap_or(0);
    // A payment that is rounded down would be a cent too little.
    if over > 0 && between.0 != between.1 { converted.saturating_add(1) } else { converted }
}

/// What waits has taken its credit already, so all of it goes as soon as the whole fits, the oldest first.
fn queue(waiting: &[Case], currency: Currency, needs_minor: i64, payment: i64) -> Vec<Waiting> {
    let mut cases: Vec<&Case> = waiting.iter().collect();
    cases.sort_by_key(|case| (case.order.created_ms, case.order.id));
    let place = |case: &Case| Waiting {
        id: case.order.id,
        number: case.order.number.clone(),
        customer: case.order.content.customer.clone().unwrap_or_default(),
        minor: case.order.unpaid_minor(),
        currency: case.order.checked.totals.as_ref().map_or(currency, |totals| totals.currency),
        needs_minor,
        goes: payment >= needs_minor,
    };
    cases.into_iter().map(place).collect()
}
