//! Work that changes hands, and work that is urged. At any moment a task has exactly one holder, and every change of it
//! is kept on the task.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::{HandOver, HandOverWhy};
use ordain_flow::doc::{Party, TaskAction};
use uuid::Uuid;

/// Nobody is urged twice within this time.
const URGE_PAUSE_MS: i64 = 30 * 60_000;

impl Story<'_> {
    /// Gives the actor's own task to a colleague.
    pub(super) fn transfer(&mut self, id: Uuid, login: &str, reason: &str) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        self.must_offer(&task.node, TaskAction::Transfer)?;
        let to = self.active_person(login)?;
        self.hand_over(number, to, HandOverWhy::Transferred, Some(reason))
    }

    /// Gives anybody's open task to somebody else: the process admin's right.
    pub(super) fn reassign(&mut self, id: Uuid, to: &Party, reason: &str) -> Result<(), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        if !task.is_open() {
            return Err(Refusal::TaskClosed);
        }
        if self.world.house.people.members(to).is_empty() {
            return Err(Refusal::UnknownPerson(to.key().to_owned()));
        }
        self.hand_over(number, to.clone(), HandOverWhy::Reassigned, Some(reason))
    }

    pub(super) fn hand_over(
        &mut self,
        number: u32,
        to: Party,
        why: HandOverWhy,
        reason: Option<&str>,
    ) -> Result<(), Refusal> {
        let reason = reason.map(str::trim);
        if reason.is_some_and(str::is_empty) {
            return Err(Refusal::ReasonRequired);
        }
        let Some(task) = self.case.tasks.get(&number) else { return Err(Refusal::TaskNotFound) };
        if task.holder == to {
            return Err(Refusal::SameHolder);
        }
        let (from, by, at_ms) = (task.holder.clone(), self.by.actor.clone(), self.by.at_ms);
        let hand_over = HandOver { from, to: to.clone(), why, by, at_ms, reason: reason.map(str::to_owned) };
        self.emit(Event::TaskHandedOver { task: number, hand_over });
        self.tell_party("task_handed_over", &to);
        Ok(())
    }

    /// Urges whoever holds a task. Anybody who may see the order may; the pause keeps it from becoming noise.
    pub(super) fn urge(&mut self, id: Uuid) -> Result<(), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        if !task.is_open() {
            return Err(Refusal::TaskClosed);
        }
        self.must_offer(&task.node, TaskAction::Urge)?;
        let free_ms = task.urged_ms.last().map_or(0, |last| last + URGE_PAUSE_MS);
        if free_ms > self.by.at_ms {
            return Err(Refusal::UrgedLately { until_ms: free_ms });
        }
        let (claimed, holder) = (task.claimed_by, task.holder.clone());
        self.emit(Event::TaskUrged { task: number, by: self.by.actor.clone() });
        match claimed {
            Some(user) => self.tell("task_urged", user),
            None => self.tell_party("task_urged", &holder),
        }
        Ok(())
    }
}
