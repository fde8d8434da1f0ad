//! Which of several flows takes an order. A flow takes what all parts of its scope admit; of several that do, the one
//! of the highest priority, of equal ones one that asks for something before one that takes everything, then the first
//! by key. An order that no scope admits goes through the flow that
//! stands ready for everything, so that the choice never fails.

use crate::doc::{FlowDoc, Scope};
use rust_decimal::Decimal;
use serde::Serialize;

/// What scopes ask of an order. What is not known is admitted only by scopes that do not ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits<'a> {
    pub order_type: &'a str,
    pub channel: &'a str,
    pub customer_level: Option<&'a str>,
    /// The delivery address, which begins with the province.
    pub address: Option<&'a str>,
    pub amount: Option<Decimal>,
}

/// Priority, then whether anything is asked for.
type Rank = (i32, bool);

impl Scope {
    pub fn admits(&self, order: &Traits<'_>) -> bool {
        let listed = |list: &[String], value: Option<&str>| {
            list.is_empty() || value.is_some_and(|value| list.iter().any(|known| known == value))
        };
        let region = |address: &str| {
            let address = address.trim_start();
            self.regions.iter().any(|region| !region.is_empty() && address.starts_with(region.as_str()))
        };
        let amount = match (order.amount, self.amount_from, self.amount_to) {
            (_, None, None) => true,
            (None, ..) => false,
            (Some(amount), from, to) => {
                from.is_none_or(|from| amount >= from) && to.is_none_or(|to| amount <= to)
            }
        };
        amount
            && listed(&self.order_types, Some(order.order_type))
            && listed(&self.channels, Some(order.channel))
            && listed(&self.customer_levels, order.customer_level)
            && (self.regions.is_empty() || order.address.is_some_and(region))
    }

    fn rank(&self) -> Rank {
        let plain = Self { priority: 0, ..self.clone() };
        (self.priority, !plain.is_everything())
    }

    /// Whether some order could be admitted by both.
    pub fn meets(&self, other: &Self) -> bool {
        let common = |one: &[String], two: &[String]| {
            one.is_empty() || two.is_empty() || one.iter().any(|value| two.contains(value))
        };
        let region = |one: &str, two: &str| one.starts_with(two) || two.starts_with(one);
        let regions = self.regions.is_empty()
            || other.regions.is_empty()
            || self.regions.iter().any(|one| other.regions.iter().any(|two| region(one, two)));
        let apart = |from: Option<Decimal>, to: Option<Decimal>| matches!((from, to), (Some(from), Some(to)) if from > to);
        regions
            && common(&self.order_types, &other.order_types)
            && common(&self.channels, &other.channels)
            && common(&self.customer_levels, &other.customer_levels)
            && !apart(self.amount_from, other.amount_to)
            && !apart(other.amount_from, self.amount_to)
    }
}

/// The flow that takes the order, of those in force in the order of their keys; `fallback` is the key of the flow that
/// takes what no scope admits. None only where that one is not in force either.
pub fn choose<'a, T>(
    flows: impl IntoIterator<Item = (&'a str, &'a FlowDoc, T)>,
    fallback: &str,
    order: &Traits<'_>,
) -> Option<T> {
    let (mut best, mut ready): (Option<(Rank, T)>, Option<T>) = (None, None);
    for (key, doc, flow) in flows {
        if doc.scope.admits(order) {
            let rank = doc.scope.rank();
            if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, flow));
            }
        } else if key == fallback {
            ready = Some(flow);
        }
    }
    best.map(|(_, flow)| flow).or(ready)
}

/// Two flows that may want the same order, and which of them gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contest {
    pub wins: String,
    pub loses: String,
}

/// The flows in force that would take orders from this one.
pub fn contests<'a>(doc: &FlowDoc, others: impl IntoIterator<Item = &'a FlowDoc>) -> Vec<Contest> {
    let rivals = others.into_iter().filter(|other| other.key != doc.key && other.scope.meets(&doc.scope));
    let wins = rivals.filter(|other| {
        let (theirs, ours) = (other.scope.rank(), doc.scope.rank());
        theirs > ours || (theirs == ours && other.key < doc.key)
    });
    wins.map(|other| Contest { wins: other.key.clone(), loses: doc.key.clone() }).collect()
}
