//! A company for the bars: the shipped flow, its staff, customers without a credit limit, and hot products.
//!
//! Written straight into the store before any Gate is open, so that thousands of rounds can start from a copy.

use crate::company::{STAFF, STANDARD_FLOW, clean_order, line, person};
use ordain_app::gate::CustomerBody;
use ordain_app::password::token_hash;
use ordain_domain::master::Contact;
use ordain_domain::order::Content;
use ordain_store::{
    Changes, CustomerRow, Database, FlowRow, OrgRow, ProductRow, SessionRow, StockMovementRow, StockRow,
    Store, TokenRow, UserRow, WarehouseRow,
};

/// The one company.
pub const ORG: i64 = 1;
/// A product so dear that one piece needs the sales manager.
pub const DEAR: &str = "DEAR";
/// By which whoever comes over HTTP is known, and who that is.
pub const TOKEN: &str = "a-token-of-the-bars";
const TOKEN_ROLE: &str = "admin";
pub const WAREHOUSES: [&str; 2] = ["SH", "NB"];
const CUSTOMERS: usize = 20;
const PLENTY_MILLI: i64 = 1_000_000_000_000;

/// How much there is to fight for.
#[derive(Clone, Copy, Debug)]
pub struct Company {
    pub hot: usize,
    /// Pieces of each hot product, over both warehouses.
    pub pieces: i64,
}

pub fn hot(n: usize) -> String {
    format!("HOT-{n:03}")
}

pub fn customer(n: u64) -> String {
    format!("C{:03}", n % CUSTOMERS as u64)
}

/// Writes the company into a new database.
pub fn plant<'a>(database: impl Into<Database<'a>>, company: Company) {
    plant_with(database, company, STANDARD_FLOW);
}

/// Writes the company into a new database, with a flow of its own.
pub fn plant_with<'a>(database: impl Into<Database<'a>>, company: Company, flow: &str) {
    let (_, mut writer) = Store::open(database).expect("a new database can be opened");
    writer.commit(&rows(company, flow)).expect("a new database takes the company");
}

/// Somebody of the staff is signed in until then.
pub fn sign_in<'a>(database: impl Into<Database<'a>>, token: &str, expires_at_ms: i64) {
    let session = SessionRow {
        org: ORG,
        hash: token_hash(token),
        user_id: person("sales1").id.into_bytes(),
        csrf: String::new(),
        created_at_ms: 0,
        expires_at_ms,
        viewer_id: None,
    };
    let (_, mut writer) = Store::open(database).expect("the database can be opened");
    writer.commit(&Changes { sessions: vec![session], ..Changes::default() }).expect("it takes a session");
}

fn rows(company: Company, flow: &str) -> Changes {
    let org = OrgRow { org: ORG, name: "Ordain".to_owned(), created_at_ms: 0 };
    let flow = FlowRow {
        org: ORG,
        key: "standard".to_owned(),
        version: 1,
        state: "active".to_owned(),
        doc: flow.to_owned(),
        published_at_ms: 0,
        published_by: "{}".to_owned(),
    };
    let warehouse = |(rank, code): (usize, &&str)| WarehouseRow {
        org: ORG,
        code: (*code).to_owned(),
        name: (*code).to_owned(),
        rank: rank as i64,
    };
    let mut products = vec![(DEAR.to_owned(), 600_000_000, PLENTY_MILLI)];
    products.extend((0..company.hot).map(|n| (hot(n), 125_000, company.pieces * 1_000)));
    let shelves: Vec<StockRow> = products.iter().flat_map(|(code, _, milli)| stock(code, *milli)).collect();
    Changes {
        orgs: vec![org],
        flows: vec![flow],
        warehouses: WAREHOUSES.iter().enumerate().map(warehouse).collect(),
        users: STAFF.iter().map(|(login, _, _)| user(login)).collect(),
        customers: (0..CUSTOMERS as u64).map(|n| customer_row(&customer(n))).collect(),
        products: products.iter().map(|(code, price, _)| product(code, *price)).collect(),
        stock_movements: (0..).zip(&shelves).map(|(n, row)| StockMovementRow::opening(row, n)).collect(),
        tokens: vec![token()],
        stock: shelves.into_iter().map(|row| StockRow { on_hand_milli: 0, ..row }).collect(),
        ..Changes::default()
    }
}

fn user(login: &str) -> UserRow {
    let user = person(login);
    UserRow {
        org: ORG,
        id: user.id.into_bytes(),
        login: user.login,
        name: user.name,
        department: user.department,
        roles: user.roles.join(","),
        email: user.email,
        password_hash: None,
        password_once: false,
        disabled: false,
        lang: user.lang,
        version: 1,
        failed_logins: 0,
        locked_until_ms: None,
    }
}

fn token() -> TokenRow {
    TokenRow {
        org: ORG,
        id: [7; 16],
        name: "bars".to_owned(),
        role: TOKEN_ROLE.to_owned(),
        hash: token_hash(TOKEN),
        created_at_ms: 0,
        revoked: false,
    }
}

fn customer_row(code: &str) -> CustomerRow {
    let email = Some(format!("{}@example.com", code.to_lowercase()));
    let contact = Contact { name: "Zhang".to_owned(), email, phone: None, role: None };
    let body = CustomerBody { contacts: vec![contact], ..CustomerBody::default() };
    CustomerRow {
        org: ORG,
        code: code.to_owned(),
        name: format!("Customer {code}"),
        level: Some("A".to_owned()),
        credit_limit_minor: None,
        exposure_minor: 0,
        currency: "CNY".to_owned(),
        payment_terms: "NET30".to_owned(),
        body: serde_json::to_string(&body).expect("a customer can be written"),
        version: 1,
        updated_at_ms: 0,
    }
}

fn product(code: &str, price_e4: i64) -> ProductRow {
    ProductRow {
        org: ORG,
        code: code.to_owned(),
        name: format!("Product {code}"),
        unit: "pcs".to_owned(),
        tax_rate_e4: Some(1_300),
        list_price_e4: Some(price_e4),
        body: "{}".to_owned(),
        version: 1,
        updated_at_ms: 0,
    }
}

/// A third in the first warehouse, so that orders run over into the second.
fn stock(code: &str, milli: i64) -> Vec<StockRow> {
    let first = milli / 3_000 * 1_000;
    let row = |warehouse: &str, on_hand_milli: i64| StockRow {
        org: ORG,
        product: code.to_owned(),
        warehouse: warehouse.to_owned(),
        on_hand_milli,
        reserved_milli: 0,
        frozen_milli: 0,
        safety_milli: 0,
        reorder_milli: 0,
        as_of_ms: 0,
        updated_at_ms: 0,
    };
    vec![row(WAREHOUSES[0], first), row(WAREHOUSES[1], milli - first)]
}

/// An order that nothing is wrong with but perhaps the stock: products with whole pieces.
pub fn content(customer: &str, po: &str, lines: &[(String, u32)], requested: &str) -> Content {
    let price = |product: &str| if product == DEAR { "60000.00" } else { "12.50" };
    let lines = lines.iter().zip(1..);
    Content {
        customer: Some(customer.to_owned()),
        customer_po: Some(po.to_owned()),
        requested_date: requested.parse().ok(),
        lines: lines.map(|((p, pieces), id)| line(id, p, &pieces.to_string(), price(p))).collect(),
        ..clean_order()
    }
}
