//! One random sequence of commands and changes of the world, at the pure level.

use super::coverage::Coverage;
use super::deal::{self, CUSTOMERS, NEW_CUSTOMER, NEW_PRODUCT, PRODUCTS, WAREHOUSES};
use super::model::{Broken, Model};
use super::rng::Rng;
use super::truth::Truth;
use crate::company::{MONDAY_MS, STAFF, customer, person};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::{Task, timers};
use ordain_domain::master::{AgreedPrice, PriceKind, Product};
use std::sync::Arc;
use uuid::Uuid;

const HOUR_MS: i64 = 3_600_000;

/// Where a run broke a property.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub step: usize,
    pub what: String,
    pub command: String,
}

pub fn product(code: &str) -> Product {
    let list_price_e4 = match code {
        "P-4" => Some(50_000_000),
        "P-5" => None,
        _ => Some(125_000),
    };
    let (code, name) = (code.to_owned(), code.to_owned());
    Product { code, name, unit: "pcs".into(), tax_rate_e4: 1_300, list_price_e4, ..Product::default() }
}

/// A price from five pieces on. Those of the second product were offered only; that of the third is for a level, which
/// is everybody's.
pub fn price(product: &str, customer: Option<String>, price_e4: i64) -> AgreedPrice {
    let level = (product == "P-3" && customer.is_none()).then(|| "A".to_owned());
    let kind = if product == "P-2" && customer.is_some() { PriceKind::Quotation } else { PriceKind::Agreed };
    AgreedPrice { customer, level, kind, min_qty_milli: 5_000, price_e4, ..AgreedPrice::default() }
}

/// Three customers, of which one has little credit and one no address; five products, one of them scarce.
pub fn company() -> Truth {
    let mut truth = Truth::default();
    for code in CUSTOMERS {
        let mut known = customer();
        known.code = code.to_owned();
        match code {
            "C002" => known.credit_limit_minor = Some(60_000),
            "C003" => known.contacts.clear(),
            _ => known.credit_limit_minor = Some(30_000_000),
        }
        truth.customers.insert(code.to_owned(), known);
    }
    for code in PRODUCTS {
        truth.products.insert(code.to_owned(), product(code));
        for (warehouse, on_hand) in WAREHOUSES.iter().zip([60_000, 30_000]) {
            truth.on_hand.insert((code.to_owned(), (*warehouse).to_owned()), on_hand);
        }
    }
    truth
}

pub struct Play {
    pub rng: Rng,
    pub model: Model,
}

impl Play {
    pub fn new(seed: u64, broken: Option<Broken>) -> Self {
        let mut rng = Rng::new(seed);
        let flow = match rng.below(20) {
            0..=2 => "narrow",
            3 => "bare",
            _ => "standard",
        };
        let mut house = Model::house(flow);
        if rng.chance(1) {
            // A pin without its document: a database that was restored in part.
            house.flows.clear();
        }
        let model = Model::new(house, company(), MONDAY_MS, broken);
        Self { rng, model }
    }

    /// Plays a sequence and tells how often everything was seen.
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn run(seed: u64, broken: Option<Broken>) -> Result<Coverage, Failure> {
        let mut play = Self::new(seed, broken);
        let steps = 3 + play.rng.below(16);
        for step in 0..steps {
            let mut command = String::new();
            play.step(&mut command).map_err(|what| Failure { seed, step, what, command })?;
        }
        Ok(play.model.coverage)
    }

    fn step(&mut self, told: &mut String) -> Result<(), String> {
        if self.rng.chance(20) {
            self.shake(told)?;
        }
        // What is broken is seen to before long.
        let often = if self.model.is_broken() { 50 } else { 12 };
        if self.rng.chance(often) {
            return self.move_supply(told);
        }
        let today = self.day(0);
        let soon = self.day(5);
        let ids: Vec<Uuid> = self.model.orders.keys().copied().collect();
        let id = self.rng.pick(&ids).copied();
        let Some(id) = id.filter(|_| !self.rng.chance(20)) else {
            let content = deal::content(&mut self.rng, &today, &soon);
            let command = deal::place(&mut self.rng, content);
            return self.put(None, &command, Some("sales1"), told);
        };
        if self.rng.chance(8)
            && let Some(fire) = self.due(id)
        {
            return self.put(Some(id), &fire, None, told);
        }
        let Some(kept) = self.model.orders.get(&id) else { return Ok(()) };
        let (command, task) = deal::command(&mut self.rng, &kept.case, &today, &soon);
        let login = task.map_or("sales1", |task| self.somebody(&task));
        let id = Some(id).filter(|_| !self.rng.chance(1)).unwrap_or_default();
        self.put(Some(id), &command, Some(login), told)
    }

    pub(super) fn put(
        &mut self,
        id: Option<Uuid>,
        command: &OrderCommand,
        login: Option<&str>,
        told: &mut String,
    ) -> Result<(), String> {
        *told = format!("{id:?} by {login:?}: {command:?}");
        self.model.put(id, command, login).map(|_| ())
    }

    /// The date some days from now.
    fn day(&self, days: i64) -> String {
        self.model.house.calendar.date_at(self.model.now_ms + days * 24 * HOUR_MS).to_string()
    }

    /// Somebody to decide a task: mostly one who may.
    fn somebody(&mut self, task: &Task) -> &'static str {
        let fitting: Vec<&'static str> = STAFF
            .iter()
            .map(|(login, _, _)| *login)
            .filter(|login| person(login).belongs_to(&task.holder))
            .collect();
        if fitting.is_empty() || self.rng.chance(15) {
            let all: Vec<&'static str> = STAFF.iter().map(|(login, _, _)| *login).collect();
            return self.rng.word(&all);
        }
        self.rng.word(&fitting)
    }

    /// Moves the clock to an order's next timer and fires it.
    fn due(&mut self, id: Uuid) -> Option<OrderCommand> {
        let wanted = timers::wanted(&self.model.orders.get(&id)?.case, &self.model.house);
        let all: Vec<_> = wanted.into_iter().collect();
        let ((kind, key), due) = self.rng.pick(&all)?.clone();
        self.model.now_ms = self.model.now_ms.max(due);
        Some(OrderCommand::Fire { kind, key })
    }

    /// Something changes that no order asked for.
    fn shake(&mut self, told: &mut String) -> Result<(), String> {
        let rng = &mut self.rng;
        let truth = &mut self.model.truth;
        match rng.below(9) {
            0 | 1 => {
                let place = (rng.word(&PRODUCTS).to_owned(), rng.word(&WAREHOUSES).to_owned());
                let count = [0, 5_000, 60_000, 200_000_000].get(rng.below(4)).copied().unwrap_or(0);
                return self.count(place, count, told);
            }
            2 => {
                let customer = rng.chance(50).then(|| rng.word(&CUSTOMERS).to_owned());
                let product = rng.word(&PRODUCTS[..3]);
                let row = price(product, customer, 110_000);
                truth.prices.insert(product.to_owned(), vec![row]);
            }
            3 => truth.prices.clear(),
            4 => {
                if let Some(customer) = truth.customers.get_mut(rng.word(&CUSTOMERS)) {
                    customer.credit_limit_minor = rng.chance(80).then_some(10_000);
                    customer.payment_terms = rng.chance(50).then(|| "NET60".to_owned());
                }
            }
            5 => {
                truth.products.insert(NEW_PRODUCT.to_owned(), product(NEW_PRODUCT));
                let mut new = customer();
                new.code = NEW_CUSTOMER.to_owned();
                truth.customers.insert(NEW_CUSTOMER.to_owned(), new);
            }
            6 => {
                let id = person(rng.word(&["fin1", "wh1", "smgr1", "sales1", "ops1"])).id;
                if let Some(user) = Arc::make_mut(&mut self.model.house).people.users.get_mut(&id) {
                    user.disabled = !user.disabled;
                }
            }
            _ => {
                let hours = [1, 4, 30, 24 * 9].get(rng.below(4)).copied().unwrap_or(1);
                self.model.now_ms += hours * HOUR_MS;
            }
        }
        Ok(())
    }
}
