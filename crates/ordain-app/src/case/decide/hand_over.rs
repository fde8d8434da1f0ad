//! Work that changes hands, and work that is urged. At any moment a task has exactly one holder, and every change of it
//! is kept on the task.

use super::Story;
use crate::case::event::Event;
use crate::case::people::User;
use crate::case::refusal::{Refusal, given};
use crate::case::{HandOver, HandOverWhy, Task};
use ordain_flow::doc::{Party, Source, TaskAction};
use uuid::Uuid;

/// Nobody is urged twice within this time.
const URGE_PAUSE_MS: i64 = 30 * 60_000;

impl Story<'_> {
    /// Gives the actor's own task to a colleague.
    pub(super) fn transfer(&mut self, id: Uuid, login: &str, reason: &str) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        self.must_offer(&task.node, TaskAction::Transfer)?;
        given(reason)?;
        let to = self.active_person(login)?;
        self.must_fit(&task, &to)?;
        self.hand_over(number, to, HandOverWhy::Transferred, Some(reason));
        Ok(())
    }

    /// Gives anybody's open task to somebody else: the process admin's right.
    pub(super) fn reassign(
        &mut self,
        id: Uuid,
        to: &Party,
        why: HandOverWhy,
        reason: &str,
    ) -> Result<(), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        task.must_be_open()?;
        given(reason)?;
        if self.world.house.people.members(to).is_empty() {
            return Err(Refusal::UnknownPerson(to.key().to_owned()));
        }
        let task = task.clone();
        self.must_fit(&task, to)?;
        self.hand_over(number, to.clone(), why, Some(reason));
        Ok(())
    }

    /// A review must not be evaded by giving it to somebody it was never meant for, nor a vote by giving two seats to
    /// one: whoever gets a task is among those the step asks, its backup, a colleague where single people are asked, or
    /// the process admin.
    fn must_fit(&self, task: &Task, to: &Party) -> Result<(), Refusal> {
        if task.holder == *to {
            return Err(Refusal::SameHolder);
        }
        if self.takes_part(to, task.visit) {
            return Err(Refusal::AlreadyAsked(to.key().to_owned()));
        }
        self.must_be_in_circles(task, to)
    }

    pub(super) fn must_be_in_circles(&self, task: &Task, to: &Party) -> Result<(), Refusal> {
        let people = &self.world.house.people;
        let circles = self.circles(task);
        let fits = |user: &&User| circles.iter().any(|circle| user.belongs_to(circle));
        if circles.contains(to) || people.members(to).iter().all(fits) {
            return Ok(());
        }
        Err(Refusal::UnfitPerson(to.key().to_owned()))
    }

    /// Those among whom a task may change hands.
    fn circles(&self, task: &Task) -> Vec<Party> {
        let settings = self.settings(&task.node);
        let named = settings.into_iter().flat_map(|settings| &settings.assignee).filter_map(Source::party);
        let mut circles: Vec<Party> = named.collect();
        if circles.iter().all(|party| matches!(party, Party::User(_)))
            && let Party::User(login) = &task.holder
        {
            let holder = self.world.house.people.by_login(login);
            circles.extend(holder.and_then(|user| user.department.clone()).map(Party::Department));
        }
        circles.extend(settings.and_then(|settings| settings.backup.clone()));
        circles.push(self.process_admin());
        circles
    }

    pub(super) fn hand_over(&mut self, number: u32, to: Party, why: HandOverWhy, reason: Option<&str>) {
        let Some(task) = self.case.tasks.get(&number) else { return };
        let (from, by, at_ms) = (task.holder.clone(), self.by.actor.clone(), self.by.at_ms);
        let reason = reason.map(|reason| reason.trim().to_owned());
        let hand_over = HandOver { from, to: to.clone(), why, by, at_ms, reason };
        self.emit(Event::TaskHandedOver { task: number, hand_over });
        self.tell_party("task_handed_over", &to);
    }

    /// Urges whoever holds a task. Anybody who may see the order may; the pause keeps it from becoming noise.
    pub(super) fn urge(&mut self, id: Uuid) -> Result<(), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        task.must_be_open()?;
        self.must_offer(&task.node, TaskAction::Urge)?;
        if is_urged_lately(task, self.by.at_ms) {
            return Err(Refusal::UrgedLately { until_ms: urged_until_ms(task) });
        }
        let task = task.clone();
        self.emit(Event::TaskUrged { task: number, by: self.by.actor.clone() });
        self.tell_holder("task_urged", &task);
        Ok(())
    }
}

/// Until when a task that was urged cannot be urged again.
fn urged_until_ms(task: &Task) -> i64 {
    task.urged_ms.last().map_or(0, |last| last + URGE_PAUSE_MS)
}

pub(in crate::case) fn is_urged_lately(task: &Task, at_ms: i64) -> bool {
    urged_until_ms(task) > at_ms
}
