//! Judges a confirmation from outside: from what the log says happened and from what is true of the company. It never
//! asks the product's own `confirm`.

use super::truth::{Around, Truth, gross, quantity};
use ordain_app::case::Event;
use ordain_app::case::people::Directory;
use ordain_domain::order::change::Taken;
use ordain_domain::order::{ChangeState, Content, Event as OrderEvent};
use ordain_flow::doc::Party;
use ordain_flow::run::Decision;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Stays of runs beside the main one are numbered from here on.
pub const SIDE: u32 = 65_536;

/// One command's events with their time.
pub type Entry = (i64, Vec<Event>);

/// What the log alone says of an order, gathered without `apply`.
#[derive(Clone, Default)]
pub struct Story<'a> {
    pub content: Option<&'a Content>,
    pub revision: u32,
    /// Revision and time of the last submission.
    pub pinned: Option<(u32, i64)>,
    pub edited_since: bool,
    pub on_hold: bool,
    /// How many tasks were assigned so far: they are numbered so.
    assigned: u32,
    /// Open tasks of the run that leads to the confirmation, by number: step and holder.
    open: BTreeMap<u32, (&'a str, &'a Party)>,
    approvals: Vec<(&'a str, &'a Party, Option<Uuid>)>,
    accepted: BTreeMap<&'a str, &'a ordain_domain::order::Acceptance>,
    questions: BTreeSet<u32>,
    held: BTreeMap<u32, i64>,
    shipped: BTreeMap<u32, i64>,
    /// Days of what was confirmed when the last change was taken up: they are not judged anew.
    agreed: BTreeSet<String>,
    /// In minor units.
    pub credit: Option<(&'a str, i64)>,
    pub paid: i128,
    confirmed: bool,
    /// Steps whose approvals outlive the change that is being taken up.
    keeps: Option<BTreeSet<&'a str>>,
    /// What was confirmed, while a change of it is looked at.
    stands: Option<(Uuid, Box<Story<'a>>)>,
}

/// The days for which the lines of a content are asked, as ISO text.
fn days(content: &Content) -> BTreeSet<String> {
    let days = content.lines.iter().filter_map(|line| line.requested_date.or(content.requested_date));
    days.map(|day| day.to_string()).collect()
}

impl<'a> Story<'a> {
    pub fn of(log: &'a [Entry]) -> Self {
        let mut story = Self::default();
        for (at_ms, events) in log {
            events.iter().for_each(|event| story.hear(event, *at_ms));
        }
        story
    }

    fn hear(&mut self, event: &'a Event, at_ms: i64) {
        match event {
            Event::Order(event) => self.hear_order(event),
            Event::Pinned { revision, .. } => {
                self.pinned = Some((*revision, at_ms));
                self.edited_since = false;
                match self.keeps.take() {
                    Some(kept) => self.approvals.retain(|(node, ..)| kept.contains(node)),
                    None => self.approvals.clear(),
                }
            }
            Event::TaskAssigned { visit, task } => {
                if *visit < SIDE {
                    self.open.insert(self.assigned, (&task.node, &task.holder));
                }
                self.assigned += 1;
            }
            Event::TaskHandedOver { task, hand_over } => {
                if let Some((_, holder)) = self.open.get_mut(task) {
                    *holder = &hand_over.to;
                }
            }
            Event::TaskDecided { task, decision, by, .. } => {
                if let Some((node, holder)) = self.open.remove(task)
                    && *decision == Decision::Approve
                {
                    self.approvals.push((node, holder, by.person()));
                }
            }
            Event::TaskClosed { task, .. } => drop(self.open.remove(task)),
            Event::Flow(_)
            | Event::SideFlow { .. }
            | Event::SideRunBegan { .. }
            | Event::TaskRescheduled { .. }
            | Event::PointTicked { .. }
            | Event::ExceptionRaised { .. }
            | Event::ExceptionTaken { .. }
            | Event::ExceptionEscalated { .. }
            | Event::ExceptionClosed { .. }
            | Event::TaskReopened { .. }
            | Event::TaskUrged { .. }
            | Event::TaskHeld { .. }
            | Event::TaskResumed { .. }
            | Event::CopySent { .. }
            | Event::TaskSeen { .. }
            | Event::BallotOpened { .. }
            | Event::SeatQueued { .. }
            | Event::WaitStood { .. }
            | Event::SeatCalled { .. }
            | Event::SeatsCounted { .. }
            | Event::PeopleChosen { .. }
            | Event::TaskClaimed { .. }
            | Event::NoticeExpected { .. }
            | Event::CallMade { .. }
            | Event::CustomerSpared { .. }
            | Event::CodeSent { .. }
            | Event::CodeWrong { .. }
            | Event::CallEnded { .. }
            | Event::HookCalled { .. }
            | Event::HookEnded { .. }
            | Event::ReturnedToSender(_)
            | Event::Migrated { .. }
            | Event::MigrationUndone
            | Event::ReceiptsAsked { .. }
            | Event::ReceiptGiven { .. }
            | Event::Attached { .. }
            | Event::LossExplained { .. }
            | Event::Watched { .. } => {}
        }
    }

    fn hear_order(&mut self, event: &'a OrderEvent) {
        match event {
            OrderEvent::Received(received) => {
                self.content = Some(&received.content);
                self.revision = 1;
            }
            OrderEvent::Edited { content, revision, .. } => {
                self.content = Some(content);
                self.revision = *revision;
                self.edited_since = true;
                // A reason was given for the order as it was.
                self.accepted.clear();
            }
            OrderEvent::Reopened { revision } => self.revision = *revision,
            OrderEvent::FieldsWritten { content, .. } => self.content = Some(content),
            OrderEvent::QuestionAsked { question } => drop(self.questions.insert(question.id)),
            OrderEvent::QuestionClosed { id, .. } => drop(self.questions.remove(id)),
            OrderEvent::Held => self.on_hold = true,
            // A hold ends with the order it held.
            OrderEvent::Resumed
            | OrderEvent::Rejected
            | OrderEvent::Cancelled { .. }
            | OrderEvent::Expired => {
                self.on_hold = false;
            }
            OrderEvent::FindingAccepted { finding, acceptance } => {
                self.accepted.insert(finding, acceptance);
            }
            OrderEvent::StockHeld { held, coming } => {
                self.held.clear();
                let shelf = held.iter().map(|part| (part.line, part.qty_milli));
                for (line, qty_milli) in shelf.chain(coming.iter().map(|part| (part.line, part.qty_milli))) {
                    *self.held.entry(line).or_default() += qty_milli;
                }
            }
            OrderEvent::StockReleased | OrderEvent::ReservationExpired => self.held.clear(),
            OrderEvent::GoodsShipped { parts, .. } => {
                for part in parts {
                    *self.held.entry(part.line).or_default() -= part.qty_milli;
                    *self.shipped.entry(part.line).or_default() += part.qty_milli;
                }
            }
            OrderEvent::CreditHeld(held) => self.credit = Some((&held.customer, held.minor)),
            OrderEvent::CreditReleased => self.credit = None,
            OrderEvent::PaymentRecorded { payment } => self.paid += i128::from(payment.minor),
            OrderEvent::PaymentReversed { reversal } => self.paid -= i128::from(reversal.minor),
            OrderEvent::Confirmed(_) => self.confirmed = true,
            OrderEvent::ChangeTaken { id, content, taken, dropped } => {
                self.change(*id, content, taken, dropped);
            }
            OrderEvent::ChangeClosed { id, outcome } => {
                let stood = self.stands.take_if(|(looked_at, _)| looked_at == id);
                if let Some((_, stood)) = stood.filter(|_| !matches!(outcome, ChangeState::Applied { .. })) {
                    // Tasks are numbered through, whatever becomes of the change.
                    let (assigned, open) = (self.assigned, std::mem::take(&mut self.open));
                    let (questions, on_hold) = (std::mem::take(&mut self.questions), self.on_hold);
                    *self = Self { assigned, open, questions, on_hold, ..*stood };
                }
            }
            _ => {}
        }
    }

    /// A change is looked at. The sales manager's word does not outlive another amount or other terms.
    fn change(&mut self, id: Uuid, content: &'a Content, taken: &'a Taken, dropped: &'a [String]) {
        if self.confirmed && self.stands.is_none() {
            self.agreed = self.content.map(days).unwrap_or_default();
            self.stands = Some((id, Box::new(self.clone())));
        }
        let mut keeps: BTreeSet<&str> = taken.kept.iter().map(String::as_str).collect();
        let weighty = |content: &Content| (gross(content), content.payment_terms.clone());
        if self.content.map(weighty) != Some(weighty(content)) {
            keeps.remove("manager_approval");
        }
        self.keeps = Some(keeps);
        (self.content, self.revision, self.edited_since) = (Some(content), taken.revision, true);
        for finding in dropped {
            self.accepted.remove(finding.as_str());
        }
    }

    /// Everything that should have kept the order from being confirmed. `managed`: the flow asks the sales manager.
    pub fn objections(
        &self,
        truth: &Truth,
        around: &Around<'_>,
        people: &Directory,
        managed: bool,
    ) -> Vec<String> {
        let mut found = Vec::new();
        let Some(content) = self.content else { return vec!["never received".to_owned()] };
        if self.on_hold {
            found.push("on hold".to_owned());
        }
        if self.pinned.is_none_or(|(revision, _)| revision != self.revision) || self.edited_since {
            found.push(format!("superseded: {:?} of {}", self.pinned, self.revision));
        }
        found.extend(self.questions.iter().map(|id| format!("open question {id}")));
        found.extend(self.open.values().map(|(node, _)| format!("open task {node}")));
        let old = |day: &String| *day >= around.asked_on || self.agreed.contains(day);
        let agreed = !self.agreed.is_empty() && days(content).iter().all(old);
        for flaw in
            truth.flaws(content, around).into_iter().filter(|flaw| !(agreed && flaw.id == "date_past"))
        {
            let given = self.accepted.get(flaw.id.as_str());
            let answered = flaw.accepted_for.as_ref().is_some_and(|facts| {
                given.is_some_and(|given| facts.iter().all(|(k, v)| given.facts.get(*k) == Some(v)))
            });
            if !answered {
                found.push(format!("open finding {}", flaw.id));
            }
        }
        for line in &content.lines {
            let of = |known: &BTreeMap<u32, i64>| known.get(&line.id).map(|qty| i128::from(*qty));
            let there = [of(&self.held), of(&self.shipped)];
            let held = there.iter().any(Option::is_some).then(|| there.into_iter().flatten().sum::<i128>());
            if held.is_none() || held != quantity(line) {
                found.push(format!("line {} asks {:?} and holds {held:?}", line.id, quantity(line)));
            }
        }
        // What is paid is not owed; an order that is paid whole holds nothing.
        let credit = self.credit.map(|(_, minor)| i128::from(minor));
        let credit = if self.paid > 0 { credit.or(Some(0)) } else { credit };
        if credit != gross(content).map(|gross| (gross - self.paid).max(0)) {
            found.push(format!("credit {credit:?} held for {:?}", gross(content)));
        }
        if managed && self.needs_manager(content, truth) && !self.manager_approved(people) {
            found.push("large or on special terms without the sales manager".to_owned());
        }
        found
    }

    /// The threshold of the standard flow, written down a second time.
    fn needs_manager(&self, content: &Content, truth: &Truth) -> bool {
        gross(content).is_some_and(|gross| gross >= 5_000_000) || truth.special_terms(content)
    }

    /// The manager, or whoever stood in because nobody is one.
    fn manager_approved(&self, people: &Directory) -> bool {
        self.approvals.iter().filter(|(node, ..)| *node == "manager_approval").any(|(_, holder, by)| {
            let user = by.and_then(|by| people.users.get(&by));
            user.is_some_and(|user| {
                // Whoever holds a task may hand it to the process admin, by name.
                let handed = user.has_role("process_admin") && user.login == holder.key();
                let stands_in = user.has_role(holder.key()) || handed;
                user.has_role("sales_manager") || user.has_role("management") || stands_in
            })
        })
    }
}
