//! A real application over a real file: opened, filled with a small company, filled up to a batch of a chosen size,
//! and lost by a crash.

use super::deal::{CUSTOMERS, PRODUCTS, WAREHOUSES};
use super::play::{company, product};
use super::truth::Truth;
use crate::company::{MONDAY_MS, STAFF, STANDARD_FLOW};
use ordain_app::admin::{
    AdminCommand, CustomerItem, Init, MovementItem, PriceItem, ProductItem, StockItem, UserItem,
    WarehouseItem,
};
use ordain_app::app::App;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::gate::{Command, Done, Envelope, GateError, IdempotencyKey};
use ordain_app::seal::SealKey;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{Currency, money_text, price_text, qty_text};
use ordain_domain::master::{AgreedPrice, Contact, Customer, PriceKind};
use ordain_store::OpenOptions;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;

pub const ORG: i64 = 1;

/// What the Gate answers to one command.
pub type Answer = Result<Done, GateError>;

/// The application and the directory that its database lies in.
pub struct Site {
    pub app: App,
    /// For questions about tables that no query of the product asks.
    pub tables: Connection,
    dir: TempDir,
    opened: u32,
    plugs: u64,
}

/// Something that stops the committer in the middle of a batch, until it is pulled.
struct Plug {
    reached: Receiver<()>,
    /// Dropped to pull the plug, once and for all: a batch that fails is decided a second time.
    pull: Sender<()>,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn open(path: &Path, clock: Clock, ids: IdSource) -> Result<App, String> {
    App::open(&OpenOptions::new(path), clock, ids, SealKey::from_bytes(&[7; 32])).map_err(text)
}

impl Site {
    /// A new company in an empty database, in memory if the machine has a place for that.
    ///
    /// # Errors
    /// If the database cannot be made or the company is refused.
    pub fn found() -> Result<Self, String> {
        let shm = Path::new("/dev/shm");
        let dir = tempfile::tempdir_in(shm).or_else(|_| tempfile::tempdir()).map_err(text)?;
        let (clock, ids) = (Clock::manual(MONDAY_MS), IdSource::seeded(1));
        let path = dir.path().join("0.db");
        let app = open(&path, clock, ids)?;
        let tables = Connection::open(&path).map_err(text)?;
        let site = Self { app, tables, dir, opened: 0, plugs: 0 };
        for command in founding() {
            site.admin(command)?;
        }
        Ok(site)
    }

    fn admin(&self, command: AdminCommand) -> Result<Done, String> {
        let command = Command::Admin(Box::new(command));
        let envelope = self.app.envelope(ORG, Actor::system("setup"), command, None);
        self.app.gate.send_blocking(envelope).map_err(text)
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join(format!("{}.db", self.opened))
    }

    /// Commands one after the other, each in a commit of its own.
    pub fn one_by_one(&self, envelopes: &[Envelope]) -> Vec<Answer> {
        envelopes.iter().map(|envelope| self.app.gate.send_blocking(envelope.clone())).collect()
    }

    /// Commands in one batch: the committer is held up until all of them stand in the queue.
    ///
    /// # Errors
    /// If the committer is gone.
    pub fn together(&mut self, envelopes: &[Envelope]) -> Result<Vec<Answer>, String> {
        let (plugged, plug) = self.plug();
        let first = self.app.gate.submit(plugged).map_err(text)?;
        plug.reached.recv().map_err(text)?;
        let waiting: Vec<_> =
            envelopes.iter().map(|envelope| self.app.gate.submit(envelope.clone())).collect();
        drop(plug.pull);
        first.blocking_recv().map_err(text)?.map_err(text)?;
        let answer = |waiting: Result<tokio::sync::oneshot::Receiver<Answer>, GateError>| {
            waiting?.blocking_recv().map_err(|_| GateError::Unavailable("gone".to_owned()))?
        };
        Ok(waiting.into_iter().map(answer).collect())
    }

    /// Loses the process in the middle of a batch that is decided and not committed: what was on the disk at that
    /// moment is all that is left.
    ///
    /// # Errors
    /// If the files cannot be copied or opened again.
    pub fn crash_before_commit(&mut self, envelopes: &[Envelope]) -> Result<(), String> {
        let (first, plug) = self.plug();
        let (last, middle) = self.plug();
        let mut answers = vec![self.app.gate.submit(first).map_err(text)?];
        plug.reached.recv().map_err(text)?;
        for envelope in envelopes.iter().cloned().chain([last]) {
            answers.push(self.app.gate.submit(envelope).map_err(text)?);
        }
        drop(plug.pull);
        middle.reached.recv().map_err(text)?;
        self.copy_files()?;
        drop(middle.pull);
        for answer in answers {
            // What the lost process would have answered reaches nobody.
            let _ = answer.blocking_recv();
        }
        self.reopen()
    }

    /// Loses the process after its last commit, before anybody heard of it.
    ///
    /// # Errors
    /// If the files cannot be copied or opened again.
    pub fn crash_after_commit(&mut self) -> Result<(), String> {
        self.copy_files()?;
        self.reopen()
    }

    fn copy_files(&self) -> Result<(), String> {
        let next = self.dir.path().join(format!("{}.db", self.opened + 1));
        std::fs::copy(self.path(), &next).map_err(text)?;
        let log = |path: &Path| path.with_extension("db-wal");
        std::fs::copy(log(&self.path()), log(&next)).map(|_| ()).map_err(text)
    }

    fn reopen(&mut self) -> Result<(), String> {
        let old = self.path();
        self.opened += 1;
        self.app = open(&self.path(), self.app.clock.clone(), self.app.ids.clone())?;
        self.tables = Connection::open(self.path()).map_err(text)?;
        let _ = std::fs::remove_file(old.with_extension("db-wal"));
        std::fs::remove_file(old).map_err(text)
    }

    /// A command that changes nothing, with a key whose reply takes as long as somebody wants.
    fn plug(&mut self) -> (Envelope, Plug) {
        self.plugs += 1;
        let (reach, reached) = channel();
        let (pull, pulled) = channel::<()>();
        let pulled = Mutex::new(pulled);
        let render = move |_: &Done| {
            // Nobody waits for it any more: then it is no plug.
            let _ = reach.send(());
            let _ = pulled.lock().unwrap_or_else(PoisonError::into_inner).recv();
            (200, String::new())
        };
        let key = IdempotencyKey {
            caller: "plug".to_owned(),
            key: self.plugs.to_string(),
            fingerprint: [0; 32],
            render: Arc::new(render),
        };
        let nothing = AdminCommand::Rehearse(Box::new(AdminCommand::PutProducts(Vec::new())));
        let by = ordain_app::case::decide::By {
            actor: Actor::system("plug"),
            at_ms: self.app.clock.now_ms(),
            id: uuid::Uuid::nil(),
        };
        let envelope = Envelope { org: ORG, by, key: Some(key), command: Command::Admin(Box::new(nothing)) };
        (envelope, Plug { reached, pull })
    }
}

/// Everything that the company of [`company`] consists of.
fn founding() -> Vec<AdminCommand> {
    let truth = company();
    let init = Init {
        company: "Sim".to_owned(),
        currency: Currency::Cny,
        timezone: "Asia/Shanghai".to_owned(),
        admin_password_hash: "x".to_owned(),
        flow: STANDARD_FLOW.to_owned(),
    };
    let users = STAFF.iter().map(|(login, department, role)| UserItem {
        login: (*login).to_owned(),
        name: Some(login.to_uppercase()),
        department: Some((*department).to_owned()),
        roles: Some(vec![(*role).to_owned()]),
        ..UserItem::default()
    });
    vec![
        AdminCommand::Init(Box::new(init)),
        AdminCommand::PutUsers(users.collect()),
        AdminCommand::PutCustomers(
            CUSTOMERS.iter().filter_map(|c| truth.customers.get(*c)).map(customer_item).collect(),
        ),
        AdminCommand::PutProducts(PRODUCTS.iter().map(|code| product_item(code)).collect()),
        // In their order, so that the first is tried first.
        AdminCommand::PutWarehouses(WAREHOUSES.iter().map(|code| warehouse_item(code)).collect()),
        feed(&truth, WAREHOUSES[0]),
        feed(&truth, WAREHOUSES[1]),
    ]
}

fn warehouse_item(code: &str) -> WarehouseItem {
    WarehouseItem { code: code.to_owned(), ..WarehouseItem::default() }
}

fn feed(truth: &Truth, warehouse: &str) -> AdminCommand {
    let here = truth.on_hand.iter().filter(|((_, at), _)| at == warehouse);
    let items = here.map(|((product, _), milli)| stock_item(product, warehouse, *milli)).collect();
    AdminCommand::FeedStock { as_of: None, items }
}

pub fn stock_item(product: &str, warehouse: &str, milli: i64) -> StockItem {
    StockItem {
        product: product.to_owned(),
        warehouse: warehouse.to_owned(),
        on_hand: Some(qty_text(milli)),
        as_of: None,
    }
}

pub fn goods_in(product: &str, warehouse: &str, milli: i64) -> MovementItem {
    MovementItem {
        kind: "in".to_owned(),
        product: product.to_owned(),
        warehouse: warehouse.to_owned(),
        quantity: Some(qty_text(milli)),
        ..MovementItem::default()
    }
}

pub fn product_item(code: &str) -> ProductItem {
    let product = product(code);
    ProductItem {
        code: code.to_owned(),
        name: Some(product.name),
        unit: Some(product.unit),
        tax_rate: Some("0.13".to_owned()),
        list_price: product.list_price_e4.map(price_text),
        ..ProductItem::default()
    }
}

pub fn customer_item(customer: &Customer) -> CustomerItem {
    let contact = |known: &Contact| Contact { ..known.clone() };
    CustomerItem {
        code: customer.code.clone(),
        name: Some(customer.name.clone()),
        level: customer.level.clone(),
        // An empty text clears the limit.
        credit_limit: Some(
            customer
                .credit_limit_minor
                .map_or_else(String::new, |limit| money_text(limit, customer.currency)),
        ),
        currency: Some(customer.currency.code().to_owned()),
        payment_terms: customer.payment_terms.clone(),
        contacts: Some(customer.contacts.iter().map(contact).collect()),
        ..CustomerItem::default()
    }
}

pub fn price_item(product: &str, price: &AgreedPrice) -> PriceItem {
    PriceItem {
        level: price.level.clone(),
        kind: (price.kind == PriceKind::Quotation).then(|| "quotation".to_owned()),
        product: product.to_owned(),
        customer: price.customer.clone(),
        min_quantity: Some(qty_text(price.min_qty_milli)),
        price: Some(price_text(price.price_e4)),
        ..PriceItem::default()
    }
}
