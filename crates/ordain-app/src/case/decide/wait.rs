//! Waits that no person of the house decides: the customer's answer, a time, an event.

use super::notify::Reach;
use super::{MS_PER_MINUTE, Story, Unasked};
use crate::case::Case;
use crate::case::event::Event;
use crate::case::facts;
use crate::case::refusal::Refusal;
use crate::case::side_run::run_of;
use crate::case::waits::Wait;
use crate::case::world::House;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_flow::doc::{CustomerSettings, NodeKind, OnLapse, Party};
use ordain_flow::rule::Value;
use ordain_flow::run::{Answer, Flow, Input, Spared, Visit, VisitKind};
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
        self.unasked.push(Unasked { visit, node, why: Spared::Agreed, otherwise: Vec::new() });
    }

    /// What was left of the time of the customer, or of an event, when the order was put on hold is left after it.
    pub(super) fn let_waits_go_on(&mut self, held_ms: Option<i64>) {
        let Some(held_ms) = held_ms else { return };
        let calendar = self.world.house.calendars.company();
        let waits = self.case.runs().flat_map(|(_, run)| run.open_visits());
        let waits = waits.filter(|visit| matches!(visit.kind, VisitKind::Customer | VisitKind::Event));
        let stood = waits.map(|visit| {
            let from_ms = held_ms.max(visit.since_ms);
            // A minute that was begun is given, so that a short hold takes none of it away.
            let stood_ms = calendar.working_ms_between(from_ms, self.by.at_ms);
            (visit.visit, (stood_ms + MS_PER_MINUTE - 1) / MS_PER_MINUTE)
        });
        let stood: Vec<(u32, u32)> =
            stood.filter_map(|(visit, minutes)| Some((visit, u32::try_from(minutes).ok()?))).collect();
        for (visit, minutes) in stood.into_iter().filter(|(_, minutes)| *minutes > 0) {
            self.emit(Event::WaitStood { visit, minutes });
        }
    }

    /// An order whose customer nobody asks any more is in review again.
    pub(super) fn let_customer_go(&mut self) {
        let mut runs = self.case.runs();
        let asked = runs.any(|(_, run)| run.open_visits().any(|visit| visit.kind == VisitKind::Customer));
        drop(runs);
        if self.case.order.status == Status::AwaitingCustomer && !asked {
            self.order(OrderEvent::CustomerLetGo);
        }
    }

    /// Something has happened that flows may wait for; every wait for it goes on.
    pub(super) fn signal(&mut self, event: &str, key: Option<&str>) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let mut heard = false;
        while let Some((visit, _)) = self.open_visit_for(event, key) {
            heard = true;
            let backing = self.look_again();
            self.advance(&Input::Arrived { visit }, backing)?;
        }
        if heard { Ok(()) } else { Err(Refusal::NobodyWaits(event.to_owned())) }
    }

    fn open_visit_for(&self, event: &str, key: Option<&str>) -> Option<(u32, String)> {
        self.open_visit(|visit| {
            let node = self.node(visit.visit, &visit.node);
            match node.map(|node| &node.kind) {
                Some(NodeKind::WaitEvent(wait)) if wait.event == event => {
                    let meant =
                        |field: &String| key.is_some_and(|key| self.is_known_by(visit.visit, field, key));
                    wait.matches.as_ref().is_none_or(meant)
                }
                _ => false,
            }
        })
    }

    /// Whether what a run is about has this key: in a field of its order, or of a line that it is about.
    fn is_known_by(&self, visit: u32, field: &str, key: &str) -> bool {
        let order = &self.case.order;
        match field {
            "number" => return order.number == key,
            "customer_po" => return order.content.customer_po.as_deref() == Some(key),
            _ => {}
        }
        let number = run_of(visit);
        let flow = self.case.run_at(number).and_then(|(pin, _)| self.world.house.flow(pin));
        let Some(flow) = flow else { return false };
        let facts = facts::in_run(&self.case, number, flow, self.around());
        let is = |value: Option<&Value>| {
            value.is_some_and(|value| *value != Value::Null && value.to_string() == key)
        };
        let line = flow.schema().line_index(field);
        flow.schema().order_index(field).is_some_and(|at| is(facts.fields.get(at)))
            || line.is_some_and(|at| facts.lines.iter().any(|line| is(line.get(at))))
    }

    pub(super) fn open_visit(&self, wanted: impl Fn(&Visit) -> bool) -> Option<(u32, String)> {
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
        if matches!(input, Input::Answer { .. }) && self.takes_silence_as_consent(&visit) {
            let by = Actor::system("deadline");
            self.order(OrderEvent::CustomerAnswered { accepted: true, by, evidence: None, proof: None });
        }
        let backing = self.look_again();
        self.advance(&input, backing)
    }

    fn takes_silence_as_consent(&self, visit: &Visit) -> bool {
        let kind = self.node(visit.visit, &visit.node).map(|node| &node.kind);
        let Some(NodeKind::CustomerConfirmation(customer)) = kind else { return false };
        customer.on_lapse == OnLapse::Accept && customer.silence_is_consent
    }

    /// Tells whoever a step puts in copy.
    pub(super) fn copy(&mut self, flow: &Flow, visit: u32, node: &str) {
        let Some(NodeKind::Cc { to, needs_receipt }) = flow.node(node).map(|node| &node.kind) else { return };
        self.notify_all("copied", to, (visit, node));
        // Customers are told; only people of the house are asked to say so.
        let asked = needs_receipt.then(|| self.people_among(to, self.lookup(visit, node)));
        let users = asked.unwrap_or_default();
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
pub(crate) fn answer_recorder(case: &Case, house: &House) -> Option<Party> {
    let recorder = asked(case, house)?.and_then(|settings| settings.recorder.clone());
    Some(recorder.unwrap_or_else(|| Party::Department("sales".to_owned())))
}

/// How the customer is asked, while that lasts.
fn asked<'h>(case: &Case, house: &'h House) -> Option<Option<&'h CustomerSettings>> {
    let mut open = case.run.as_ref()?.open_visits();
    let asked = open.find(|visit| visit.kind == VisitKind::Customer)?;
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin))?;
    Some(match flow.node(&asked.node).map(|node| &node.kind) {
        Some(NodeKind::CustomerConfirmation(settings)) => Some(settings),
        _ => None,
    })
}
