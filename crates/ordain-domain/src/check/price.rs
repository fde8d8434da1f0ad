//! Which price was agreed for a line, where it comes from, and below which price nothing leaves without somebody's leave.
//!
//! Prices are compared as their sender means them: after the line's discount, and with tax, whichever way the line says
//! it. Nothing is rounded for a comparison.

use super::PriceSource;
use crate::decimal::{Currency, RATE_ONE_E4};
use crate::master::{AgreedPrice, Customer, Master, PriceKind, Product};
use crate::rate::{NoRate, Rates};
use jiff::civil::Date;

/// What a price is looked up for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookup<'a> {
    pub master: &'a Master,
    pub rates: &'a Rates,
    /// The company's own.
    pub home: Currency,
    /// That of the order; unknown ones are not told apart.
    pub currency: Option<Currency>,
    pub on: Date,
}

impl Lookup<'_> {
    /// The agreed price with tax: contract before quotation before the price of the customer's level, before what
    /// everybody pays from a quantity on, before the list. Of several of one kind the one for the greatest quantity, and
    /// of those the one that came into force last.
    pub fn agreed(&self, product: &Product, qty_milli: i64) -> Option<(i64, PriceSource)> {
        let customer = self.master.customer.as_ref();
        let rows = self.master.prices.get(&product.code).map_or(&[][..], Vec::as_slice);
        let fitting =
            rows.iter().filter(|row| row.min_qty_milli <= qty_milli && self.in_force(row, customer));
        let sourced = fitting.filter_map(|row| Some((source(row, customer)?, row)));
        let best = sourced.max_by_key(|(source, row)| (rank(*source), row.min_qty_milli, row.valid_from));
        best.map(|(source, row)| (row.price_e4, source)).or_else(|| {
            let listed = product.list_price_e4.filter(|_| self.currency.is_none_or(|c| c == self.home));
            listed.map(|price| (price, PriceSource::List))
        })
    }

    fn in_force(&self, row: &AgreedPrice, customer: Option<&Customer>) -> bool {
        let of_customer = customer.filter(|_| row.customer.is_some()).map(|customer| customer.currency);
        let currency = row.currency.or(of_customer).unwrap_or(self.home);
        self.currency.is_none_or(|asked| asked == currency)
            && row.valid_from.is_none_or(|from| from <= self.on)
            && row.valid_to.is_none_or(|until| self.on <= until)
    }

    /// The least price with tax for which the product may go: its floor price, or what leaves the margin above its cost,
    /// in the currency of the order.
    pub fn floor(&self, product: &Product) -> Result<Option<i64>, NoRate> {
        let floor = product.floor_e4.max(product.margin_floor());
        let to = self.currency.unwrap_or(self.home);
        floor.map(|floor| self.rates.convert_price(floor, (self.home, to), self.home, self.on)).transpose()
    }
}

/// Where a row's price comes from; `None` if it is not meant for this customer.
fn source(row: &AgreedPrice, customer: Option<&Customer>) -> Option<PriceSource> {
    match (&row.customer, &row.level) {
        (Some(code), _) => {
            (customer.map(|customer| &customer.code) == Some(code)).then_some(match row.kind {
                PriceKind::Quotation => PriceSource::Quotation,
                PriceKind::Agreed => PriceSource::Contract,
            })
        }
        (None, Some(level)) => (customer.and_then(|customer| customer.level.as_ref()) == Some(level))
            .then_some(PriceSource::Tier),
        (None, None) => Some(PriceSource::QuantityBreak),
    }
}

fn rank(source: PriceSource) -> u8 {
    match source {
        PriceSource::Contract => 4,
        PriceSource::Quotation => 3,
        PriceSource::Tier => 2,
        PriceSource::QuantityBreak => 1,
        PriceSource::List => 0,
    }
}

/// What a unit of a line costs with tax, after its discount, as a fraction over [`AskedPrice::OVER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AskedPrice(i128);

impl AskedPrice {
    /// Ten-thousandths of a unit price, of what the discount leaves, and of what tax adds.
    const OVER: i128 = RATE_ONE_E4 as i128 * RATE_ONE_E4 as i128;

    /// `tax_e4` is the rate that is still to be added: none where the price contains it.
    pub fn new(price_e4: i64, discount_e4: i64, tax_e4: i64) -> Self {
        let left = i128::from(RATE_ONE_E4 - discount_e4);
        Self(i128::from(price_e4) * left * i128::from(RATE_ONE_E4 + tax_e4))
    }

    pub fn is_below(self, price_e4: i64) -> bool {
        self.0 < i128::from(price_e4) * Self::OVER
    }

    /// Whether the price is further from the agreed one than tolerated.
    pub fn differs(self, agreed_e4: i64, tolerance_permille: i64) -> bool {
        let agreed = i128::from(agreed_e4) * Self::OVER;
        (self.0 - agreed).abs() * 1_000 > agreed * i128::from(tolerance_permille)
    }

    /// Rounded half away from zero to ten-thousandths, to be shown.
    pub fn shown_e4(self) -> i64 {
        i64::try_from((self.0 + Self::OVER / 2) / Self::OVER).unwrap_or(i64::MAX)
    }
}
