//! What the model Gate shows to a decision and what it books of it: the slice of the world for one order, and the stock
//! and credit that all orders hold together.

use super::model::Model;
use super::rules::Broken;
use ordain_app::case::decide::{Decided, OrderCommand};
use ordain_app::case::world::World;
use ordain_app::case::{Case, Event};
use ordain_domain::master::Master;
use ordain_domain::order::{ChangeState, CreditHeld, Event as OrderEvent, Order, Status};
use ordain_domain::stock::{Allocation, Balance, Free};
use ordain_flow::doc::Party;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

impl Model {
    /// The slice of the world for one order, as the Gate cuts it.
    pub(super) fn world(&self, case: Option<&Case>, command: &OrderCommand) -> World {
        let content = match command {
            OrderCommand::Place(place) | OrderCommand::PlacePart { place, .. } => Some(&place.content),
            OrderCommand::Edit { content, .. } => Some(&**content),
            OrderCommand::RequestChange(asked) => Some(&asked.content),
            OrderCommand::TakeChange { id } => case.map(|case| case.content_of(*id)),
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
        if self.is(Broken::LetsOthersDecide) && matches!(command, OrderCommand::Decide { .. }) {
            for user in Arc::make_mut(&mut house).people.users.values_mut() {
                user.roles.push("sales_manager".to_owned());
            }
        }
        if self.is(Broken::HidesPrices) {
            Arc::make_mut(&mut house).rules.price_tolerance_permille = 500;
        }
        if self.is(Broken::ActsAlone) {
            Arc::make_mut(&mut house).rules.second_person_from_minor = None;
        }
        let twin =
            content.and_then(|content| self.twin(own, content)).filter(|_| !self.is(Broken::ForgetsTwins));
        let next_number = format!("SO-{:06}", self.placed + 1);
        let (turns, loads) = (self.turns.clone(), self.loads());
        World { next_number, turns, loads, ..World::around(house, master, self.free(case), twin) }
    }

    /// Open tasks of each person.
    pub(super) fn loads(&self) -> BTreeMap<String, i64> {
        let mut loads = BTreeMap::new();
        if self.house.asks_for_loads {
            for (_, task) in self.orders.values().flat_map(|kept| kept.case.open_tasks()) {
                if let Party::User(login) = &task.holder {
                    *loads.entry(login.clone()).or_default() += 1;
                }
            }
        }
        loads
    }

    /// Free stock without what the order itself holds, which the decision adds again.
    pub(super) fn free(&self, own: Option<&Case>) -> Free {
        let mut free = Free::new(self.house.warehouses.clone());
        for ((product, warehouse), on_hand) in &self.truth.on_hand {
            let place = (product.clone(), warehouse.clone());
            let mine = own.map_or(0, |case| taken(&case.order).get(&place).copied().unwrap_or(0));
            let others = self.reserved.get(&place).copied().unwrap_or(0) - mine;
            let others = if self.is(Broken::Oversells) { 0 } else { others };
            let left = (on_hand - self.truth.kept_back_milli - others).max(0);
            let there = Balance { on_hand_milli: *on_hand, ..Balance::default() };
            free.count(product, warehouse, &there, 0);
            free.add(product, warehouse, left - mine - on_hand);
        }
        self.supplies(own).for_each(|(product, supply)| free.expect(product, supply));
        free
    }

    /// The number of an older live order of the same customer under the same purchase order number.
    pub(super) fn twin(&self, own: Option<Uuid>, content: &ordain_domain::order::Content) -> Option<String> {
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

    /// Books stock and credit from events, not from the state.
    pub(super) fn book(&mut self, decided: &Decided, before: Option<&Case>) {
        let keeps = self.is(Broken::KeepsStock);
        let mut holds = before.map(Holds::of).unwrap_or_default();
        self.move_books(&holds, -1);
        for event in &decided.events {
            if let Event::Order(OrderEvent::GoodsShipped { parts, .. }) = event {
                for part in parts {
                    let place = (part.product.clone(), part.warehouse.clone());
                    *self.truth.on_hand.entry(place).or_default() -= part.qty_milli;
                }
            }
            if let Event::Order(event) = event
                && !(keeps && matches!(event, OrderEvent::StockReleased))
            {
                holds.hear(event);
            }
        }
        // What becomes of a promise is judged by what was bought: see `super::supply`.
        let moved = |event: &Event| match event {
            Event::Order(event) => matches!(
                event,
                OrderEvent::GoodsArrived { .. }
                    | OrderEvent::SupplyMoved { .. }
                    | OrderEvent::GoodsGone { .. }
                    | OrderEvent::PromiseProposed { .. }
                    | OrderEvent::PromiseSettled { .. }
                    | OrderEvent::PromiseExchanged { .. }
            ),
            _ => false,
        };
        if before.is_some_and(|case| !case.order.broken.is_empty()) || decided.events.iter().any(moved) {
            holds = Holds::of(&decided.case);
        }
        self.move_books(&holds, 1);
    }

    fn move_books(&mut self, holds: &Holds, sign: i64) {
        for (place, milli) in holds.stock() {
            *self.reserved.entry(place).or_default() += sign * milli;
        }
        self.owe(holds.credit(), sign);
    }

    pub(super) fn owe(&mut self, held: Option<ordain_domain::order::CreditHeld>, sign: i64) {
        if let Some(held) = held {
            *self.exposure.entry(held.customer).or_default() += sign * held.minor;
        }
    }

    pub(super) fn everything_adds_up(&self) -> Result<(), String> {
        let mut held: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut owed: BTreeMap<String, i64> = BTreeMap::new();
        for case in self.orders.values().map(|kept| &kept.case) {
            for (place, milli) in taken(&case.order) {
                *held.entry(place).or_default() += milli;
            }
            if let Some(credit) = Holds::of(case).credit() {
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
        for (place, milli) in held.iter().filter(|_| !self.moving) {
            let there = self.truth.on_hand.get(place).copied().unwrap_or(0) - self.truth.kept_back_milli;
            if *milli > there {
                return Err(format!("oversold {place:?}: {milli} of {there}"));
            }
        }
        Ok(())
    }
}

/// What an order holds, and what stands of it while a change is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Holds {
    now: Held,
    stands: Option<(Uuid, Held)>,
    /// Held to mend what is broken.
    instead: Vec<Allocation>,
    confirmed: bool,
}

type Held = (Vec<Allocation>, Option<CreditHeld>);

impl Holds {
    pub fn of(case: &Case) -> Self {
        let order = &case.order;
        let stands = order.standing.as_ref().zip(order.change_under_review());
        Self {
            now: (order.held.clone(), order.credit_held.clone()),
            stands: stands
                .map(|(stood, change)| (change.id, (stood.held.clone(), stood.credit_held.clone()))),
            instead: instead(order),
            confirmed: matches!(order.status, Status::Confirmed | Status::InFulfilment),
        }
    }

    fn hear(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::StockHeld { held, .. } => self.now.0.clone_from(held),
            OrderEvent::StockReleased | OrderEvent::ReservationExpired => self.now.0.clear(),
            OrderEvent::GoodsShipped { parts, .. } => self.now.0 = left_after(&self.now.0, parts),
            OrderEvent::CreditHeld(held) => self.now.1 = Some(held.clone()),
            OrderEvent::CreditReleased => self.now.1 = None,
            OrderEvent::PaymentRecorded { payment } => {
                // What was paid is owed by neither.
                if let Some((_, (_, stood))) = &mut self.stands {
                    *stood = stood.take().filter(|held| held.minor > payment.minor);
                    stood.iter_mut().for_each(|held| held.minor -= payment.minor);
                }
            }
            OrderEvent::Confirmed(_) => self.confirmed = true,
            OrderEvent::ChangeTaken { id, .. } if self.confirmed => {
                self.stands = Some((*id, self.now.clone()));
            }
            OrderEvent::ChangeClosed { id, outcome } => {
                let stood = self.stands.take_if(|(looked_at, _)| looked_at == id);
                if let Some((_, stood)) = stood.filter(|_| !matches!(outcome, ChangeState::Applied { .. })) {
                    self.now = stood;
                }
            }
            _ => {}
        }
    }

    /// Of each product in each warehouse what the larger of the two asks for.
    pub fn stock(&self) -> BTreeMap<(String, String), i64> {
        let mut most = BTreeMap::new();
        for (held, _) in self.stands.iter().map(|(_, stood)| stood).chain([&self.now]) {
            let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
            for part in held {
                *sums.entry((part.product.clone(), part.warehouse.clone())).or_default() += part.qty_milli;
            }
            for (place, milli) in sums {
                let known = most.entry(place).or_insert(0);
                *known = (*known).max(milli);
            }
        }
        for part in &self.instead {
            *most.entry((part.product.clone(), part.warehouse.clone())).or_default() += part.qty_milli;
        }
        most
    }

    pub fn credit(&self) -> Option<CreditHeld> {
        let both = self.stands.iter().map(|(_, stood)| stood).chain([&self.now]);
        both.filter_map(|(_, credit)| credit.clone()).max_by_key(|held| held.minor)
    }
}

/// What an order takes of the stock, worked out without the product's own sum.
pub(super) fn taken(order: &Order) -> BTreeMap<(String, String), i64> {
    let held = |held: &[Allocation]| (held.to_vec(), None);
    let stands = order.standing.as_ref().map(|stood| (Uuid::nil(), held(&stood.held)));
    Holds { now: held(&order.held), stands, instead: instead(order), confirmed: false }.stock()
}

fn instead(order: &Order) -> Vec<Allocation> {
    order.broken.iter().flat_map(|broken| broken.instead.held.clone()).collect()
}

/// What is held when parts of it have left.
fn left_after(held: &[Allocation], parts: &[Allocation]) -> Vec<Allocation> {
    let mut left = held.to_vec();
    for part in parts {
        let same = |of: &&mut Allocation| {
            (of.line, &of.product, &of.warehouse) == (part.line, &part.product, &part.warehouse)
        };
        if let Some(of) = left.iter_mut().find(same) {
            of.qty_milli -= part.qty_milli;
        }
    }
    left
}
