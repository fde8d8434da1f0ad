//! What persons and customers decide, and what rules decide for them.

use super::event::{CloseReason, Event};
use super::flow::Step;
use super::refusal::StepRefusal;
use super::state::{Answer, Completion, Decision, ExceptionCause, Spared, Visit, VisitKind};
use super::walk::{Walk, is_on_doorstep};
use crate::doc::{CustomerSettings, NodeKind, OnLapse, OnReject, Outcome};

impl<'a> Walk<'a> {
    pub(super) fn decide(&mut self, visit: u32, decision: Decision) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        if !matches!(open.kind, VisitKind::Task | VisitKind::Exception(_)) {
            return Err(StepRefusal::WrongKind { visit, kind: open.kind });
        }
        let step = self.find(&open.node)?;
        if decision == Decision::Approve {
            self.nothing_in_the_way(&open, step)?;
        }
        let is_task = matches!(step.node.kind, NodeKind::Task(_));
        if decision == Decision::Reject && is_task {
            return Err(StepRefusal::NothingToReject { visit });
        }
        self.emit(Event::Decided { visit, node: open.node.clone(), decision });
        match decision {
            Decision::Approve => {
                self.set_on_leaving(visit, step);
                self.leave(&open)
            }
            Decision::Reject => {
                // Whoever waited for this step's decision gets another one than was promised.
                self.abandon(|_, node| node == &*open.node);
                match step.node.person().map(|settings| &settings.on_reject) {
                    Some(OnReject::ReturnTo(to)) => self.reject_to(visit, step, to),
                    _ => self.reject(step),
                }
            }
            Decision::Return => {
                self.close_all(CloseReason::Returned);
                let (node, at_ms) = (open.node, self.now_ms);
                self.emit(Event::ReturnedForCompletion { visit, node, by: Completion::Person, at_ms });
                Ok(())
            }
        }
    }

    /// A person can wave through a doubt about a step, never an open finding before the end.
    pub(super) fn nothing_in_the_way(&self, open: &Visit, step: &Step) -> Result<(), StepRefusal> {
        if is_on_doorstep(open, step) && self.anything_open() {
            return Err(StepRefusal::FindingsOpen { node: open.node.clone() });
        }
        Ok(())
    }

    pub(super) fn pass_by_rule(&mut self, visit: u32, spared: Spared) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        let step = self.find(&open.node)?;
        let node = open.node.clone();
        let passed = Event::PassedByRule { visit, node, because: Vec::new(), spared: Some(spared) };
        if open.kind == VisitKind::Customer {
            self.emit(passed);
            return self.leave(&open);
        }
        let wrong = StepRefusal::WrongKind { visit, kind: open.kind };
        let settings = step.node.person().filter(|_| open.kind.is_task()).ok_or(wrong)?;
        if settings.guarded {
            return Err(StepRefusal::Guarded { node: open.node });
        }
        if !self.is_clear(settings) {
            return Err(StepRefusal::FindingsOpen { node: open.node });
        }
        self.emit(passed);
        self.leave(&open)
    }

    /// Tasks whose findings have become clear since they were opened pass by rule.
    pub(super) fn recheck(&mut self) -> Result<(), StepRefusal> {
        let waiting: Vec<Visit> = self.run.open_visits().cloned().collect();
        for open in waiting {
            let step = self.find(&open.node)?;
            if open.kind == VisitKind::Exception(ExceptionCause::FieldEmpty) {
                let waits = self.run.visit(open.visit).is_some_and(|visit| visit.closed.is_none());
                if waits && step.lacks(&self.facts).is_empty() {
                    self.run_again(open.visit)?;
                }
                continue;
            }
            let clear = match step.node.person() {
                _ if is_on_doorstep(&open, step) => !self.anything_open(),
                _ if open.kind == VisitKind::Exception(ExceptionCause::ChecksFailed) => {
                    !self.checks_raise(step)
                }
                Some(settings) if open.kind.is_task() => {
                    settings.auto_when_clear && !open.asked && self.is_clear(settings)
                }
                _ => false,
            };
            let still_open = self.run.visit(open.visit).is_some_and(|visit| visit.closed.is_none());
            if clear && still_open {
                let (visit, node) = (open.visit, open.node.clone());
                self.emit(Event::PassedByRule { visit, node, because: Vec::new(), spared: None });
                self.leave(&open)?;
            }
        }
        Ok(())
    }

    pub(super) fn answer(&mut self, visit: u32, answer: Answer) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        let step = self.find(&open.node)?;
        let NodeKind::CustomerConfirmation(settings) = &step.node.kind else {
            return Err(StepRefusal::WrongKind { visit, kind: open.kind });
        };
        let answered = Event::Answered { visit, node: open.node.clone(), answer };
        match answer {
            Answer::Accepted => {
                self.emit(answered);
                self.leave(&open)
            }
            Answer::Declined => {
                self.emit(answered);
                self.finish(CloseReason::Rejected, Outcome::Rejected);
                Ok(())
            }
            Answer::Lapsed => self.lapse(settings, &open, answered),
        }
    }

    fn lapse(
        &mut self,
        settings: &CustomerSettings,
        open: &Visit,
        answered: Event,
    ) -> Result<(), StepRefusal> {
        match settings.on_lapse {
            OnLapse::Expire => {
                self.emit(answered);
                self.finish(CloseReason::Expired, Outcome::Expired);
                Ok(())
            }
            OnLapse::Accept if settings.silence_is_consent => {
                self.emit(answered);
                self.leave(open)
            }
            _ if open.lapsed => Err(StepRefusal::AlreadyLapsed { visit: open.visit }),
            _ => {
                self.emit(Event::LapseNoted { visit: open.visit, node: open.node.clone() });
                Ok(())
            }
        }
    }
}
