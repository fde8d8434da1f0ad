//! What the company of a story starts with, and the orders that are put to it.

use crate::company::{MONDAY_MS, STAFF, clean_order, line};
use ordain_app::admin::{AdminCommand, CustomerItem, ProductItem, StockItem, UserItem, WarehouseItem};
use ordain_app::app::App;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::seal::SealKey;
use ordain_app::setup::{InitOptions, init_company};
use ordain_domain::actor::Actor;
use ordain_domain::master::{Contact, InvoiceProfile, ShipTo};
use ordain_domain::order::Content;
use ordain_store::Database;

/// The only company of its database.
pub(super) const ORG: i64 = 1;
/// Where the ids of a story begin: its company was founded with those before.
pub(super) const AFTER_FOUNDING: i64 = 1_000;
/// Staff beside those of [`STAFF`]: whoever stands in for a department.
const BOSS: (&str, &str, &str) = ("boss1", "", "management");
/// Code, list price and tax rate.
const PRODUCTS: [(&str, &str, &str); 7] = [
    ("P-1", "12.50", "0.13"),
    ("P-2", "12.50", "0.13"),
    ("P-3", "12.50", "0.13"),
    ("P-4", "12.50", "0.13"),
    ("P-5", "12.50", "0.13"),
    ("M-1", "500.00", "0.13"),
    ("F-1", "3.33", "0.09"),
];

/// The application on a database, on a Monday at ten, with ids from a number on.
pub(super) fn opened(database: Database<'_>, first_id: i64) -> App {
    let (clock, key) = (Clock::manual(MONDAY_MS), SealKey::from_bytes(&[7; 32]));
    App::open(database, clock, IdSource::seeded(first_id), key).unwrap()
}

/// Founds the company that [`super::World::open`] describes.
pub(super) async fn found(database: Database<'_>) {
    let app = opened(database, 1);
    assert_eq!(init_company(&app, InitOptions::new("东方机电")).await.unwrap().org, ORG);
    let shelves = |warehouse: &str| AdminCommand::FeedStock {
        as_of: None,
        items: PRODUCTS.iter().map(|(code, ..)| stock(code, warehouse, "100")).collect(),
    };
    let commands = [
        AdminCommand::PutUsers(STAFF.iter().chain([&BOSS]).map(user).collect()),
        AdminCommand::PutCustomers(vec![customer("C001")]),
        AdminCommand::PutProducts(PRODUCTS.map(|(code, price, tax)| product(code, price, tax)).into()),
        // The first feed of a company makes its warehouse.
        shelves("SH"),
        AdminCommand::PutWarehouses(vec![warehouse("NB")]),
        shelves("NB"),
    ];
    for command in commands {
        app.admin(ORG, Actor::system("admin"), command).await.unwrap();
    }
}

pub(super) fn warehouse(code: &str) -> WarehouseItem {
    WarehouseItem { code: code.into(), ..WarehouseItem::default() }
}

/// What lies of a product in a warehouse, counted now.
pub(super) fn stock(product: &str, warehouse: &str, on_hand: &str) -> StockItem {
    StockItem {
        product: product.into(),
        warehouse: warehouse.into(),
        on_hand: Some(on_hand.into()),
        as_of: None,
    }
}

/// Somebody by login, department and role.
fn user((login, department, role): &(&str, &str, &str)) -> UserItem {
    UserItem {
        login: (*login).into(),
        name: Some(login.to_uppercase()),
        department: Some((*department).into()),
        roles: Some(vec![(*role).into()]),
        email: Some(format!("{login}@example.com")),
        ..UserItem::default()
    }
}

/// A customer with NET30, 200,000 of credit and an address for mail.
pub fn customer(code: &str) -> CustomerItem {
    let text = |text: &str| Some(text.to_owned());
    CustomerItem {
        code: code.into(),
        name: text("华东贸易"),
        level: text("A"),
        credit_limit: text("200000.00"),
        currency: text("CNY"),
        payment_terms: text("NET30"),
        ship_to: Some(vec![ShipTo {
            name: text("张三"), phone: text("13900000000"), address: text("上海")
        }]),
        invoice: Some(InvoiceProfile {
            title: text("华东贸易"),
            tax_no: text("91310000DEM000001H"),
            kind: text("vat_special"),
            ..InvoiceProfile::default()
        }),
        contacts: Some(vec![Contact {
            name: "张三".into(),
            email: text("zhang@example.com"),
            phone: None,
            role: None,
        }]),
        ..CustomerItem::default()
    }
}

pub fn product(code: &str, list_price: &str, tax_rate: &str) -> ProductItem {
    ProductItem {
        code: code.into(),
        name: Some(format!("产品 {code}")),
        unit: Some("pcs".into()),
        tax_rate: Some(tax_rate.into()),
        list_price: Some(list_price.into()),
        ..ProductItem::default()
    }
}

/// An order that nothing is wrong with but these lines.
pub fn order_of(po: &str, lines: &[(&str, &str, &str)]) -> Content {
    let lines =
        lines.iter().zip(1..).map(|((product, quantity, price), id)| line(id, product, quantity, price));
    Content { customer_po: Some(po.to_owned()), lines: lines.collect(), ..clean_order() }
}
