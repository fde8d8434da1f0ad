//! What happens on the way to a task's deadline and after it: reminders, hand-overs, an answer by the system.

use super::{MS_PER_MINUTE, Story, awaits_signers};
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, run_of};
use crate::case::timers::{TimerKind, fired};
use crate::case::world::weight;
use crate::case::{CAUSE_KIND, ExceptionKind, HandOverWhy, Returned, Task, deadline};
use ordain_domain::actor::Actor;
use ordain_flow::doc::{DeadlineDo, DeadlineRule, Party};
use ordain_flow::run::{Decision, Input};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Stands for whoever is reminded where a rule of a deadline does something else.
pub const NOBODY_TOLD: &str = "rule";

impl Story<'_> {
    /// Fires a rule of a task's deadline; its key names the task and the rule.
    pub(super) fn fire_rule(&mut self, key: &str) -> Result<(), Refusal> {
        let found = key.split_once(':').and_then(|(task, rule)| {
            let (number, task) = self.case.task(Uuid::parse_str(task).ok()?)?;
            let rules = deadline::rules(task, &self.case, &self.world.house);
            Some((number, task.clone(), rules.get(rule.parse::<usize>().ok()?)?.clone()))
        });
        let Some((number, task, rule)) = found else { return Err(Refusal::NothingDue) };
        let often = fired(&self.case, TimerKind::DeadlineRule, key);
        let tells = matches!(rule.action, DeadlineDo::Remind | DeadlineDo::NotifyManager);
        self.reminded(TimerKind::DeadlineRule, key, if tells { task.holder.key() } else { NOBODY_TOLD });
        if tells {
            self.pass_over(key, &rule, &task);
        }
        match rule.action {
            DeadlineDo::Remind => self.tell_holder("task_due_soon", &task),
            DeadlineDo::NotifyManager => self.tell_manager(&task),
            DeadlineDo::ToBackup => {
                let backup =
                    self.settings(task.visit, &task.node).and_then(|settings| settings.backup.clone());
                self.move_on(number, &task, backup, HandOverWhy::Overdue);
            }
            DeadlineDo::Escalate(chain) => {
                let next = chain.into_iter().skip(usize::try_from(often).unwrap_or(usize::MAX));
                let next = next.into_iter().find(|party| self.world.house.is_there(party, self.by.at_ms));
                self.move_on(number, &task, next, HandOverWhy::Escalated);
            }
            // The clock decides nothing that nobody may decide now, but somebody learns that it is late.
            DeadlineDo::AutoReturn | DeadlineDo::AutoPass { .. } if self.case.order.on_hold => {
                self.overdue(&task, "on_hold");
            }
            DeadlineDo::AutoReturn if run_of(task.visit) != MAIN => self.overdue(&task, "not_returned"),
            DeadlineDo::AutoReturn => return self.answer_by_timeout(number, &task, Decision::Return),
            DeadlineDo::AutoPass { max_amount } => {
                if !self.may_pass(number, &task, max_amount) {
                    self.overdue(&task, "not_passed");
                    return Ok(());
                }
                return self.answer_by_timeout(number, &task, Decision::Approve);
            }
            DeadlineDo::RaiseException => self.overdue(&task, "by_rule"),
        }
        Ok(())
    }

    /// What should have been said before, and was not, is said once.
    fn pass_over(&mut self, key: &str, rule: &DeadlineRule, task: &Task) {
        loop {
            let often = fired(&self.case, TimerKind::DeadlineRule, key);
            let next = deadline::rule_at(rule, task, &self.case, &self.world.house, often);
            if next.is_none_or(|at_ms| at_ms > self.by.at_ms) {
                return;
            }
            self.reminded(TimerKind::DeadlineRule, key, task.holder.key());
        }
    }

    pub(super) fn tell_holder(&mut self, template: &str, task: &Task) {
        match task.claimed_by {
            Some(user) => self.tell(template, user),
            None => self.tell_party(template, &task.holder),
        }
    }

    fn tell_manager(&mut self, task: &Task) {
        let organisation = &self.world.house.organisation;
        let people = &self.world.house.people;
        let manager = match &task.holder {
            Party::Department(code) => organisation.head_of(code),
            Party::User(login) => people.by_login(login).and_then(|user| organisation.manager_of(user)),
            Party::Role(_) => None,
        };
        let to = manager.map(|login| Party::User(login.to_owned())).unwrap_or_else(|| self.process_admin());
        self.tell_party("task_overdue", &to);
    }

    /// Hands a late task on; where there is nobody to take it, somebody must look at that.
    fn move_on(&mut self, number: u32, task: &Task, to: Option<Party>, why: HandOverWhy) {
        let house = &self.world.house;
        let staffed = |party: &Party| self.may_take(task, party) && house.is_there(party, self.by.at_ms);
        let free = |party: &Party| *party != task.holder && !self.takes_part(party, task.visit);
        match to.filter(|party| staffed(party) && free(party)) {
            Some(to) => self.hand_over(number, to, why, None),
            None => self.overdue(task, "nobody"),
        }
    }

    /// Somebody has to look at a late task: with what became of the rule that saw to it.
    fn overdue(&mut self, task: &Task, outcome: &str) {
        let evidence = [
            ("holder", task.holder.key().to_owned()),
            ("node", task.node.clone()),
            (CAUSE_KIND, outcome.to_owned()),
        ];
        let (visit, node) = (task.visit, task.node.clone());
        self.raise(ExceptionKind::TaskOverdue, Some((visit, &node)), &evidence);
    }

    /// Silence passes only what nothing is open about and nothing is missing from, and only up to an amount.
    fn may_pass(&self, number: u32, task: &Task, max_amount: Option<Decimal>) -> bool {
        let settings = self.settings(task.visit, &task.node);
        let amount = weight(&self.case.order);
        settings.is_some_and(|settings| !settings.guarded)
            && max_amount.zip(amount).is_some_and(|(most, amount)| amount <= most)
            && self.nothing_left_open(task).is_ok()
            && self.all_filled(number, task).is_ok()
            && self.all_proved(number, task, Decision::Approve).is_ok()
            && !awaits_signers(&self.case, number)
    }

    /// Decides a task because nobody did: recorded as the system's decision by timeout, never as a person's.
    fn answer_by_timeout(&mut self, number: u32, task: &Task, decision: Decision) -> Result<(), Refusal> {
        let (by, at_ms) = (Actor::system("timeout"), self.by.at_ms);
        let backing = self.look_again();
        let reason = "timeout".to_owned();
        self.emit(Event::TaskDecided {
            task: number,
            decision,
            by: by.clone(),
            reason: Some(reason.clone()),
            on_behalf: None,
        });
        let Some(decision) = self.decided(number, task, decision) else { return Ok(()) };
        self.close_tasks(task.visit, None);
        self.tell_of_decision(task, decision);
        if decision == Decision::Return {
            let returned = Returned { by, node: task.node.clone(), reason, at_ms };
            self.emit(Event::ReturnedToSender(returned));
        }
        self.advance(&Input::Decide { visit: task.visit, decision }, backing)
    }

    /// Computes the deadlines of open tasks anew: the date they hang on or the calendar may have moved.
    /// Clocks that stood still from an instant on may go on.
    pub(super) fn reschedule(&mut self, stood_from_ms: Option<i64>) {
        let open: Vec<(u32, Task)> =
            self.case.open_tasks().map(|(number, task)| (number, task.clone())).collect();
        for (number, task) in open {
            let from_ms = stood_from_ms.filter(|_| deadline::pauses(&task, &self.case, &self.world.house));
            let stood = from_ms.map(|from_ms| self.stood(&task, from_ms));
            self.retime(number, &task, stood);
        }
    }

    /// For how long a clock has stood still that one of its reasons kept from running: as long as it is kept by another,
    /// that one counts.
    fn stood(&self, task: &Task, from_ms: i64) -> (i64, i64) {
        let still = deadline::stands(task, &self.case, &self.world.house);
        (from_ms, still.map_or(self.by.at_ms, |since_ms| since_ms.max(from_ms)))
    }

    /// The customer who was waited for is not any more, or is asked anew.
    pub(super) fn stop_waiting_for_customer(&mut self) {
        if self.asked_ms.is_some() && self.case.asked_ms() != self.asked_ms {
            self.reschedule(self.asked_ms);
        }
    }

    /// Computes the deadline of a task anew, of which the clock has stood still for a while.
    pub(super) fn retime(&mut self, number: u32, task: &Task, stood: Option<(i64, i64)>) {
        let Some(node) = self.node(task.visit, &task.node) else { return };
        let Some(settings) = node.person() else { return };
        let at = (&self.case, run_of(task.visit));
        let table = deadline::by_table(node, at, &self.world.house);
        let calendar = deadline::calendar(&self.world.house, &task.timed_by);
        let stood = stood.map_or(0, |(from_ms, to_ms)| {
            calendar.working_ms_between(from_ms.max(task.opened_ms), to_ms) / MS_PER_MINUTE
        });
        let paused_minutes = task.paused_minutes.saturating_add(u32::try_from(stood).unwrap_or(u32::MAX));
        let (due_ms, remind_ms) =
            deadline::due((settings, table), at, calendar, task.opened_ms, paused_minutes);
        if (due_ms, remind_ms, paused_minutes) != (task.due_ms, task.remind_ms, task.paused_minutes) {
            self.emit(Event::TaskRescheduled { task: number, due_ms, remind_ms, paused_minutes });
        }
    }

    /// A task that its holder let stand still goes on.
    pub(super) fn end_hold(&mut self, number: u32) {
        let Some(mut task) = self.case.tasks.get(&number).cloned() else { return };
        let Some(held) = task.held.take() else { return };
        let stood = self.stood(&task, held.since_ms);
        let calendar = deadline::calendar(&self.world.house, &task.timed_by);
        let minutes = calendar.working_ms_between(stood.0, stood.1) / MS_PER_MINUTE;
        self.emit(Event::TaskResumed { task: number, minutes: u32::try_from(minutes).unwrap_or(u32::MAX) });
        self.retime(number, &task, Some(stood));
    }
}
