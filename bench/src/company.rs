//! The company that orders are placed with: 100 customers without a credit limit, 500 products that never run out.

use ordain_app::app::App;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::clock::{Clock, IdSource};
use ordain_app::gate::{CALENDAR, COMPANY};
use ordain_app::seal::SealKey;
use ordain_domain::calendar::CalendarRules;
use ordain_domain::master::CompanyRules;
use ordain_domain::order::{Content, Line};
use ordain_store::{
    Changes, CustomerRow, FlowRow, OrgRow, ProductRow, SettingRow, StockMovementRow, StockRow, Store,
    UserRow, WarehouseRow,
};
use ordain_testkit::company::{MONDAY_MS, STAFF, STANDARD_FLOW, clean_order, line, person};
use ordain_testkit::home::Home;
use std::collections::BTreeMap;

pub const ORG: i64 = 1;
/// The key of the seals, as the program takes it.
pub const SEAL_KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";
const CUSTOMERS: usize = 100;
const PRODUCTS: usize = 500;
/// A thousand million pieces of each.
const ON_HAND_MILLI: i64 = 1_000_000_000_000;

/// Opens a fresh database with the company in it.
pub fn open(home: &Home) -> Result<App, Box<dyn std::error::Error>> {
    open_with(home, &company()?)
}

/// Opens a fresh database with these rows in it.
pub fn open_with(home: &Home, rows: &Changes) -> Result<App, Box<dyn std::error::Error>> {
    open_at(home, rows, Clock::Real)
}

/// As [`open_with`], at another time than now.
pub fn open_at(home: &Home, rows: &Changes, clock: Clock) -> Result<App, Box<dyn std::error::Error>> {
    {
        let (_, mut writer) = Store::open(home.database())?;
        writer.commit(rows)?;
    }
    let key = SealKey::from_bytes(&[7; 32]);
    Ok(App::open(home.database(), clock, IdSource::Real, key)?)
}

/// The rows of the company, for the run and for its reference.
pub fn company() -> Result<Changes, serde_json::Error> {
    let mut rows = Changes::default();
    rows.orgs.push(OrgRow { org: ORG, name: "Bench".into(), created_at_ms: MONDAY_MS });
    let setting = |key: &str, value: String| SettingRow { org: ORG, key: key.into(), value };
    rows.settings.push(setting(COMPANY, serde_json::to_string(&CompanyRules::default())?));
    rows.settings.push(setting(CALENDAR, serde_json::to_string(&CalendarRules::default())?));
    rows.users.extend(STAFF.iter().map(|(login, _, _)| user(login)));
    rows.flows.push(FlowRow {
        org: ORG,
        key: "standard".into(),
        version: 1,
        state: "active".into(),
        doc: STANDARD_FLOW.into(),
        published_at_ms: MONDAY_MS,
        published_by: "bench".into(),
    });
    for (rank, code) in ["SH", "NB"].into_iter().enumerate() {
        rows.warehouses.push(WarehouseRow {
            org: ORG,
            code: code.into(),
            name: code.into(),
            rank: rank as i64,
        });
    }
    rows.customers.extend((0..CUSTOMERS).map(customer));
    for n in 0..PRODUCTS {
        rows.products.push(product(n));
        let shelf = stock(n);
        rows.stock_movements.push(StockMovementRow::opening(&shelf, n as i64));
        rows.stock.push(StockRow { on_hand_milli: 0, ..shelf });
    }
    Ok(rows)
}

fn user(login: &str) -> UserRow {
    let person = person(login);
    UserRow {
        org: ORG,
        id: person.id.into_bytes(),
        login: person.login,
        name: person.name,
        department: person.department,
        roles: person.roles.join(","),
        email: person.email,
        password_hash: None,
        password_once: false,
        disabled: false,
        lang: "zh-CN".into(),
        version: 1,
        failed_logins: 0,
        locked_until_ms: None,
    }
}

fn customer(n: usize) -> CustomerRow {
    CustomerRow {
        org: ORG,
        code: format!("C{n:03}"),
        name: format!("Customer {n}"),
        level: Some("A".into()),
        credit_limit_minor: None,
        exposure_minor: 0,
        currency: "CNY".into(),
        payment_terms: "NET30".into(),
        body: r#"{"contacts":[{"name":"Zhang","email":"zhang@example.com"}]}"#.into(),
        version: 1,
        updated_at_ms: MONDAY_MS,
    }
}

fn product(n: usize) -> ProductRow {
    ProductRow {
        org: ORG,
        code: format!("P-{n:04}"),
        name: format!("Product {n}"),
        unit: "pcs".into(),
        tax_rate_e4: Some(1_300),
        list_price_e4: Some(125_000),
        body: "{}".into(),
        version: 1,
        updated_at_ms: MONDAY_MS,
    }
}

fn stock(n: usize) -> StockRow {
    StockRow {
        org: ORG,
        product: format!("P-{n:04}"),
        warehouse: "SH".into(),
        on_hand_milli: ON_HAND_MILLI,
        reserved_milli: 0,
        frozen_milli: 0,
        safety_milli: 0,
        reorder_milli: 0,
        as_of_ms: MONDAY_MS,
        updated_at_ms: MONDAY_MS,
    }
}

/// The n-th order: 5 lines spread over products and customers, nothing wrong with it.
pub fn order(n: usize) -> Content {
    let product = |k: u32| format!("P-{:04}", (n * 31 + k as usize * 97) % PRODUCTS);
    order_of(n, (1..=5).map(|k| line(k, &product(k), "2", "12.50")).collect())
}

/// As [`order`], with the same product in each.
pub fn hot_order(n: usize) -> Content {
    let mut order = order(n);
    if let Some(first) = order.lines.first_mut() {
        first.product = Some("P-0000".into());
    }
    order
}

/// The n-th order with lines of its own.
pub fn order_of(n: usize, lines: Vec<Line>) -> Content {
    Content {
        customer: Some(format!("C{:03}", n % CUSTOMERS)),
        customer_po: Some(format!("PO-{n:08}")),
        requested_date: two_weeks_from(Clock::Real.now_ms()),
        lines,
        ..clean_order()
    }
}

/// A date that is neither past nor too far away.
pub fn two_weeks_from(now_ms: i64) -> Option<jiff::civil::Date> {
    let then_ms = now_ms + 14 * 86_400_000;
    jiff::Timestamp::from_millisecond(then_ms).ok().map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

pub fn place_content(content: Content) -> OrderCommand {
    let place = Place {
        channel: "api".into(),
        source: None,
        content,
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: None,
    };
    OrderCommand::Place(Box::new(place))
}
