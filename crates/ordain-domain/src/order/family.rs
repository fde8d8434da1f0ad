//! Orders that were one once. A part is an order of its own in everything but its weight: what must be approved of the
//! whole must be approved of each of its parts, so that nothing gets past an approval by being split.

use super::content::{Content, Line};
use super::state::Order;
use serde::{Deserialize, Serialize};

/// What an order has to do with those that it was split from, and those that were split from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Numbers of the orders that were there before it, the first one first; none for that one itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub older: Vec<String>,
    /// What the other parts came to, with tax, when they parted; in minor units.
    pub others_minor: i64,
    /// Numbers of the orders that were split off this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// What of an order becomes one of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub content: Content,
    /// What it comes to with tax, in minor units.
    pub minor: i64,
}

impl Order {
    /// Whether the order was split off another one.
    pub fn is_part(&self) -> bool {
        self.family.as_ref().is_some_and(|family| !family.older.is_empty())
    }

    /// What the order weighs where an amount decides: with what it was parted from, in minor units.
    pub fn weight_minor(&self) -> Option<i64> {
        let others = self.family.as_ref().map_or(0, |family| family.others_minor);
        self.checked.totals.as_ref().map(|totals| totals.gross.saturating_add(others))
    }

    /// The family as the part knows it that is about to leave this order, which has `rest_minor` left then.
    pub fn family_of_part(&self, rest_minor: i64) -> Family {
        let known = self.family.clone().unwrap_or_default();
        let own = [self.number.clone()];
        let older = known.older.into_iter().chain(own).chain(known.parts).collect();
        Family { older, others_minor: known.others_minor.saturating_add(rest_minor), parts: Vec::new() }
    }

    /// What of the money that was paid goes with a part that comes to `part_minor` and has just left: its share, but
    /// nothing that the rest owes by now, and all that is more than the rest comes to.
    pub fn paid_with_part(&self, part_minor: i64) -> i64 {
        let (paid, rest) = (self.fulfilment.paid_minor(), self.total_minor());
        let whole = i128::from(rest) + i128::from(part_minor);
        if paid <= 0 || whole <= 0 || part_minor <= 0 {
            return 0;
        }
        let share = i64::try_from(i128::from(paid) * i128::from(part_minor) / whole).unwrap_or(part_minor);
        let due = [self.deposit_minor(), self.fulfilment.shipped_minor(), self.fulfilment.billed_minor()];
        let due = due.into_iter().max().unwrap_or(0);
        share.min(paid - due).max(paid - rest).clamp(0, part_minor)
    }

    pub(super) fn split_off(&mut self, number: &str, part_minor: i64, paid_minor: i64) {
        self.fulfilment.passed_on_minor += paid_minor;
        let family = self.family.get_or_insert_default();
        family.others_minor = family.others_minor.saturating_add(part_minor);
        family.parts.push(number.to_owned());
    }
}

/// One content with the lines of both, those of the other one numbered anew.
///
/// # Errors
/// The paths in which the two differ, where no order could say both.
pub fn merged(into: &Content, from: &Content, used: u32) -> Result<Content, Vec<String>> {
    let either = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
    let differs = [
        ("customer", into.customer != from.customer),
        ("currency", into.currency != from.currency),
        ("order_type", into.order_type != from.order_type),
        ("payment_terms", into.payment_terms != from.payment_terms),
        ("payment_method", into.payment_method != from.payment_method),
        ("delivery_terms", into.delivery_terms != from.delivery_terms),
        ("clauses", into.clauses != from.clauses),
        ("ship_to", into.ship_to != from.ship_to),
        ("invoice", into.invoice != from.invoice),
        ("special_requests", either(&into.special_requests, &from.special_requests)),
        (
            "extra",
            from.extra.iter().any(|(name, value)| into.extra.get(name).is_some_and(|own| own != value)),
        ),
    ];
    let paths: Vec<String> =
        differs.into_iter().filter(|(_, differs)| *differs).map(|(path, _)| path.to_owned()).collect();
    if !paths.is_empty() {
        return Err(paths);
    }
    let mut whole = into.clone();
    whole.special_requests = into.special_requests.clone().or_else(|| from.special_requests.clone());
    whole.extra.extend(from.extra.clone());
    for (line, id) in from.lines.iter().zip(used.saturating_add(1)..) {
        // What held for the whole of the other order holds for each of its lines.
        let other_date = from.requested_date.filter(|date| into.requested_date != Some(*date));
        whole.lines.push(Line { id, requested_date: line.requested_date.or(other_date), ..line.clone() });
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_orders_become_one_where_it_can_say_what_both_said() {
        let content = |product: &str, day: &str| Content {
            customer: Some("C".into()),
            requested_date: day.parse().ok(),
            lines: vec![Line { id: 1, product: Some(product.into()), ..Line::default() }],
            ..Content::default()
        };
        let whole = merged(&content("P", "2026-12-01"), &content("Q", "2026-12-05"), 3).unwrap();
        let lines: Vec<_> = whole.lines.iter().map(|line| (line.id, line.requested_date)).collect();
        assert_eq!(lines, [(1, None), (4, "2026-12-05".parse().ok())]);
        let mut other = content("Q", "2026-12-01");
        other.payment_terms = Some("NET60".into());
        other.customer = None;
        assert_eq!(
            merged(&content("P", "2026-12-01"), &other, 1),
            Err(vec!["customer".into(), "payment_terms".into()])
        );
    }
}
