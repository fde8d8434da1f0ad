//! The life of one company over virtual time: random flows, published while orders run; people who answer late, twice or
//! never, who are away and who leave; calendars that change; commands that come in another order; crashes; and timers
//! that fire in the order in which they are due.

use super::aside::{INSIDE, beside};
use super::coverage::Coverage;
use super::deal::{self, CUSTOMERS, NEW_CUSTOMER, NEW_PRODUCT, PRODUCTS, WAREHOUSES};
use super::errands::{self, Who};
use super::model::{Broken, Model};
use super::play::{company, price, product};
use super::rng::Rng;
use super::shapes::publishable;
use super::staff::{self, LEAVERS, STAFF, Timetable};
use crate::company::{MONDAY_MS, customer, house};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::timers::TimerKind;
use ordain_app::case::world::House;
use ordain_app::case::{FlowPin, Task};
use ordain_domain::order::Status;
use sha2::Digest;
use std::collections::VecDeque;
use std::sync::Arc;
use uuid::Uuid;

const HOUR_MS: i64 = 3_600_000;
/// The flow every order of such a company enters.
const KEY: &str = "f1";
/// Orders at one time, live and over.
const ORDERS_MAX: usize = 12;
const LIVE_MAX: usize = 6;
/// Commands that are remembered to come again.
const REMEMBERED: usize = 20;
/// From where on two people are needed, in the companies that ask for it: a medium order.
const SECOND_PERSON_FROM_MINOR: i64 = 200_000;
/// Timers that may fire one after the other at one instant.
const FIRED_MAX: usize = 300;

/// A broken property.
#[derive(Debug)]
pub struct Breach {
    pub seed: u64,
    pub commands: usize,
    pub what: String,
    pub command: String,
}

/// What a life came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub commands: usize,
    pub refused: usize,
    pub orders: usize,
    pub confirmed: u64,
    pub flows: usize,
    pub fired: usize,
    pub crashes: usize,
    pub virtual_hours: i64,
    /// Of every event of the log, in order.
    pub hash: String,
    pub coverage: Coverage,
}

impl Report {
    /// Several companies together.
    pub fn add(&mut self, other: &Report) {
        self.commands += other.commands;
        self.refused += other.refused;
        self.orders += other.orders;
        self.confirmed += other.confirmed;
        self.flows += other.flows;
        self.fired += other.fired;
        self.crashes += other.crashes;
        self.virtual_hours += other.virtual_hours;
        self.coverage.add(&other.coverage);
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { commands, refused, orders, confirmed, flows, fired, crashes, virtual_hours, .. } = self;
        write!(
            to,
            "commands {commands} refused {refused} orders {orders} confirmed {confirmed} flows {flows} "
        )?;
        write!(to, "timers {fired} crashes {crashes} days {}", virtual_hours / 24)
    }
}

#[derive(Clone)]
struct Sent {
    order: Option<Uuid>,
    command: OrderCommand,
    login: Option<String>,
}

pub struct Life {
    rng: Rng,
    model: Model,
    report: Report,
    /// Sent, and not there yet.
    late: Vec<Sent>,
    recent: VecDeque<Sent>,
    /// The last command, for the record of a breach.
    told: Option<Sent>,
}

/// Plays one company.
///
/// # Errors
/// The first property that does not hold, with the seed that leads there.
pub fn run(seed: u64, commands: usize, broken: Option<Broken>) -> Result<Report, Breach> {
    let mut life =
        Life::new(seed, broken).map_err(|what| Breach { seed, commands: 0, what, command: String::new() })?;
    while life.report.commands < commands {
        if let Err(what) = life.turn() {
            let command = life.told.map_or_else(String::new, |sent| {
                format!("{:?} on {:?} by {:?}", sent.command, sent.order, sent.login)
            });
            return Err(Breach { seed, commands: life.report.commands, what, command });
        }
    }
    Ok(life.finish())
}

impl Life {
    fn new(seed: u64, broken: Option<Broken>) -> Result<Self, String> {
        let mut rng = Rng::new(seed);
        let table = Timetable::draw(&mut rng);
        let mut house = (*house()).clone();
        house.people = staff::directory();
        house.organisation = staff::organisation();
        house.asks_for_loads = true;
        house.rules.second_person_from_minor = seed.is_multiple_of(4).then_some(SECOND_PERSON_FROM_MINOR);
        house.flows.clear();
        house.active.clear();
        table.furnish(&mut house);
        let mut truth = company();
        for (at, product) in truth.products.values_mut().enumerate() {
            product.line =
                [None, Some("L1".to_owned()), Some("L2".to_owned())].get(at % 3).cloned().flatten();
        }
        for customer in truth.customers.values_mut() {
            customer.owner = rng.chance(70).then(|| "sales2".to_owned());
        }
        let mut model = Model::new(house, truth, MONDAY_MS, broken);
        model.table = Some(table);
        let (report, late, recent) = (Report::default(), Vec::new(), VecDeque::new());
        let mut life = Self { rng, model, report, late, recent, told: None };
        life.publish()?;
        life.publish_beside()?;
        Ok(life)
    }

    fn finish(self) -> Report {
        let hash = self.model.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Report {
            hash,
            orders: self.model.placed,
            confirmed: self.model.coverage.count("order.confirmed"),
            virtual_hours: (self.model.now_ms - MONDAY_MS) / HOUR_MS,
            coverage: self.model.coverage,
            ..self.report
        }
    }

    /// Flows that run inside others, and what follows from a confirmation in every other company.
    fn publish_beside(&mut self) -> Result<(), String> {
        let house = Arc::make_mut(&mut self.model.house);
        let fulfils = self.rng.chance(50);
        for (key, flow) in beside(&mut self.rng)? {
            if key == INSIDE || fulfils {
                house.active.insert(key.to_owned(), 1);
                house.flows.insert(FlowPin { key: key.to_owned(), version: 1 }, flow);
                self.report.flows += 1;
            }
        }
        Ok(())
    }

    /// A new version: orders that run keep theirs.
    fn publish(&mut self) -> Result<(), String> {
        let (flow, _) = publishable(&mut self.rng, KEY)?;
        let house = Arc::make_mut(&mut self.model.house);
        let version = in_force(house).map_or(1, |pin| pin.version + 1);
        house.active.insert(KEY.to_owned(), version);
        house.flows.insert(FlowPin { key: KEY.to_owned(), version }, flow);
        self.report.flows += 1;
        Ok(())
    }

    fn turn(&mut self) -> Result<(), String> {
        match self.rng.below(100) {
            0..=4 => self.shake(),
            5..=16 => self.pass_time(),
            17..=19 => match self.rng.pick(self.recent.make_contiguous()).cloned() {
                Some(again) => self.put(again),
                None => Ok(()),
            },
            20..=22 if !self.late.is_empty() => {
                let at = self.rng.below(self.late.len());
                let sent = self.late.swap_remove(at);
                self.put(sent)
            }
            23 if self.rng.chance(25) => {
                self.report.crashes += 1;
                self.model.crash()
            }
            _ => self.act(),
        }
    }

    fn put(&mut self, sent: Sent) -> Result<(), String> {
        self.told = Some(sent.clone());
        self.report.commands += 1;
        let done = self.model.put(sent.order, &sent.command, sent.login.as_deref())?;
        self.report.refused += usize::from(done.is_none());
        if self.recent.len() >= REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(sent);
        self.clear_away();
        Ok(())
    }

    /// Orders that are over make room for others.
    fn clear_away(&mut self) {
        if self.model.orders.len() <= ORDERS_MAX {
            return;
        }
        let over = self.model.orders.iter().find(|(_, kept)| !is_live(kept.case.order.status));
        if let Some(id) = over.map(|(id, _)| *id) {
            self.model.ship(id);
        }
    }

    fn act(&mut self) -> Result<(), String> {
        let live: Vec<Uuid> = self
            .model
            .orders
            .iter()
            .filter(|(_, kept)| is_live(kept.case.order.status))
            .map(|(id, _)| *id)
            .collect();
        let (today, soon) = (self.day(0), self.day(5));
        if live.is_empty() || (live.len() < LIVE_MAX && self.rng.chance(25)) {
            let content = deal::content(&mut self.rng, &today, &soon);
            let command = deal::place(&mut self.rng, content);
            let login = Some(self.rng.word(&["sales1", "sales1", "sales2", "fin2"]).to_owned());
            return self.put(Sent { order: None, command, login });
        }
        let all: Vec<Uuid> = self.model.orders.keys().copied().collect();
        let from = if self.rng.chance(8) { &all } else { &live };
        let Some(id) = self.rng.pick(from).copied() else { return Ok(()) };
        let Some(kept) = self.model.orders.get(&id) else { return Ok(()) };
        let (command, who) = match self.rng.chance(62) {
            true => {
                let (command, task) = deal::command(&mut self.rng, &kept.case, &today, &soon);
                (command, task.map_or(Who::Login("sales1"), |task| Who::Holder(Box::new(task))))
            }
            false => errands::command(&mut self.rng, &kept.case, &self.model.house),
        };
        let login = Some(self.login(id, &who));
        let order = Some(id).filter(|_| !self.rng.chance(1)).or(Some(Uuid::nil()));
        let sent = Sent { order, command, login };
        if self.rng.chance(5) {
            // It comes later, and others come before it.
            self.late.push(sent);
            return Ok(());
        }
        self.put(sent)
    }

    fn login(&mut self, order: Uuid, who: &Who) -> String {
        match who {
            Who::Holder(task) => self.somebody(order, task),
            Who::Login(login) => (*login).to_owned(),
            Who::Person(id) => {
                let user = self.model.house.people.users.get(id);
                user.map_or_else(|| "audit1".to_owned(), |user| user.login.clone())
            }
        }
    }

    /// Somebody to decide a task: mostly one who may.
    fn somebody(&mut self, order: Uuid, task: &Task) -> String {
        let people = &self.model.house.people;
        // Whoever has answered in the step already tries again where they can reach another seat of it.
        let heard = self.model.orders.get(&order).into_iter().flat_map(|kept| kept.case.tasks_of(task.visit));
        let heard = heard.filter_map(|(_, task)| people.users.get(&task.decider()?));
        let again =
            heard.into_iter().find(|user| user.belongs_to(&task.holder)).map(|user| user.login.clone());
        if let Some(again) = again.filter(|_| self.rng.chance(85)) {
            return again;
        }
        let mut fitting: Vec<String> =
            people.members(&task.holder).into_iter().map(|user| user.login.clone()).collect();
        if self.rng.chance(10) {
            let given = &self.model.house.absences.delegations;
            fitting.extend(given.iter().map(|given| given.to.clone()));
        }
        if fitting.is_empty() || self.rng.chance(10) {
            return STAFF.get(self.rng.below(STAFF.len())).map_or("ops1", |known| known.0).to_owned();
        }
        self.rng.pick(&fitting).cloned().unwrap_or_default()
    }

    /// The date some days from now.
    fn day(&self, days: i64) -> String {
        self.model.house.calendar.date_at(self.model.now_ms + days * 24 * HOUR_MS).to_string()
    }

    /// The clock moves on; what is due on the way fires, the earliest first.
    fn pass_time(&mut self) -> Result<(), String> {
        let next = self.next_due().map(|(due, ..)| due);
        let to_ms = match self.rng.below(10) {
            0..=4 => next.unwrap_or(self.model.now_ms + HOUR_MS),
            5..=7 => self.model.now_ms + HOUR_MS,
            8 => self.model.now_ms + 16 * HOUR_MS,
            _ => self.model.now_ms + 72 * HOUR_MS,
        };
        let mut at_once = 0;
        while let Some((due, id, kind, key)) = self.next_due().filter(|(due, ..)| *due <= to_ms) {
            at_once = if due > self.model.now_ms { 0 } else { at_once + 1 };
            if at_once > FIRED_MAX {
                return Err(format!("more than {FIRED_MAX} timers at once"));
            }
            self.model.now_ms = self.model.now_ms.max(due);
            self.fire(id, kind, key)?;
        }
        self.model.now_ms = self.model.now_ms.max(to_ms);
        Ok(())
    }

    fn next_due(&self) -> Option<(i64, Uuid, TimerKind, String)> {
        let all =
            self.model.orders.iter().flat_map(|(id, kept)| {
                kept.timers.iter().map(move |((kind, key), due)| (*due, *id, *kind, key))
            });
        all.min().map(|(due, id, kind, key)| (due, id, kind, key.clone()))
    }

    /// A timer that is due has an effect, and is gone or later then. A rule may repeat itself at once, as often as it
    /// says, after an outage or a quiet night.
    fn fire(&mut self, id: Uuid, kind: TimerKind, key: String) -> Result<(), String> {
        let (refused, at) = (self.report.refused, (kind, key.clone()));
        self.report.fired += 1;
        self.put(Sent { order: Some(id), command: OrderCommand::Fire { kind, key }, login: None })?;
        let after = self.model.orders.get(&id).and_then(|kept| kept.timers.get(&at)).copied();
        if self.report.refused > refused {
            return Err(format!("timer {at:?} is due and refused: {:?}", self.model.refused));
        }
        if kind != TimerKind::DeadlineRule && after.is_some_and(|due| due <= self.model.now_ms) {
            return Err(format!("timer {at:?} has fired and is due still"));
        }
        Ok(())
    }

    /// Something changes that no order asked for.
    fn shake(&mut self) -> Result<(), String> {
        let (rng, model) = (&mut self.rng, &mut self.model);
        match rng.below(14) {
            0..=3 => {
                let place = (rng.word(&PRODUCTS).to_owned(), rng.word(&WAREHOUSES).to_owned());
                let old = model.truth.on_hand.get(&place).copied().unwrap_or(0);
                // A count never takes away what is promised here, so that nothing may ever be oversold.
                model.truth.on_hand.insert(place, old + [0, 5_000, 60_000, 900_000][rng.below(4)]);
            }
            4 => {
                let customer = rng.chance(50).then(|| rng.word(&CUSTOMERS).to_owned());
                let product = rng.word(&PRODUCTS[..3]);
                model.truth.prices.insert(product.to_owned(), vec![price(product, customer, 110_000)]);
            }
            5 => model.truth.prices.clear(),
            6 => {
                if let Some(customer) = model.truth.customers.get_mut(rng.word(&CUSTOMERS)) {
                    customer.credit_limit_minor = rng.chance(80).then_some(30_000_000);
                    customer.payment_terms = rng.chance(50).then(|| "NET60".to_owned());
                }
            }
            7 => {
                model.truth.products.insert(NEW_PRODUCT.to_owned(), product(NEW_PRODUCT));
                let mut new = customer();
                new.code = NEW_CUSTOMER.to_owned();
                model.truth.customers.insert(NEW_CUSTOMER.to_owned(), new);
            }
            8 | 9 => {
                let login = rng.word(&LEAVERS);
                let users = &mut Arc::make_mut(&mut model.house).people.users;
                if let Some(user) = users.values_mut().find(|user| user.login == login) {
                    user.disabled = !user.disabled;
                }
            }
            10 | 11 => {
                if let Some(table) = &mut model.table {
                    table.shake(rng, model.now_ms);
                    table.furnish(Arc::make_mut(&mut model.house));
                }
            }
            _ => {
                if rng.chance(40) {
                    self.publish()?;
                }
            }
        }
        self.model.refit();
        Ok(())
    }
}

/// The version a new order enters; the company follows one flow.
pub(super) fn in_force(house: &House) -> Option<FlowPin> {
    let mut flows = house.active_flows();
    flows.find(|(_, flow)| flow.doc().purpose.is_confirmation()).map(|(pin, _)| pin)
}

fn is_live(status: Status) -> bool {
    matches!(status, Status::Draft | Status::Incomplete | Status::InReview | Status::AwaitingCustomer)
}
