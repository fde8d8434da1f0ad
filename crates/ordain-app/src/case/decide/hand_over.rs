//! Work that changes hands, and work that is urged. At any moment a task has exactly one holder, and every change of it
//! is kept on the task.

use super::Story;
use crate::case::event::Event;
use crate::case::people::User;
use crate::case::range::{circles, may_choose};
use crate::case::refusal::{Refusal, given};
use crate::case::{HandOver, HandOverWhy, Held, Task, deadline};
use ordain_flow::doc::{Party, PersonSettings, TaskAction};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Nobody is urged twice within this time.
const URGE_PAUSE_MS: i64 = 30 * 60_000;

impl Story<'_> {
    /// Gives the actor's own task to a colleague.
    pub(super) fn transfer(&mut self, id: Uuid, login: &str, reason: &str) -> Result<(), Refusal> {
        let (number, task) = self.task_to_decide(id)?;
        self.must_offer(&task, TaskAction::Transfer)?;
        given(reason)?;
        let to = self.chosen(&task, TaskAction::Transfer, login)?;
        self.hand_over(number, to, HandOverWhy::Transferred, Some(reason));
        Ok(())
    }

    /// Somebody whom the actor may give a task to.
    fn chosen(&self, task: &Task, action: TaskAction, login: &str) -> Result<Party, Refusal> {
        let to = self.active_person(login)?;
        if task.holder == to {
            return Err(Refusal::SameHolder);
        }
        if self.takes_part(&to, task.visit) {
            return Err(Refusal::AlreadyAsked(login.to_owned()));
        }
        self.must_be_in_range(task, action, login)?;
        // Work goes to nobody who is away.
        if !self.world.house.is_there(&to, self.by.at_ms) {
            return Err(Refusal::UnfitPerson(login.to_owned()));
        }
        Ok(to)
    }

    pub(super) fn must_be_in_range(
        &self,
        task: &Task,
        action: TaskAction,
        login: &str,
    ) -> Result<(), Refusal> {
        let house = &self.world.house;
        let may = |user: &User| may_choose((&self.case, house, task), action, self.actor(), user);
        if house.people.by_login(login).is_some_and(may) {
            return Ok(());
        }
        Err(Refusal::UnfitPerson(login.to_owned()))
    }

    /// Has a colleague work on the actor's own task; it comes back to the actor, who decides.
    pub(super) fn delegate(&mut self, id: Uuid, login: &str, reason: &str) -> Result<(), Refusal> {
        let (number, task) = self.task_to_decide(id)?;
        self.must_offer(&task, TaskAction::Delegate)?;
        given(reason)?;
        let to = self.chosen(&task, TaskAction::Delegate, login)?;
        if self.actor().is_some_and(|user| user.login == login) {
            return Err(Refusal::SameHolder);
        }
        self.hand_over(number, to, HandOverWhy::Entrusted, Some(reason));
        Ok(())
    }

    /// Ends the work on a delegated task: by whoever does it, or by whoever is to decide and calls it back.
    pub(super) fn give_back(&mut self, id: Uuid, note: &str) -> Result<(), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        let task = task.clone();
        task.must_be_open()?;
        let owner = task.entrusted_by.ok_or(Refusal::NotEntrusted)?;
        if self.by.actor.person() != Some(owner) {
            self.own_task(id)?;
        }
        let people = &self.world.house.people;
        let back = people.users.get(&owner).filter(|user| !user.disabled);
        let back = back.map(|user| Party::User(user.login.clone()));
        let fit =
            |party: &Party| self.world.house.is_there(party, self.by.at_ms) && self.may_take(&task, party);
        let (to, why) = match back.filter(fit) {
            Some(to) => (to, HandOverWhy::GivenBack),
            None => (self.process_admin(), HandOverWhy::Left),
        };
        self.hand_over(number, to, why, Some(note).filter(|note| !note.trim().is_empty()));
        Ok(())
    }

    /// Lets the actor's own task stand still for so many working minutes.
    pub(super) fn hold_task(&mut self, id: Uuid, minutes: u32, reason: &str) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (number, task) = self.task_to_decide(id)?;
        self.must_offer(&task, TaskAction::Hold)?;
        let reason = given(reason)?.to_owned();
        if task.held.is_some() {
            return Err(Refusal::OnHold);
        }
        let most = self.settings(task.visit, &task.node).map_or(0, PersonSettings::holds_for);
        let left = most.saturating_sub(task.held_minutes);
        if minutes == 0 || minutes > left {
            return Err(Refusal::HoldTooLong { left });
        }
        let (by, since_ms) = (self.by.actor.clone(), self.by.at_ms);
        let calendar = deadline::calendar(&self.world.house, &task.timed_by);
        let until_ms = calendar.add_working_minutes(since_ms, minutes);
        self.emit(Event::TaskHeld { task: number, held: Held { by, reason, since_ms, until_ms } });
        Ok(())
    }

    /// Goes on with a task before its time.
    pub(super) fn resume_task(&mut self, id: Uuid) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        if task.held.is_none() {
            return Err(Refusal::NotOnHold);
        }
        self.end_hold(number);
        Ok(())
    }

    /// The time for which a task was on hold is over.
    pub(super) fn fire_hold(&mut self, key: &str) {
        let found = Uuid::parse_str(key).ok().and_then(|id| self.case.task(id));
        let Some((number, task)) = found.map(|(number, task)| (number, task.clone())) else { return };
        self.end_hold(number);
        self.tell_holder("task_resumed", &task);
    }

    /// Puts people in copy of the order from the actor's own task.
    pub(super) fn send_copy(&mut self, id: Uuid, logins: &[String], note: &str) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        self.must_offer(&task, TaskAction::Cc)?;
        let people = &self.world.house.people;
        let mut to = BTreeSet::new();
        for login in logins {
            let user = people.by_login(login).filter(|user| !user.disabled);
            to.insert(user.ok_or_else(|| Refusal::UnknownPerson(login.clone()))?.id);
        }
        if to.is_empty() {
            return Err(Refusal::UnknownPerson(String::new()));
        }
        let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
        self.emit(Event::CopySent { task: number, to: to.clone(), note });
        for user in to {
            self.tell("copied", user);
        }
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
        if !self.may_take(task, to) || !self.world.house.is_there(to, self.by.at_ms) {
            return Err(Refusal::UnfitPerson(to.key().to_owned()));
        }
        self.must_be_in_circles(task, to)
    }

    pub(super) fn must_be_in_circles(&self, task: &Task, to: &Party) -> Result<(), Refusal> {
        let people = &self.world.house.people;
        let circles = circles(&self.case, &self.world.house, task);
        let fits = |user: &&User| circles.iter().any(|circle| user.belongs_to(circle));
        if circles.contains(to) || people.members(to).iter().all(fits) {
            return Ok(());
        }
        Err(Refusal::UnfitPerson(to.key().to_owned()))
    }

    pub(super) fn hand_over(&mut self, number: u32, to: Party, why: HandOverWhy, reason: Option<&str>) {
        self.end_hold(number);
        let Some(task) = self.case.tasks.get(&number) else { return };
        let (from, by, at_ms) = (task.holder.clone(), self.by.actor.clone(), self.by.at_ms);
        let reason = reason.map(|reason| reason.trim().to_owned());
        // Its time is that of whoever has it: the leave of the one before must not move it.
        let hand_over = HandOver { reason, ..HandOver::new(from, to.clone(), why, by, at_ms) };
        self.emit(Event::TaskHandedOver { task: number, hand_over });
        if let Some(task) = self.case.tasks.get(&number).cloned() {
            self.retime(number, &task, None);
        }
        self.tell_party("task_handed_over", &to);
    }

    /// Urges whoever holds a task. Anybody who may see the order may; the pause keeps it from becoming noise.
    pub(super) fn urge(&mut self, id: Uuid) -> Result<(), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        task.must_be_open()?;
        self.must_offer(task, TaskAction::Urge)?;
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
