//! A Gate of a few lines over plain maps: several orders that share stock, credit and purchase order numbers. It gives
//! the pure decisions the world they need, and holds every answer against properties that it works out by itself.

use super::names::{self, Coverage};
use super::oracle::{Entry, Story};
pub use super::rules::Broken;
use super::rules::{allowed, timers_are_live};
use super::truth::{Around, Truth};
use crate::company::{house, person};
use ordain_app::case::decide::{By, Decided, OrderCommand, decide};
use ordain_app::case::world::{House, World};
use ordain_app::case::{Case, Event, FlowPin, Refusal, event};
use ordain_domain::actor::Actor;
use ordain_domain::master::Master;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::stock::Free;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// An order with everything that was logged of it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub case: Case,
    pub log: Vec<Entry>,
    /// Built from the events as they come back from JSON.
    pub folded: Option<Case>,
}

pub struct Model {
    pub house: Arc<House>,
    pub truth: Truth,
    pub orders: BTreeMap<Uuid, Kept>,
    pub now_ms: i64,
    pub coverage: Coverage,
    /// A count took away goods that were promised already.
    pub lowered: bool,
    pub broken: Option<Broken>,
    /// What the Gate has booked, from events alone.
    reserved: BTreeMap<(String, String), i64>,
    exposure: BTreeMap<String, i64>,
    ids: u128,
}

impl Model {
    pub fn new(house: House, truth: Truth, now_ms: i64, broken: Option<Broken>) -> Self {
        Self {
            house: Arc::new(house),
            truth,
            orders: BTreeMap::new(),
            now_ms,
            coverage: Coverage::default(),
            lowered: false,
            broken,
            reserved: BTreeMap::new(),
            exposure: BTreeMap::new(),
            ids: 0,
        }
    }

    /// The standard house, or one of a company that follows another flow.
    pub fn house(flow: &str) -> House {
        let mut house = standard_house();
        let other = match flow {
            "narrow" => super::flows::narrow(),
            "bare" => super::flows::bare(),
            _ => return house,
        };
        let pin = FlowPin { key: flow.to_owned(), version: 1 };
        house.active = BTreeMap::from([(pin.key.clone(), pin.version)]);
        house.flows.insert(pin, other);
        house
    }

    fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    /// Puts a command and holds the answer against every property.
    ///
    /// # Errors
    /// The property that does not hold, in words.
    pub fn put(
        &mut self,
        id: Option<Uuid>,
        command: &OrderCommand,
        login: Option<&str>,
    ) -> Result<Option<Uuid>, String> {
        self.coverage.see(names::command(command));
        self.ids += 1;
        let actor = login.map_or_else(
            || Actor::system("sim"),
            |login| {
                let user = person(login);
                Actor::Person { id: user.id, name: user.name }
            },
        );
        let by = By { actor, at_ms: self.now_ms, id: Uuid::from_u128(self.ids << 32) };
        let case = id.and_then(|id| self.orders.get(&id)).map(|kept| kept.case.clone());
        let world = self.world(case.as_ref(), command);
        let first = decide(case.as_ref(), &world, command, &by);
        self.same_again(&first, &decide(case.as_ref(), &world, command, &by))?;
        match first {
            Err(refusal) => {
                self.coverage.see(names::refusal(&refusal));
                Ok(None)
            }
            Ok(decided) => self.keep(case, decided).map(Some),
        }
    }

    fn same_again(
        &self,
        first: &Result<Decided, Refusal>,
        second: &Result<Decided, Refusal>,
    ) -> Result<(), String> {
        let as_text = |decided: &Result<Decided, Refusal>| match decided {
            Ok(decided) => serde_json::to_string(&decided.events).unwrap_or_default(),
            Err(refusal) => format!("{refusal:?}"),
        };
        let (first, second) = (as_text(first), as_text(second));
        if first == second { Ok(()) } else { Err(format!("decided twice: {first} and {second}")) }
    }

    /// The slice of the world for one order, as the Gate cuts it.
    fn world(&self, case: Option<&Case>, command: &OrderCommand) -> World {
        let content = match command {
            OrderCommand::Place(place) => Some(&place.content),
            OrderCommand::Edit { content, .. } => Some(&**content),
            _ => case.map(|case| &case.order.content),
        };
        let own = case.map(|case| case.order.id);
        let mut master = Master {
            products: self.truth.products.clone(),
            prices: self.truth.prices.clone(),
            ..Master::default()
        };
        let customer = content.and_then(|content| content.customer.as_ref());
        master.customer = customer.and_then(|code| self.truth.customers.get(code)).cloned();
        if let Some(customer) = &mut master.customer
            && !self.is(Broken::ForgetsCredit)
        {
            customer.exposure_minor = self.exposure.get(&customer.code).copied().unwrap_or(0);
        }
        let mut house = self.house.clone();
        if self.is(Broken::LetsOthersDecide) {
            for user in Arc::make_mut(&mut house).people.users.values_mut() {
                user.roles.push("sales_manager".to_owned());
            }
        }
        if self.is(Broken::HidesPrices) {
            Arc::make_mut(&mut house).rules.price_tolerance_permille = 500;
        }
        let twin =
            content.and_then(|content| self.twin(own, content)).filter(|_| !self.is(Broken::ForgetsTwins));
        let next_number = format!("SO-{:06}", self.orders.len() + 1);
        World { next_number, ..World::around(house, master, self.free(case), twin) }
    }

    /// Free stock without what the order itself holds, which the decision adds again.
    fn free(&self, own: Option<&Case>) -> Free {
        let mut free = Free::new(self.house.warehouses.clone());
        for ((product, warehouse), on_hand) in &self.truth.on_hand {
            let place = (product.clone(), warehouse.clone());
            let held = own.iter().flat_map(|case| &case.order.held);
            let here = held.filter(|part| part.product == *product && part.warehouse == *warehouse);
            let mine: i64 = here.map(|part| part.qty_milli).sum();
            let others = self.reserved.get(&place).copied().unwrap_or(0) - mine;
            let others = if self.is(Broken::Oversells) { 0 } else { others };
            let left = (on_hand - self.truth.kept_back_milli - others).max(0);
            free.add(product, warehouse, left - mine);
        }
        free
    }

    /// The number of an older live order of the same customer under the same purchase order number.
    fn twin(&self, own: Option<Uuid>, content: &ordain_domain::order::Content) -> Option<String> {
        let (customer, po) = content.customer.as_ref().zip(content.customer_po.as_ref())?;
        let live = |case: &Case| {
            !matches!(case.order.status, Status::Cancelled | Status::Rejected | Status::Expired)
        };
        let mut older = self.orders.values().map(|kept| &kept.case).filter(|case| {
            own.is_none_or(|own| case.order.id < own)
                && live(case)
                && case.order.content.customer.as_ref() == Some(customer)
                && case.order.content.customer_po.as_ref() == Some(po)
        });
        older.next().map(|case| case.order.number.clone())
    }

    fn keep(&mut self, before: Option<Case>, decided: Decided) -> Result<Uuid, String> {
        let id = decided.case.order.id;
        for event in &decided.events {
            self.coverage.see(names::event(event));
        }
        let log = self.orders.get(&id).map(|kept| kept.log.clone()).unwrap_or_default();
        let mut folded = self.orders.get(&id).and_then(|kept| kept.folded.clone());
        if !decided.events.is_empty() {
            self.fold(&mut folded, &decided)?;
        }
        allowed(before.as_ref(), &decided, self.now_ms)?;
        self.book(&decided, before.as_ref());
        let mut kept = Kept { case: decided.case, log, folded };
        if decided.events.is_empty() {
            // Nothing happened, so nothing is logged and the version stays.
            kept.case = before.ok_or("no event made an order")?;
        } else {
            kept.log.push((self.now_ms, decided.events.clone()));
        }
        self.orders.insert(id, kept);
        self.everything_adds_up()?;
        self.order_is_sound(id)?;
        if decided.events.iter().any(|event| matches!(event, Event::Order(OrderEvent::Confirmed(_)))) {
            self.may_be_confirmed(id)?;
        }
        Ok(id)
    }

    /// State = fold of the events, each through JSON and back.
    fn fold(&self, folded: &mut Option<Case>, decided: &Decided) -> Result<(), String> {
        for event in &decided.events {
            let text = serde_json::to_string(event).map_err(|error| error.to_string())?;
            let back: Event = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
            if back != *event {
                return Err(format!("{event:?} came back from JSON as {back:?}"));
            }
            let skipped =
                self.is(Broken::SkipsAnEvent) && matches!(event, Event::Order(OrderEvent::StockReleased));
            if !skipped {
                event::apply(folded, &back, self.now_ms);
            }
        }
        if let Some(case) = folded {
            // The version counts log entries, so the log gives it and not an event.
            case.version += 1;
        }
        if folded.as_ref() != Some(&decided.case) {
            return Err("fold differs from state".to_owned());
        }
        let text = serde_json::to_string(&decided.case).map_err(|error| error.to_string())?;
        match serde_json::from_str::<Case>(&text) {
            Ok(back) if back == decided.case => Ok(()),
            Ok(_) => Err("state comes back from JSON as another one".to_owned()),
            Err(error) => Err(format!("state does not come back from JSON: {error}")),
        }
    }

    /// Books stock and credit from events, not from the state.
    fn book(&mut self, decided: &Decided, before: Option<&Case>) {
        let mut held = before.map(|case| case.order.held.clone()).unwrap_or_default();
        let mut credit = before.and_then(|case| case.order.credit_held.clone());
        let keeps = self.is(Broken::KeepsStock);
        for event in &decided.events {
            let Event::Order(event) = event else { continue };
            let next = match event {
                OrderEvent::StockHeld { held } => held.clone(),
                OrderEvent::StockReleased if !keeps => Vec::new(),
                OrderEvent::CreditHeld(taken) => {
                    self.owe(credit.replace(taken.clone()), -1);
                    self.owe(Some(taken.clone()), 1);
                    continue;
                }
                OrderEvent::CreditReleased => {
                    self.owe(credit.take(), -1);
                    continue;
                }
                _ => continue,
            };
            for (parts, sign) in [(&held, -1), (&next, 1)] {
                for part in parts {
                    let place = (part.product.clone(), part.warehouse.clone());
                    *self.reserved.entry(place).or_default() += sign * part.qty_milli;
                }
            }
            held = next;
        }
    }

    fn owe(&mut self, held: Option<ordain_domain::order::CreditHeld>, sign: i64) {
        if let Some(held) = held {
            *self.exposure.entry(held.customer).or_default() += sign * held.minor;
        }
    }

    fn everything_adds_up(&self) -> Result<(), String> {
        let mut held: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut owed: BTreeMap<String, i64> = BTreeMap::new();
        for case in self.orders.values().map(|kept| &kept.case) {
            for part in &case.order.held {
                *held.entry((part.product.clone(), part.warehouse.clone())).or_default() += part.qty_milli;
            }
            if let Some(credit) = &case.order.credit_held {
                *owed.entry(credit.customer.clone()).or_default() += credit.minor;
            }
        }
        let booked = |of: &BTreeMap<(String, String), i64>| {
            of.iter().filter(|(_, n)| **n != 0).map(|(k, n)| (k.clone(), *n)).collect::<Vec<_>>()
        };
        if booked(&held) != booked(&self.reserved) {
            return Err(format!("reserved {:?} but held {held:?}", self.reserved));
        }
        owed.retain(|_, minor| *minor != 0);
        let exposure: BTreeMap<String, i64> =
            self.exposure.iter().filter(|(_, n)| **n != 0).map(|(k, n)| (k.clone(), *n)).collect();
        if owed != exposure {
            return Err(format!("exposure {exposure:?} but owed {owed:?}"));
        }
        for (place, milli) in held.iter().filter(|_| !self.lowered) {
            let there = self.truth.on_hand.get(place).copied().unwrap_or(0) - self.truth.kept_back_milli;
            if *milli > there {
                return Err(format!("oversold {place:?}: {milli} of {there}"));
            }
        }
        Ok(())
    }

    /// What must be true of every order after every command.
    fn order_is_sound(&self, id: Uuid) -> Result<(), String> {
        let Some(Kept { case, .. }) = self.orders.get(&id) else { return Err("lost".to_owned()) };
        let order = &case.order;
        let holds = !order.held.is_empty() || order.credit_held.is_some();
        if holds && !order.status.holds_credit() {
            return Err(format!("{:?} and holds stock or credit", order.status));
        }
        if order.status == Status::InReview && case.reviewed_revision != order.revision {
            let (reviewed, latest) = (case.reviewed_revision, order.revision);
            return Err(format!("in review with revision {reviewed} of {latest}"));
        }
        if order.status != Status::InReview && case.open_tasks().next().is_some() {
            return Err(format!("{:?} with an open task", order.status));
        }
        let waits = case.open_tasks().next().is_some();
        if order.status == Status::InReview && !waits {
            return Err("in review and nobody is asked".to_owned());
        }
        timers_are_live(case, &self.house)
    }

    fn may_be_confirmed(&mut self, id: Uuid) -> Result<(), String> {
        let Some(kept) = self.orders.get(&id).cloned() else { return Ok(()) };
        let story = Story::of(&kept.log);
        let order = &kept.case.order;
        let mine = order.credit_held.as_ref().map_or(0, |held| held.minor);
        let customer = order.content.customer.clone().unwrap_or_default();
        let twin = self.twin(Some(id), &order.content);
        let around = Around {
            others_credit: self.exposure.get(&customer).copied().unwrap_or(0) - mine,
            twin: twin.as_deref(),
            asked_on: story
                .pinned
                .map_or_else(String::new, |(_, at)| self.house.calendar.date_at(at).to_string()),
        };
        let managed = kept.case.flow.as_ref().is_some_and(|pin| pin.key == "standard");
        let mut objections = story.objections(&self.truth, &around, &self.house.people, managed);
        // Goods of this order must be there even if a count has taken away those of others.
        for part in &order.held {
            let place = (part.product.clone(), part.warehouse.clone());
            let there = self.truth.on_hand.get(&place).copied().unwrap_or(0) - self.truth.kept_back_milli;
            let reserved = self.reserved.get(&place).copied().unwrap_or(0);
            if reserved > there {
                objections.push(format!("{place:?}: {reserved} promised of {there}"));
            }
        }
        if !objections.is_empty() {
            return Err(format!("confirmed past {objections:?}"));
        }
        self.note(&order.content.clone());
        Ok(())
    }

    /// Counts the confirmations that had to pass the sales manager.
    fn note(&mut self, content: &ordain_domain::order::Content) {
        if super::truth::gross(content).is_some_and(|gross| gross >= 5_000_000) {
            self.coverage.see("seen.large_confirmed");
        }
        if self.truth.special_terms(content) {
            self.coverage.see("seen.special_confirmed");
        }
    }
}

/// Compiled once: a run opens thousands of companies.
fn standard_house() -> House {
    static HOUSE: std::sync::LazyLock<Arc<House>> = std::sync::LazyLock::new(house);
    (**HOUSE).clone()
}
