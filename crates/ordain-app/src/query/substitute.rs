//! What could stand in for goods that are short: the company's substitutes of the product, each with what of it can be
//! promised. A person accepts one by changing the line as any other.

use super::QueryError;
use super::supply::timeline;
use crate::case::world::House;
use crate::gate::ProductBody;
use jiff::civil::Date;
use ordain_domain::master::UNIT_MILLI;
use ordain_store::Store;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub product: String,
    pub name: String,
    pub unit: String,
    /// How much of it replaces one of the product, in thousandths.
    pub ratio_milli: i64,
    /// How much of it replaces what was asked for.
    pub qty_milli: i64,
    /// What of it can be promised for the day.
    pub available_milli: i64,
    /// The first day for which all of it can be promised.
    pub earliest: Option<Date>,
}

/// What replaces a quantity of a product on a day, in the order in which the company prefers it.
///
/// # Errors
/// What the store says.
pub fn replacements(
    store: &Store,
    (org, house): (i64, &House),
    (product, qty_milli): (&str, i64),
    (today, on): (Date, Date),
) -> Result<Vec<Replacement>, QueryError> {
    let row = store.product(org, product)?;
    let body = row.as_ref().map(ProductBody::of).unwrap_or_default();
    let mut found = Vec::with_capacity(body.substitutes.len());
    for of in body.substitutes {
        let Some(row) = store.product(org, &of.product)? else { continue };
        let needs = i128::from(qty_milli) * i128::from(of.ratio_milli);
        let one = i128::from(UNIT_MILLI);
        let needs_milli = i64::try_from((needs + one - 1) / one).unwrap_or(i64::MAX);
        let timeline = timeline(store, org, house, (&of.product, None), (today, None))?;
        found.push(Replacement {
            product: row.code,
            name: row.name,
            unit: row.unit,
            ratio_milli: of.ratio_milli,
            qty_milli: needs_milli,
            available_milli: timeline.available_milli(on).max(0),
            earliest: timeline.earliest(needs_milli).map(|date| date.max(on)),
        });
    }
    Ok(found)
}
