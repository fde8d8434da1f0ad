//! Waits that no person of the house decides: the customer's answer, a time, an event.

use super::notify::Reach;
use super::{Story, Unasked};
use crate::case::Case;
use crate::case::event::Event;
use crate::case::refusal::{Refusal, given};
use crate::case::waits::Wait;
use crate::case::world::House;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_flow::doc::{NodeKind, Party};
use ordain_flow::run::{Answer, Flow, Input, VisitKind};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Story<'_> {
    pub(super) fn ask_customer(&mut self, flow: &Flow, node: &str) {
        if self.case.order.status == Status::InReview {
            self.order(OrderEvent::CustomerAsked);
        }
        if let Some(NodeKind::CustomerConfirmation(settings)) = flow.node(node).map(|node| &node.kind) {
            let reach = Reach { contact: &settings.contact, channels: &settings.channels };
            self.write_to_customer(&settings.template, (None, None), reach);
        }
    }

    /// Asks the customer, unless they have accepted as much before.
    pub(super) fn reach_customer(&mut self, flow: &Flow, visit: u32, node: &str) {
        let tolerance = match flow.node(node).map(|node| &node.kind) {
            Some(NodeKind::CustomerConfirmation(settings)) => settings.tolerance,
            _ => None,
        };
        let agreed = self.case.agreed.as_ref().zip(tolerance);
        let covered = agreed.and_then(|(agreed, tolerance)| {
            Some((agreed.revision, agreed.covers(&self.case.order, tolerance)?))
        });
        let Some((revision, departures)) = covered else { return self.ask_customer(flow, node) };
        let node = node.to_owned();
        self.emit(Event::CustomerSpared { visit, node: node.clone(), revision, departures });
        self.unasked.push(Unasked { visit, node, otherwise: Vec::new() });
    }

    /// Somebody has the customer's answer in another form: by phone, on paper.
    pub(super) fn record_answer(&mut self, accepted: bool, evidence: &str) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        given(evidence)?;
        let asked = self.open_visit(|visit| visit.kind == VisitKind::Customer);
        let (visit, _) = asked.ok_or(Refusal::CustomerNotAsked)?;
        let recorder = answer_recorder(&self.case, &self.world.house).ok_or(Refusal::CustomerNotAsked)?;
        if !self.actor().is_some_and(|user| user.belongs_to(&recorder)) {
            return Err(Refusal::NotYourTask);
        }
        self.answer(visit, accepted, Some(evidence.trim().to_owned()))
    }

    fn answer(&mut self, visit: u32, accepted: bool, evidence: Option<String>) -> Result<(), Refusal> {
        let by = self.by.actor.clone();
        self.order(OrderEvent::CustomerAnswered { accepted, by, evidence });
        let backing = self.look_again();
        let answer = if accepted { Answer::Accepted } else { Answer::Declined };
        self.advance(&Input::Answer { visit, answer }, backing)
    }

    /// Something has happened that flows may wait for; every wait for it goes on.
    pub(super) fn signal(&mut self, event: &str) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let mut heard = false;
        while let Some((visit, _)) = self.open_visit_for(event) {
            heard = true;
            let backing = self.look_again();
            self.advance(&Input::Arrived { visit }, backing)?;
        }
        if heard { Ok(()) } else { Err(Refusal::NobodyWaits(event.to_owned())) }
    }

    fn open_visit_for(&self, event: &str) -> Option<(u32, String)> {
        self.open_visit(|visit| {
            let node = self.case.node(&self.world.house, &visit.node);
            node.is_some_and(|node| matches!(&node.kind, NodeKind::WaitEvent(wait) if wait.event == event))
        })
    }

    fn open_visit(&self, wanted: impl Fn(&ordain_flow::run::Visit) -> bool) -> Option<(u32, String)> {
        let mut open = self.case.runs().flat_map(|(_, run)| run.open_visits());
        let found = open.find(|visit| wanted(visit))?;
        Some((found.visit, found.node.to_string()))
    }

    /// The time of a wait has come.
    pub(super) fn fire_wait(&mut self, key: &str) -> Result<(), Refusal> {
        let wait = Wait::parse(key).ok_or(Refusal::NothingDue)?;
        let (_, run) = self.case.run_with(wait.visit()).ok_or(Refusal::NothingDue)?;
        let visit = run.visit(wait.visit()).ok_or(Refusal::NothingDue)?.clone();
        self.reminded(crate::case::timers::TimerKind::WaitDue, key, "flow");
        let input = match (wait, visit.kind) {
            (Wait::Remind(_), _) => {
                self.tell_owners("customer_silent");
                let flow = self.case.flow.as_ref().and_then(|pin| self.world.house.flow(pin)).cloned();
                if let Some(flow) = flow {
                    self.ask_customer(&flow, &visit.node);
                }
                return Ok(());
            }
            (Wait::TooLong(visit), _) => Input::Failed { visit },
            (Wait::Due(visit), VisitKind::Customer) => Input::Answer { visit, answer: Answer::Lapsed },
            (Wait::Due(visit), _) => Input::TimeUp { visit },
        };
        let backing = self.look_again();
        self.advance(&input, backing)
    }

    /// Tells whoever a step puts in copy.
    pub(super) fn copy(&mut self, flow: &Flow, node: &str) {
        let Some(NodeKind::Cc { to, needs_receipt }) = flow.node(node).map(|node| &node.kind) else { return };
        self.notify_all("copied", to);
        // Customers are told; only people of the house are asked to say so.
        let users = if *needs_receipt { self.people_among(to) } else { BTreeSet::new() };
        if !users.is_empty() {
            self.emit(Event::ReceiptsAsked { node: node.to_owned(), users });
        }
    }

    /// Somebody has read what they were put in copy of.
    pub(super) fn give_receipt(&mut self) -> Result<(), Refusal> {
        let user = self.by.actor.person().filter(|user| owes_receipt(&self.case, *user));
        let user = user.ok_or(Refusal::NothingToAcknowledge)?;
        self.emit(Event::ReceiptGiven { user });
        Ok(())
    }
}

/// Whether somebody was put in copy and has not said yet that they have read it.
pub(in crate::case) fn owes_receipt(case: &Case, user: Uuid) -> bool {
    case.receipts.iter().any(|receipt| receipt.user == user && receipt.given_ms.is_none())
}

/// Who may record the answer of a customer who is asked.
pub(in crate::case) fn answer_recorder(case: &Case, house: &House) -> Option<Party> {
    let mut open = case.run.as_ref()?.open_visits();
    let asked = open.find(|visit| visit.kind == VisitKind::Customer)?;
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin))?;
    let recorder = match flow.node(&asked.node).map(|node| &node.kind) {
        Some(NodeKind::CustomerConfirmation(settings)) => settings.recorder.clone(),
        _ => None,
    };
    Some(recorder.unwrap_or_else(|| Party::Department("sales".to_owned())))
}
