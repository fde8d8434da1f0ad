//! From rows of the master data to what the checks look at.

use crate::case::world::House;
use jiff::civil::Date;
use ordain_domain::credit::{GroupCredit, Owed};
use ordain_domain::decimal::Currency;
use ordain_domain::master::{AgreedPrice, CompanyRules, Contact, Customer, PriceKind, Product};
use ordain_domain::stock::Balance;
use ordain_store::{CustomerRow, PriceRow, ProductRow, Slice, StockRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of a price that was offered, as rows keep it.
pub(crate) const QUOTATION: &str = "quotation";
/// VAT rate of a product that states none, in 1/10,000.
const TAX_RATE_E4: i64 = 1_300;

/// The JSON part of a customer row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerBody {
    pub ship_to: Vec<ordain_domain::master::ShipTo>,
    pub invoice: ordain_domain::master::InvoiceProfile,
    pub contacts: Vec<Contact>,
    /// Login of the salesperson who answers for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_limit_until: Option<Date>,
    /// In the customer's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary_limit_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary_limit_until: Option<Date>,
    /// How the customer has agreed to pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
}

/// The JSON part of a product row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// As in [`Product`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub indivisible: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor_e4: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_e4: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_margin_e4: Option<i64>,
    /// What could be sold in its place, the preferred first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
}

impl ProductBody {
    pub fn of(row: &ProductRow) -> Self {
        serde_json::from_str(&row.body).unwrap_or_default()
    }
}

/// A product that may replace another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    pub product: String,
    /// How much of it, in its own unit, replaces one of the other in its own, in thousandths.
    pub ratio_milli: i64,
}

pub(crate) fn customer(row: &CustomerRow, rules: &CompanyRules) -> Customer {
    // A body that cannot be read costs the contacts, not the order.
    let body: CustomerBody = serde_json::from_str(&row.body).unwrap_or_default();
    Customer {
        code: row.code.clone(),
        name: row.name.clone(),
        level: row.level.clone(),
        currency: Currency::parse(&row.currency).unwrap_or(rules.currency),
        credit_limit_minor: row.credit_limit_minor,
        credit_limit_until: body.credit_limit_until,
        temporary_limit: body.temporary_limit_minor.zip(body.temporary_limit_until),
        exposure_minor: row.exposure_minor,
        payment_terms: Some(row.payment_terms.clone()).filter(|terms| !terms.is_empty()),
        payment_method: body.payment_method,
        contacts: body.contacts,
        owner: body.owner,
    }
}

/// The customers that owe together with one, as their rows say; `None` if it is in no group.
pub(crate) fn group(
    customer: &str,
    house: &House,
    row: impl Fn(&str) -> Option<CustomerRow>,
) -> Option<GroupCredit> {
    let (code, group) = house.credit_groups.of(customer)?;
    let owed = |member: &String| Some(Owed::from(&self::customer(&row(member)?, &house.rules)));
    let owed = group.members.iter().filter_map(owed).collect();
    Some(GroupCredit { code: code.clone(), group: group.clone(), owed })
}

pub(crate) fn product(row: &ProductRow) -> Product {
    let body = ProductBody::of(row);
    Product {
        line: body.line,
        units: body.units,
        indivisible: body.indivisible,
        code: row.code.clone(),
        name: row.name.clone(),
        unit: row.unit.clone(),
        tax_rate_e4: row.tax_rate_e4.unwrap_or(TAX_RATE_E4),
        list_price_e4: row.list_price_e4,
        floor_e4: body.floor_e4,
        cost_e4: body.cost_e4,
        min_margin_e4: body.min_margin_e4,
    }
}

pub(super) fn prices(slice: &Slice, org: i64, product: &str, customer: &str) -> Vec<AgreedPrice> {
    let rows = |customer: &str| slice.prices.get(&(org, product.to_owned(), customer.to_owned()));
    let own = (!customer.is_empty()).then(|| rows(customer)).flatten();
    own.into_iter().chain(rows("")).flatten().map(agreed_price).collect()
}

pub(crate) fn agreed_price(row: &PriceRow) -> AgreedPrice {
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    AgreedPrice {
        customer: said(&row.customer),
        level: said(&row.level),
        currency: Currency::parse(&row.currency),
        kind: if row.kind == QUOTATION { PriceKind::Quotation } else { PriceKind::Agreed },
        min_qty_milli: row.min_qty_milli,
        valid_from: row.valid_from.parse().ok(),
        valid_to: row.valid_to.parse().ok(),
        price_e4: row.price_e4,
    }
}

pub(crate) fn balance(row: &StockRow) -> Balance {
    Balance {
        on_hand_milli: row.on_hand_milli,
        reserved_milli: row.reserved_milli,
        frozen_milli: row.frozen_milli,
        safety_milli: row.safety_milli,
    }
}
