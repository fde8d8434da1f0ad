//! Blocks of several lanes: how they are entered, when they are left, and what a rejection inside one does. A plain
//! parallel block is left when nothing inside it is open; every other one counts its lanes in the run.

use super::back::Lies;
use super::event::{CloseReason, Event, LaneTried};
use super::flow::{At, Part, Step};
use super::refusal::StepRefusal;
use super::state::{Detour, LaneEnd};
use super::walk::{Came, Walk};
use crate::doc::{Join, LaneReject, Outcome};
use std::sync::Arc;

impl Walk<'_> {
    /// Every lane begins.
    pub(super) fn fork(&mut self, step: &Step) -> Came {
        if step.counts_lanes() {
            let lanes =
                step.lanes.iter().map(|lane| LaneTried { lane: lane.id.clone(), because: Vec::new() });
            let (node, lanes) = (step.id.clone(), lanes.collect());
            self.emit(Event::Forked { node, lanes, refused: Vec::new() });
        }
        self.pending.extend(step.lanes.iter().rev().map(|lane| At::start_of(lane.sequence)));
        Came::Halted
    }

    /// Every lane whose condition holds begins, else the otherwise lane.
    pub(super) fn choose(&mut self, visit: u32, step: &Step) -> Result<Came, StepRefusal> {
        let (mut taken, mut refused, mut begin) = (Vec::new(), Vec::new(), Vec::new());
        for lane in step.lanes.iter().filter(|lane| !lane.otherwise) {
            let Some(rule) = &lane.rule else { continue };
            let tried = LaneTried { lane: lane.id.clone(), because: rule.explain(&self.facts) };
            match rule.decide(&self.facts) {
                Some(true) => {
                    taken.push(tried);
                    begin.push(At::start_of(lane.sequence));
                }
                Some(false) => refused.push(tried),
                None => return Ok(self.ask_about(visit, step)),
            }
        }
        if begin.is_empty() {
            return self.otherwise(step, refused).map(Came::To);
        }
        self.emit(Event::Forked { node: step.id.clone(), lanes: taken, refused });
        self.pending.extend(begin.into_iter().rev());
        Ok(Came::Halted)
    }

    /// A sequence has been followed to its end: where the run goes on, if nobody is waited for.
    pub(super) fn end_of(&mut self, sequence: usize) -> Result<Option<At>, StepRefusal> {
        let flow = self.flow;
        let Some(block) = flow.block_of(sequence) else {
            let last = flow.steps().last().map(|step| step.id.clone());
            return Err(StepRefusal::PathBroken { node: last.unwrap_or_default() });
        };
        if block.counts_lanes() {
            return Ok(self.lane_over(block, sequence, LaneEnd::Done));
        }
        let busy = block.is_parallel() && self.is_busy(block);
        Ok((!busy).then(|| At::behind(block)))
    }

    /// Something inside the block is open, or still to be followed.
    fn is_busy(&self, block: &Step) -> bool {
        let lanes = Part::LanesOf(block.index);
        self.run.open_visits().any(|open| self.flow.has_step(lanes, &open.node))
            || self.pending.iter().any(|at| self.flow.has_sequence(lanes, at.sequence))
    }

    /// A counted lane has ended. Gives where the run goes on, if that was the last one needed.
    pub(super) fn lane_over(&mut self, block: &Step, sequence: usize, how: LaneEnd) -> Option<At> {
        let (join, on_reject) = block.join().unwrap_or_default();
        let is_own = |lane: &&super::flow::CompiledLane| lane.sequence == sequence;
        if let (Some(lane), true) = (block.lanes.iter().find(is_own), self.run.block(&block.id).is_some()) {
            self.emit(Event::LaneEnded { node: block.id.clone(), lane: lane.id.clone(), how });
        }
        // The order was sent back into one lane of a block that had been left: that lane is all of it.
        let mut ends = vec![Some(how)];
        if let Some(open) = self.run.block(&block.id) {
            ends = open.lanes.iter().map(|lane| lane.ended).collect();
        }
        let count = |wanted: LaneEnd| ends.iter().filter(|end| **end == Some(wanted)).count();
        let (done, rejected) = (count(LaneEnd::Done), count(LaneEnd::Rejected));
        let all_heard = done + rejected == ends.len();
        if on_reject == LaneReject::AfterAll && rejected > 0 {
            if all_heard {
                self.finish(CloseReason::Rejected, Outcome::Rejected);
            }
            return None;
        }
        let needed = match join {
            Join::All => ends.len(),
            Join::Any => 1,
            Join::AtLeast(lanes) => ends.len().min(usize::try_from(lanes).unwrap_or(usize::MAX)),
        };
        if done < needed && !all_heard {
            return None;
        }
        // Rejections that are only recorded end lanes, but agree to nothing: where so many had to agree, they are missing.
        if done < needed && join != Join::All {
            self.finish(CloseReason::Rejected, Outcome::Rejected);
            return None;
        }
        self.close_inside(Part::LanesOf(block.index), CloseReason::LaneNotNeeded, false);
        if self.run.block(&block.id).is_some() {
            self.emit(Event::Joined { node: block.id.clone() });
        }
        Some(At::behind(block))
    }

    /// Closes all that is open in a part of the flow and gives the steps it was open at. Unless the run is promised to
    /// come back, the blocks there and the ways back into them are over as well.
    pub(super) fn close_inside(
        &mut self,
        part: Part,
        reason: CloseReason,
        comes_back: bool,
    ) -> Vec<Arc<str>> {
        let open = self.run.open_visits().filter(|open| self.flow.has_step(part, &open.node));
        let open: Vec<_> = open.map(|open| (open.visit, open.node.clone())).collect();
        for (visit, node) in &open {
            self.emit(Event::TaskClosed { visit: *visit, node: node.clone(), reason });
        }
        let flow = self.flow;
        self.pending.retain(|at| !flow.has_sequence(part, at.sequence));
        if !comes_back {
            self.abandon(|walk, node| walk.flow.has_step(part, node));
        }
        open.into_iter().map(|(_, node)| node).collect()
    }

    /// Gives up the blocks and the ways back of these steps. Blocks that were kept for a way back go with it.
    pub(super) fn abandon(&mut self, lost: impl Fn(&Self, &str) -> bool) {
        if self.run.blocks.is_empty() && self.run.detours.is_empty() {
            return;
        }
        let is_lost = |detour: &&Detour| lost(self, &detour.from) || lost(self, &detour.at);
        let detours: Vec<&Detour> = self.run.detours.iter().filter(is_lost).collect();
        let was_kept = |block: &str| {
            detours.iter().any(|detour| match (self.flow.find(block), self.flow.find(&detour.at)) {
                (Some(block), Some(at)) => self.lies(block, at) == Lies::Later,
                _ => false,
            })
        };
        let blocks = self.run.blocks.iter().map(|block| &block.node);
        let blocks = blocks.filter(|node| lost(self, node) || was_kept(node));
        let nodes: Vec<_> = blocks.chain(detours.iter().map(|detour| &detour.from)).cloned().collect();
        if !nodes.is_empty() {
            self.emit(Event::Abandoned { nodes });
        }
    }

    /// Closes whatever is open and ends the run without an end step.
    pub(super) fn finish(&mut self, reason: CloseReason, outcome: Outcome) {
        self.close_all(reason);
        self.emit(Event::Ended { visit: None, outcome });
    }

    pub(super) fn close_all(&mut self, reason: CloseReason) {
        let open: Vec<_> = self.run.open_visits().map(|open| (open.visit, open.node.clone())).collect();
        for (visit, node) in open {
            self.emit(Event::TaskClosed { visit, node, reason });
        }
        self.pending.clear();
    }

    /// A person rejected the order at this step: the block of lanes around it says what that means.
    pub(super) fn reject(&mut self, step: &Step) -> Result<(), StepRefusal> {
        let flow = self.flow;
        let mut sequence = step.sequence;
        while let Some(block) = flow.block_of(sequence) {
            match block.join() {
                Some((_, LaneReject::End)) => break,
                Some(_) => {
                    self.close_inside(Part::Sequence(sequence), CloseReason::Rejected, false);
                    return match self.lane_over(block, sequence, LaneEnd::Rejected) {
                        Some(next) => self.go_on(next),
                        None => Ok(()),
                    };
                }
                None => sequence = block.sequence,
            }
        }
        self.finish(CloseReason::Rejected, Outcome::Rejected);
        Ok(())
    }
}
