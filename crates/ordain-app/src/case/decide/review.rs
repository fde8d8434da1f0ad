//! Tasks: who gets them, who may take and decide them, and what a decision needs.

use super::Story;
use crate::case::event::Event;
use crate::case::people::{Directory, User};
use crate::case::refusal::Refusal;
use crate::case::{Returned, Task, TaskState};
use ordain_domain::finding::{Code, Finding};
use ordain_flow::doc::{Node, Party, PersonSettings};
use ordain_flow::run::{Decision, Flow, Input};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Story<'_> {
    pub(super) fn assign(&mut self, flow: &Flow, visit: u32, node: &str) {
        let now = self.by.at_ms;
        let calendar = &self.world.house.calendar;
        let after = |minutes: u32| calendar.add_working_minutes(now, minutes);
        let people = &self.world.house.people;
        let admin = Party::Role("process_admin".to_owned());
        let task = match flow.node(node).and_then(Node::person) {
            Some(review) => Task {
                id: self.ids.mint(),
                node: node.to_owned(),
                holder: people.holder(review),
                claimed_by: None,
                opened_ms: now,
                due_ms: review.deadline_minutes.map(after),
                remind_ms: soon(review).map(after),
                state: TaskState::Open,
            },
            // Something nobody owns stands in the way: the process admin decides.
            _ => Task {
                id: self.ids.mint(),
                node: node.to_owned(),
                holder: admin,
                claimed_by: None,
                opened_ms: now,
                due_ms: Some(after(60)),
                remind_ms: None,
                state: TaskState::Open,
            },
        };
        self.emit(Event::TaskAssigned { visit, task });
    }

    pub(super) fn close_task(&mut self, visit: u32) {
        if self.case.tasks.get(&visit).is_some_and(Task::is_open) {
            self.emit(Event::TaskClosed { visit });
        }
    }

    /// The open task, if the actor may decide it.
    fn own_task(&self, id: Uuid) -> Result<(u32, Task, User), Refusal> {
        let (visit, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        if !task.is_open() {
            return Err(Refusal::TaskClosed);
        }
        let user = self.by.actor.person().and_then(|id| self.world.house.people.users.get(&id));
        let flow = self.case.flow.as_ref().and_then(|pin| self.world.house.flow(pin)).map(AsRef::as_ref);
        let user = user.filter(|user| is_eligible(user, task, flow)).ok_or(Refusal::NotYourTask)?;
        if claimed_by_other(task, user, flow, &self.world.house.people) {
            return Err(Refusal::ClaimedByOther);
        }
        Ok((visit, task.clone(), user.clone()))
    }

    pub(super) fn claim(&mut self, id: Uuid) -> Result<(), Refusal> {
        let (visit, task, user) = self.own_task(id)?;
        if task.claimed_by != Some(user.id) {
            self.emit(Event::TaskClaimed { visit, by: user.id });
        }
        Ok(())
    }

    pub(super) fn decide_task(
        &mut self,
        id: Uuid,
        decision: Decision,
        reason: Option<&str>,
        accept: &BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (visit, task, _) = self.own_task(id)?;
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if decision != Decision::Approve && reason.is_none() {
            return Err(Refusal::ReasonRequired);
        }
        let backing = self.check();
        self.hold_resources(backing.clone());
        if decision == Decision::Approve {
            for (finding, reason) in accept {
                if reason.trim().is_empty() {
                    return Err(Refusal::FindingsNeedReason(vec![finding.clone()]));
                }
                self.accept_finding(finding, reason.trim())?;
            }
            self.nothing_left_open(&task)?;
        }
        let by = self.by.actor.clone();
        let text = reason.map(str::to_owned);
        self.emit(Event::TaskDecided { visit, decision, by: by.clone(), reason: text });
        if decision == Decision::Return {
            let reason = reason.unwrap_or_default().to_owned();
            let returned = Returned { by, node: task.node.clone(), reason, at_ms: self.by.at_ms };
            self.emit(Event::ReturnedToSender(returned));
        }
        self.advance(&Input::Decide { visit, decision }, backing)
    }

    /// Approving answers for every finding that the step owns.
    fn nothing_left_open(&self, task: &Task) -> Result<(), Refusal> {
        let open = self.owned_open(&task.node);
        let (short, doubtful): (Vec<&Finding>, Vec<&Finding>) =
            open.into_iter().partition(|finding| finding.code == Code::StockShort);
        let ids = |findings: Vec<&Finding>| findings.into_iter().map(Finding::id).collect::<Vec<_>>();
        if !short.is_empty() {
            return Err(Refusal::PromiseNotBacked(ids(short)));
        }
        if !doubtful.is_empty() {
            return Err(Refusal::FindingsNeedReason(ids(doubtful)));
        }
        let asked = self.unanswered(&task.node);
        if asked.is_empty() { Ok(()) } else { Err(Refusal::QuestionsOpen(asked)) }
    }

    /// Open questions about what the step answers for; where no review stands, all of them.
    fn unanswered(&self, node: &str) -> Vec<u32> {
        let findings = &self.case.order.checked.findings;
        let owned =
            |id: &String| findings.iter().any(|finding| finding.id() == *id && self.owns(node, finding));
        let everything = self.person_at(node).is_none();
        let concerns = |finding: &Option<String>| everything || finding.as_ref().is_none_or(owned);
        let open = self.case.order.open_questions().filter(|question| concerns(&question.finding));
        open.map(|question| question.id).collect()
    }

    fn owned_open(&self, node: &str) -> Vec<&Finding> {
        self.case.order.open_findings().filter(|finding| self.owns(node, finding)).collect()
    }

    fn owns(&self, node: &str, finding: &Finding) -> bool {
        let owns = |review: &PersonSettings| review.owns.iter().any(|own| own == finding.code.check().name());
        self.person_at(node).is_none_or(owns)
    }

    fn person_at(&self, node: &str) -> Option<&PersonSettings> {
        self.world.house.flow(self.case.flow.as_ref()?)?.node(node)?.person()
    }
}

/// Working minutes after opening at which the holder is reminded.
fn soon(review: &PersonSettings) -> Option<u32> {
    let deadline = review.deadline_minutes?;
    Some(deadline.saturating_sub(review.remind_before_minutes?))
}

/// Whether somebody is among those who may decide a task: its holder, or the step's backup. The one rule behind
/// decisions, lists and buttons.
pub fn is_eligible(user: &User, task: &Task, flow: Option<&Flow>) -> bool {
    let settings = flow.and_then(|flow| flow.node(&task.node)).and_then(Node::person);
    let backup = settings.and_then(|settings| settings.backup.as_ref());
    user.belongs_to(&task.holder) || backup.is_some_and(|backup| user.belongs_to(backup))
}

/// Whether somebody else has taken the task who can still decide it: the claim of a person who has left or lost the
/// role holds nobody back.
pub fn claimed_by_other(task: &Task, user: &User, flow: Option<&Flow>, people: &Directory) -> bool {
    let claimer = task.claimed_by.filter(|by| *by != user.id).and_then(|by| people.users.get(&by));
    claimer.is_some_and(|claimer| is_eligible(claimer, task, flow))
}
