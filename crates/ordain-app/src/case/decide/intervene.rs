//! What the process admin does by hand to an order that does not go on by itself: always with a reason, always in the
//! log, and never past what keeps an order from being confirmed.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::{Refusal, given};
use crate::case::{ExceptionClosed, ExceptionKind};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::promise::Promise;
use ordain_flow::doc::Outcome;
use ordain_flow::run::{Input, RunStatus};
use std::sync::Arc;
use uuid::Uuid;

/// One act by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intervention {
    /// To another step.
    Jump {
        to: String,
    },
    /// On without what a step waits for.
    Skip {
        node: String,
    },
    /// A failed step once more.
    RunAgain {
        node: String,
    },
    /// Rejected or cancelled.
    End {
        outcome: Outcome,
    },
    /// An order that is over is worked on again.
    Revive,
    /// A warning is set aside by somebody whom the flow did not ask.
    Override {
        finding: String,
    },
    /// The order is pulled to manual handling.
    TakeOver,
    PutBack,
}

impl Story<'_> {
    pub(super) fn intervene(&mut self, act: &Intervention, reason: &str) -> Result<(), Refusal> {
        let reason = given(reason)?;
        match act {
            Intervention::Jump { to } => {
                self.must_be_in_review()?;
                self.by_hand(&Input::JumpTo { to: Arc::from(to.as_str()) })
            }
            Intervention::Skip { node } => {
                let visit = self.waiting_at(node)?;
                self.by_hand(&Input::Skip { visit })
            }
            Intervention::RunAgain { node } => {
                let visit = self.waiting_at(node)?;
                self.by_hand(&Input::RunAgain { visit })
            }
            Intervention::End { outcome } => {
                // What was never in review is given up, not rejected.
                if *outcome == Outcome::Rejected {
                    self.must_be_in_review()?;
                }
                // Also while it is handled by hand: that is one of the ways out of it.
                self.advance(&Input::EndRun { outcome: *outcome }, Promise::default())
            }
            Intervention::Revive => self.revive(),
            Intervention::Override { finding } => self.override_finding(finding, reason),
            Intervention::TakeOver => self.take_over(reason),
            Intervention::PutBack => self.put_back(reason),
        }
    }

    /// What the sender has to complete first is not moved past the checks.
    fn must_be_in_review(&self) -> Result<(), Refusal> {
        let order = &self.case.order;
        if order.is_in_review() { Ok(()) } else { Err(Refusal::WrongStatus(order.status)) }
    }

    fn waiting_at(&self, node: &str) -> Result<u32, Refusal> {
        let mut open = self.case.runs().flat_map(|(_, run)| run.open_visits());
        let open = open.find(|visit| *visit.node == *node);
        open.map(|visit| visit.visit).ok_or_else(|| Refusal::UnknownStep(node.to_owned()))
    }

    fn by_hand(&mut self, input: &Input) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        if self.is_confirmed() {
            return self.advance(input, Promise::default());
        }
        let backing = self.check();
        if self.case.order.is_in_review() {
            self.hold_resources(backing.clone());
        }
        self.advance(input, backing)
    }

    fn revive(&mut self) -> Result<(), Refusal> {
        let order = &self.case.order;
        let over = matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired);
        let ended = |run: &ordain_flow::run::Run| matches!(run.status, RunStatus::Ended { .. });
        if !over || !self.case.run.as_ref().is_some_and(ended) {
            return Err(Refusal::WrongStatus(order.status));
        }
        let revision = order.next_revision();
        let pin = self.case.flow.clone().ok_or(Refusal::NoFlow)?;
        self.order(OrderEvent::Reopened { revision });
        self.emit(Event::Pinned { pin, revision });
        let backing = self.check();
        self.advance(&Input::Revive, backing)
    }

    fn override_finding(&mut self, finding: &str, reason: &str) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        self.check();
        self.accept_finding(finding, reason)?;
        self.recheck_and_advance()
    }

    fn take_over(&mut self, reason: &str) -> Result<(), Refusal> {
        if self.case.is_taken_over() {
            return Err(Refusal::TakenOver);
        }
        let live = [Status::Draft, Status::Incomplete, Status::InReview, Status::AwaitingCustomer];
        if !live.contains(&self.case.order.status) {
            return Err(Refusal::WrongStatus(self.case.order.status));
        }
        if !self.case.order.on_hold {
            self.order(OrderEvent::Held);
        }
        self.raise(ExceptionKind::TakenOver, None, &[("reason", reason.to_owned())]);
        let raised = self.case.exceptions.last().map(|exception| exception.id);
        if let (Some(id), Some(by)) = (raised, self.by.actor.person()) {
            self.emit(Event::ExceptionTaken { id, by });
        }
        Ok(())
    }

    fn put_back(&mut self, reason: &str) -> Result<(), Refusal> {
        let taken = |exception: &&crate::case::Exception| exception.kind == ExceptionKind::TakenOver;
        let taken: Vec<Uuid> =
            self.case.open_exceptions().filter(taken).map(|exception| exception.id).collect();
        if taken.is_empty() {
            return Err(Refusal::NotTakenOver);
        }
        for id in taken {
            let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
            let closed = ExceptionClosed { by, at_ms, reason: Some(reason.to_owned()) };
            self.emit(Event::ExceptionClosed { id, closed });
        }
        self.resume_work()
    }
}
