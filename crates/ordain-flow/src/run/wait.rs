//! Waits that no person decides: times, events, calls and inner runs, and what becomes of a step that failed.

use super::event::{CloseReason, Event};
use super::flow::{At, Step};
use super::refusal::StepRefusal;
use super::state::{ExceptionCause, Visit, VisitKind, WaitEnd};
use super::walk::Walk;
use crate::doc::{NodeKind, OnError};
use std::sync::Arc;

impl<'a> Walk<'a> {
    fn wait_of(&self, visit: u32, kinds: &[VisitKind]) -> Result<(Visit, &'a Step), StepRefusal> {
        let open = self.open_visit(visit)?;
        if !kinds.contains(&open.kind) {
            return Err(StepRefusal::WrongKind { visit, kind: open.kind });
        }
        let step = self.find(&open.node)?;
        Ok((open, step))
    }

    fn end_wait(&mut self, open: &Visit, how: WaitEnd) {
        self.emit(Event::WaitEnded { visit: open.visit, node: open.node.clone(), how });
    }

    pub(super) fn time_up(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let (open, step) = self.wait_of(visit, &[VisitKind::Delay, VisitKind::Event])?;
        if open.kind == VisitKind::Delay {
            self.end_wait(&open, WaitEnd::Done);
            return self.leave(&open);
        }
        self.end_wait(&open, WaitEnd::TimedOut);
        match step.lanes.first() {
            Some(lane) => self.go_on(At::start_of(lane.sequence)),
            None => self.leave(&open),
        }
    }

    pub(super) fn arrived(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let (open, _) = self.wait_of(visit, &[VisitKind::Event])?;
        self.end_wait(&open, WaitEnd::Done);
        self.leave(&open)
    }

    pub(super) fn done(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let (open, step) = self.wait_of(visit, &[VisitKind::Call, VisitKind::Subflow, VisitKind::Checks])?;
        self.end_wait(&open, WaitEnd::Done);
        if open.kind == VisitKind::Checks {
            return self.go_on(At::step(step));
        }
        self.leave(&open)
    }

    /// As if the order had been changed by somebody else; the inner runs are not run again for it.
    pub(super) fn done_anew(&mut self, visit: u32, again: &[Arc<str>]) -> Result<(), StepRefusal> {
        let (open, _) = self.wait_of(visit, &[VisitKind::Subflow])?;
        self.end_wait(&open, WaitEnd::Done);
        self.again = again.to_vec();
        self.revise(again)
    }

    pub(super) fn failed(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let kinds = [VisitKind::Call, VisitKind::Subflow, VisitKind::Delay];
        let (open, step) = self.wait_of(visit, &kinds)?;
        self.end_wait(&open, WaitEnd::Failed);
        if let Some(lane) = step.lanes.first() {
            return self.go_on(At::start_of(lane.sequence));
        }
        if step.node.on_error == OnError::Ignore {
            return self.leave(&open);
        }
        let cause = match open.kind {
            VisitKind::Call => ExceptionCause::CallFailed,
            VisitKind::Subflow => ExceptionCause::SubflowFailed,
            _ => ExceptionCause::DelayTooLong,
        };
        self.raise(step, cause);
        Ok(())
    }

    /// A failed step runs once more; a step that may not send the run back any more does it once more.
    pub(super) fn run_again(&mut self, visit: u32) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        let step = self.find(&open.node)?;
        if !matches!(open.kind, VisitKind::Exception(_)) {
            return Err(StepRefusal::NotFailed { visit });
        }
        self.nothing_in_the_way(&open, step)?;
        self.emit(Event::TaskClosed { visit, node: open.node, reason: CloseReason::RunAgain });
        match &step.node.kind {
            NodeKind::GoTo { target, .. } => {
                let target = self.loop_back(visit, step, target)?;
                self.go_on(target)
            }
            _ => self.go_on(At::step(step)),
        }
    }
}
