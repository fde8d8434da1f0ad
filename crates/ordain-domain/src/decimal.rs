//! Exact numbers: money in minor units, unit prices in 1/10,000, quantities in 1/1,000.
//!
//! All arithmetic is checked and goes through `i128`; rounding is half away from zero, once per line, as
//! Chinese VAT practice has it. There is no float anywhere.

use serde::{Deserialize, Serialize};

/// Largest quantity a line may ask for, in thousandths (1,000,000,000 units).
pub const QTY_MILLI_MAX: i64 = 1_000_000_000_000;
/// Largest unit price, in ten-thousandths (1,000,000,000 of currency).
pub const PRICE_E4_MAX: i64 = 10_000_000_000_000;

/// Why a syntactically sound decimal cannot be used as a quantity or a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    TooLarge,
    TooPrecise,
}

/// A decimal number as the sender wrote it, such as `"12.50"`: checked for its form, not for its size, so that
/// nothing is lost when the size turns out to be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DecimalText(String);

/// The text is not a plain decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct NotADecimal;

impl TryFrom<String> for DecimalText {
    type Error = NotADecimal;

    fn try_from(text: String) -> Result<Self, NotADecimal> {
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if text.len() <= 64 && numeric(whole) && numeric(fraction) {
            Ok(Self(text))
        } else {
            Err(NotADecimal)
        }
    }
}

impl From<DecimalText> for String {
    fn from(text: DecimalText) -> String {
        text.0
    }
}

impl DecimalText {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number scaled by `10^places`. Trailing zeros beyond `places` are no loss of precision.
    ///
    /// # Errors
    /// `TooPrecise` if digits would be lost, `TooLarge` if the size exceeds `max`.
    pub fn scaled(&self, places: u32, max: i64) -> Result<i64, OutOfRange> {
        let (negative, digits) = match self.0.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, self.0.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > places as usize {
            return Err(OutOfRange::TooPrecise);
        }
        let padding = places as usize - fraction.len();
        let mut value: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', padding)) {
            let digit = i64::from(byte.wrapping_sub(b'0'));
            value = value.checked_mul(10).and_then(|v| v.checked_add(digit)).ok_or(OutOfRange::TooLarge)?;
        }
        if value > max {
            return Err(OutOfRange::TooLarge);
        }
        Ok(if negative { -value } else { value })
    }
}

/// Writes a scaled integer as a decimal, keeping at least `least` places: `(125000, 4, 2)` is `"12.50"`.
pub fn scaled_text(value: i64, places: u32, least: u32) -> String {
    let base = 10u64.pow(places);
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let (whole, fraction) = (magnitude / base, magnitude % base);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let mut digits = format!("{fraction:0width$}", width = places as usize);
    while digits.len() > least as usize && digits.ends_with('0') {
        digits.pop();
    }
    if digits.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{digits}") }
}

/// A quantity in thousandths as text: `2500` is `"2.5"`.
pub fn qty_text(qty_milli: i64) -> String {
    scaled_text(qty_milli, 3, 0)
}

/// A unit price in ten-thousandths as text: `125000` is `"12.50"`.
pub fn price_text(price_e4: i64) -> String {
    scaled_text(price_e4, 4, 2)
}

/// Money in minor units as text: `1250` in CNY is `"12.50"`.
pub fn money_text(minor: i64, currency: Currency) -> String {
    scaled_text(minor, currency.exponent(), currency.exponent())
}

/// An ISO 4217 currency that Ordain can calculate in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Aud,
    Cad,
    Chf,
    Cny,
    Eur,
    Gbp,
    Hkd,
    Jpy,
    Krw,
    Sgd,
    Twd,
    Usd,
}

impl Currency {
    const ALL: [(Currency, &'static str); 12] = [
        (Currency::Aud, "AUD"),
        (Currency::Cad, "CAD"),
        (Currency::Chf, "CHF"),
        (Currency::Cny, "CNY"),
        (Currency::Eur, "EUR"),
        (Currency::Gbp, "GBP"),
        (Currency::Hkd, "HKD"),
        (Currency::Jpy, "JPY"),
        (Currency::Krw, "KRW"),
        (Currency::Sgd, "SGD"),
        (Currency::Twd, "TWD"),
        (Currency::Usd, "USD"),
    ];

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, c)| *c == code).map(|(currency, _)| *currency)
    }

    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(c, _)| *c == self).map_or("CNY", |(_, code)| code)
    }

    /// Digits after the point (ISO 4217).
    pub fn exponent(self) -> u32 {
        match self {
            Currency::Jpy | Currency::Krw => 0,
            _ => 2,
        }
    }
}

pub(crate) fn divide_half_away(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    if numerator >= 0 { (numerator + half) / denominator } else { (numerator - half) / denominator }
}

/// `value` × `above` ÷ `below`, if it comes out even.
pub fn exact_share(value: i64, above: i64, below: i64) -> Option<i64> {
    let product = i128::from(value) * i128::from(above);
    let even = below > 0 && product % i128::from(below) == 0;
    even.then(|| i64::try_from(product / i128::from(below)).ok()).flatten()
}

/// The whole, in ten-thousandths: rates and discounts are parts of it.
pub const RATE_ONE_E4: i64 = 10_000;

/// Quantity times unit price, less the discount, in minor units of `currency`, rounded half away from zero once.
pub fn line_amount(qty_milli: i64, price_e4: i64, discount_e4: i64, currency: Currency) -> Option<i64> {
    let product = i128::from(qty_milli).checked_mul(i128::from(price_e4))?;
    let product = product.checked_mul(i128::from(RATE_ONE_E4.checked_sub(discount_e4)?))?;
    i64::try_from(divide_half_away(product, 10i128.pow(11 - currency.exponent()))).ok()
}

/// The tax that comes on top of a net amount at `rate_e4`, rounded half away from zero.
pub fn tax_on_net(net_minor: i64, rate_e4: i64) -> Option<i64> {
    let product = i128::from(net_minor).checked_mul(i128::from(rate_e4))?;
    i64::try_from(divide_half_away(product, i128::from(RATE_ONE_E4))).ok()
}

/// The tax contained in a gross amount at `rate_e4` (13 % is 1,300), rounded half away from zero.
pub fn tax_in_gross(gross_minor: i64, rate_e4: i64) -> Option<i64> {
    let rate = i128::from(rate_e4);
    i64::try_from(divide_half_away(i128::from(gross_minor).checked_mul(rate)?, 10_000i128.checked_add(rate)?))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> DecimalText {
        DecimalText::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn form_is_checked_and_size_is_not() {
        for good in ["0", "12.50", "-3", "00012", "999999999999999999999999999999"] {
            assert!(DecimalText::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "-", ".5", "5.", "1e3", "１２", "1,000", "0x10", " 1", "NaN", "--1"] {
            assert!(DecimalText::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn scaling_is_exact_or_refused() {
        assert_eq!(decimal("12.50").scaled(4, PRICE_E4_MAX), Ok(125_000));
        assert_eq!(decimal("-2.5").scaled(3, QTY_MILLI_MAX), Ok(-2_500));
        assert_eq!(decimal("1.0000000").scaled(3, QTY_MILLI_MAX), Ok(1_000));
        assert_eq!(decimal("0.0001").scaled(3, QTY_MILLI_MAX), Err(OutOfRange::TooPrecise));
        assert_eq!(
            decimal("999999999999999999999999999999").scaled(3, QTY_MILLI_MAX),
            Err(OutOfRange::TooLarge)
        );
        assert_eq!(decimal("1000000000.001").scaled(3, QTY_MILLI_MAX), Err(OutOfRange::TooLarge));
    }

    #[test]
    fn amounts_round_half_away_from_zero_once() {
        assert_eq!(line_amount(1_000, 125_000, 0, Currency::Cny), Some(1_250));
        assert_eq!(line_amount(500, 10_050, 0, Currency::Cny), Some(50)); // 0.5 x 1.005 = 0.5025
        assert_eq!(line_amount(1_000, 10_050, 0, Currency::Cny), Some(101)); // 1.005
        assert_eq!(line_amount(1_000, 125_000, 0, Currency::Jpy), Some(13)); // 12.5
        assert_eq!(line_amount(3_000, 33_300, 500, Currency::Cny), Some(949)); // 9.99 x 0.95 = 9.4905
        assert_eq!(line_amount(1_000, 10_000, RATE_ONE_E4, Currency::Cny), Some(0));
        assert_eq!(line_amount(QTY_MILLI_MAX, PRICE_E4_MAX, 1, Currency::Cny), None);
        assert_eq!(tax_in_gross(11_300, 1_300), Some(1_300));
        assert_eq!(tax_on_net(10_000, 1_300), Some(1_300));
        assert_eq!(tax_on_net(50, 1_300), Some(7)); // 6.5
    }

    proptest! {
        #[test]
        fn text_and_number_agree(value in -QTY_MILLI_MAX..=QTY_MILLI_MAX) {
            prop_assert_eq!(decimal(&qty_text(value)).scaled(3, QTY_MILLI_MAX), Ok(value));
        }
    }
}
