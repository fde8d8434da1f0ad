//! Receipt and submission: the way into review.

use super::examine::Own;
use super::{By, Decided, PartOf, Place, Story};
use crate::case::FlowPin;
use crate::case::event::{Event, begin};
use crate::case::refusal::{Refusal, given};
use crate::case::world::World;
use crate::clock::Ids;
use crate::problem::Fault;
use ordain_domain::finding::{Code, Finding};
use ordain_domain::order::event::Received;
use ordain_domain::order::{Acceptance, EnteredLater, Event as OrderEvent, Status};
use ordain_domain::promise::Promise;
use ordain_flow::run::{Input, RunStatus};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Takes a new order in. It is kept whatever is wrong with it.
pub(super) fn place(world: &World, place: &Place, of: Option<&PartOf>, by: &By) -> Result<Decided, Refusal> {
    let entered_later = place.entered_later.as_ref().map(|later| entered(later, by)).transpose()?;
    let mut ids = Ids::of(by.id);
    let family = of.map(|of| of.family.clone());
    let own = Own::new(family.as_ref());
    let mut content = place.content.clone();
    world.house.clauses.pin(&mut content.clauses);
    world.house.form.fill_in(&mut content);
    world.house.form.work_out(&mut content, by.at_ms);
    let received = Received {
        id: ids.mint(),
        number: world.next_number.clone(),
        channel: place.channel.clone(),
        source: place.source.clone(),
        receiver: by.actor.clone(),
        content,
        family,
        entered_later,
        editors: of.map(|of| of.authors.clone()).unwrap_or_default(),
    };
    let case = begin(&received, by.at_ms);
    let events = vec![Event::Order(OrderEvent::Received(Box::new(received)))];
    let (unasked, errands) = (Vec::new(), VecDeque::new());
    let (carried, also_told) = (Vec::new(), BTreeSet::new());
    let cancel_code = None;
    let mut story = Story {
        world,
        by,
        ids,
        case,
        own,
        asked_ms: None,
        events,
        unasked,
        errands,
        carried,
        also_told,
        cancel_code,
        owed_back_minor: 0,
    };
    if let Some(payment) = of.and_then(|of| of.paid.clone()) {
        story.order(OrderEvent::PaymentRecorded { payment: Box::new(payment) });
    }
    let backing = story.check();
    story.give_reasons(&place.reasons);
    // An order is kept whatever is wrong with it; what is not to be handed in so stays with its sender.
    if place.submit && story.kept_back().is_empty() {
        story.enter_review(backing)?;
    }
    Ok(story.finish())
}

/// What is said of an order that was taken on paper: it came before it is entered, and there was a reason.
fn entered(later: &EnteredLater, by: &By) -> Result<EnteredLater, Refusal> {
    let reason = given(&later.reason)?.to_owned();
    if later.received_ms > by.at_ms {
        let found = jiff::Timestamp::from_millisecond(later.received_ms).unwrap_or(jiff::Timestamp::MAX);
        let fault = Fault::new("in_future", "entered_later.received_at").with("found", found.to_string());
        return Err(Refusal::Invalid(vec![fault]));
    }
    Ok(EnteredLater { received_ms: later.received_ms, reason })
}

impl Story<'_> {
    /// Records reasons for warnings that can be set aside; reasons for anything else are ignored.
    pub(super) fn give_reasons(&mut self, reasons: &BTreeMap<String, String>) {
        for finding in self.case.order.checked.findings.clone() {
            let id = finding.id();
            // A sender's reason explains a warning to the reviewer; only the reviewer can set it aside.
            if let Some(reason) = reasons.get(&id).filter(|_| finding.code.acceptable()) {
                let text = format!("{id}: {reason}");
                self.order(OrderEvent::Commented { text });
            }
        }
    }

    /// Starts the run, or takes it up again after a completion.
    pub(super) fn enter_review(&mut self, backing: Promise) -> Result<(), Refusal> {
        let pin = self.flow_to_enter().ok_or(Refusal::NoFlow)?;
        let started = self.case.run.as_ref().filter(|run| run.status != RunStatus::New);
        let moved = self.case.flow.as_ref().is_some_and(|known| known.key != pin.key);
        let input = match started {
            None => Input::Start,
            // Another flow begins from the start, whatever the first one had come to.
            Some(run) if moved => Input::Revise { again: run.standing() },
            Some(_) => Input::Resubmit,
        };
        // Whoever took it in was let begin; anybody else hands it in only where the flow lets them.
        let sender = self.case.order.receiver.person();
        let other = sender.is_some() && sender != self.by.actor.person();
        if input == Input::Start || moved || other {
            self.may_begin(&pin)?;
        }
        self.emit(Event::Pinned { pin, revision: self.case.order.revision });
        let judged_anew = self.own.enters(&self.case, self.world);
        let backing = if judged_anew { self.check() } else { backing };
        self.advance(&input, backing)
    }

    /// The flow that takes the order as it is: the one that it is in, unless what was edited since belongs into another.
    fn flow_to_enter(&self) -> Option<FlowPin> {
        let chosen = self.world.house.flow_for(&self.case.order);
        let known = self.case.flow.as_ref();
        match known.zip(chosen.as_ref()) {
            Some((known, chosen)) if self.case.unsubmitted && known.key != chosen.key => Some(chosen.clone()),
            _ => known.cloned().or(chosen),
        }
    }

    /// What keeps an order from being handed in: open findings of the checks that its flow wants passed before.
    fn kept_back(&self) -> Vec<String> {
        let flow = self.flow_to_enter().and_then(|pin| self.world.house.flow(&pin));
        let Some(start) = flow.and_then(|flow| flow.doc().start()) else { return Vec::new() };
        let asked =
            |finding: &&Finding| start.must_pass.iter().any(|check| check == finding.code.check().name());
        self.case.order.open_findings().filter(asked).map(Finding::id).collect()
    }

    pub(super) fn submit_again(&mut self, reasons: &BTreeMap<String, String>) -> Result<(), Refusal> {
        self.must_be_editable()?;
        self.must_not_be_on_hold()?;
        let backing = self.check();
        let open = self.kept_back();
        if !open.is_empty() {
            return Err(Refusal::ChecksOpen(open));
        }
        self.give_reasons(reasons);
        self.enter_review(backing)
    }

    pub(super) fn must_be_editable(&self) -> Result<(), Refusal> {
        let status = self.case.order.status;
        if status.is_editable() { Ok(()) } else { Err(Refusal::WrongStatus(status)) }
    }

    pub(super) fn must_not_be_on_hold(&self) -> Result<(), Refusal> {
        if self.case.order.on_hold { Err(Refusal::OnHold) } else { Ok(()) }
    }

    /// Looks again at an order that waits: goods came in, or a customer or product was entered.
    pub(super) fn recheck_and_advance(&mut self) -> Result<(), Refusal> {
        if self.is_confirmed() {
            // Only the work that follows from the confirmation goes on: it must not wait for somebody who has left.
            self.hold_again();
            self.cover_leave();
            self.reschedule(None);
            self.propose_again();
            return Ok(());
        }
        let waits = matches!(self.case.order.status, Status::Incomplete | Status::InReview);
        if !(waits || self.case.order.is_changing()) || self.case.order.on_hold {
            return Ok(());
        }
        self.hold_again();
        self.cover_leave();
        self.reschedule(None);
        let backing = self.check();
        // What the sender has not handed in does not move on by itself.
        if self.case.run.is_none() || self.case.unsubmitted {
            return Ok(());
        }
        if self.case.order.reservation_expired_ms.is_some() && self.case.open_tasks().next().is_some() {
            // The goods are taken again when those who are asked decide.
            return Ok(());
        }
        if self.case.order.status != Status::Incomplete && self.keeps() {
            self.hold_resources(backing.clone());
        }
        self.advance(&Input::Recheck, backing)
    }

    /// Accepts a warning for its present facts.
    pub(super) fn accept_finding(&mut self, id: &str, reason: &str) -> Result<(), Refusal> {
        let finding = self.case.order.checked.findings.iter().find(|finding| finding.id() == id);
        let finding = finding.ok_or_else(|| Refusal::UnknownFinding(id.to_owned()))?;
        if finding.code == Code::StockShort {
            return Err(Refusal::PromiseNotBacked(vec![id.to_owned()]));
        }
        if !finding.code.acceptable() {
            return Err(Refusal::UnknownFinding(id.to_owned()));
        }
        let acceptance = Acceptance {
            by: self.by.actor.clone(),
            at_ms: self.by.at_ms,
            reason: reason.to_owned(),
            facts: finding.facts.clone(),
        };
        self.order(OrderEvent::FindingAccepted { finding: id.to_owned(), acceptance });
        Ok(())
    }
}
