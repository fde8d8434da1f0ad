//! Taking an approval back, as long as nobody has built on it.

use super::back::Lies;
use super::event::{CloseReason, Event, LaneOf};
use super::flow::{Part, Step};
use super::refusal::StepRefusal;
use super::state::{Closed, Completion, Decision, Visit};
use super::walk::Walk;
use crate::doc::Withdraw;

impl Walk<'_> {
    /// The sender has the order back; what was decided of it counts no longer.
    pub(super) fn recall(&mut self) -> Result<(), StepRefusal> {
        let flow = self.flow;
        let Some(start) = flow.steps().first() else { return Err(StepRefusal::NotStarted) };
        self.close_all(CloseReason::Returned);
        let visit = self.arrive(start);
        let (node, at_ms) = (start.id.clone(), self.now_ms);
        self.emit(Event::ReturnedForCompletion { visit, node, by: Completion::Sender, at_ms });
        Ok(())
    }

    pub(super) fn withdraw(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let known = self.run.visit(visit).ok_or(StepRefusal::UnknownVisit { visit })?.clone();
        match known.closed {
            None => return Err(StepRefusal::NotDecided { visit }),
            Some(Closed::Decided(Decision::Approve)) if known.kind.is_task() => {}
            Some(_) => return Err(StepRefusal::NotWithdrawable { visit }),
        }
        if visit < self.run.round_from {
            return Err(StepRefusal::RoundOver { visit });
        }
        let step = self.find(&known.node)?;
        if step.node.person().is_some_and(|settings| settings.withdraw == Withdraw::Never) {
            return Err(StepRefusal::NotWithdrawable { visit });
        }
        let since = self.led_to(&known, step)?;
        if let Some(acted) = since.iter().find(|later| has_acted(later) || later.node == known.node) {
            return Err(StepRefusal::ActedFurtherOn { visit, by_visit: acted.visit });
        }
        let lanes = self.lanes_ended_by(step)?;
        for later in since.into_iter().filter(|later| later.closed.is_none()) {
            let (visit, node, reason) = (later.visit, later.node, CloseReason::Withdrawn);
            self.emit(Event::TaskClosed { visit, node, reason });
        }
        // Blocks that began behind it have begun for nothing; those around it and beside it go on.
        self.abandon(|walk, node| {
            walk.flow.find(node).is_some_and(|later| walk.lies(later, step) == Lies::Later)
        });
        self.emit(Event::Withdrawn { visit, node: known.node, lanes });
        Ok(())
    }

    /// The stays that the decision may have led to: all later ones but those in lanes beside it.
    fn led_to(&self, known: &Visit, step: &Step) -> Result<Vec<Visit>, StepRefusal> {
        let mut found = Vec::new();
        for later in self.run.visits.iter().filter(|later| later.visit > known.visit) {
            if self.lies(self.find(&later.node)?, step) != Lies::Beside {
                found.push(later.clone());
            }
        }
        Ok(found)
    }

    /// The lanes around the step that count as ended. A block that has closed lanes of its own accord stays closed.
    fn lanes_ended_by(&self, step: &Step) -> Result<Vec<LaneOf>, StepRefusal> {
        let (flow, mut lanes, mut sequence) = (self.flow, Vec::new(), step.sequence);
        while let Some(block) = flow.block_of(sequence) {
            let lane = flow.sequence(sequence).and_then(|sequence| block.lanes.get(sequence.lane));
            match (self.run.block(&block.id), lane) {
                (Some(_), Some(lane)) => {
                    lanes.push(LaneOf { node: block.id.clone(), lane: lane.id.clone() });
                }
                _ if block.counts_lanes() && self.has_closed_lanes(block) => {
                    return Err(StepRefusal::JoinFired { node: block.id.clone() });
                }
                _ => {}
            }
            sequence = block.sequence;
        }
        Ok(lanes)
    }

    fn has_closed_lanes(&self, block: &Step) -> bool {
        let not_needed = Some(Closed::Without(CloseReason::LaneNotNeeded));
        let closed = |visit: &Visit| visit.closed == not_needed;
        let mut inside =
            self.run.this_round().filter(|visit| self.flow.has_step(Part::LanesOf(block.index), &visit.node));
        inside.any(closed)
    }
}

fn has_acted(visit: &Visit) -> bool {
    matches!(visit.closed, Some(Closed::Decided(_) | Closed::Answered(_) | Closed::Waited(_)))
}
