//! What a customer may owe, what it owes, and which of its orders wait for a payment.

use super::{QueryError, order};
use crate::case::Case;
use crate::case::world::House;
use crate::gate::master_rows;
use jiff::civil::Date;
use ordain_domain::credit::GroupCredit;
use ordain_domain::decimal::Currency;
use ordain_domain::master::Customer;
use ordain_domain::rate::NoRate;
use ordain_store::{Id, Store, UnmatchedKind};
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
    /// All that confirmed orders, and those in review that fit, have taken and not paid; the sum of the three stages.
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
    /// The payment that lets this order go, and those that wait before it; `None` where no payment of the customer would:
    /// a rate is missing, or another member is over a limit of its own.
    pub needs_minor: Option<i64>,
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
    // A payment of one member makes room for the orders of all.
    let mut members = BTreeMap::from([(code.to_owned(), customer.clone())]);
    for member in house.credit_groups.together(code).into_iter().filter(|member| member != code) {
        if let Some(row) = store.customer(org, &member)? {
            members.insert(member, master_rows::customer(&row, &house.rules));
        }
    }
    let codes: Vec<String> = members.keys().cloned().collect();
    let ids = store.orders_waiting_for_code(org, UnmatchedKind::Credit, &codes)?;
    let ids: Vec<Id> = ids.into_iter().take(ROWS).collect();
    let rows = store.orders_by_ids(org, &ids)?;
    let waiting = rows.iter().map(|row| order::read(&row.body)).collect::<Result<Vec<Case>, _>>()?;
    let room = Room { house, today, payer: &customer, members, group: group.as_ref() };
    let waiting = queue(&waiting, room, payment_minor);
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
        waiting,
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

/// What the limits of a customer and of those that owe with it leave.
#[derive(Clone)]
struct Room<'a> {
    house: &'a House,
    today: Date,
    payer: &'a Customer,
    /// By code, the payer among them; what is let go is added to what they owe.
    members: BTreeMap<String, Customer>,
    group: Option<&'a Group>,
}

impl Room<'_> {
    /// What the payer has to pay, in minor units of its currency, so that a member may take so much more; `None` where no
    /// payment of the payer would do.
    fn needs(&self, member: &str, more_minor: i64) -> Option<i64> {
        let customer = self.members.get(member)?;
        let owed = customer.exposure_minor.saturating_add(more_minor);
        let over_own = owed.saturating_sub(customer.limit_on(self.today).unwrap_or(i64::MAX)).max(0);
        if over_own > 0 && member != self.payer.code {
            return None;
        }
        let over_group = match self.group {
            Some(group) => self.over_group(group, customer, more_minor)?,
            None => 0,
        };
        Some(over_own.max(over_group))
    }

    fn over_group(&self, group: &Group, customer: &Customer, more_minor: i64) -> Option<i64> {
        let (currency, home) = (group.credit.group.currency, self.house.rules.currency);
        let convert = |minor, of| self.house.rates.convert(minor, of, home, self.today).ok();
        let owed =
            self.members.values().map(|member| convert(member.exposure_minor, (member.currency, currency)));
        let owed = owed.sum::<Option<i64>>()?;
        let more = convert(more_minor, (customer.currency, currency))?;
        let over = owed.saturating_add(more).saturating_sub(group.limit_minor).max(0);
        let asked = convert(over, (currency, self.payer.currency))?;
        // A payment that is rounded down would be a cent too little.
        Some(if over > 0 && currency != self.payer.currency { asked.saturating_add(1) } else { asked })
    }

    fn owe(&mut self, member: &str, more_minor: i64) {
        if let Some(customer) = self.members.get_mut(member) {
            customer.exposure_minor = customer.exposure_minor.saturating_add(more_minor);
        }
    }
}

/// The oldest comes first; one that does not fit lets those behind it go before.
fn queue(waiting: &[Case], mut room: Room<'_>, payment_minor: i64) -> Vec<Waiting> {
    let mut cases: Vec<&Case> = waiting.iter().collect();
    cases.sort_by_key(|case| (case.order.created_ms, case.order.id));
    let mut gone = room.clone();
    let place = |case: &Case| {
        let order = &case.order;
        let customer = order.content.customer.clone().unwrap_or_default();
        let minor = order.unpaid_minor();
        // While a change is reviewed, what stands has its credit.
        let more_minor = (minor - order.credit_taken().map_or(0, |held| held.minor)).max(0);
        let needs_minor = room.needs(&customer, more_minor);
        if needs_minor.is_some() {
            room.owe(&customer, more_minor);
        }
        let goes = gone.needs(&customer, more_minor).is_some_and(|needs| needs <= payment_minor);
        if goes {
            gone.owe(&customer, more_minor);
        }
        let currency = order.checked.totals.as_ref().map_or(room.payer.currency, |totals| totals.currency);
        Waiting { id: order.id, number: order.number.clone(), customer, minor, currency, needs_minor, goes }
    };
    cases.into_iter().map(place).collect()
}
