//! What a customer has accepted, and how far an order departs from it since.

use ordain_domain::order::Order;
use ordain_flow::doc::Tolerance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An order as its customer accepted it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    pub revision: u32,
    pub at_ms: i64,
    /// By the line's id.
    pub lines: BTreeMap<u32, AgreedLine>,
    /// What else customers stand for: how and for whom it is paid, where it goes and on which terms.
    pub terms: Vec<serde_json::Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedLine {
    pub product: Option<String>,
    pub unit: Option<String>,
    pub qty_milli: Option<i64>,
    pub price_e4: Option<i64>,
    pub date: Option<jiff::civil::Date>,
}

/// One value that is another one than was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Id of the line.
    pub line: u32,
    pub what: Departed,
    pub before: String,
    pub after: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Departed {
    Price,
    Quantity,
    Date,
}

impl Departed {
    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::Date => "date",
        }
    }
}

impl Agreed {
    pub fn of(order: &Order, at_ms: i64) -> Self {
        let content = &order.content;
        let line = |line: &ordain_domain::order::Line| {
            let checked = order.checked.lines.iter().find(|checked| checked.line == line.id);
            let agreed = AgreedLine {
                product: line.product.clone(),
                unit: line.unit.clone(),
                qty_milli: checked.and_then(|checked| checked.qty_milli),
                price_e4: checked.and_then(|checked| checked.price_e4),
                date: order.promised_on(line.id),
            };
            (line.id, agreed)
        };
        let shown = |value: Result<serde_json::Value, serde_json::Error>| value.unwrap_or_default();
        let terms = vec![
            shown(serde_json::to_value(&content.currency)),
            shown(serde_json::to_value(&content.payment_terms)),
            shown(serde_json::to_value(&content.payment_method)),
            shown(serde_json::to_value(&content.delivery_terms)),
            shown(serde_json::to_value(&content.clauses)),
            shown(serde_json::to_value(&content.ship_to)),
            shown(serde_json::to_value(&content.invoice)),
            shown(serde_json::to_value(&content.special_requests)),
        ];
        Self { revision: order.revision, at_ms, lines: content.lines.iter().map(line).collect(), terms }
    }

    /// In what an order departs from what was accepted; none where it has to be accepted anew.
    pub fn covers(&self, order: &Order, tolerance: Tolerance) -> Option<Vec<Departure>> {
        let now = Self::of(order, self.at_ms);
        let same = self.terms == now.terms && self.lines.keys().eq(now.lines.keys());
        let pairs = self.lines.iter().zip(now.lines.values());
        let found: Option<Vec<_>> =
            pairs.map(|((id, before), after)| departures(*id, before, after, tolerance)).collect();
        found.filter(|_| same).map(|found| found.into_iter().flatten().collect())
    }
}

fn departures(
    line: u32,
    before: &AgreedLine,
    after: &AgreedLine,
    allowed: Tolerance,
) -> Option<Vec<Departure>> {
    let (price, dearer) = (before.price_e4?, after.price_e4?);
    let (quantity, other) = (before.qty_milli?, after.qty_milli?);
    let more = |from: i64, by: i64, permille: u16| {
        i128::from(by) * 1_000 <= i128::from(from).abs() * i128::from(permille)
    };
    let later = match (before.date, after.date) {
        (Some(before), Some(after)) => i64::from(after.since(before).ok()?.get_days()),
        (None, None) => 0,
        _ => return None,
    };
    let within = before.product == after.product
        && before.unit == after.unit
        && more(price, dearer - price, allowed.price_permille)
        && more(quantity, (other - quantity).abs(), allowed.quantity_permille)
        && later <= i64::from(allowed.delivery_days);
    let differs = |what, before: String, after: String| {
        (before != after).then_some(Departure { line, what, before, after })
    };
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let price_text = ordain_domain::decimal::price_text;
    let qty_text = ordain_domain::decimal::qty_text;
    let found = [
        differs(Departed::Price, price_text(price), price_text(dearer)),
        differs(Departed::Quantity, qty_text(quantity), qty_text(other)),
        differs(Departed::Date, day(before.date), day(after.date)),
    ];
    within.then(|| found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(price: i64, quantity: i64, date: &str) -> AgreedLine {
        AgreedLine {
            product: Some("P".into()),
            unit: Some("pcs".into()),
            qty_milli: Some(quantity),
            price_e4: Some(price),
            date: date.parse().ok(),
        }
    }

    #[test]
    fn what_lies_within_the_tolerance_is_named_and_what_does_not_is_asked_again() {
        let allowed = Tolerance { price_permille: 10, quantity_permille: 50, delivery_days: 2 };
        let before = line(1_000_000, 10_000, "2026-12-01");
        let with = |price, quantity, date: &str| {
            let found = departures(1, &before, &line(price, quantity, date), allowed)?;
            Some(found.iter().map(|found| found.what.name()).collect::<Vec<_>>())
        };
        assert_eq!(with(1_000_000, 10_000, "2026-12-01"), Some(vec![]));
        assert_eq!(with(1_010_000, 9_500, "2026-12-03"), Some(vec!["price", "quantity", "date"]));
        // What is better for the customer is no departure that could be too large.
        assert_eq!(with(500_000, 10_000, "2026-11-01"), Some(vec!["price", "date"]));
        for (price, quantity, date) in [
            (1_010_001, 10_000, "2026-12-01"),
            (1_000_000, 9_499, "2026-12-01"),
            (1_000_000, 10_000, "2026-12-04"),
        ] {
            assert_eq!(with(price, quantity, date), None, "{price} {quantity} {date}");
        }
        let none = Tolerance::default();
        assert_eq!(departures(1, &before, &line(1_000_001, 10_000, "2026-12-01"), none), None);
    }
}
