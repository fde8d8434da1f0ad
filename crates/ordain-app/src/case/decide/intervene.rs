//! What the process admin does by hand to an order that does not go on by itself: always with a reason, always in the
//! log, and never past what keeps an order from being confirmed.

use super::Story;
use crate::case::event::Event;
use crate::case::passing_over::{jump_obstacle, may_override, skip_obstacle};
use crate::case::refusal::{Refusal, given};
use crate::case::world::weight;
use crate::case::{Exception, ExceptionClosed, ExceptionKind, HandOverWhy};
use ordain_domain::actor::Actor;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::promise::Promise;
use ordain_flow::doc::{Outcome, Party};
use ordain_flow::run::{Input, RunStatus};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// One act by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervention {
    /// To another step.
    Jump {
        to: String,
    },
    /// On without what a step waits for; without the stay that is meant, the first in which one of this name waits.
    Skip {
        node: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<u32>,
    },
    /// A failed step once more.
    RunAgain {
        node: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<u32>,
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
    /// An open task is given to somebody else.
    Reassign {
        task: Uuid,
        to: Party,
    },
    /// What somebody else wants to do is done.
    Agree {
        exception: Uuid,
    },
}

impl Intervention {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Jump { .. } => "jump",
            Self::Skip { .. } => "skip",
            Self::RunAgain { .. } => "rerun",
            Self::End { .. } => "end",
            Self::Revive => "revive",
            Self::Override { .. } => "override",
            Self::TakeOver => "take_over",
            Self::PutBack => "put_back",
            Self::Reassign { .. } => "reassign",
            Self::Agree { .. } => "agree",
        }
    }

    /// What it is done with, as people are shown it.
    fn object(&self) -> String {
        match self {
            Self::Jump { to } => to.clone(),
            Self::Skip { node, .. } | Self::RunAgain { node, .. } => node.clone(),
            Self::End { outcome: Outcome::Rejected } => "rejected".to_owned(),
            Self::End { .. } => "cancelled".to_owned(),
            Self::Override { finding } => finding.clone(),
            Self::Reassign { to, .. } => to.key().to_owned(),
            Self::Revive | Self::TakeOver | Self::PutBack | Self::Agree { .. } => String::new(),
        }
    }
}

impl Story<'_> {
    pub(super) fn intervene(&mut self, act: &Intervention, reason: &str) -> Result<(), Refusal> {
        let reason = given(reason)?;
        match act {
            Intervention::Agree { exception } => self.agree(*exception, reason),
            // It stops the order and changes nothing, so it must not wait.
            Intervention::TakeOver => self.take_over(reason),
            act if self.needs_second_person() => self.ask_second_person(act, reason),
            act => self.act_by_hand(act, reason),
        }
    }

    /// An order of which nobody knows yet what it comes to counts as a large one.
    fn needs_second_person(&self) -> bool {
        let rules = &self.world.house.rules;
        let from = rules.second_person_from_minor.map(|from| Decimal::new(from, rules.currency.exponent()));
        from.is_some_and(|from| weight(&self.case.order).is_none_or(|amount| amount >= from))
    }

    /// What could not be done is refused now, and not when somebody has agreed to it.
    fn ask_second_person(&mut self, act: &Intervention, reason: &str) -> Result<(), Refusal> {
        if self.case.open_exceptions().any(|exception| exception.kind == ExceptionKind::SecondPerson) {
            return Err(Refusal::AgreementPending);
        }
        Story::resume(&self.case, self.world, self.by).act_by_hand(act, reason)?;
        let issue = self.world.house.issues.for_occasion(ExceptionKind::SecondPerson.name()).cloned();
        let (owner, due_ms) = self.first_handler(issue.as_ref());
        let evidence = [("act", act.name()), ("object", &act.object()), ("reason", reason)];
        let said = evidence.iter().filter(|(_, value)| !value.is_empty());
        let exception = Exception {
            id: self.ids.mint(),
            kind: ExceptionKind::SecondPerson,
            node: None,
            visit: None,
            opened_ms: self.by.at_ms,
            due_ms,
            owner: owner.clone(),
            taken_by: None,
            issue: issue.map(|issue| issue.code),
            reported_by: Some(self.by.actor.clone()),
            evidence: said
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>(),
            asked: Some(Box::new(act.clone())),
            closed: None,
        };
        self.emit(Event::ExceptionRaised { exception: Box::new(exception) });
        self.tell_party("exception_raised", &owner);
        Ok(())
    }

    fn agree(&mut self, id: Uuid, reason: &str) -> Result<(), Refusal> {
        let exception = self.exception(id)?;
        let act = exception.asked.clone().ok_or(Refusal::ExceptionNotFound)?;
        let asked_by = exception.reported_by.as_ref().and_then(Actor::person);
        let agrees = self.by.actor.person().ok_or(Refusal::OwnAct)?;
        if asked_by == Some(agrees) {
            return Err(Refusal::OwnAct);
        }
        let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
        let closed = ExceptionClosed { by, at_ms, reason: Some(reason.to_owned()) };
        self.emit(Event::ExceptionClosed { id, closed });
        self.act_by_hand(&act, reason)
    }

    fn act_by_hand(&mut self, act: &Intervention, reason: &str) -> Result<(), Refusal> {
        match act {
            Intervention::Jump { to } => {
                self.must_be_in_review()?;
                let by = self.by.actor.person();
                if let Some(refusal) = jump_obstacle(&self.case, &self.world.house, by, to) {
                    return Err(refusal);
                }
                self.by_hand(&Input::JumpTo { to: Arc::from(to.as_str()) })
            }
            Intervention::Skip { node, visit } => {
                let visit = self.waiting_at(node, *visit)?;
                let by = self.by.actor.person();
                if let Some(refusal) = skip_obstacle(&self.case, &self.world.house, by, visit) {
                    return Err(refusal);
                }
                self.by_hand(&Input::Skip { visit })
            }
            Intervention::RunAgain { node, visit } => {
                let visit = self.waiting_at(node, *visit)?;
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
            Intervention::Reassign { task, to } => self.reassign(*task, to, HandOverWhy::Reassigned, reason),
            Intervention::Agree { .. } => Err(Refusal::ExceptionNotFound),
        }
    }

    /// What the sender has to complete first is not moved past the checks.
    fn must_be_in_review(&self) -> Result<(), Refusal> {
        let order = &self.case.order;
        if order.is_in_review() { Ok(()) } else { Err(Refusal::WrongStatus(order.status)) }
    }

    /// Where a step waits: in the stay that is meant, where its name does not say enough.
    fn waiting_at(&self, node: &str, stay: Option<u32>) -> Result<u32, Refusal> {
        let mut open = self.case.runs().flat_map(|(_, run)| run.open_visits());
        let is_meant = |visit: u32| stay.is_none_or(|stay| stay == visit);
        let open = open.find(|open| *open.node == *node && is_meant(open.visit));
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
        let known = self.case.order.checked.findings.iter().find(|known| known.id() == finding);
        let check = known.map(|finding| finding.code.check().name()).unwrap_or_default();
        if !may_override(&self.case, &self.world.house, self.by.actor.person(), check) {
            return Err(Refusal::FourEyes);
        }
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
