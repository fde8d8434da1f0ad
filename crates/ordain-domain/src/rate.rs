//! Dated exchange rates: what a unit of a currency is worth in the company's own, exact to eight places. A rate holds from
//! its day until the next one; before the first there is none, and nothing is guessed.

use crate::decimal::{Currency, divide_half_away};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A unit of a currency, in hundred-millionths of a unit of the company's own.
pub const RATE_ONE_E8: i64 = 100_000_000;
/// Largest rate (a million to one).
pub const RATE_E8_MAX: i64 = 1_000_000 * RATE_ONE_E8;

/// All rates by currency and first day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rates(pub BTreeMap<Currency, BTreeMap<Date, i64>>);

/// Two currencies that cannot be told in each other on a day: the one without a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRate(pub Currency);

impl Rates {
    /// The rate that holds on a day. `home` is the company's currency.
    fn on(&self, currency: Currency, home: Currency, day: Date) -> Result<i64, NoRate> {
        if currency == home {
            return Ok(RATE_ONE_E8);
        }
        let known = self.0.get(&currency).and_then(|days| days.range(..=day).next_back());
        known.map(|(_, rate)| *rate).filter(|rate| *rate > 0).ok_or(NoRate(currency))
    }

    /// An amount in another currency, in minor units of each, rounded half away from zero once.
    ///
    /// # Errors
    /// The currency that has no rate on that day.
    pub fn convert(
        &self,
        minor: i64,
        (from, to): (Currency, Currency),
        home: Currency,
        day: Date,
    ) -> Result<i64, NoRate> {
        let scale = (10i128.pow(to.exponent()), 10i128.pow(from.exponent()));
        self.exchange(minor, (from, to), home, day, scale)
    }

    /// A price in another currency, in ten-thousandths of a unit of each, rounded half away from zero once.
    ///
    /// # Errors
    /// The currency that has no rate on that day.
    pub fn convert_price(
        &self,
        price_e4: i64,
        of: (Currency, Currency),
        home: Currency,
        day: Date,
    ) -> Result<i64, NoRate> {
        self.exchange(price_e4, of, home, day, (1, 1))
    }

    fn exchange(
        &self,
        amount: i64,
        (from, to): (Currency, Currency),
        home: Currency,
        day: Date,
        (above, below): (i128, i128),
    ) -> Result<i64, NoRate> {
        if from == to || amount == 0 {
            return Ok(amount);
        }
        let (rate_from, rate_to) = (self.on(from, home, day)?, self.on(to, home, day)?);
        let above = i128::from(amount) * i128::from(rate_from) * above;
        Ok(i64::try_from(divide_half_away(above, i128::from(rate_to) * below)).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rust_decimal::{Decimal, RoundingStrategy};

    fn rates() -> Rates {
        let days = |rows: &[(Date, i64)]| rows.iter().copied().collect();
        Rates(BTreeMap::from([
            (Currency::Usd, days(&[(date(2026, 1, 1), 710_000_000), (date(2026, 6, 1), 712_345_678)])),
            (Currency::Jpy, days(&[(date(2026, 1, 1), 4_712_345)])),
        ]))
    }

    #[test]
    fn a_rate_holds_from_its_day_on_and_none_is_guessed() {
        let convert = |minor, from, to, day| rates().convert(minor, (from, to), Currency::Cny, day);
        use Currency::{Cny, Eur, Jpy, Usd};
        assert_eq!(convert(10_000, Usd, Cny, date(2026, 5, 31)), Ok(71_000));
        assert_eq!(convert(10_000, Usd, Cny, date(2026, 6, 1)), Ok(71_235));
        assert_eq!(convert(10_000, Usd, Cny, date(2025, 12, 31)), Err(NoRate(Usd)));
        assert_eq!(convert(10_000, Eur, Cny, date(2026, 6, 1)), Err(NoRate(Eur)));
        assert_eq!(convert(0, Eur, Cny, date(2026, 6, 1)), Ok(0), "nothing is nothing in any currency");
        assert_eq!(convert(10_000, Usd, Jpy, date(2026, 6, 1)), Ok(15_117));
    }

    #[test]
    fn conversions_equal_an_independent_decimal_calculation() {
        use Currency::{Cny, Jpy, Usd};
        let day = date(2026, 7, 1);
        let worth = |currency| match currency {
            Usd => Decimal::new(712_345_678, 8),
            Jpy => Decimal::new(4_712_345, 8),
            _ => Decimal::ONE,
        };
        for (n, (from, to)) in
            [(Usd, Cny), (Cny, Usd), (Jpy, Usd), (Usd, Jpy), (Jpy, Cny)].into_iter().enumerate()
        {
            for step in 1..400_i64 {
                let minor = step * step * 37 + i64::try_from(n).unwrap_or(0) - 50;
                let value = Decimal::new(minor, from.exponent()) * worth(from) / worth(to);
                let exact =
                    value.round_dp_with_strategy(to.exponent(), RoundingStrategy::MidpointAwayFromZero);
                let found =
                    rates().convert(minor, (from, to), Cny, day).map(|m| Decimal::new(m, to.exponent()));
                assert_eq!(found, Ok(exact), "{minor} {from:?} {to:?}");
            }
        }
    }
}
