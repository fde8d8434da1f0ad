//! Available to promise over time: what is free now, what comes in and what is promised already, day by day.
//!
//! What can be promised for a day is the least balance from that day on: goods that a later promise counts on are not
//! given away before it. Nothing is held here; the answer says what would stand behind a quantity.

use crate::promise::Source;
use jiff::civil::Date;

/// Where goods come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supply {
    Stock { warehouse: String },
    Purchase { number: String, line: i64 },
    Work { number: String },
}

impl From<&Source> for Supply {
    fn from(source: &Source) -> Self {
        let number = source.number().to_owned();
        match source {
            Source::Purchase { line, .. } => Self::Purchase { number, line: *line },
            Source::Work { .. } => Self::Work { number },
            Source::Stock { warehouse } => Self::Stock { warehouse: warehouse.clone() },
        }
    }
}

/// A change of the balance on a day, in thousandths: above zero goods that come in, below zero goods promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub date: Date,
    pub qty_milli: i64,
    /// Absent for what is promised.
    pub supply: Option<Supply>,
}

/// A part of a quantity and what stands behind it from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backing {
    pub qty_milli: i64,
    pub date: Date,
    pub supply: Supply,
}

/// The balance of one product over time.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Free stock first, as of today, then by day.
    supplies: Vec<Backing>,
    /// By day: the least balance from then on.
    least: Vec<(Date, i64)>,
}

impl Timeline {
    /// `stock` is what is free in each warehouse today, in the order in which it is taken; what was to happen before
    /// today is expected today.
    pub fn new(today: Date, stock: Vec<(String, i64)>, flows: Vec<Flow>) -> Self {
        let mut balance: i64 = stock.iter().map(|(_, free)| *free).sum();
        let on_shelf = stock.into_iter().filter(|(_, free)| *free > 0);
        let mut supplies: Vec<Backing> = on_shelf
            .map(|(warehouse, qty_milli)| Backing {
                qty_milli,
                date: today,
                supply: Supply::Stock { warehouse },
            })
            .collect();
        let mut flows = flows;
        flows.iter_mut().for_each(|flow| flow.date = flow.date.max(today));
        // Stable: of one day what was named first comes first.
        flows.sort_by_key(|flow| flow.date);
        let mut least = vec![(today, balance)];
        for flow in flows {
            balance = balance.saturating_add(flow.qty_milli);
            match least.last_mut() {
                Some(last) if last.0 == flow.date => last.1 = balance,
                _ => least.push((flow.date, balance)),
            }
            if let Some(supply) = flow.supply.filter(|_| flow.qty_milli > 0) {
                supplies.push(Backing { qty_milli: flow.qty_milli, date: flow.date, supply });
            }
        }
        let mut after = i64::MAX;
        for (_, balance) in least.iter_mut().rev() {
            *balance = after.min(*balance);
            after = *balance;
        }
        Self { supplies, least }
    }

    /// What can be promised for a day.
    pub fn available_milli(&self, date: Date) -> i64 {
        let until = self.least.partition_point(|(day, _)| *day <= date);
        // Before the first day nothing is different from it.
        self.least.get(until.saturating_sub(1)).map_or(0, |(_, least)| (*least).max(0))
    }

    /// The first day for which the whole quantity can be promised.
    pub fn earliest(&self, qty_milli: i64) -> Option<Date> {
        let enough = self.least.partition_point(|(_, least)| (*least).max(0) < qty_milli);
        self.least.get(enough).map(|(day, _)| *day)
    }

    /// What would stand behind a quantity promised for a day: stock first, then what comes in. Less than the quantity
    /// if less can be promised.
    pub fn backing(&self, qty_milli: i64, date: Date) -> Vec<Backing> {
        let mut left = qty_milli.min(self.available_milli(date));
        let mut parts = Vec::new();
        for of in
            self.supplies.iter().take_while(|of| of.date <= date || matches!(of.supply, Supply::Stock { .. }))
        {
            if left <= 0 {
                break;
            }
            let part = left.min(of.qty_milli);
            left -= part;
            parts.push(Backing { qty_milli: part, ..of.clone() });
        }
        parts
    }

    /// The quantity in parts, each on the first day for which it can be promised, from `from` on. What can never be
    /// promised is left out.
    pub fn split(&self, qty_milli: i64, from: Date) -> Vec<(Date, i64)> {
        let mut parts = Vec::new();
        let mut promised = 0;
        let later = self.least.iter().map(|(day, _)| *day).filter(|day| *day > from);
        for day in std::iter::once(from).chain(later) {
            let part = self.available_milli(day).min(qty_milli) - promised;
            if part > 0 {
                parts.push((day, part));
                promised += part;
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 6, 1);

    fn day(n: i64) -> Date {
        TODAY.saturating_add(jiff::Span::new().days(n))
    }

    fn purchase(n: i64, qty_milli: i64) -> Flow {
        let supply = Supply::Purchase { number: "PO-31".into(), line: n };
        Flow { date: day(n), qty_milli, supply: Some(supply) }
    }

    fn promised(n: i64, qty_milli: i64) -> Flow {
        Flow { date: day(n), qty_milli: -qty_milli, supply: None }
    }

    fn shelf(free: i64) -> Vec<(String, i64)> {
        vec![("SH".into(), free)]
    }

    #[test]
    fn a_hundred_from_stock_and_fifty_from_a_purchase() {
        let line = Timeline::new(TODAY, shelf(100_000), vec![purchase(14, 50_000)]);
        assert_eq!(line.available_milli(TODAY), 100_000);
        assert_eq!(line.earliest(150_000), Some(day(14)));
        assert_eq!(line.earliest(150_001), None);
        let parts: Vec<(i64, Date)> =
            line.backing(150_000, day(20)).iter().map(|part| (part.qty_milli, part.date)).collect();
        assert_eq!(parts, [(100_000, TODAY), (50_000, day(14))]);
        assert_eq!(line.split(150_000, TODAY), [(TODAY, 100_000), (day(14), 50_000)]);
        assert_eq!(line.split(900_000, day(2)), [(day(2), 100_000), (day(14), 50_000)]);
    }

    #[test]
    fn goods_that_a_later_promise_counts_on_are_not_given_away_before_it() {
        let flows = vec![promised(10, 80_000), purchase(30, 80_000)];
        let line = Timeline::new(TODAY, shelf(100_000), flows);
        assert_eq!(line.available_milli(TODAY), 20_000);
        assert_eq!(line.earliest(50_000), Some(day(30)));
        let short = Timeline::new(TODAY, shelf(10_000), vec![promised(1, 30_000)]);
        assert_eq!((short.available_milli(TODAY), short.earliest(1)), (0, None));
        assert_eq!(short.backing(5_000, TODAY), []);
    }

    #[test]
    fn what_is_overdue_is_expected_today() {
        let late = Flow { date: day(-5), ..purchase(0, 5_000) };
        assert_eq!(Timeline::new(TODAY, shelf(0), vec![late]).earliest(5_000), Some(TODAY));
    }

    proptest! {
        /// The same, counted day by day without any cleverness.
        #[test]
        fn the_balance_never_falls_below_what_is_promised(
            free in 0_i64..50,
            moves in prop::collection::vec((0_i64..20, -30_i64..30), 0..12),
            asked in 1_i64..60,
            on in 0_i64..22,
        ) {
            let flows = moves.iter().map(|(at, qty)| match qty {
                0.. => purchase(*at, *qty),
                _ => promised(*at, -qty),
            });
            let line = Timeline::new(TODAY, shelf(free), flows.collect());
            let balance = |d: i64| free + moves.iter().filter(|(at, _)| *at <= d).map(|(_, qty)| qty).sum::<i64>();
            let least = |d: i64| (d..25).map(balance).min().unwrap().max(0);
            prop_assert_eq!(line.available_milli(day(on)), least(on));
            let first = (0..25).find(|d| least(*d) >= asked).map(day);
            prop_assert_eq!(line.earliest(asked), first);
            let backed: i64 = line.backing(asked, day(on)).iter().map(|part| part.qty_milli).sum();
            prop_assert_eq!(backed, asked.min(least(on)));
            let parts = line.split(asked, day(on));
            prop_assert_eq!(parts.iter().map(|(_, qty)| qty).sum::<i64>(), asked.min(least(24).max(least(on))));
            prop_assert!(parts.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
