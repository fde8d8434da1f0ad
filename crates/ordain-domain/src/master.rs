//! Master data as the checks need it: customer, product, agreed price, company rules.

use crate::credit::GroupCredit;
use crate::decimal::{Currency, RATE_ONE_E4};
use jiff::civil::Date;
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
    /// What they answer for, in the words of the company: purchasing, accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
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
    /// Last day of the limit; after it nothing is given on credit.
    pub credit_limit_until: Option<Date>,
    /// A higher limit for a time, and its last day.
    pub temporary_limit: Option<(i64, Date)>,
    pub exposure_minor: i64,
    pub payment_terms: Option<String>,
    pub payment_method: Option<String>,
    pub contacts: Vec<Contact>,
    /// Login of the salesperson who answers for the customer.
    pub owner: Option<String>,
}

impl Customer {
    /// The limit on a day; `None` if credit is not checked.
    pub fn limit_on(&self, day: Date) -> Option<i64> {
        let limit = self.credit_limit_minor?;
        let agreed = if self.credit_limit_until.is_some_and(|until| until < day) { 0 } else { limit };
        let raised = self.temporary_limit.filter(|(_, until)| day <= *until).map_or(0, |(limit, _)| limit);
        Some(agreed.max(raised))
    }
}

/// One of a unit, in thousandths.
pub const UNIT_MILLI: i64 = 1_000;

/// A product that can be ordered. Prices contain tax.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    pub code: String,
    pub name: String,
    pub unit: String,
    /// Other units that it is sold in, with how much of its own unit one of them is, in thousandths.
    pub units: BTreeMap<String, i64>,
    /// It is sold in whole units of its own only.
    pub indivisible: bool,
    /// VAT rate in 1/10,000 (13 % is 1,300).
    pub tax_rate_e4: i64,
    pub list_price_e4: Option<i64>,
    /// The product line, for which somebody may answer.
    pub line: Option<String>,
    /// Below this price with tax the product goes only with somebody's leave; in the company's currency, like the cost.
    pub floor_e4: Option<i64>,
    /// What the product costs the company, without tax.
    pub cost_e4: Option<i64>,
    /// The least part of the price without tax that must remain above the cost, in 1/10,000.
    pub min_margin_e4: Option<i64>,
}

impl Product {
    /// How much of the product's own unit one of `unit` is, in thousandths; nothing where it is not sold in it.
    pub fn base_per(&self, unit: &str) -> Option<i64> {
        if unit == self.unit { Some(UNIT_MILLI) } else { self.units.get(unit).copied() }
    }

    /// The least price with tax that leaves the margin above the cost.
    pub fn margin_floor(&self) -> Option<i64> {
        let (cost, margin) = (i128::from(self.cost_e4?), i128::from(self.min_margin_e4?));
        let one = i128::from(RATE_ONE_E4);
        let of_price = one * (one - margin);
        if of_price <= 0 {
            return Some(i64::MAX);
        }
        let floor = cost * one * (one + i128::from(self.tax_rate_e4));
        i64::try_from((floor + of_price - 1) / of_price).ok()
    }
}

/// How a price came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriceKind {
    /// By contract with a customer; for everybody, by decision of the company.
    #[default]
    Agreed,
    /// Offered to a customer.
    Quotation,
}

/// A price with tax agreed for a product: for one customer, for all of a level, or for everybody from a quantity on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreedPrice {
    pub customer: Option<String>,
    pub level: Option<String>,
    /// `None`: the customer's, where there is one, else the company's.
    pub currency: Option<Currency>,
    pub kind: PriceKind,
    pub min_qty_milli: i64,
    /// First and last day on which it holds.
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
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
    /// After how many hours a stock figure is stale, so that a promise by it needs a reason. `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_stale_hours: Option<i64>,
    /// Whether the shortage of an order asks purchasing for goods by itself.
    #[serde(default = "yes")]
    pub shortage_asks_purchasing: bool,
    /// Whether the shortage of something that is made plans work for it by itself, instead of asking purchasing.
    #[serde(default = "yes")]
    pub shortage_plans_work: bool,
    /// Whether goods that are ordered, and not here yet, can be promised for the day on which they come.
    #[serde(default = "yes")]
    pub promise_from_supply: bool,
    /// After how many working minutes without a decision the goods of an order in review are let go. `None`: never.
    #[serde(default = "half_an_hour")]
    pub reservation_minutes: Option<i64>,
    /// Working minutes within which purchasing or production answers what an order is short of. `None`: no deadline.
    #[serde(default = "a_day")]
    pub shortage_answer_minutes: Option<i64>,
    /// Levels of customers, the first served first, where not all can be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority_levels: Vec<String>,
    /// What the figures are measured by.
    #[serde(default)]
    pub targets: FigureTargets,
    /// From which amount with tax on a second person has to agree to what is done to an order by hand. `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_person_from_minor: Option<i64>,
    /// Minutes within which several unread notices of one kind to one person are shown as one. 0: never.
    #[serde(default)]
    pub notice_merge_minutes: i64,
}

/// What the company's figures are measured by, and after how long it is noticed that nothing moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FigureTargets {
    /// Working minutes in which an order is to be confirmed.
    pub cycle_minutes: i64,
    /// The same as it was before, where the company has measured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle_minutes_before: Option<i64>,
    /// Complaints of a thousand confirmed orders, as they were before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaints_permille_before: Option<i64>,
    /// By how much they are to fall, in percent.
    pub complaints_less_percent: i64,
    /// Working minutes in which whoever is handed work has to have opened it; 0: nobody is told.
    pub unreceived_minutes: i64,
    /// Working minutes without progress after which an order that is not late anyway may be lost; 0: never.
    pub stall_minutes: i64,
}

impl Default for FigureTargets {
    /// Two hours, and sixty percent less; a working day without anything.
    fn default() -> Self {
        Self {
            cycle_minutes: 120,
            cycle_minutes_before: None,
            complaints_permille_before: None,
            complaints_less_percent: 60,
            unreceived_minutes: 480,
            stall_minutes: 480,
        }
    }
}

fn yes() -> bool {
    true
}

#[allow(clippy::unnecessary_wraps, reason = "the default of an optional field")]
fn half_an_hour() -> Option<i64> {
    Some(30)
}

#[allow(clippy::unnecessary_wraps, reason = "the default of an optional field")]
fn a_day() -> Option<i64> {
    Some(480)
}

impl Default for CompanyRules {
    fn default() -> Self {
        Self {
            currency: Currency::Cny,
            timezone: "Asia/Shanghai".to_owned(),
            price_tolerance_permille: 10,
            horizon_days: 730,
            stock_stale_hours: None,
            shortage_asks_purchasing: true,
            shortage_plans_work: true,
            promise_from_supply: true,
            reservation_minutes: half_an_hour(),
            shortage_answer_minutes: a_day(),
            priority_levels: Vec::new(),
            targets: FigureTargets::default(),
            second_person_from_minor: None,
            notice_merge_minutes: 0,
        }
    }
}

/// The part of the master data that one order touches.
#[derive(Clone, Debug, Default)]
pub struct Master {
    pub customer: Option<Customer>,
    /// Where the customer owes together with others.
    pub group: Option<GroupCredit>,
    pub products: BTreeMap<String, Product>,
    pub prices: BTreeMap<String, Vec<AgreedPrice>>,
}
