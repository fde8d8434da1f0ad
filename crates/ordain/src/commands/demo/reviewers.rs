//! Whoever holds a task opens it after a while and decides it later: most in time, some late, some very late. What a step
//! offers to whom is read from where the pages read it.

use super::play::{Play, Put, Step, after, person};
use super::words::about;
use ordain_app::case::actions::of_task;
use ordain_app::case::decide::{OrderCommand, may_decide};
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::case::{Case, Task, deadline};
use ordain_app::rights::{Caller, Permission};
use ordain_domain::finding::{Code, Finding};
use ordain_flow::doc::Node;
use ordain_flow::run::Decision;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Working minutes for what has no deadline.
const UNTIMED: i64 = 240;
/// How often somebody waits for what keeps them from approving, such as goods.
const WAITS: u8 = 2;

impl Play<'_> {
    pub(super) fn look_at_tasks(&mut self, case: &Case, house: &House) {
        for (number, task) in case.open_tasks() {
            if !self.is_news(task.id, 0) {
                continue;
            }
            let question = format!("{} {number}", case.order.number);
            let minutes = self.pace(task, house, &question);
            let share = self.dice.between(&format!("{question} seen"), 15, 75);
            let calendar = deadline::calendar(house, &task.timed_by);
            for (minutes, step) in
                [(minutes * share / 100, Step::See(task.id)), (minutes, Step::Decide(task.id))]
            {
                let minutes = u32::try_from(minutes).unwrap_or(0);
                let at_ms = calendar.add_working_minutes(task.opened_ms, minutes);
                self.plan_at(case.order.id, at_ms, step);
            }
        }
    }

    /// Working minutes until somebody decides, by the time that they are given.
    fn pace(&self, task: &Task, house: &House, question: &str) -> i64 {
        let calendar = deadline::calendar(house, &task.timed_by);
        let given = task.due_ms.map(|due| calendar.working_ms_between(task.opened_ms, due) / 60_000);
        let given = given.filter(|minutes| *minutes > 0).unwrap_or(UNTIMED);
        let luck = self.dice.percent(&format!("{question} pace"));
        let (from, to) = match luck {
            _ if task.opened_ms >= self.busy_ms && luck < 45 => (500, 2_000),
            0..86 => (8, 85),
            86..95 => (105, 260),
            _ => (300, 1_200),
        };
        given * self.dice.between(&format!("{question} minutes"), from, to) / 100
    }

    pub(super) fn see(&self, case: &Case, house: &House, id: Uuid) -> Option<Put> {
        let (_, task) = case.task(id)?;
        let user = self.holder(case, house, task)?;
        Some((person(user), OrderCommand::See { task: id, fields: Vec::new() }))
    }

    /// One of those who may decide a task, the same whenever it is asked; its backup only where nobody of its holder may.
    fn holder<'h>(&self, case: &Case, house: &'h House, task: &Task) -> Option<&'h User> {
        let may = |user: &&User| {
            may_decide(user, task, case, house, self.now_ms()).is_ok()
                && self.caller(user, house).may(Permission::DecideTasks)
        };
        let mut able: Vec<&User> = house.people.users.values().filter(may).collect();
        able.sort_by(|one, other| one.login.cmp(&other.login));
        let own: Vec<&User> = able.iter().copied().filter(|user| user.belongs_to(&task.holder)).collect();
        let of = if own.is_empty() { able } else { own };
        self.dice.one(&format!("{} {} holder", case.order.number, task.visit), &of).copied()
    }

    pub(super) fn caller(&self, user: &User, house: &House) -> Caller {
        Caller::person(self.org, user.clone(), &house.people.own_roles)
    }

    pub(super) fn decide(&mut self, case: &Case, house: &House, id: Uuid, tries: u8) -> Option<Put> {
        let (number, task) = case.task(id).filter(|(_, task)| task.is_open())?;
        let user = self.holder(case, house, task)?;
        let acts = of_task(case, task, &self.caller(user, house), house, self.now_ms());
        let may = |name: &str| acts.iter().any(|act| act.name == name && act.allowed);
        let question = format!("{} {number} {tries}", case.order.number);
        let luck = self.dice.percent(&format!("{question} decision"));
        let decision = match luck {
            _ if !may("approve") && tries < WAITS && luck < 55 => {
                let minutes = self.dice.between(&format!("{question} wait"), 60, 360);
                let at_ms = after(house, self.now_ms(), minutes);
                self.plan_again(case.order.id, at_ms, Step::Decide(id), tries + 1);
                return None;
            }
            0..90 if may("approve") => Decision::Approve,
            0..96 if may("return") => Decision::Return,
            _ if may("reject") => Decision::Reject,
            _ => return None,
        };
        let node = case.node_at(house, task.visit, &task.node);
        let (accept, reason) = self.reasons(case, node, decision, &question);
        Some((person(user), OrderCommand::Decide { task: id, decision, reason, accept }))
    }

    /// What is accepted and why, or why not.
    fn reasons(
        &self,
        case: &Case,
        node: Option<&Node>,
        decision: Decision,
        question: &str,
    ) -> (BTreeMap<String, String>, Option<String>) {
        let own = |finding: &&Finding| node.is_none_or(|node| node.answers_for(finding.code.check().name()));
        let mut open = case.order.open_findings().filter(own);
        let words = match decision {
            Decision::Approve => {
                let acceptable = open.filter(|finding| finding.code.acceptable());
                let why = |code: Code| about(&self.words.accept, code.name(), (&self.dice, question));
                return (acceptable.map(|finding| (finding.id(), why(finding.code))).collect(), None);
            }
            Decision::Return => &self.words.send_back,
            Decision::Reject => &self.words.reject,
        };
        let code = open.next().map_or("other", |finding| finding.code.name());
        (BTreeMap::new(), Some(about(words, code, (&self.dice, question))))
    }
}
