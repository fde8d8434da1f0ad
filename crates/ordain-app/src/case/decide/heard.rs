//! Events that the product hears of by itself, so that nobody has to tell it what it has just booked: money for the order,
//! and the last of the goods that it waited for.

use super::Story;
use super::side_run::Errand;
use crate::case::refusal::Refusal;
use ordain_flow::doc::NodeKind;
use ordain_flow::run::{Closed, Input, Visit, VisitKind, WaitEnd};
use std::collections::BTreeSet;

/// A payment was booked.
pub(super) const PAYMENT_RECEIVED: &str = "payment_received";
/// All goods of the order lie on the shelf.
pub(super) const GOODS_ARRIVED: &str = "goods_arrived";

impl Story<'_> {
    /// Lets go on what waits for something that has come. What cannot go on for another reason waits on: what has come is
    /// booked all the same. While the order is on hold nothing goes on; it is looked at again with the release.
    pub(super) fn hear(&mut self) {
        if self.case.order.on_hold {
            return;
        }
        let heard = self.heard();
        if heard.is_empty() {
            return;
        }
        self.errands.extend(heard.into_iter().map(|visit| Errand::Hear { visit }));
        let before = (self.case.clone(), self.events.len());
        if self.go_on().is_err() {
            let count;
            (self.case, count) = before;
            self.events.truncate(count);
            self.unasked.clear();
            self.errands.clear();
        }
    }

    /// The stays that wait for something that has come.
    fn heard(&self) -> Vec<u32> {
        let open = self.case.runs().flat_map(|(_, run)| run.open_visits());
        open.filter(|open| self.has_come(open)).map(|open| open.visit).collect()
    }

    pub(super) fn take_heard(&mut self, visit: u32) -> Result<(), Refusal> {
        let run = self.case.run_with(visit).and_then(|(_, run)| run.visit(visit));
        if run.is_none_or(|open| open.closed.is_some() || !self.has_come(open)) {
            return Ok(());
        }
        let backing = self.look_again();
        self.take(&Input::Arrived { visit }, Some(backing))
    }

    fn has_come(&self, open: &Visit) -> bool {
        let order = &self.case.order;
        match self.awaited(open) {
            Some(PAYMENT_RECEIVED) => {
                let came = order.fulfilment.left_of_payments().filter(|(_, left)| *left > 0).count();
                came > self.paid_steps(&open.node)
            }
            Some(GOODS_ARRIVED) => order.coming.is_empty() && !order.held.is_empty(),
            _ => false,
        }
    }

    /// How many other steps have gone on with a payment: the deposit lets no step go on that waits for the rest.
    fn paid_steps(&self, node: &str) -> usize {
        let all = self.case.runs().flat_map(|(_, run)| &run.visits);
        let ended = all.filter(|visit| visit.closed == Some(Closed::Waited(WaitEnd::Done)));
        let paid = ended.filter(|visit| self.awaited(visit) == Some(PAYMENT_RECEIVED));
        paid.map(|visit| &*visit.node).filter(|other| *other != node).collect::<BTreeSet<_>>().len()
    }

    /// The event that a stay waits for.
    fn awaited(&self, visit: &Visit) -> Option<&str> {
        if visit.kind != VisitKind::Event {
            return None;
        }
        match &self.node(visit.visit, &visit.node)?.kind {
            // Who waits for a key waits for somebody who tells it.
            NodeKind::WaitEvent(wait) if wait.matches.is_none() => Some(&wait.event),
            _ => None,
        }
    }
}
