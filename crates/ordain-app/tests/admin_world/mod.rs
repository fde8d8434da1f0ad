//! A founded company in a database of its own, with the clock in the test's hand.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use ordain_app::admin::{AdminCommand, AdminDone, CustomerItem, ProductItem, StockItem};
use ordain_app::app::App;
use ordain_app::case::Case;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::clock::{Clock, IdSource};
use ordain_app::gate::GateError;
use ordain_app::seal::SealKey;
use ordain_app::setup::{InitDone, InitOptions, init_company};
use ordain_domain::actor::Actor;
use ordain_domain::decimal::DecimalText;
use ordain_domain::master::{Contact, InvoiceProfile, ShipTo};
use ordain_domain::order::{Content, Line};
use ordain_store::OpenOptions;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Monday, 2026-11-23, 10:00 in Shanghai.
pub const MONDAY_MS: i64 = 1_795_399_200_000;
pub const ORG: i64 = 1;

pub struct World {
    pub app: App,
    pub clock: Clock,
    pub path: PathBuf,
    pub admin_password: String,
    _dir: tempfile::TempDir,
}

pub fn actor() -> Actor {
    Actor::system("test")
}

impl World {
    /// A company without any data.
    pub async fn bare() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ordain.db");
        let clock = Clock::manual(MONDAY_MS);
        let key = SealKey::from_bytes(&[7; 32]);
        let app = App::open(&OpenOptions::new(&path), clock.clone(), IdSource::seeded(1), key).unwrap();
        let InitDone { org, admin_password } = init_company(&app, InitOptions::new("East")).await.unwrap();
        assert_eq!(org, ORG);
        Self { app, clock, path, admin_password, _dir: dir }
    }

    /// With customer `C1`, product `P1` at 12.50 and 100 pieces of it.
    pub async fn stocked() -> Self {
        let world = Self::bare().await;
        world.put(AdminCommand::PutCustomers(vec![customer("C1")])).await;
        world.put(AdminCommand::PutProducts(vec![product("P1")])).await;
        world.feed("P1", "100").await;
        world
    }

    pub async fn admin(&self, command: AdminCommand) -> Result<AdminDone, GateError> {
        self.app.admin(ORG, actor(), command).await
    }

    /// Created, updated, unchanged.
    pub async fn put(&self, command: AdminCommand) -> (usize, usize, usize) {
        match self.admin(command).await.unwrap() {
            AdminDone::Upserted { created, updated, unchanged, .. } => (created, updated, unchanged),
            other => panic!("{other:?}"),
        }
    }

    pub async fn feed(&self, product: &str, on_hand: &str) {
        let item = StockItem {
            product: product.into(),
            warehouse: "SH".into(),
            on_hand: Some(on_hand.into()),
            as_of: None,
        };
        self.put(AdminCommand::FeedStock { as_of: None, items: vec![item] }).await;
    }

    pub async fn place(&self, content: Content) -> Arc<Case> {
        let place = Place {
            channel: "api".into(),
            source: None,
            content,
            submit: true,
            reasons: BTreeMap::new(),
            entered_later: None,
        };
        self.app.order(ORG, actor(), None, OrderCommand::Place(Box::new(place))).await.unwrap()
    }

    pub fn commands(&self) -> Vec<String> {
        let rows = self.app.store.log_range(ORG, 0, 5_000).unwrap();
        rows.into_iter().map(|row| row.command).collect()
    }
}

pub fn customer(code: &str) -> CustomerItem {
    CustomerItem {
        code: code.into(),
        name: Some(format!("Customer {code}")),
        level: Some("A".into()),
        credit_limit: Some("100000.00".into()),
        currency: Some("CNY".into()),
        payment_terms: Some("NET30".into()),
        ship_to: Some(vec![ship_to()]),
        invoice: Some(invoice()),
        contacts: Some(vec![Contact {
            name: "Li".into(),
            email: Some("li@example.com".into()),
            phone: None,
            role: None,
        }]),
        ..CustomerItem::default()
    }
}

pub fn product(code: &str) -> ProductItem {
    ProductItem {
        code: code.into(),
        name: Some(format!("Product {code}")),
        unit: Some("pcs".into()),
        tax_rate: Some("0.13".into()),
        list_price: Some("12.50".into()),
        ..ProductItem::default()
    }
}

fn ship_to() -> ShipTo {
    ShipTo { name: Some("Li".into()), phone: Some("139".into()), address: Some("Road 1".into()) }
}

fn invoice() -> InvoiceProfile {
    InvoiceProfile {
        title: Some("East".into()),
        tax_no: Some("91310000DEM000001H".into()),
        kind: Some("vat_special".into()),
        ..InvoiceProfile::default()
    }
}

/// An order of `C1` that nothing is wrong with.
pub fn clean(po: &str, quantity: &str) -> Content {
    let number = |text: &str| DecimalText::try_from(text.to_owned()).ok();
    Content {
        customer: Some("C1".into()),
        customer_po: Some(po.into()),
        currency: Some("CNY".into()),
        requested_date: "2026-12-01".parse().ok(),
        payment_terms: Some("NET30".into()),
        ship_to: ship_to(),
        invoice: invoice(),
        lines: vec![Line {
            id: 1,
            product: Some("P1".into()),
            quantity: number(quantity),
            unit: Some("pcs".into()),
            unit_price: number("12.50"),
            ..Line::default()
        }],
        ..Content::default()
    }
}
