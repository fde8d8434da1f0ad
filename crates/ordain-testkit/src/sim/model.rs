//! A Gate of a few lines over plain maps: several orders that share stock, credit and purchase order numbers. It gives
//! the pure decisions the world they need, and holds every answer against properties that it works out by itself.

use super::bend::Bender;
use super::books::{Books, Scene};
use super::coverage::Coverage;
use super::cut::{Holds, taken};
use super::names;
use super::oracle::{Entry, SIDE, Story};
pub use super::rules::Broken;
use super::rules::{allowed, timers_are_live};
use super::staff::Timetable;
use super::supply::Purchases;
use super::truth::{Around, Truth};
use crate::company::house;
use ordain_app::case::decide::{By, Decided, OrderCommand, decide};
use ordain_app::case::timers::{Timers, wanted};
use ordain_app::case::world::{House, World, turn_key};
use ordain_app::case::{Case, Event, FlowPin, Refusal, event};
use ordain_domain::actor::Actor;
use ordain_domain::order::{Event as OrderEvent, Status};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// How many versions of an order lie between two that are written out and read back in full. Events always are.
const WHOLE_EVERY: i64 = 8;

/// An order with everything that was logged of it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub case: Case,
    pub log: Vec<Entry>,
    /// Built from the events as they come back from JSON.
    pub folded: Option<Case>,
    pub books: Books,
    /// What it waits for, as of its last command.
    pub timers: Timers,
}

pub struct Model {
    pub house: Arc<House>,
    pub truth: Truth,
    pub orders: BTreeMap<Uuid, Kept>,
    pub now_ms: i64,
    pub coverage: Coverage,
    pub broken: Option<Broken>,
    /// Everybody's hours, where they are known apart from the product.
    pub table: Option<Timetable>,
    /// Of the whole log.
    pub hash: Sha256,
    /// Orders that were ever placed.
    pub placed: usize,
    /// Why the last command was refused.
    pub refused: Option<Refusal>,
    bender: Bender,
    /// How often each step was dealt out.
    pub(super) turns: BTreeMap<String, i64>,
    /// What the Gate has booked, from events alone.
    pub(super) reserved: BTreeMap<(String, String), i64>,
    pub(super) exposure: BTreeMap<String, i64>,
    /// What is bought and not here yet.
    pub bought: Purchases,
    /// A purchase has moved, and those who were promised something of it are being told.
    pub(super) moving: bool,
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
            broken,
            table: None,
            hash: Sha256::new(),
            placed: 0,
            refused: None,
            bender: Bender::default(),
            turns: BTreeMap::new(),
            reserved: BTreeMap::new(),
            exposure: BTreeMap::new(),
            bought: Purchases::new(),
            moving: false,
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

    pub(super) fn is(&self, broken: Broken) -> bool {
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
        let user = login.and_then(|login| self.house.people.by_login(login));
        let actor = user.map_or_else(
            || Actor::system("sim"),
            |user| Actor::Person { id: user.id, name: user.name.clone() },
        );
        let by = By { actor, at_ms: self.now_ms, id: Uuid::from_u128(self.ids << 32) };
        let kept = id.and_then(|id| self.orders.remove(&id));
        let world = self.world(kept.as_ref().map(|kept| &kept.case), command);
        let case = kept.as_ref().map(|kept| &kept.case);
        let first = self.decide(case, &world, command, &by);
        let mut again = by.clone();
        if self.is(Broken::DecidesByChance) {
            again.id = Uuid::from_u128((self.ids << 32) + 1);
        }
        let same = same_again(&first, &self.decide(case, &world, command, &again));
        match first {
            Err(refusal) => {
                self.coverage.see(names::refusal(&refusal));
                self.refused = Some(refusal);
                if let (Some(id), Some(kept)) = (id, kept) {
                    self.orders.insert(id, kept);
                }
                same.map(|()| None)
            }
            Ok(decided) => {
                same?;
                on_time(kept.as_ref(), command, self.now_ms)?;
                self.keep(kept, decided, command, &by.actor).map(Some)
            }
        }
    }

    fn decide(
        &mut self,
        case: Option<&Case>,
        world: &World,
        command: &OrderCommand,
        by: &By,
    ) -> Result<Decided, Refusal> {
        match self.broken {
            Some(broken) => self.bender.decide(broken, case, world, command, by),
            None => decide(case, world, command, by),
        }
    }

    fn keep(
        &mut self,
        before: Option<Kept>,
        decided: Decided,
        command: &OrderCommand,
        actor: &Actor,
    ) -> Result<Uuid, String> {
        let id = decided.case.order.id;
        for event in &decided.events {
            self.coverage.see(names::event(event));
        }
        allowed(before.as_ref().map(|kept| &kept.case), &decided, self.now_ms)?;
        self.book(&decided, before.as_ref().map(|kept| &kept.case));
        self.placed += usize::from(before.is_none());
        let mut kept = match before {
            // Nothing happened, so nothing is logged and the version stays.
            Some(kept) if decided.events.is_empty() => {
                self.orders.insert(id, kept);
                return Ok(id);
            }
            Some(kept) => Kept { case: decided.case, ..kept },
            None => Kept {
                case: decided.case,
                log: Vec::new(),
                folded: None,
                books: Books::default(),
                timers: Timers::new(),
            },
        };
        let (house, table, now_ms) = (&self.house, self.table.as_ref(), self.now_ms);
        let scene = Scene { house, table, now_ms, command, actor };
        kept.books.follow(&decided.events, &kept.case, &scene)?;
        self.fold(&mut kept.folded, &decided.events, &kept.case)?;
        self.count_turns(&decided.events, &kept.case);
        kept.timers = wanted(&kept.case, &self.house);
        kept.books.goes_on(&kept.case, &kept.timers, &self.house)?;
        let confirmed = |event: &Event| matches!(event, Event::Order(OrderEvent::Confirmed(_)));
        let confirmed = decided.events.iter().any(confirmed);
        kept.log.push((self.now_ms, decided.events));
        self.orders.insert(id, kept);
        self.everything_adds_up()?;
        self.supplies_suffice()?;
        self.order_is_sound(id)?;
        if confirmed {
            self.may_be_confirmed(id)?;
        }
        Ok(id)
    }

    fn count_turns(&mut self, events: &[Event], case: &Case) {
        let flow = case.flow.as_ref().map_or("", |pin| pin.key.as_str());
        for event in events {
            if let Event::TaskAssigned { task, .. } = event {
                *self.turns.entry(turn_key(flow, &task.node)).or_default() += 1;
            }
        }
    }

    /// The house has changed, and with it what the orders wait for.
    pub fn refit(&mut self) {
        for kept in self.orders.values_mut() {
            kept.timers = wanted(&kept.case, &self.house);
        }
    }

    /// The goods of an order leave the house and the order leaves the books.
    pub fn ship(&mut self, id: Uuid) {
        let Some(kept) = self.orders.remove(&id) else { return };
        for (place, milli) in taken(&kept.case.order) {
            *self.reserved.entry(place.clone()).or_default() -= milli;
            *self.truth.on_hand.entry(place).or_default() -= milli;
        }
        self.owe(Holds::of(&kept.case).credit(), -1);
    }

    /// What the process knew is lost: every order is built again from its log, as text.
    ///
    /// # Errors
    /// An order that comes back as another one.
    pub fn crash(&mut self) -> Result<(), String> {
        for kept in self.orders.values_mut() {
            let mut case = None;
            for (at_ms, events) in &kept.log {
                let text = serde_json::to_string(events).map_err(|error| error.to_string())?;
                let events: Vec<Event> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
                events.iter().for_each(|event| event::apply(&mut case, event, *at_ms));
                if let Some(case) = &mut case {
                    case.version += 1;
                }
            }
            if case.as_ref() != Some(&kept.case) {
                return Err(format!("{} comes back from its log as another order", kept.case.order.number));
            }
            kept.case = case.ok_or("an order without a log")?;
        }
        Ok(())
    }

    /// State = fold of the events, each through JSON and back.
    fn fold(&mut self, folded: &mut Option<Case>, events: &[Event], case: &Case) -> Result<(), String> {
        for event in events {
            let text = serde_json::to_string(event).map_err(|error| error.to_string())?;
            let back: Event = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
            if back != *event {
                return Err(format!("{event:?} came back from JSON as {back:?}"));
            }
            self.hash.update(text.as_bytes());
            let skipped =
                self.is(Broken::SkipsAnEvent) && matches!(event, Event::Order(OrderEvent::StockReleased));
            if !skipped {
                event::apply(folded, &back, self.now_ms);
            }
        }
        if let Some(folded) = folded {
            // The version counts log entries, so the log gives it and not an event.
            folded.version += 1;
        }
        if folded.as_ref() != Some(case) {
            return Err("fold differs from state".to_owned());
        }
        if case.version % WHOLE_EVERY != 1 {
            return Ok(());
        }
        let text = serde_json::to_string(case).map_err(|error| error.to_string())?;
        match serde_json::from_str::<Case>(&text) {
            Ok(back) if back == *case => Ok(()),
            Ok(_) => Err("state comes back from JSON as another one".to_owned()),
            Err(error) => Err(format!("state does not come back from JSON: {error}")),
        }
    }

    /// What must be true of every order after every command.
    fn order_is_sound(&self, id: Uuid) -> Result<(), String> {
        let Some(Kept { case, .. }) = self.orders.get(&id) else { return Err("lost".to_owned()) };
        let order = &case.order;
        let holds = !order.held.is_empty() || !order.coming.is_empty() || order.credit_held.is_some();
        if holds && !order.status.holds_credit() {
            return Err(format!("{:?} and holds stock or credit", order.status));
        }
        let looked_at = order.status == Status::InReview || order.standing.is_some();
        if looked_at && case.reviewed_revision != order.revision {
            let (reviewed, latest) = (case.reviewed_revision, order.revision);
            return Err(format!("in review with revision {reviewed} of {latest}"));
        }
        let reviewed =
            matches!(order.status, Status::InReview | Status::AwaitingCustomer) || order.standing.is_some();
        // What runs beside the order goes on while its sender completes it, and after it was confirmed.
        let dead = matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired);
        if case.open_tasks().any(|(_, task)| dead || (!reviewed && task.visit < SIDE)) {
            return Err(format!("{:?} with an open task", order.status));
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

fn same_again(first: &Result<Decided, Refusal>, second: &Result<Decided, Refusal>) -> Result<(), String> {
    let same = match (first, second) {
        (Ok(first), Ok(second)) => first.events == second.events && first.case == second.case,
        (Err(first), Err(second)) => first == second,
        _ => false,
    };
    if same { Ok(()) } else { Err(format!("decided twice: {first:?} and {second:?}")) }
}

/// A timer has an effect only if the order wanted it and its time had come.
fn on_time(kept: Option<&Kept>, command: &OrderCommand, now_ms: i64) -> Result<(), String> {
    let OrderCommand::Fire { kind, key } = command else { return Ok(()) };
    let due = kept.and_then(|kept| kept.timers.get(&(*kind, key.clone()))).copied();
    if due.is_some_and(|due| due <= now_ms) {
        return Ok(());
    }
    Err(format!("fired early: {kind:?} {key} is due {due:?}, now {now_ms}"))
}

/// Compiled once: a run opens thousands of companies.
fn standard_house() -> House {
    static HOUSE: std::sync::LazyLock<Arc<House>> = std::sync::LazyLock::new(house);
    (**HOUSE).clone()
}
