//! The checks: an order in, everything that is missing, wrong or doubtful out, all at once.
//!
//! A check never stops at the first fault and never changes the order; it also says which stock would back the lines.

mod commerce;
mod custom;
mod form;
mod line;
mod margin;
mod price;

pub use margin::margin_e4;

use crate::calendar::Calendar;
use crate::clause::Clauses;
use crate::decimal::{Currency, exact_share};
use crate::finding::Finding;
use crate::form::OrderForm;
use crate::master::{CompanyRules, Master, UNIT_MILLI};
use crate::order::Content;
use crate::promise::Promise;
use crate::rate::Rates;
use crate::stock::Free;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything an order is checked against.
#[derive(Debug)]
pub struct Against<'a> {
    pub rules: &'a CompanyRules,
    pub master: &'a Master,
    pub clauses: &'a Clauses,
    /// What is asked for beside the order's own fields.
    pub form: &'a OrderForm,
    /// When the order was handed in; now, if it was not yet.
    pub handed_in_ms: i64,
    pub rates: &'a Rates,
    /// Free stock of the products, what the order itself holds included. The check takes from it.
    pub free: Free,
    /// Number of another live order with the same customer and customer PO.
    pub twin: Option<&'a str>,
    /// Whether nothing was ever confirmed to the customer; only where somebody asks.
    pub first_order: Option<bool>,
    /// Credit that the order itself already holds, to be left out of the exposure.
    pub own_credit_minor: i64,
    /// What of the order is paid already, and needs no credit.
    pub paid_minor: i64,
    /// What of each line has left already, and needs no goods.
    pub shipped_milli: &'a BTreeMap<u32, i64>,
    /// Days that were confirmed, and are not asked for anew.
    pub agreed_dates: &'a BTreeSet<Date>,
    /// The day on which the sender last said what is wanted, on the company's calendar.
    pub asked_on: Date,
    /// From when on a stock figure is new enough to promise by, where the company says so.
    pub fresh: Option<Fresh<'a>>,
}

/// Stock figures that were counted before this are stale.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<'a> {
    pub since_ms: i64,
    /// In which times are told.
    pub calendar: &'a Calendar,
}

/// Sums of an order in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub currency: Currency,
    pub net: i64,
    pub tax: i64,
    pub gross: i64,
}

/// Where the price that a line is compared with comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    Contract,
    Quotation,
    Tier,
    QuantityBreak,
    List,
}

impl PriceSource {
    pub fn name(self) -> &'static str {
        match self {
            PriceSource::Contract => "contract",
            PriceSource::Quotation => "quotation",
            PriceSource::Tier => "tier",
            PriceSource::QuantityBreak => "quantity_break",
            PriceSource::List => "list",
        }
    }
}

/// What the checks made of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedLine {
    pub line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In the product's own unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qty_milli: Option<i64>,
    /// The product's own unit, where the line asks in another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseUnit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_e4: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_e4: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_from: Option<PriceSource>,
    /// With tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_minor: Option<i64>,
    /// What could be promised of the product when it was checked, this order's own stock included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_milli: Option<i64>,
    /// Part of it would come by supplies.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// The product line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// The unit in which stock is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseUnit {
    pub unit: String,
    /// How much of it one of the line's unit is, in thousandths.
    pub per_milli: i64,
}

impl CheckedLine {
    /// How much of the product's own unit one of the line's is, in thousandths.
    pub fn base_per(&self) -> i64 {
        self.base.as_ref().map_or(UNIT_MILLI, |base| base.per_milli)
    }

    /// A quantity of the product's own unit in the unit of the line; nothing where thousandths cannot say it.
    pub fn asked_milli(&self, base_milli: i64) -> Option<i64> {
        exact_share(base_milli, UNIT_MILLI, self.base_per())
    }

    /// A quantity in the unit of the line in the product's own.
    pub fn base_milli(&self, asked_milli: i64) -> Option<i64> {
        exact_share(asked_milli, self.base_per(), UNIT_MILLI)
    }
}

/// The customer as found in the master data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedCustomer {
    pub code: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Login of the salesperson who answers for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether nothing was ever confirmed to it; absent where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_order: Option<bool>,
}

/// The whole result of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CheckedCustomer>,
    #[serde(default)]
    pub lines: Vec<CheckedLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Result of the checks and what would back the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub checked: Checked,
    pub backing: Promise,
}

/// Every fault of what an invoice is made out with.
pub fn invoice_faults(profile: &crate::master::InvoiceProfile) -> Vec<Finding> {
    let mut findings = Vec::new();
    form::invoice(profile, &mut findings);
    findings
}

/// Runs every check.
pub fn check(content: &Content, mut against: Against<'_>) -> Outcome {
    let mut findings = Vec::new();
    form::check(content, &against, &mut findings);
    custom::check(content, &against, &mut findings);
    let currency = content.currency.as_deref().and_then(Currency::parse);
    let mut lines = Vec::with_capacity(content.lines.len());
    let mut backing = Promise::default();
    let mut sums = line::Sums::new(currency);
    for (index, asked) in content.lines.iter().enumerate() {
        let checked =
            line::check((index, asked), content, currency, &mut against, &mut findings, &mut backing);
        lines.push(sums.add(asked, checked, against.master));
    }
    let totals = sums.finish(&mut findings);
    commerce::check(content, &against, totals.as_ref(), &mut findings);
    let customer = against.master.customer.as_ref().map(|customer| CheckedCustomer {
        code: customer.code.clone(),
        name: customer.name.clone(),
        level: customer.level.clone(),
        owner: customer.owner.clone(),
        first_order: against.first_order,
    });
    Outcome { checked: Checked { customer, lines, totals, findings }, backing }
}
