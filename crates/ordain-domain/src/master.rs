//! Master data as the checks need it: customer, product, agreed price, company rules.

use crate::decimal::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where goods go. Each part may be absent while an order is being completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShipTo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Who the invoice is made out to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceProfile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_no: Option<String>,
    /// One of [`crate::terms::INVOICE_KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The buyer's bank and account, printed on the invoice: both or neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<String>,
}

/// A person at the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// A customer with its agreed terms. `exposure_minor` is what its live orders already hold of the credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub code: String,
    pub name: String,
    pub level: Option<String>,
    pub currency: Currency,
    /// `None`: no limit was agreed, so credit is not checked.
    pub credit_limit_minor: Option<i64>,
    pub exposure_minor: i64,
    pub payment_terms: Option<String>,
    pub contacts: Vec<Contact>,
    /// Login of the salesperson who answers for the customer.
    pub owner: Option<String>,
}

/// A product that can be ordered. Prices contain tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub code: String,
    pub name: String,
    pub unit: String,
    /// VAT rate in 1/10,000 (13 % is 1,300).
    pub tax_rate_e4: i64,
    pub list_price_e4: Option<i64>,
    /// The product line, for which somebody may answer.
    pub line: Option<String>,
}

/// A price agreed for a product: for one customer, or for everybody from a quantity on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedPrice {
    pub customer: Option<String>,
    pub min_qty_milli: i64,
    pub price_e4: i64,
}

/// Rules of the company that the checks follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyRules {
    pub currency: Currency,
    /// IANA name of the zone in which "today" is meant.
    pub timezone: String,
    /// Tolerated difference between asked and agreed price, in 1/1,000.
    pub price_tolerance_permille: i64,
    /// How far ahead a date may be asked for, in days.
    pub horizon_days: i64,
}

impl Default for CompanyRules {
    fn default() -> Self {
        Self {
            currency: Currency::Cny,
            timezone: "Asia/Shanghai".to_owned(),
            price_tolerance_permille: 10,
            horizon_days: 730,
        }
    }
}

/// The part of the master data that one order touches.
#[derive(Clone, Debug, Default)]
pub struct Master {
    pub customer: Option<Customer>,
    pub products: BTreeMap<String, Product>,
    pub prices: BTreeMap<String, Vec<AgreedPrice>>,
}
