//! What its people do to an order as a whole: edit, cancel, hold, resume.

use super::{ChangeAsked, Story};
use crate::case::cancel::OTHER;
use crate::case::refusal::{Refusal, given};
use crate::problem::Fault;
use ordain_domain::decimal::{DecimalText, qty_text};
use ordain_domain::order::{Content, Event as OrderEvent, Origin, Status};
use ordain_domain::promise::Promise;
use ordain_flow::run::{Input, RunStatus};
use std::collections::BTreeMap;

impl Story<'_> {
    /// Replaces the content. What was reviewed is a revision; a new content after a review is a new one.
    pub(super) fn edit(
        &mut self,
        content: &Content,
        submit: bool,
        reasons: &BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        self.must_be_editable()?;
        let content = self.pinned(content);
        if content != self.case.order.content {
            let seen = self.case.order.submitted_ms.is_some();
            let order = &self.case.order;
            let revision = if seen { order.next_revision() } else { order.revision };
            let by = Some(self.by.actor.clone());
            self.order(OrderEvent::Edited { content: Box::new(content), revision, by });
        }
        let backing = self.check();
        self.give_reasons(reasons);
        if submit {
            self.must_not_be_on_hold()?;
            self.enter_review(backing)?;
        }
        Ok(())
    }

    /// The content with the version of each clause, and what the form works out: what was agreed before stays under the
    /// version it was agreed under.
    pub(super) fn pinned(&self, content: &Content) -> Content {
        let mut content = content.clone();
        let known = &self.case.order.content.clauses;
        for clause in content.clauses.iter_mut().filter(|clause| clause.version.is_none()) {
            clause.version = known.iter().find(|old| old.code == clause.code).and_then(|old| old.version);
        }
        self.world.house.clauses.pin(&mut content.clauses);
        self.worked_out(content)
    }

    /// The content with what the order form works out by itself.
    pub(super) fn worked_out(&self, mut content: Content) -> Content {
        let handed_in_ms = self.case.order.handed_in_ms.unwrap_or(self.by.at_ms);
        self.world.house.form.work_out(&mut content, handed_in_ms);
        content
    }

    /// Ends the order. A reason of the company's list says enough, but for the one that stands for all others.
    pub(super) fn cancel(&mut self, reason: &str, code: Option<&str>) -> Result<(), Refusal> {
        if let Some(unknown) = code.filter(|code| !self.world.house.cancel_reasons.knows(code)) {
            return Err(Refusal::UnknownCancelReason(unknown.to_owned()));
        }
        if code.is_none_or(|code| code == OTHER) {
            given(reason)?;
        }
        self.cancel_code = code.map(str::to_owned);
        let status = self.case.order.status;
        if status == Status::InFulfilment {
            return self.cancel_rest(reason);
        }
        if !status.may_become(Status::Cancelled) {
            return Err(Refusal::WrongStatus(status));
        }
        self.drop_change(reason)?;
        let running = self
            .case
            .run
            .as_ref()
            .is_some_and(|run| !matches!(run.status, RunStatus::New | RunStatus::Ended { .. }));
        if running {
            return self.advance(&Input::Cancel, Promise::default());
        }
        self.release_resources();
        self.order(OrderEvent::Cancelled { code: self.cancel_code.clone() });
        self.stop_side_runs(None)?;
        self.go_on()
    }

    /// What has left stays sold. The rest is taken off the order, which is a change like any other.
    fn cancel_rest(&mut self, reason: &str) -> Result<(), Refusal> {
        self.drop_change(reason)?;
        let shipped = self.case.order.fulfilment.shipped_milli();
        let mut content = self.case.order.content.clone();
        content.lines.retain(|line| shipped.get(&line.id).is_some_and(|milli| *milli > 0));
        let mut faults = Vec::new();
        for (index, line) in content.lines.iter_mut().enumerate() {
            let left = shipped.get(&line.id).copied().unwrap_or(0);
            let checked = self.case.order.checked.lines.iter().find(|checked| checked.line == line.id);
            match checked.map_or(Some(left), |checked| checked.asked_milli(left)) {
                Some(asked) => line.quantity = DecimalText::try_from(qty_text(asked)).ok(),
                None => {
                    let fault = Fault::new("part_of_a_unit", format!("lines[{index}].quantity"));
                    faults.push(fault.with("left", qty_text(left)));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        let code = self.cancel_code.clone().unwrap_or_default();
        let reason = if reason.trim().is_empty() { code } else { reason.to_owned() };
        self.request_change(&ChangeAsked { content, reason, origin: Origin::Sales, direct: true })
    }

    pub(super) fn hold(&mut self, reason: &str) -> Result<(), Refusal> {
        given(reason)?;
        self.must_not_be_on_hold()?;
        let status = self.case.order.status;
        if status.is_over() {
            return Err(Refusal::WrongStatus(status));
        }
        self.order(OrderEvent::Held);
        Ok(())
    }

    /// Lets held work go on. What was taken over by hand is put back by those who may take over.
    pub(super) fn let_go_on(&mut self) -> Result<(), Refusal> {
        if self.case.is_taken_over() {
            return Err(Refusal::TakenOver);
        }
        self.resume_work()
    }

    pub(super) fn resume_work(&mut self) -> Result<(), Refusal> {
        if !self.case.order.on_hold {
            return Err(Refusal::NotOnHold);
        }
        let held_ms = self.case.held_ms;
        self.order(OrderEvent::Resumed);
        self.reschedule(held_ms);
        self.let_waits_go_on(held_ms);
        self.recheck_and_advance()?;
        self.take_answers()?;
        self.hear();
        Ok(())
    }
}
