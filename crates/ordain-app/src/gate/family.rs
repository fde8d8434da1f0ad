//! Two orders in one command: what is split off is placed, what is taken over is ended, and who exchanges goods with
//! another gives what that one takes, in the commit of the change that says so, or neither is.

use super::batch::Batch;
use super::command::GateError;
use crate::case::decide::{By, MERGED, OTHER_IDS, OrderCommand, PartOf, Settlement, place_of};
use crate::case::world::World;
use crate::case::{Case, Event, Refusal};
use crate::clock::Ids;
use ordain_domain::order::{Content, Event as OrderEvent, Order};
use std::sync::Arc;
use uuid::Uuid;

/// What the other order of a command is decided by: the same person at the same time, with ids of its own.
pub(super) fn by_other(by: &By) -> By {
    By { id: Ids::from(by.id, OTHER_IDS).mint(), ..by.clone() }
}

/// The other order that a command is about.
pub(super) fn other_of(command: &OrderCommand) -> Option<Uuid> {
    match command {
        OrderCommand::Merge { from, .. } => Some(*from),
        OrderCommand::SettlePromise { by: Settlement::Exchange { with }, .. } => Some(*with),
        _ => None,
    }
}

/// What is asked of the other order: the one that is taken over ends, the one that goods are exchanged with has its share.
/// Nothing for a command that names no other.
pub(super) fn asked_of_other(
    command: &OrderCommand,
    (before, after): (&Case, &Case),
    other: &Case,
) -> Option<OrderCommand> {
    let number = after.order.number.clone();
    match command {
        OrderCommand::Merge { reason, .. } => {
            let reason = format!("{number}: {}", reason.trim());
            Some(OrderCommand::Cancel { reason, code: Some(MERGED.to_owned()) })
        }
        OrderCommand::SettlePromise { line, by: Settlement::Exchange { .. } } => {
            let share = Box::new(before.order.exchange(*line, &other.order)?.giver);
            Some(OrderCommand::GiveForExchange { with: number, share })
        }
        _ => None,
    }
}

/// The lines of both, so that the world holds what either needs.
pub(crate) fn of_both(into: &Content, from: &Content) -> Content {
    let lines = into.lines.iter().chain(&from.lines).cloned().collect();
    Content { lines, ..into.clone() }
}

/// The world in which the other order holds nothing any more.
pub(super) fn without(world: &mut World, other: &Order) {
    for held in other.stock_taken().iter() {
        world.free.add(&held.product, &held.warehouse, held.qty_milli);
    }
    for part in other.coming_taken().iter() {
        world.free.add_coming(&part.product, &part.source, part.qty_milli);
    }
    if let (Some(customer), Some(held)) = (&mut world.master.customer, other.credit_taken())
        && customer.code == held.customer
    {
        customer.exposure_minor -= held.minor;
        let owed = world.master.group.iter_mut().flat_map(|group| &mut group.owed);
        let own = owed.filter(|owed| owed.customer == held.customer);
        own.for_each(|owed| owed.minor -= held.minor);
    }
    world.twin.take_if(|twin| *twin == other.number);
}

/// What a decision has split off.
pub(super) fn parts(whole: &Order, events: &[Event]) -> Vec<(Content, PartOf)> {
    let part = |event: &Event| match event {
        Event::Order(OrderEvent::SplitOff { number, content, family, paid_minor, .. }) => {
            Some(((**content).clone(), PartOf::of(whole, number, family.clone(), *paid_minor)))
        }
        _ => None,
    };
    events.iter().filter_map(part).collect()
}

impl Batch<'_> {
    /// Places what was just split off. An order that cannot enter review is kept as a draft rather than lost.
    pub(super) fn place_parts(
        &mut self,
        org: i64,
        whole: &Arc<Case>,
        parts: &[(Content, PartOf)],
        by: &By,
    ) -> Result<(), GateError> {
        for (content, of) in parts {
            let by = by_other(by);
            let mut place = place_of(&whole.order, content);
            let command =
                |place| OrderCommand::PlacePart { place: Box::new(place), of: Box::new(of.clone()) };
            match self.decide_order(org, None, None, &command(place.clone()), &by) {
                Err(GateError::Refused(_)) => {
                    place.submit = false;
                    self.decide_order(org, None, None, &command(place), &by)?;
                }
                other => drop(other?),
            }
        }
        Ok(())
    }

    /// The other order that a command is about.
    pub(super) fn other(&self, org: i64, command: &OrderCommand) -> Result<Option<Arc<Case>>, GateError> {
        let Some(id) = other_of(command) else { return Ok(None) };
        let known = self.known(org, id).and_then(|(case, _)| case);
        known.map(Some).ok_or_else(|| Refusal::NotFound.into())
    }
}
