//! What is left of an order's price above the cost of its goods.

use super::Checked;
use crate::decimal::{Currency, divide_half_away};
use crate::master::Product;
use crate::order::Content;
use crate::rate::Rates;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The part of the price without tax that is left above the cost, in 1/10,000; below zero where goods go for less than
/// they cost. Costs are in the company's own currency `home`. Nothing where a price, a cost or a rate is not known.
pub fn margin_e4(
    content: &Content,
    checked: &Checked,
    products: &BTreeMap<String, Product>,
    rates: &Rates,
    (home, on): (Currency, Date),
) -> Option<i64> {
    let totals = checked.totals.as_ref()?;
    let quantities: BTreeMap<u32, i64> =
        checked.lines.iter().filter_map(|line| Some((line.line, line.qty_milli?))).collect();
    // Thousandths of a unit at ten-thousandths of money.
    let mut cost = 0_i128;
    for line in &content.lines {
        let product = products.get(line.product.as_deref()?)?;
        let each = rates.convert_price(product.cost_e4?, (home, totals.currency), home, on).ok()?;
        cost += i128::from(each) * i128::from(*quantities.get(&line.id)?);
    }
    let net = i128::from(totals.net) * 10_i128.pow(7_u32.saturating_sub(totals.currency.exponent()));
    let left = (net > 0).then(|| divide_half_away((net - cost) * 10_000, net))?;
    i64::try_from(left).ok()
}
