//! What a batch has to load: first what the commands name, then what the orders they name refer to.

use super::command::{Command, Envelope};
use super::{Houses, family};
use crate::case::Case;
use crate::case::decide::{Fulfil, OrderCommand};
use ordain_domain::order::Content;
use ordain_store::{Id, Keys, TwinKey};
use std::collections::{BTreeMap, BTreeSet};

/// What can be known from the commands alone.
pub(super) fn named(envelopes: &[Envelope], houses: &Houses) -> Keys {
    let mut keys = Keys::default();
    let orgs: BTreeSet<i64> = envelopes.iter().map(|envelope| envelope.org).collect();
    let asks = |org: &i64| houses.get(*org).is_some_and(|house| house.asks_for_loads);
    keys.loads.extend(orgs.into_iter().filter(asks));
    for envelope in envelopes {
        let org = envelope.org;
        if let Some(key) = &envelope.key {
            keys.receipts.insert((org, key.caller.clone(), key.key.clone()));
        }
        match &envelope.command {
            Command::Order { id, command, .. } => {
                let both = id.iter().copied().chain(family::other_of(command));
                keys.orders.extend(both.map(|id| (org, id.into_bytes())));
                match command {
                    OrderCommand::Place(place) => touched(&mut keys, houses, org, &place.content),
                    OrderCommand::RequestChange(asked) => touched(&mut keys, houses, org, &asked.content),
                    OrderCommand::Edit { content, .. } => touched(&mut keys, houses, org, content),
                    OrderCommand::Fulfil(act) => {
                        keys.payments.extend(reference(act).map(|reference| (org, reference)));
                        keys.invoices.extend(invoice_number(act).map(|number| (org, number)));
                    }
                    _ => {}
                }
            }
            Command::FinishOutbox { told, .. } => {
                keys.orders.extend(told.as_ref().map(|(id, _)| (org, id.into_bytes())));
            }
            Command::Admin(command) => command.keys(org, &mut keys),
            Command::ClaimOutbox { .. } | Command::Seal | Command::Purge => {}
        }
    }
    keys
}

/// The reference of a payment that is being recorded.
pub(super) fn reference(act: &Fulfil) -> Option<String> {
    match act {
        Fulfil::Pay { reference, .. } => Some(reference.trim().to_owned()),
        _ => None,
    }
}

/// The number of an invoice that is being issued, to bill or to take back.
pub(super) fn invoice_number(act: &Fulfil) -> Option<String> {
    match act {
        Fulfil::Invoice { number, .. } | Fulfil::CorrectInvoice { number, .. } => {
            number.as_ref().map(|number| number.trim().to_owned())
        }
        _ => None,
    }
}

/// What the orders that were found refer to.
pub(super) fn referred<'a>(cases: impl Iterator<Item = (i64, &'a Case)>, houses: &Houses) -> Keys {
    let mut keys = Keys::default();
    for (org, case) in cases {
        touched(&mut keys, houses, org, &case.order.content);
        // What a change wants, and what stands while it is reviewed.
        let asked = case.order.changes.iter().filter_map(|change| change.proposed.as_deref());
        for content in asked.chain(case.order.standing.as_ref().map(|standing| &standing.content)) {
            touched(&mut keys, houses, org, content);
        }
    }
    keys
}

fn touched(keys: &mut Keys, houses: &Houses, org: i64, content: &Content) {
    let customer = content.customer.clone().unwrap_or_default();
    if !customer.is_empty() {
        match houses.get(org) {
            // Who owes together is looked at together.
            Some(house) => {
                let together = house.credit_groups.together(&customer);
                keys.customers.extend(together.into_iter().map(|code| (org, code)));
            }
            None => drop(keys.customers.insert((org, customer.clone()))),
        }
        keys.twins.extend(twin_key(org, content));
        if houses.get(org).is_some_and(|house| house.asks_for_first_orders) {
            keys.buyers.insert((org, customer.clone()));
        }
    }
    for product in content.lines.iter().filter_map(|line| line.product.as_ref()) {
        keys.products.insert((org, product.clone()));
        keys.prices.insert((org, product.clone(), customer.clone()));
        keys.stock.insert((org, product.clone()));
    }
}

/// Under which another order would be a duplicate of this one.
pub(crate) fn twin_key(org: i64, content: &Content) -> Option<TwinKey> {
    let (customer, customer_po) = content.customer.clone().zip(content.customer_po.clone())?;
    Some(TwinKey { org, customer, customer_po })
}

/// The number of the order whose duplicate one's own would be. Ids sort by time: of two equal orders the later one is
/// the duplicate.
pub(crate) fn older(twins: &BTreeMap<Id, String>, own: Option<Id>) -> Option<String> {
    let (id, number) = twins.first_key_value()?;
    own.is_none_or(|own| *id < own).then(|| number.clone())
}

/// Whether a command may make less of an order that is under way.
pub(super) fn asks_for_change(command: &OrderCommand) -> bool {
    matches!(
        command,
        OrderCommand::RequestChange(_)
            | OrderCommand::TakeChange { .. }
            | OrderCommand::TakePart { .. }
            | OrderCommand::Split { .. }
            | OrderCommand::Cancel { .. }
    )
}
