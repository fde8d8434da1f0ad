//! Who hands orders in, who has looked at a task, and taking back what was handed in.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, run_of};
use crate::case::world::{House, weight};
use crate::case::{Case, FlowPin, Returned, Task, TaskState};
use ordain_domain::order::Status;
use ordain_domain::promise::Promise;
use ordain_flow::doc::{Recall, StartSettings};
use ordain_flow::run::Input;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Story<'_> {
    /// Of the people of the house only those whom the flow names hand orders in.
    pub(super) fn may_begin(&self, pin: &FlowPin) -> Result<(), Refusal> {
        let starters =
            self.world.house.flow(pin).and_then(|flow| flow.doc().start()).map(|start| &start.starters);
        let (Some(starters), Some(user)) = (starters.filter(|named| !named.is_empty()), self.actor()) else {
            return Ok(());
        };
        let named = starters.iter().any(|party| user.belongs_to(party));
        if named { Ok(()) } else { Err(Refusal::NotAStarter) }
    }

    pub(super) fn recall(&mut self, reason: &str) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let status = self.case.order.status;
        if status != Status::InReview || self.case.order.is_changing() {
            return Err(Refusal::WrongStatus(status));
        }
        if is_past_recall(&self.case, &self.world.house) {
            return Err(Refusal::PastRecall);
        }
        let reason = reason.trim().to_owned();
        if reason.is_empty() && rule(&self.case, &self.world.house) == Recall::AnyTime {
            return Err(Refusal::ReasonRequired);
        }
        let node = self.flow().and_then(|flow| flow.doc().steps.first()).map(|node| node.id.clone());
        let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
        let returned = Returned { by, node: node.unwrap_or_default(), reason, at_ms };
        self.emit(Event::ReturnedToSender(returned));
        self.advance(&Input::Recall, Promise::default())
    }

    /// Somebody has opened a task of their own, and seen these of the fields it shows first.
    pub(super) fn see(&mut self, id: Uuid, fields: &[String]) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        let by = self.by.actor.person().ok_or(Refusal::NotYourTask)?;
        let shown = self
            .settings(task.visit, &task.node)
            .map(|settings| settings.looks_at.clone())
            .unwrap_or_default();
        let seen: BTreeSet<String> = shown.into_iter().filter(|field| fields.contains(field)).collect();
        if task.seen.get(&by).is_none_or(|known| !seen.is_subset(known)) {
            self.emit(Event::TaskSeen { task: number, by, fields: seen });
        }
        Ok(())
    }

    /// What a large order's approver has not seen of what the step shows first.
    pub(super) fn all_seen(&self, task: &Task) -> Result<(), Refusal> {
        let unseen = unseen(task, &self.case, &self.world.house, self.by.actor.person());
        if unseen.is_empty() { Ok(()) } else { Err(Refusal::FieldsUnseen(unseen)) }
    }
}

/// The fields that somebody has yet to see before they can approve a task.
pub fn unseen(task: &Task, case: &Case, house: &House, by: Option<Uuid>) -> Vec<String> {
    let settings = case.node_at(house, task.visit, &task.node).and_then(ordain_flow::doc::Node::person);
    let Some((settings, reading)) =
        settings.and_then(|known| known.reading.as_ref().map(|reading| (known, reading)))
    else {
        return Vec::new();
    };
    if weight(&case.order).is_some_and(|amount| amount < reading.from_amount) {
        return Vec::new();
    }
    let seen = by.and_then(|by| task.seen.get(&by));
    let missing = |field: &&String| seen.is_none_or(|seen| !seen.contains(*field));
    settings.looks_at.iter().filter(missing).cloned().collect()
}

fn rule(case: &Case, house: &House) -> Recall {
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    flow.and_then(|flow| flow.doc().start()).map(|start: &StartSettings| start.recall).unwrap_or_default()
}

/// Whether an order under review is past the point up to which its sender may take it back.
pub(in crate::case) fn is_past_recall(case: &Case, house: &House) -> bool {
    let from = case.run.as_ref().map_or(0, |run| run.round_from);
    let mut tasks = case.tasks.values().filter(|task| run_of(task.visit) == MAIN && task.visit >= from);
    let decided = |task: &Task| matches!(task.state, TaskState::Done { .. });
    match rule(case, house) {
        Recall::Never => true,
        Recall::AnyTime => false,
        Recall::UntilDecided => tasks.any(decided),
        Recall::UntilOpened => {
            tasks.any(|task| decided(task) || task.claimed_by.is_some() || !task.seen.is_empty())
        }
    }
}
