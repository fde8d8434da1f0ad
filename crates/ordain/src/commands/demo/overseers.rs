//! Whoever owns an exception sees to it: most in time, some when it has gone up, a few not at all.

use super::play::{Play, Put, Step, person};
use ordain_app::case::actions::of_exception;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::case::{Case, ExceptionKind};
use ordain_domain::order::Status;
use uuid::Uuid;

impl Play<'_> {
    pub(super) fn look_at_exceptions(&mut self, case: &Case, house: &House) {
        for exception in case.open_exceptions() {
            if !self.is_news(exception.id, 0) {
                continue;
            }
            let question = format!("{} exception {}", case.order.number, exception.opened_ms);
            let (from, to) = match self.dice.percent(&question) {
                0..70 => (15, 110),
                70..92 => (130, 900),
                _ => (2_000, 8_000),
            };
            let minutes = self.dice.between(&format!("{question} minutes"), from, to);
            self.plan(house, case.order.id, minutes, Step::Settle(exception.id));
        }
    }

    /// What stands still is brought forward by those who hold it; only what is left then is closed by hand.
    pub(super) fn settle_exception(&mut self, case: &Case, house: &House, id: Uuid) -> Option<Put> {
        let exception = case.open_exceptions().find(|open| open.id == id)?;
        let (order, number) = (case.order.id, &case.order.number);
        match exception.kind {
            ExceptionKind::SuspectedLost if case.order.status == Status::Incomplete => {
                if self.dice.percent(&format!("{number} suspected")) < 40 {
                    return self.give_up(case, house, "customer_silent");
                }
                self.plan(house, order, 30, Step::Complete);
            }
            ExceptionKind::SuspectedLost | ExceptionKind::TaskOverdue | ExceptionKind::NotReceived => {
                let open: Vec<Uuid> = case.open_tasks().map(|(_, task)| task.id).collect();
                for (task, minutes) in open.into_iter().zip((30..).step_by(20)) {
                    self.plan(house, order, minutes, Step::Decide(task));
                }
            }
            ExceptionKind::ChangeWaits => {
                let waiting: Vec<Uuid> = case.order.changes.iter().map(|change| change.id).collect();
                waiting.into_iter().for_each(|change| self.plan(house, order, 20, Step::TakeChange(change)));
            }
            _ => {
                let owner = self.owner(case, house, id)?;
                let reason = self.dice.one(&format!("{number} {id} settled"), &self.words.settled)?.clone();
                return Some((person(owner), OrderCommand::CloseException { id, reason }));
            }
        }
        let owner = self.owner(case, house, id)?;
        Some((person(owner), OrderCommand::TakeException { id }))
    }

    fn owner<'h>(&self, case: &Case, house: &'h House, id: Uuid) -> Option<&'h User> {
        let exception = case.exceptions.iter().find(|known| known.id == id)?;
        let may = |user: &&User| {
            let acts = of_exception(exception, &self.caller(user, house));
            acts.iter().any(|act| act.name == "close_exception" && act.allowed)
        };
        let mut able: Vec<&User> = house.people.users.values().filter(may).collect();
        able.sort_by_key(|user| (!user.belongs_to(&exception.owner), user.login.clone()));
        able.first().copied()
    }
}
