//! What a customer may owe, what it owes, and which of its orders wait for a payment.

use super::{QueryError, order};
use crate::case::Case;
use crate::case::world::House;
use crate::gate::master_rows;
use jiff::civil::Date;
use ordain_domain::decimal::Currency;
use ordain_store::{ReceivableFilter, Store, UnmatchedKind};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Receivables and waiting orders that are looked at; a customer with more of them is not going to be helped by a list.
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
    /// Orders over the limit, the oldest first.
    pub waiting: Vec<Waiting>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: Uuid,
    pub number: String,
    pub minor: i64,
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
    let filter = ReceivableFilter { customer: Some(code.to_owned()), before: None };
    let owed = store.list_receivables(org, &filter, None, ROWS)?;
    let (mut shipped_minor, mut billed_minor) = (0, 0);
    for id in owed.iter().map(|row| row.order_id).collect::<BTreeSet<_>>() {
        let (shipped, billed) = order::by_id(store, org, Uuid::from_bytes(id))?.order.open_by_stage();
        shipped_minor += shipped;
        billed_minor += billed;
    }
    let day = today.to_string();
    let limit_minor = customer.limit_on(today);
    let mut waiting = Vec::new();
    for id in
        store.orders_waiting_for_code(org, UnmatchedKind::Credit, &[code.to_owned()])?.into_iter().take(ROWS)
    {
        waiting.push(order::by_id(store, org, Uuid::from_bytes(id))?);
    }
    Ok(Credit {
        currency: customer.currency,
        limit_minor,
        limit_until: customer.credit_limit_until,
        temporary: customer.temporary_limit,
        exposure_minor: row.exposure_minor,
        ordered_minor: row.exposure_minor - shipped_minor - billed_minor,
        shipped_minor,
        billed_minor,
        overdue_minor: owed.iter().filter(|row| row.due_on < day).map(|row| row.minor).sum(),
        waiting: queue(&waiting, row.exposure_minor, limit_minor.unwrap_or(i64::MAX), payment_minor),
    })
}

/// What waits has taken its credit already, so all of it goes as soon as the whole fits, the oldest first.
fn queue(waiting: &[Case], exposure: i64, limit: i64, payment: i64) -> Vec<Waiting> {
    let mut cases: Vec<&Case> = waiting.iter().collect();
    cases.sort_by_key(|case| (case.order.created_ms, case.order.id));
    let needs_minor = exposure.saturating_sub(limit).max(0);
    let place = |case: &Case| Waiting {
        id: case.order.id,
        number: case.order.number.clone(),
        minor: case.order.unpaid_minor(),
        needs_minor,
        goes: payment >= needs_minor,
    };
    cases.into_iter().map(place).collect()
}
