//! Timers that have come due: reminders, overdue tasks, late notices.

use super::Story;
use crate::case::ExceptionKind;
use crate::case::Task;
use crate::case::refusal::Refusal;
use crate::case::standstill::progress_ms;
use crate::case::timers::{TimerKind, reminder_key, wanted};
use ordain_domain::actor::Actor;
use ordain_domain::order::{Event as OrderEvent, QuestionTo};
use ordain_flow::doc::{NoticeOn, Party};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Story<'_> {
    /// Fires a timer if the case still wants it and its time has come; anything else is refused, so that a timer fired
    /// twice has one effect.
    pub(super) fn fire(&mut self, kind: TimerKind, key: &str) -> Result<(), Refusal> {
        let due = wanted(&self.case, &self.world.house).get(&(kind, key.to_owned())).copied();
        if due.is_none_or(|due| due > self.by.at_ms) {
            return Err(Refusal::NothingDue);
        }
        match kind {
            TimerKind::Gap => {
                self.reminded(kind, key, "owner");
                self.tell_owners("order_incomplete");
            }
            TimerKind::TaskSoon | TimerKind::TaskDue => self.remind_of_task(kind, key),
            TimerKind::NoticeLate => {
                if let Ok(id) = Uuid::parse_str(key) {
                    self.order(OrderEvent::NoticeLate { id });
                    self.tell_owners("notice_late");
                    self.tell_party("notice_late", &Party::Role("sales_manager".to_owned()));
                }
            }
            TimerKind::QuestionDue => self.remind_of_question(key),
            TimerKind::DeadlineRule => return self.fire_rule(key),
            TimerKind::ExceptionDue => return self.escalate_exception(key),
            TimerKind::WaitDue => return self.fire_wait(key),
            TimerKind::PaymentDue => self.chase_payment(key),
            TimerKind::ChangeDue => self.chase_change(key),
            TimerKind::SupplyDue => self.supply_is_late(key),
            TimerKind::ReservationDue => self.order(OrderEvent::ReservationExpired),
            TimerKind::TaskHeld => self.fire_hold(key),
            TimerKind::TaskUnreceived => self.not_received(key),
            TimerKind::Stall => self.may_be_lost(key),
            TimerKind::HolderAway => {
                self.reminded(kind, key, "stand_in");
                self.cover_leave();
            }
        }
        Ok(())
    }

    pub(super) fn reminded(&mut self, kind: TimerKind, key: &str, whom: &str) {
        self.order(OrderEvent::Reminded { what: reminder_key(kind, key), whom: whom.to_owned() });
    }

    fn remind_of_task(&mut self, kind: TimerKind, key: &str) {
        let found = Uuid::parse_str(key).ok().and_then(|id| self.case.task(id));
        let Some((_, task)) = found.map(|(visit, task)| (visit, task.clone())) else { return };
        self.reminded(kind, key, task.holder.key());
        if self.settings(task.visit, &task.node).is_none() {
            // What nobody planned has a deadline and no settings.
            let late = kind == TimerKind::TaskDue;
            return self.tell_holder(if late { "task_overdue" } else { "task_due_soon" }, &task);
        }
        let on = if kind == TimerKind::TaskDue { NoticeOn::Late } else { NoticeOn::Soon };
        self.tell_of_task(on, &task);
        if kind == TimerKind::TaskDue
            && let Some(backup) = self.backup_of(&task).filter(|backup| *backup != task.holder)
        {
            self.tell_party("task_overdue", &backup);
        }
    }

    /// Finance and whoever answers for the customer learn that money has not come.
    fn chase_payment(&mut self, key: &str) {
        let finance = Party::Department("finance".to_owned());
        self.reminded(TimerKind::PaymentDue, key, finance.key());
        let people = &self.world.house.people;
        let owner = self.world.master.customer.as_ref().and_then(|customer| customer.owner.as_deref());
        let owner = owner.and_then(|login| people.by_login(login)).filter(|user| !user.disabled);
        let mut told: BTreeSet<Uuid> = people.members(&finance).iter().map(|user| user.id).collect();
        match owner {
            Some(owner) => drop(told.insert(owner.id)),
            None => told.extend(self.owners().iter().map(|user| user.id)),
        }
        for user in told {
            self.tell("payment_overdue", user);
        }
    }

    /// Nobody has taken up what was asked for: whoever answers for the order is reminded, and it is an exception now.
    fn chase_change(&mut self, key: &str) {
        let change = self.case.order.changes.iter().find(|change| change.id.to_string() == key);
        let Some(number) = change.map(|change| change.number.to_string()) else { return };
        self.reminded(TimerKind::ChangeDue, key, "owner");
        self.tell_owners("change_requested");
        self.raise(ExceptionKind::ChangeWaits, None, &[("change", number)]);
    }

    /// What was handed to somebody lies there unopened: they are reminded, and somebody sees to it.
    fn not_received(&mut self, key: &str) {
        let id = key.split_once(':').and_then(|(task, _)| Uuid::parse_str(task).ok());
        let Some((_, task)) = id.and_then(|id| self.case.task(id)) else { return };
        let task = task.clone();
        self.reminded(TimerKind::TaskUnreceived, key, task.holder.key());
        let evidence = [("holder", task.holder.key().to_owned()), ("node", task.node.clone())];
        self.raise(ExceptionKind::NotReceived, Some((task.visit, &task.node)), &evidence);
    }

    /// Nobody has brought the order forward: whoever answers for it owns that from now on.
    fn may_be_lost(&mut self, key: &str) {
        self.reminded(TimerKind::Stall, key, "owner");
        let since = self.world.house.calendar.text(progress_ms(&self.case));
        let owner = self.owners().first().map(|owner| Party::User(owner.login.clone()));
        let owner = owner.unwrap_or_else(|| self.process_admin());
        self.raise_for(ExceptionKind::SuspectedLost, &owner, &[("since", since)]);
    }

    fn backup_of(&self, task: &Task) -> Option<Party> {
        self.settings(task.visit, &task.node)?.backup.clone()
    }

    fn remind_of_question(&mut self, key: &str) {
        let question = self.case.order.questions.iter().find(|question| question.id.to_string() == key);
        let Some((to, asked_by)) = question.map(|question| (question.to, question.asked_by.clone())) else {
            return;
        };
        self.reminded(TimerKind::QuestionDue, key, "owner");
        self.tell_handler("question_due", to);
        // The customer's answer is chased by whoever asked, too.
        if let (QuestionTo::Customer, Actor::Person { id, .. }) = (to, asked_by)
            && !self.owners().iter().any(|owner| owner.id == id)
        {
            self.tell("question_due", id);
        }
    }
}
