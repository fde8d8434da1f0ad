//! The order is changed while it is reviewed, or after it was confirmed. The path begins again with the facts as they are
//! now, so that every condition is looked at anew and nobody is evaded; steps that the change does not concern keep
//! their decisions and ask nobody.

use super::event::{CloseReason, Event};
use super::flow::Step;
use super::refusal::StepRefusal;
use super::walk::Walk;
use std::sync::Arc;

impl Walk<'_> {
    /// `again` are the steps that have to look again.
    pub(super) fn revise(&mut self, again: &[Arc<str>]) -> Result<(), StepRefusal> {
        let kept = self.run.standing().into_iter().filter(|node| !again.contains(node)).collect();
        self.close_all(CloseReason::Revised);
        self.emit(Event::Revised { kept });
        self.restart()
    }

    /// The run goes back to the confirming end that it came from; what stood there stands.
    pub(super) fn drop_revision(&mut self) -> Result<(), StepRefusal> {
        if self.run.confirmed.is_none() {
            return Err(StepRefusal::NotRevised);
        }
        self.close_all(CloseReason::Revised);
        self.emit(Event::RevisionDropped);
        Ok(())
    }

    /// Whether a step stands from before the change. What it owns must not have come open.
    pub(super) fn stands(&self, step: &Step) -> bool {
        self.run.is_kept(&step.id) && step.node.person().is_none_or(|settings| self.is_clear(settings))
    }
}
