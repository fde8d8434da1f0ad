//! Findings: what the checks say about an order or a line.
//!
//! Missing fields, price differences, short stock and exceeded credit are all findings, so that there is one way
//! to show, to accept and to count them. Codes live here; the words for them live in `locales/`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The sender must mend it; the order is incomplete until then.
    Blocker,
    /// Somebody responsible must give a reason, or the cause must go.
    Warning,
    Info,
}

/// The check that a finding comes from. Steps of a flow own checks, not single codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Required,
    Catalogue,
    Quantity,
    Date,
    Price,
    Terms,
    Payment,
    Invoice,
    Credit,
    Stock,
    Duplicate,
    SpecialRequest,
}

impl Check {
    pub const ALL: [Check; 12] = [
        Check::Required,
        Check::Catalogue,
        Check::Quantity,
        Check::Date,
        Check::Price,
        Check::Terms,
        Check::Payment,
        Check::Invoice,
        Check::Credit,
        Check::Stock,
        Check::Duplicate,
        Check::SpecialRequest,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Check::Required => "required",
            Check::Catalogue => "catalogue",
            Check::Quantity => "quantity",
            Check::Date => "date",
            Check::Price => "price",
            Check::Terms => "terms",
            Check::Payment => "payment",
            Check::Invoice => "invoice",
            Check::Credit => "credit",
            Check::Stock => "stock",
            Check::Duplicate => "duplicate",
            Check::SpecialRequest => "special_request",
        }
    }

    /// The department that can mend a finding of this check when the sender cannot.
    pub fn department(self) -> &'static str {
        match self {
            Check::Price | Check::Payment | Check::Invoice | Check::Credit => "finance",
            Check::Stock => "warehouse",
            _ => "sales",
        }
    }
}

impl Code {
    /// Whether the customer's credit, or what tells how much of it is left, stands in the way.
    pub fn waits_for_credit(self) -> bool {
        matches!(self, Code::CreditExceeded | Code::GroupCreditExceeded | Code::RateMissing)
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $check:ident $severity:ident),+ $(,)?) => {
        /// What exactly was found. The name is stable: it is API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($variant),+ }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            pub fn check(self) -> Check {
                match self { $(Code::$variant => Check::$check),+ }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),+ }
            }
        }
    };
}

codes! {
    MissingField "missing_field" Required Blocker,
    NoLines "no_lines" Required Blocker,
    TextTooLong "text_too_long" Required Blocker,
    BadCharacter "bad_character" Required Blocker,
    CustomMissing "custom_missing" Required Blocker,
    CustomUnfit "custom_unfit" Required Blocker,
    UnknownCustomer "unknown_customer" Catalogue Blocker,
    UnknownProduct "unknown_product" Catalogue Blocker,
    UnknownUnit "unknown_unit" Catalogue Blocker,
    UnknownCurrency "unknown_currency" Catalogue Blocker,
    CurrencyDiffers "currency_differs" Catalogue Blocker,
    UnknownWarehouse "unknown_warehouse" Catalogue Blocker,
    QuantityNotPositive "quantity_not_positive" Quantity Blocker,
    QuantityTooLarge "quantity_too_large" Quantity Blocker,
    QuantityTooPrecise "quantity_too_precise" Quantity Blocker,
    QuantityNotWhole "quantity_not_whole" Quantity Blocker,
    PriceNegative "price_negative" Quantity Blocker,
    PriceTooLarge "price_too_large" Quantity Blocker,
    PriceTooPrecise "price_too_precise" Quantity Blocker,
    DiscountOutOfRange "discount_out_of_range" Quantity Blocker,
    TaxRateOutOfRange "tax_rate_out_of_range" Quantity Blocker,
    TotalTooLarge "total_too_large" Quantity Blocker,
    DatePast "date_past" Date Blocker,
    DateTooFar "date_too_far" Date Blocker,
    PriceDiffers "price_differs" Price Warning,
    NoListPrice "no_list_price" Price Warning,
    TaxDiffers "tax_differs" Price Warning,
    BelowFloor "below_floor" Price Warning,
    FloorUnknown "floor_unknown" Price Warning,
    UnknownPaymentTerms "unknown_payment_terms" Payment Blocker,
    TermsDiffer "terms_differ" Terms Warning,
    UnknownIncoterm "unknown_incoterm" Terms Blocker,
    UnknownClause "unknown_clause" Terms Blocker,
    ClauseMissing "clause_missing" Terms Warning,
    ClauseDeparts "clause_departs" Terms Warning,
    UnknownPaymentMethod "unknown_payment_method" Payment Blocker,
    PaymentMethodDiffers "payment_method_differs" Payment Warning,
    UnknownInvoiceKind "unknown_invoice_kind" Invoice Blocker,
    TaxNoLength "tax_no_length" Invoice Blocker,
    TaxNoCharacter "tax_no_character" Invoice Blocker,
    TaxNoCheckDigit "tax_no_check_digit" Invoice Blocker,
    BankAccountUnreadable "bank_account_unreadable" Invoice Blocker,
    CreditExceeded "credit_exceeded" Credit Warning,
    GroupCreditExceeded "group_credit_exceeded" Credit Warning,
    RateMissing "rate_missing" Credit Warning,
    StockShort "stock_short" Stock Warning,
    StockStale "stock_stale" Stock Warning,
    PromisedLate "promised_late" Stock Warning,
    DuplicateOrder "duplicate_order" Duplicate Warning,
    SpecialRequest "special_request" SpecialRequest Warning,
}

/// Facts that are for those alone who may see costs.
const CONFIDENTIAL_FACTS: [&str; 1] = ["floor"];

impl Code {
    /// Whether a reason can set the finding aside. Goods that are not there cannot be argued away.
    pub fn acceptable(self) -> bool {
        self.severity() == Severity::Warning && self != Code::StockShort
    }
}

/// One finding. Equal findings have equal ids, so that a second check of the same order finds the same ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: Code,
    /// Where in the order, in the words of the API: `lines[0].quantity`.
    pub path: String,
    /// What was compared, as text: `{"asked": "12.50", "agreed": "10.00"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Finding {
    pub fn new(code: Code, path: impl Into<String>) -> Self {
        Self { code, path: path.into(), facts: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// The facts that everybody may see who may see the order.
    pub fn facts_for_all(&self) -> BTreeMap<String, String> {
        let mut facts = self.facts.clone();
        facts.retain(|name, _| !CONFIDENTIAL_FACTS.contains(&name.as_str()));
        facts
    }

    /// Stable name of the finding within its order.
    pub fn id(&self) -> String {
        format!("{}:{}", self.code.name(), self.path)
    }
}
