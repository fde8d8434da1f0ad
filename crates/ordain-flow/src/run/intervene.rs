//! What a process admin does to a run that does not go on by itself. Nothing here reaches a confirming end past an open
//! finding or a guarded step that nobody has decided: every way leads over the place that looks for them.

use super::event::{CloseReason, Event};
use super::flow::{MAIN, Part, Step};
use super::refusal::StepRefusal;
use super::state::{Decision, VisitKind};
use super::walk::Walk;
use crate::doc::{NodeKind, Outcome};
use std::sync::Arc;

impl Walk<'_> {
    /// Moves the run to steps of the main sequence, of a lane of which one is taken, or of the lane it is in. All that is
    /// open on the way is closed. A target that the way from an earlier one leads over is not gone to by itself.
    pub(super) fn jump_to(&mut self, targets: &[Arc<str>], replaces: bool) -> Result<(), StepRefusal> {
        let mut going = Vec::with_capacity(targets.len());
        for to in targets {
            let step = self.find(to)?;
            match step.node.kind {
                NodeKind::End { .. } => return Err(StepRefusal::TargetIsEnd { node: to.clone() }),
                NodeKind::Start(_) => return Err(StepRefusal::TargetIsStart { node: to.clone() }),
                _ => {}
            }
            going.push((step, self.around(step, replaces)?));
        }
        let all = going.clone();
        going.retain(|(step, _)| !all.iter().any(|(other, scope)| self.leads_over(other, *scope, &step.id)));
        for (step, scope) in &going {
            if replaces && self.leaves_out(step, *scope, &going) {
                return Err(StepRefusal::LanesMissing { node: step.id.clone() });
            }
            if let Some(guarded) = self.guarded_before(step) {
                return Err(StepRefusal::Guarded { node: guarded.id.clone() });
            }
            self.no_customer_passed_over(step)?;
        }
        for (step, scope) in going {
            self.close_inside(scope, CloseReason::Jumped, false);
            self.emit(Event::Jumped { to: step.id.clone() });
            let mut at = self.flow.entrance(step);
            if at.position == step.position {
                at = at.asked();
            }
            self.pending.push(at);
        }
        match self.pending.pop() {
            Some(at) => self.go_on(at),
            None => Ok(()),
        }
    }

    /// Whether the way from a step leads over another one of the same scope.
    fn leads_over(&self, step: &Step, scope: Part, other: &str) -> bool {
        self.flow.has_step(scope, other) && self.flow.index(&step.id) < self.flow.index(other)
    }

    /// Whether somebody who is asked, or is to be, before a step would be asked no more if the run went on there.
    fn leaves_out(&self, step: &Step, scope: Part, going: &[(&Step, Part)]) -> bool {
        let flow = self.flow;
        let before = |id: &str| flow.has_step(scope, id) && flow.index(id) < flow.index(&step.id);
        self.run.open_visits().any(|open| before(&open.node))
            || going.iter().any(|(other, _)| before(&other.id))
    }

    /// The innermost lane beside which others run, else the whole flow. The run must be in that lane already, or have been
    /// in a step that the target replaces, or the others would never be asked.
    fn around(&self, step: &Step, replaces: bool) -> Result<Part, StepRefusal> {
        let flow = self.flow;
        let mut sequence = step.sequence;
        while let Some(block) = flow.block_of(sequence) {
            if block.is_parallel() {
                let lane = Part::Sequence(sequence);
                let is_there = replaces || self.run.open_visits().any(|open| flow.has_step(lane, &open.node));
                let missing = StepRefusal::LanesMissing { node: step.id.clone() };
                return if is_there { Ok(lane) } else { Err(missing) };
            }
            sequence = block.sequence;
        }
        Ok(Part::Sequence(MAIN))
    }

    /// A step that must not be skipped, that every run passes before the target and nobody has approved.
    fn guarded_before(&self, target: &Step) -> Option<&Step> {
        let before = self.flow.steps().iter().take_while(|step| step.id != target.id);
        before.filter(|step| !step.optional).find(|step| {
            step.node.person().is_some_and(|settings| {
                let passes = settings.auto_when_clear && self.is_clear(settings);
                settings.guarded && !passes && self.run.last_word(&step.id) != Some(Decision::Approve)
            })
        })
    }

    /// Only the customer ends a wait for the customer: nobody is moved behind one that is open, or that every run passes
    /// and that nobody has answered.
    fn no_customer_passed_over(&self, target: &Step) -> Result<(), StepRefusal> {
        let before = self.flow.steps().iter().take_while(|step| step.id != target.id);
        for step in before.filter(|step| matches!(step.node.kind, NodeKind::CustomerConfirmation(_))) {
            let mut asked = self.run.open_visits().filter(|visit| visit.node == step.id);
            if let Some(open) = asked.find(|visit| visit.kind == VisitKind::Customer) {
                return Err(StepRefusal::CustomerMustAnswer { visit: open.visit });
            }
            if !step.optional && !self.run.has_answered(&step.id) {
                return Err(StepRefusal::Guarded { node: step.id.clone() });
            }
        }
        Ok(())
    }

    pub(super) fn skip(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        let step = self.find(&open.node)?;
        if step.node.person().is_some_and(|settings| settings.guarded) {
            return Err(StepRefusal::Guarded { node: open.node });
        }
        if open.kind == VisitKind::Customer {
            return Err(StepRefusal::CustomerMustAnswer { visit });
        }
        self.nothing_in_the_way(&open, step)?;
        self.emit(Event::TaskClosed { visit, node: open.node.clone(), reason: CloseReason::Skipped });
        self.leave(&open)
    }

    pub(super) fn end_run(&mut self, outcome: Outcome) -> Result<(), StepRefusal> {
        let reason = match outcome {
            Outcome::Rejected => CloseReason::Rejected,
            Outcome::Cancelled => CloseReason::Cancelled,
            Outcome::Confirmed | Outcome::Expired | Outcome::Completed => {
                return Err(StepRefusal::NeverByHand { outcome });
            }
        };
        self.finish(reason, outcome);
        Ok(())
    }

    /// The path begins again at the automatic checks; nothing that was decided before counts.
    pub(super) fn revive(&mut self, outcome: Outcome) -> Result<(), StepRefusal> {
        if matches!(outcome, Outcome::Confirmed | Outcome::Completed) {
            return Err(StepRefusal::NotRevivable { outcome });
        }
        self.emit(Event::Revived);
        self.restart()
    }
}
