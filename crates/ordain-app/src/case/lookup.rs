//! Whom a source of a flow names for an order: the parties behind "the head of purchasing", "whoever decided before" or
//! a rule, for those who are asked as for those who are told.

use super::facts::{self, Around};
use super::people::{Directory, User};
use super::side_run::{About, run_of};
use super::world::World;
use super::{Case, Task};
use ordain_flow::doc::{FormulaCase, Party, Source};
use ordain_flow::rule::compile;
use std::collections::BTreeSet;

/// From where a source looks: a step, in one of the runs of a case.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    pub node: &'a str,
    pub run: u32,
    pub case: &'a Case,
    pub world: &'a World,
    pub at_ms: i64,
}

impl Lookup<'_> {
    fn people(&self) -> &Directory {
        &self.world.house.people
    }

    /// What the run is about, where it is not all of the order.
    fn about(&self) -> Option<&About> {
        self.case.side_run(self.run)?.about.as_ref()
    }

    /// The parties that a source names, in its order; none where it names nobody.
    pub fn named(&self, source: &Source) -> Vec<Party> {
        let organisation = &self.world.house.organisation;
        let one = |login: Option<&str>| login.map(user).into_iter().collect();
        match source {
            Source::Department(_) | Source::Role(_) | Source::User(_) => source.party().into_iter().collect(),
            Source::HeadOf(department) => one(organisation.head_of(department)),
            Source::ManagerChain(levels) => {
                let people = self.people();
                let above = |from| organisation.managers_above(from, people, *levels);
                self.initiator().map(above).unwrap_or_default().into_iter().map(user).collect()
            }
            Source::InitiatorManager => one(self.initiator().and_then(|from| organisation.manager_of(from))),
            Source::AccountOwner => {
                let customer = self.world.master.customer.as_ref();
                one(customer.and_then(|customer| customer.owner.as_deref()))
            }
            Source::LineWarehouse => {
                let held = self.case.order.held.iter().filter(|held| match self.about() {
                    None => true,
                    Some(About::Line(id)) => held.line == *id,
                    Some(About::Warehouse(code)) => held.warehouse == *code,
                });
                let held = held.map(|held| held.warehouse.as_str());
                // Of what is short, or not reserved yet, where the customer wants it from.
                let lines = self.case.order.content.lines.iter().filter(|line| match self.about() {
                    None => true,
                    Some(About::Line(id)) => line.id == *id,
                    Some(About::Warehouse(code)) => line.warehouse.as_ref() == Some(code),
                });
                let wanted = lines.filter_map(|line| line.warehouse.as_deref());
                let warehouses: BTreeSet<&str> = held.chain(wanted).collect();
                let keepers = warehouses.into_iter().flat_map(|code| organisation.keepers_of(code));
                keepers.map(|login| user(login)).collect()
            }
            Source::ProductLine => {
                let line = self.about().and_then(|about| about.line(&self.case.order));
                let meant = |code: &str| line.is_none_or(|(_, line)| line.product.as_deref() == Some(code));
                let products = self.world.master.products.values().filter(|product| meant(&product.code));
                let lines: BTreeSet<&str> = products.filter_map(|product| product.line.as_deref()).collect();
                let owners = lines.into_iter().flat_map(|line| organisation.owners_of_line(line));
                owners.map(|login| user(login)).collect()
            }
            Source::Roster(roster) => one(organisation.on_duty(roster, self.at_ms)),
            Source::Initiator => one(self.initiator().map(|user| user.login.as_str())),
            Source::ChosenByInitiator(among) | Source::ChosenByPrevious(among) => self.chosen(among),
            Source::Field(field) => one(facts::custom_text(self.case, self.run, field).as_deref()),
            Source::SameAs(node) => self.deciders_of(node),
            Source::Formula(cases) => self.formula(cases).into_iter().collect(),
        }
    }

    fn initiator(&self) -> Option<&User> {
        let id = self.case.order.receiver.person()?;
        self.people().users.get(&id).filter(|user| !user.disabled)
    }

    /// Those chosen for this step who are among the people it may be given to.
    fn chosen(&self, among: &Party) -> Vec<Party> {
        let logins = self.case.chosen.get(self.node).map(Vec::as_slice).unwrap_or_default();
        let member =
            |login: &&String| self.people().by_login(login).is_some_and(|user| user.belongs_to(among));
        logins.iter().filter(member).map(|login| user(login)).collect()
    }

    /// Whoever decided a step last, in the same run; for an earlier round than the last nobody answers any more.
    fn deciders_of(&self, node: &str) -> Vec<Party> {
        let here = |task: &&Task| task.node == node && run_of(task.visit) == self.run;
        let last = self.case.tasks.values().filter(here).map(|task| task.visit).max();
        let of = self.case.tasks.values().filter(here).filter(|task| Some(task.visit) == last);
        let logins = of.filter_map(|task| self.people().users.get(&task.decider()?));
        logins.map(|decider| user(&decider.login)).collect()
    }

    fn formula(&self, cases: &[FormulaCase]) -> Option<Party> {
        let flow = self.case.run_at(self.run).and_then(|(pin, _)| self.world.house.flow(pin))?;
        let facts =
            facts::in_run(self.case, self.run, flow, Around { house: &self.world.house, at_ms: self.at_ms });
        let holds = |case: &&FormulaCase| match &case.when {
            None => true,
            Some(when) => compile(when, flow.schema()).is_ok_and(|rule| rule.eval(&facts)),
        };
        cases.iter().find(holds).map(|case| case.then.clone())
    }
}

pub fn user(login: &str) -> Party {
    Party::User(login.to_owned())
}
