//! What an order owes, and whether anybody was told that it is late.

use super::Case;
use super::timers::{TimerKind, reminder_key};
use super::world::House;
use jiff::civil::Date;
use ordain_domain::order::fulfilment::Receivable;

/// What is owed and not paid, by day.
pub fn receivables(case: &Case, house: &House) -> Vec<Receivable> {
    let order = &case.order;
    // Nothing is owed before the confirmation, so that most orders cost no thought here.
    let Some(confirmed_ms) = order.confirmed_ms.filter(|_| order.status.is_firm()) else { return Vec::new() };
    order.receivables(house.calendar.date_at(confirmed_ms))
}

/// When somebody is to be told that what was due on a day is not there: as the next day begins.
pub fn chased_at(due_on: Date, house: &House) -> i64 {
    house.calendar.instant(due_on.tomorrow().unwrap_or(due_on), 0)
}

/// Whether somebody was told of money that is late and has still not come.
pub fn is_chased(case: &Case) -> bool {
    let told = reminder_key(TimerKind::PaymentDue, "");
    case.reminded.keys().any(|key| key.starts_with(&told)) && case.order.unpaid_minor() > 0
}
