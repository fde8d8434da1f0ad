//! Where a play begins: the company as it is, in which the draft alone takes orders.

use crate::case::decide::Place;
use crate::case::world::House;
use crate::case::{Case, FlowPin, World};
use ordain_domain::actor::Actor;
use ordain_domain::order::Order;
use ordain_flow::doc::{FlowDoc, Purpose, Scope};
use ordain_flow::run::Flow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// No version that was ever published.
const DRAFT: i64 = 0;
const MINUTE_MS: i64 = 60_000;

/// What is on the stage before the first act.
#[derive(Debug)]
pub struct Stage {
    pub world: World,
    pub place: Place,
    pub sender: Actor,
    pub start_ms: i64,
}

impl Stage {
    /// At a full minute, as people tell time.
    pub fn new(world: World, place: Place, sender: Actor, at_ms: i64) -> Self {
        Self { world, place, sender, start_ms: at_ms - at_ms.rem_euclid(MINUTE_MS) }
    }
}

/// The document as it is played: whatever order is sent through it.
pub fn open_to_all(doc: FlowDoc) -> FlowDoc {
    FlowDoc { scope: Scope::default(), ..doc }
}

/// The company in which this flow alone takes orders. What begins inside of it or after it is as it is in force.
pub fn house_with(house: &House, flow: Arc<Flow>) -> House {
    let mut house = house.clone();
    let others: Vec<String> = house
        .active_flows()
        .filter(|(_, flow)| flow.doc().purpose == Purpose::Confirmation)
        .map(|(pin, _)| pin.key)
        .collect();
    for key in others {
        house.active.remove(&key);
    }
    let pin = FlowPin { key: flow.doc().key.clone(), version: DRAFT };
    house.active.insert(pin.key.clone(), pin.version);
    house.flows.insert(pin, flow);
    house
}

/// What the order holds is nobody else's: it is taken from the world, or given back to it.
pub(super) fn hold(world: &mut World, order: &Order, sign: i64) {
    for held in order.stock_taken().iter() {
        world.free.add(&held.product, &held.warehouse, -sign * held.qty_milli);
    }
    for part in order.coming_taken().iter() {
        world.free.add_coming(&part.product, &part.source, -sign * part.qty_milli);
    }
    let Some((customer, held)) = world.master.customer.as_mut().zip(order.credit_taken()) else { return };
    let more = |owed: i64| owed.saturating_add(sign * held.minor).max(0);
    customer.exposure_minor = more(customer.exposure_minor);
    let owed = world.master.group.iter_mut().flat_map(|group| &mut group.owed);
    for owed in owed.filter(|owed| owed.customer == customer.code) {
        owed.minor = more(owed.minor);
    }
}

/// A real order on the day on which it came, before anybody had looked at it.
pub fn of_order(case: &Case, mut world: World) -> Stage {
    let order = &case.order;
    hold(&mut world, order, -1);
    world.next_number.clone_from(&order.number);
    let place = Place {
        channel: order.channel.clone(),
        source: None,
        content: order.content.clone(),
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: None,
    };
    Stage::new(world, place, order.receiver.clone(), order.created_ms)
}
