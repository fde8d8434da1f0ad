//! An order that nothing is wrong with, and the company that it is checked against. Tests change one thing of it.

use jiff::civil::{Date, date};
use ordain_domain::calendar::{Calendar, CalendarRules};
use ordain_domain::check::{Against, Fresh, Outcome, check};
use ordain_domain::clause::Clauses;
use ordain_domain::decimal::{Currency, DecimalText};
use ordain_domain::finding::Code;
use ordain_domain::form::OrderForm;
use ordain_domain::master::{CompanyRules, Contact, Customer, InvoiceProfile, Master, Product, ShipTo};
use ordain_domain::order::{Content, Line};
use ordain_domain::rate::Rates;
use ordain_domain::stock::Free;
use std::collections::{BTreeMap, BTreeSet};

/// The day on which every order of these tests is checked.
pub const TODAY: Date = date(2026, 11, 23);

/// What an order is checked against, free to be changed by a test.
#[derive(Clone)]
pub struct Setting {
    pub rules: CompanyRules,
    pub master: Master,
    pub clauses: Clauses,
    pub form: OrderForm,
    pub handed_in_ms: i64,
    pub rates: Rates,
    pub free: Free,
    pub twin: Option<&'static str>,
    pub own_credit_minor: i64,
    pub asked_on: Date,
    /// Figures counted before this are stale.
    pub fresh_since_ms: Option<i64>,
}

impl Setting {
    pub fn new() -> Self {
        let mut free = Free::new(vec!["SH".into(), "NB".into()]);
        free.add("P-1", "SH", 100_000);
        free.add("P-1", "NB", 50_000);
        let mut master = Master { customer: Some(customer()), ..Master::default() };
        master.products.insert("P-1".into(), product("P-1"));
        Self {
            rules: CompanyRules::default(),
            master,
            clauses: Clauses::default(),
            form: OrderForm::default(),
            handed_in_ms: 0,
            rates: Rates::default(),
            free,
            twin: None,
            own_credit_minor: 0,
            asked_on: TODAY,
            fresh_since_ms: None,
        }
    }

    pub fn check(&self, content: &Content) -> Outcome {
        let calendar = Calendar::new(CalendarRules::default()).unwrap();
        let against = Against {
            rules: &self.rules,
            master: &self.master,
            clauses: &self.clauses,
            form: &self.form,
            handed_in_ms: self.handed_in_ms,
            rates: &self.rates,
            free: self.free.clone(),
            twin: self.twin,
            first_order: None,
            own_credit_minor: self.own_credit_minor,
            paid_minor: 0,
            shipped_milli: &BTreeMap::new(),
            agreed_dates: &BTreeSet::new(),
            asked_on: self.asked_on,
            fresh: self.fresh_since_ms.map(|since_ms| Fresh { since_ms, calendar: &calendar }),
        };
        check(content, against)
    }

    pub fn customer(&mut self) -> &mut Customer {
        self.master.customer.as_mut().unwrap()
    }

    pub fn product(&mut self) -> &mut Product {
        self.master.products.get_mut("P-1").unwrap()
    }

    /// Codes found, in the order in which they are found.
    pub fn codes(&self, content: &Content) -> Vec<Code> {
        self.check(content).checked.findings.iter().map(|finding| finding.code).collect()
    }
}

pub fn customer() -> Customer {
    Customer {
        code: "C001".into(),
        name: "Huadong".into(),
        level: Some("A".into()),
        currency: Currency::Cny,
        credit_limit_minor: Some(1_000_000),
        credit_limit_until: None,
        temporary_limit: None,
        exposure_minor: 0,
        payment_terms: Some("NET30".into()),
        payment_method: None,
        contacts: vec![Contact { name: "Zhang".into(), email: None, phone: None, role: None }],
        owner: None,
    }
}

pub fn product(code: &str) -> Product {
    Product {
        code: code.into(),
        name: format!("Product {code}"),
        unit: "pcs".into(),
        tax_rate_e4: 1_300,
        list_price_e4: Some(125_000),
        ..Product::default()
    }
}

pub fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn decimal(text: &str) -> Option<DecimalText> {
    Some(DecimalText::try_from(text.to_owned()).unwrap())
}

pub fn line(id: u32, product: &str, quantity: &str, price: &str) -> Line {
    Line {
        id,
        product: text(product),
        quantity: decimal(quantity),
        unit: text("pcs"),
        unit_price: decimal(price),
        ..Line::default()
    }
}

/// Ten pieces at 12.50: 125.00 with tax.
pub fn clean() -> Content {
    Content {
        customer: text("C001"),
        customer_po: text("PO-1"),
        order_type: "standard".into(),
        currency: text("CNY"),
        requested_date: Some(date(2026, 12, 1)),
        payment_terms: text("NET30"),
        ship_to: ShipTo { name: text("Zhang"), phone: text("139"), address: text("Shanghai") },
        invoice: InvoiceProfile {
            title: text("Huadong"),
            tax_no: text("91310000DEM000001H"),
            kind: text("vat_special"),
            ..InvoiceProfile::default()
        },
        lines: vec![line(1, "P-1", "10", "12.50")],
        ..Content::default()
    }
}
