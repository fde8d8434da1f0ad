//! A small company without any IO: people, products, stock, the standard flow.

#![allow(clippy::expect_used)] // a box that cannot be built has to stop the test

use ordain_app::case::FlowPin;
use ordain_app::case::absence::Absences;
use ordain_app::case::cancel::CancelReasons;
use ordain_app::case::channel::Channels;
use ordain_app::case::connector::Connectors;
use ordain_app::case::facts::SCHEMA;
use ordain_app::case::issue::IssueTypes;
use ordain_app::case::notice_text::NoticeTexts;
use ordain_app::case::organisation::Organisation;
use ordain_app::case::people::{Directory, User};
use ordain_app::case::saved_set::SavedSets;
use ordain_app::case::world::{House, World};
use ordain_domain::calendar::{Calendar, CalendarRules};
use ordain_domain::clause::Clauses;
use ordain_domain::credit::CreditGroups;
use ordain_domain::decimal::{Currency, DecimalText};
use ordain_domain::form::OrderForm;
use ordain_domain::master::{CompanyRules, Contact, Customer, InvoiceProfile, Master, Product, ShipTo};
use ordain_domain::order::{Content, Line};
use ordain_domain::rate::Rates;
use ordain_domain::stock::Free;
use ordain_flow::doc::FlowDoc;
use ordain_flow::run::Flow;
use ordain_flow::sla::Sla;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Monday, 2026-11-23, 10:00 in Shanghai.
pub const MONDAY_MS: i64 = 1_795_399_200_000;

/// The flow that the product ships.
pub const STANDARD_FLOW: &str = include_str!("../../../flows/standard.json");

/// Login, department and roles of everybody in the box.
pub const STAFF: [(&str, &str, &str); 8] = [
    ("sales1", "sales", "sales"),
    ("smgr1", "sales", "sales_manager"),
    ("fin1", "finance", "finance"),
    ("wh1", "warehouse", "warehouse"),
    ("plan1", "planning", "planning"),
    ("cs1", "service", "service"),
    ("ops1", "", "process_admin"),
    ("audit1", "", "auditor"),
];

/// # Panics
/// If the shipped flow is broken.
pub fn standard_flow() -> Arc<Flow> {
    let doc: FlowDoc = serde_json::from_str(STANDARD_FLOW).expect("the shipped flow can be read");
    Arc::new(Flow::compile(doc, &SCHEMA).expect("the shipped flow compiles"))
}

/// The person with a login.
pub fn person(login: &str) -> User {
    let at = STAFF.iter().position(|(known, _, _)| *known == login).unwrap_or_default();
    let (login, department, role) = STAFF[at];
    User {
        id: Uuid::from_u128(0x7000_8000_0000_0000_0000 + at as u128),
        login: login.to_owned(),
        name: login.to_uppercase(),
        department: (!department.is_empty()).then(|| department.to_owned()),
        roles: vec![role.to_owned()],
        email: Some(format!("{login}@example.com")),
        lang: "zh-CN".to_owned(),
        disabled: false,
        password_once: false,
    }
}

pub fn house() -> Arc<House> {
    let pin = FlowPin { key: "standard".to_owned(), version: 1 };
    let users = STAFF.iter().map(|(login, _, _)| person(login)).map(|user| (user.id, user)).collect();
    let calendar = Calendar::new(CalendarRules::default()).expect("the standard calendar is sound");
    Arc::new(House {
        rules: CompanyRules::default(),
        calendars: calendar.clone().into(),
        calendar,
        people: Directory { users, ..Directory::default() },
        organisation: Organisation::default(),
        absences: Absences::default(),
        form: OrderForm::default(),
        notice_texts: NoticeTexts::default(),
        issues: IssueTypes::default(),
        sla: Sla::default(),
        warehouses: vec!["SH".to_owned(), "NB".to_owned()],
        active: BTreeMap::from([(pin.key.clone(), pin.version)]),
        clauses: Clauses::default(),
        connectors: Connectors::default(),
        channels: Channels::default(),
        cancel_reasons: CancelReasons::default(),
        credit_groups: CreditGroups::default(),
        rates: Rates::default(),
        saved_sets: SavedSets::default(),
        sets: Arc::default(),
        flows: BTreeMap::from([(pin, standard_flow())]),
        asks_for_loads: false,
        asks_for_first_orders: false,
    })
}

/// Customer `C001` with 200,000 of credit, NET30, and products `P-1`…`P-5` at 12.50, 100 pieces in each of two
/// warehouses.
pub fn world() -> World {
    let mut master = Master { customer: Some(customer()), ..Master::default() };
    let house = house();
    let mut free = Free::new(house.warehouses.clone());
    for n in 1..=5 {
        let code = format!("P-{n}");
        free.add(&code, "SH", 100_000);
        free.add(&code, "NB", 100_000);
        let product = Product {
            code: code.clone(),
            name: format!("Product {n}"),
            unit: "pcs".to_owned(),
            tax_rate_e4: 1_300,
            list_price_e4: Some(125_000),
            ..Product::default()
        };
        master.products.insert(code, product);
    }
    let next_number = "SO-20261123-000001".to_owned();
    World { next_number, ..World::around(house, master, free, None) }
}

pub fn customer() -> Customer {
    Customer {
        code: "C001".to_owned(),
        name: "Huadong".to_owned(),
        level: Some("A".to_owned()),
        currency: Currency::Cny,
        credit_limit_minor: Some(20_000_000),
        credit_limit_until: None,
        temporary_limit: None,
        exposure_minor: 0,
        payment_terms: Some("NET30".to_owned()),
        payment_method: None,
        contacts: vec![Contact {
            name: "Zhang".to_owned(),
            email: Some("zhang@example.com".to_owned()),
            phone: None,
            role: None,
        }],
        owner: None,
    }
}

pub fn decimal(text: &str) -> Option<DecimalText> {
    DecimalText::try_from(text.to_owned()).ok()
}

pub fn line(id: u32, product: &str, quantity: &str, unit_price: &str) -> Line {
    Line {
        id,
        product: Some(product.to_owned()),
        quantity: decimal(quantity),
        unit: Some("pcs".to_owned()),
        unit_price: decimal(unit_price),
        ..Line::default()
    }
}

/// An order that nothing is wrong with.
pub fn clean_order() -> Content {
    let text = |text: &str| Some(text.to_owned());
    Content {
        customer: text("C001"),
        customer_po: text("PO-1"),
        order_type: "standard".to_owned(),
        currency: text("CNY"),
        requested_date: "2026-12-01".parse().ok(),
        payment_terms: text("NET30"),
        ship_to: ShipTo { name: text("Zhang"), phone: text("13900000000"), address: text("Shanghai") },
        invoice: InvoiceProfile {
            title: text("Huadong"),
            tax_no: text("91310000DEM000001H"),
            kind: text("vat_special"),
            ..InvoiceProfile::default()
        },
        lines: vec![line(1, "P-1", "10", "12.50"), line(2, "P-2", "5", "12.50")],
        ..Content::default()
    }
}
