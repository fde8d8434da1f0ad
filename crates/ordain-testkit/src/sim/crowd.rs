//! What the people and machines around the Gate send: envelopes with keys, repeated, stale or late, and what each of
//! them has to expect.

use super::deal::{self, CUSTOMERS, NEW_CUSTOMER, NEW_PRODUCT, PRODUCTS, WAREHOUSES};
use super::mirror::Mirror;
use super::rng::Rng;
use super::site::{self, ORG};
use super::truth::Truth;
use crate::company::{STAFF, customer};
use ordain_app::admin::AdminCommand;
use ordain_app::app::App;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::{Case, Task};
use ordain_app::gate::{Command, Done, Envelope, IdempotencyKey};
use ordain_domain::actor::Actor;
use ordain_domain::master::{AgreedPrice, Customer};
use ordain_store::{OutboxFinish, OutboxRow};
use std::sync::Arc;
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;
/// Keys that are remembered for repetition.
const KEYS: usize = 40;

/// A change of the company that a command brings about if it is accepted.
#[derive(Clone, Debug)]
pub enum Change {
    Count(String, String, i64),
    /// Goods came to a place.
    Came(String, String, i64),
    Price(String, AgreedPrice),
    Customer(Box<Customer>),
    Product(String),
}

impl Change {
    pub fn of(&self, truth: &mut Truth) {
        match self {
            Change::Count(product, warehouse, milli) => {
                truth.on_hand.insert((product.clone(), warehouse.clone()), *milli);
            }
            Change::Came(product, warehouse, milli) => {
                *truth.on_hand.entry((product.clone(), warehouse.clone())).or_default() += milli;
            }
            Change::Price(product, price) => {
                let rows = truth.prices.entry(product.clone()).or_default();
                rows.retain(|old| {
                    (&old.customer, old.min_qty_milli) != (&price.customer, price.min_qty_milli)
                });
                rows.push(price.clone());
            }
            Change::Customer(customer) => {
                truth.customers.insert(customer.code.clone(), (**customer).clone());
            }
            Change::Product(code) => {
                truth.products.insert(code.clone(), super::play::product(code));
            }
        }
    }
}

/// What a command must be answered, whatever else happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    Anything,
    /// The reply of the first time, or, if that was refused, anything but a second effect.
    Repeated(String),
    KeyReused,
    StaleVersion,
    StaleLease,
}

#[derive(Clone)]
pub struct Sent {
    pub envelope: Envelope,
    pub change: Option<Change>,
    pub expect: Expect,
}

/// A key with the command that it was used for.
#[derive(Clone)]
pub struct Used {
    pub key: String,
    pub command: Command,
    pub reply: Option<(i64, String)>,
}

#[derive(Default)]
pub struct Crowd {
    pub keys: Vec<Used>,
    pub claimed: Vec<OutboxRow>,
    /// Whether a purchase order number may come twice.
    pub twins: bool,
    pub count: u64,
}

/// The reply that a key is answered with.
pub fn render(done: &Done) -> String {
    match done {
        Done::Order(case) => format!("{}/{}/{}", case.order.number, case.version, case.order.status.name()),
        other => format!("{other:?}"),
    }
}

fn key(key: &str, command: &Command) -> IdempotencyKey {
    let mut fingerprint = [0; 32];
    // Enough to tell commands apart: the same text, the same digest.
    for (at, byte) in format!("{command:?}").bytes().enumerate() {
        if let Some(slot) = fingerprint.get_mut(at % 32) {
            *slot = byte.wrapping_add(u8::rotate_left(*slot, 3));
        }
    }
    let render = |done: &Done| (200, render(done));
    IdempotencyKey { caller: "crowd".to_owned(), key: key.to_owned(), fingerprint, render: Arc::new(render) }
}

fn actor(app: &App, login: &str) -> Actor {
    let house = app.gate.houses().get(ORG);
    let user = house.and_then(|house| house.people.by_login(login).map(|user| (user.id, user.name.clone())));
    user.map_or_else(|| Actor::system("sim"), |(id, name)| Actor::Person { id, name })
}

fn admin(command: AdminCommand) -> Command {
    Command::Admin(Box::new(command))
}

impl Crowd {
    fn sent(app: &App, login: &str, command: Command, change: Option<Change>) -> Sent {
        let envelope = app.envelope(ORG, actor(app, login), command, None);
        Sent { envelope, change, expect: Expect::Anything }
    }

    /// The next command, made from what was known before the batch.
    pub fn next(&mut self, rng: &mut Rng, app: &App, mirror: &Mirror, active: &[Uuid]) -> Sent {
        if rng.chance(4) {
            return Self::company(rng, app, mirror);
        }
        if rng.chance(5) && !self.claimed.is_empty() {
            return self.finish(rng, app);
        }
        if rng.chance(5)
            && let Some(used) = rng.pick(&self.keys).cloned()
        {
            return Self::again(rng, app, used);
        }
        let today = day(app, 0);
        let soon = day(app, 5);
        let seen = rng.pick(active).and_then(|id| mirror.orders.get(id)).filter(|_| !rng.chance(25));
        let mut sent = match seen {
            None => {
                let content = deal::content(rng, &today, &soon);
                let command = deal::place(rng, content);
                Self::sent(app, "sales1", Command::Order { id: None, expected: None, command }, None)
            }
            Some(seen) => Self::on_order(rng, app, &seen.case, &today, &soon),
        };
        if !self.twins {
            self.count += 1;
            name_once(&mut sent.envelope.command, self.count);
        }
        if rng.chance(30) && sent.expect == Expect::Anything {
            self.count += 1;
            let name = format!("k{}", self.count);
            sent.envelope.key = Some(key(&name, &sent.envelope.command));
            if self.keys.len() >= KEYS {
                self.keys.remove(0);
            }
            self.keys.push(Used { key: name, command: sent.envelope.command.clone(), reply: None });
        }
        sent
    }

    fn on_order(rng: &mut Rng, app: &App, case: &Case, today: &str, soon: &str) -> Sent {
        let (command, task) = deal::command(rng, case, today, soon);
        let login = task.map_or("sales1", |task| somebody(rng, app, &task));
        // Timers fire when they are due, by the reconciler and not by people.
        let command =
            if matches!(command, OrderCommand::Fire { .. }) { OrderCommand::Recheck } else { command };
        let (expected, expect) = match rng.below(20) {
            0 => (Some(case.version - 1), Expect::StaleVersion),
            1 => (Some(case.version), Expect::Anything),
            _ => (None, Expect::Anything),
        };
        let command = Command::Order { id: Some(case.order.id), expected, command };
        Sent { expect, ..Self::sent(app, login, command, None) }
    }

    /// The same key again: with the same command, or with another one.
    fn again(rng: &mut Rng, app: &App, used: Used) -> Sent {
        let fresh = |at_ms: i64| at_ms > app.clock.now_ms() - DAY_MS;
        let reply = used.reply.filter(|(at_ms, _)| fresh(*at_ms));
        if rng.chance(25) {
            let command = Command::Order { id: None, expected: None, command: OrderCommand::Recheck };
            let mut sent = Self::sent(app, "sales1", command, None);
            sent.envelope.key = Some(key(&used.key, &sent.envelope.command));
            sent.expect = if reply.is_some() { Expect::KeyReused } else { Expect::Anything };
            return sent;
        }
        let mut sent = Self::sent(app, "sales1", used.command, None);
        sent.envelope.key = Some(key(&used.key, &sent.envelope.command));
        if let Some((_, body)) = reply {
            sent.expect = Expect::Repeated(body);
        }
        sent
    }

    /// What became of a message: at once, late, twice, or under a lease that was lost.
    fn finish(&mut self, rng: &mut Rng, app: &App) -> Sent {
        let at = rng.below(self.claimed.len());
        let row = self.claimed.remove(at);
        let (state, failed) = match rng.below(4) {
            0 => ("queued", None),
            1 => ("failed", Some("mailbox_full".to_owned())),
            _ => ("sent", None),
        };
        let stale = rng.chance(20);
        let now = app.clock.now_ms();
        let finish = OutboxFinish {
            org: ORG,
            id: row.id,
            lease_token: row.lease_token - i64::from(stale),
            state: state.to_owned(),
            next_at_ms: now + 60_000,
            sent_at_ms: (state == "sent").then_some(now),
            last_error: failed.clone(),
        };
        let order = row.order_id.map(Uuid::from_bytes).filter(|_| state != "queued");
        let delivered = OrderCommand::NoticeDelivered { id: Uuid::from_bytes(row.id), failed };
        let told = order.map(|order| (order, delivered));
        let mut sent = Self::sent(app, "ops1", Command::FinishOutbox { finish, told }, None);
        if stale {
            sent.expect = Expect::StaleLease;
            self.claimed.push(row);
        }
        sent
    }

    fn company(rng: &mut Rng, app: &App, mirror: &Mirror) -> Sent {
        let (command, change) = match rng.below(5) {
            0 => {
                let (product, place) = (rng.word(&PRODUCTS), rng.word(&WAREHOUSES));
                let milli = 1_000 * (1 + rng.below(200) as i64);
                let change = Change::Came(product.to_owned(), place.to_owned(), milli);
                (AdminCommand::MoveStock(vec![site::goods_in(product, place, milli)]), change)
            }
            1 => {
                let (product, place) = (rng.word(&PRODUCTS), rng.word(&WAREHOUSES));
                // Mostly more than there was, or nobody could order for long.
                let old = mirror.truth.on_hand.get(&(product.to_owned(), place.to_owned())).copied();
                let milli = if rng.chance(15) { 0 } else { old.unwrap_or(0) + 500_000 };
                let items = vec![site::stock_item(product, place, milli)];
                let change = Change::Count(product.to_owned(), place.to_owned(), milli);
                (AdminCommand::FeedStock { as_of: None, items }, change)
            }
            2 => {
                let customer = rng.chance(50).then(|| rng.word(&CUSTOMERS).to_owned());
                let price_e4 = if rng.chance(60) { 125_000 } else { 110_000 };
                let product = rng.word(&PRODUCTS[..3]);
                let price = super::play::price(product, customer, price_e4);
                let item = site::price_item(product, &price);
                (AdminCommand::PutPrices(vec![item]), Change::Price(product.to_owned(), price))
            }
            _ if rng.chance(10) => {
                let item = site::product_item(NEW_PRODUCT);
                (AdminCommand::PutProducts(vec![item]), Change::Product(NEW_PRODUCT.to_owned()))
            }
            _ => {
                let code = if rng.chance(10) { NEW_CUSTOMER } else { rng.word(&CUSTOMERS) };
                let mut known = mirror.truth.customers.get(code).cloned().unwrap_or_else(customer);
                known.code = code.to_owned();
                // Orders never leave the sums here, so the limit has to grow with them.
                known.credit_limit_minor = rng.chance(70).then(|| 1_000_000_000_000 * rng.below(2) as i64);
                known.payment_terms = Some(if rng.chance(80) { "NET30" } else { "NET60" }.to_owned());
                let item = site::customer_item(&known);
                (AdminCommand::PutCustomers(vec![item]), Change::Customer(Box::new(known)))
            }
        };
        Self::sent(app, "ops1", admin(command), Some(change))
    }

    /// Forgets keys whose replies are not kept any more: what comes under them then is another request.
    pub fn forget(&mut self, now_ms: i64) {
        self.keys.retain(|used| used.reply.as_ref().is_none_or(|(at_ms, _)| *at_ms > now_ms - DAY_MS));
    }

    /// Remembers the reply of a key that was used for the first time.
    pub fn hear(&mut self, envelope: &Envelope, done: &Done, at_ms: i64) {
        let Some(key) = &envelope.key else { return };
        let used = self.keys.iter_mut().find(|used| used.key == key.key);
        if let (Some(used), false) = (used, matches!(done, Done::Replayed { .. })) {
            used.reply = Some((at_ms, render(done)));
            used.command = envelope.command.clone();
        }
    }
}

/// Gives the order a purchase order number of its own.
fn name_once(command: &mut Command, n: u64) {
    let content = match command {
        Command::Order { command: OrderCommand::Place(place), .. } => &mut place.content,
        Command::Order { command: OrderCommand::Edit { content, .. }, .. } => &mut **content,
        _ => return,
    };
    content.customer_po = Some(format!("ONE-{n}"));
}

/// The date some days from now.
pub fn day(app: &App, days: i64) -> String {
    let house = app.gate.houses().get(ORG);
    house
        .map(|house| house.calendar.date_at(app.clock.now_ms() + days * DAY_MS).to_string())
        .unwrap_or_default()
}

/// Somebody to decide a task: mostly one who may.
fn somebody(rng: &mut Rng, app: &App, task: &Task) -> &'static str {
    let Some(house) = app.gate.houses().get(ORG) else { return "ops1" };
    let all: Vec<&'static str> = STAFF.iter().map(|(login, _, _)| *login).collect();
    let may =
        |login: &&&'static str| house.people.by_login(login).is_some_and(|u| u.belongs_to(&task.holder));
    let fitting: Vec<&'static str> = all.iter().filter(may).copied().collect();
    if fitting.is_empty() || rng.chance(8) { rng.word(&all) } else { rng.word(&fitting) }
}
