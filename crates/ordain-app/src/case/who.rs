//! Who a step asks: from the sources of the flow to the parties that will hold its tasks.
//!
//! Somebody is always found. Where nobody matches, the flow says who takes over, and silence is never an approval.

use super::Case;
use super::facts::{self, Around};
use super::people::{Directory, User};
use super::side_run::About;
use super::world::{House, World, turn_key};
use ordain_flow::doc::{
    Exclude, FormulaCase, Party, PersonSettings, SameAsInitiator, Source, Vote, WhenEmpty,
};
use ordain_flow::rule::compile;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The role that holds what nobody else can.
pub const PROCESS_ADMIN: &str = "process_admin";
/// Who gets what the process admin does not settle.
pub const MANAGEMENT: &str = "management";

/// Whom a step asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One task for each, in this order.
    Parties(Vec<Party>),
    /// Nobody matched; this party takes over, and an exception says so.
    StandIn(Party),
    /// Nobody matched, and the flow lets the step be skipped then.
    Nobody,
}

/// Who takes what nobody else can: whom the flow names for that, else the process admin, else the management.
pub fn process_admin(case: &Case, house: &House) -> Party {
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    let named = flow.into_iter().flat_map(|flow| &flow.doc().process_admin).cloned();
    let shipped = [PROCESS_ADMIN, MANAGEMENT].map(|role| Party::Role(role.to_owned()));
    let staffed = |party: &Party| !house.people.members(party).is_empty();
    named.chain(shipped).find(staffed).unwrap_or_else(|| Party::Role(PROCESS_ADMIN.to_owned()))
}

/// Finds the people of a step, in one of the runs of the case.
pub fn asked(
    node: &str,
    run: u32,
    settings: &PersonSettings,
    case: &Case,
    world: &World,
    at_ms: i64,
) -> Asked {
    let search = Search { node, run, settings, case, world, at_ms, excluded: excluded(settings, case) };
    let parties = search.parties();
    let found: Vec<Party> = match settings.vote {
        Vote::Any | Vote::Claim => {
            let answers = |party: Party| match party {
                // A single person stands for nobody else, so the rules about the initiator concern them.
                Party::User(_) => search.singled(&[party]),
                pool => Some(pool).filter(|pool| search.is_staffed(pool)).into_iter().collect(),
            };
            parties.into_iter().flat_map(answers).collect()
        }
        Vote::All | Vote::Percent(_) | Vote::Count(_) | Vote::Sequential => search.singled(&parties),
        Vote::RoundRobin => in_turn(search.singled(&parties), search.turn()),
        Vote::LeastLoaded => search.least_loaded(&parties),
    };
    if found.is_empty() { search.when_empty() } else { Asked::Parties(found) }
}

/// People who may not decide a step, by its four-eyes rules.
pub fn excluded(settings: &PersonSettings, case: &Case) -> BTreeSet<Uuid> {
    let mut excluded = BTreeSet::new();
    for rule in &settings.exclude {
        match rule {
            Exclude::Initiator => excluded.extend(case.order.receiver.person()),
            Exclude::DecidersOf(node) => {
                let of = case.tasks.values().filter(|task| task.node == *node);
                excluded.extend(of.filter_map(super::Task::decider));
            }
        }
    }
    excluded
}

fn in_turn(people: Vec<Party>, turn: i64) -> Vec<Party> {
    let many = i64::try_from(people.len()).unwrap_or(1).max(1);
    let at = usize::try_from(turn.rem_euclid(many)).unwrap_or(0);
    people.into_iter().nth(at).into_iter().collect()
}

struct Search<'a> {
    node: &'a str,
    run: u32,
    settings: &'a PersonSettings,
    case: &'a Case,
    world: &'a World,
    at_ms: i64,
    excluded: BTreeSet<Uuid>,
}

impl Search<'_> {
    fn people(&self) -> &Directory {
        &self.world.house.people
    }

    /// What the run is about, where it is not all of the order.
    fn about(&self) -> Option<&About> {
        self.case.side_run(self.run)?.about.as_ref()
    }

    fn turn(&self) -> i64 {
        let flow = self.case.flow.as_ref().map_or("", |pin| pin.key.as_str());
        self.world.turns.get(&turn_key(flow, self.node)).copied().unwrap_or(0)
    }

    /// What the sources name, each once, in their order.
    fn parties(&self) -> Vec<Party> {
        let mut parties = Vec::new();
        for source in &self.settings.assignee {
            for party in self.named(source) {
                if !parties.contains(&party) {
                    parties.push(party);
                }
            }
        }
        parties
    }

    fn named(&self, source: &Source) -> Vec<Party> {
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
                let warehouses: BTreeSet<&str> = held.map(|held| held.warehouse.as_str()).collect();
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
            Source::Field(field) => {
                one(self.case.order.content.extra.get(field).and_then(serde_json::Value::as_str))
            }
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

    /// Whoever decided a step last; for an earlier round than the last nobody answers any more.
    fn deciders_of(&self, node: &str) -> Vec<Party> {
        let last = self.case.tasks.values().filter(|task| task.node == node).map(|task| task.visit).max();
        let of = self.case.tasks.values().filter(|task| task.node == node && Some(task.visit) == last);
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

    /// Whether anybody of a party may decide here.
    fn is_staffed(&self, party: &Party) -> bool {
        self.people().users.values().any(|user| user.belongs_to(party) && !self.excluded.contains(&user.id))
    }

    /// The single people that the parties come to, each once.
    fn singled(&self, parties: &[Party]) -> Vec<Party> {
        let mut found = Vec::new();
        for member in parties.iter().flat_map(|party| self.people().members(party)) {
            let member = if self.excluded.contains(&member.id) { None } else { self.not_oneself(member) };
            found.extend(member.map(|member| user(&member.login)).filter(|party| !found.contains(party)));
        }
        found
    }

    /// Who decides where that would be the person who entered the order.
    fn not_oneself<'a>(&'a self, member: &'a User) -> Option<&'a User> {
        if self.case.order.receiver.person() != Some(member.id) {
            return Some(member);
        }
        let manager = self.world.house.organisation.manager_of(member);
        let manager = manager.and_then(|login| self.people().by_login(login));
        match self.settings.same_as_initiator {
            SameAsInitiator::Allow => Some(member),
            SameAsInitiator::Skip => None,
            // Without a superior the step must not stay without anybody.
            SameAsInitiator::ToManager => manager.filter(|manager| !manager.disabled).or(Some(member)),
        }
    }

    fn least_loaded(&self, parties: &[Party]) -> Vec<Party> {
        let load = |party: &Party| self.world.loads.get(party.key()).copied().unwrap_or(0);
        // The first of equals, so that the same world gives the same person.
        self.singled(parties).into_iter().min_by_key(|party| load(party)).into_iter().collect()
    }

    fn when_empty(&self) -> Asked {
        let admin = || Asked::StandIn(process_admin(self.case, &self.world.house));
        let staffed = |party: &Party| self.is_staffed(party);
        match &self.settings.when_empty {
            WhenEmpty::Skip if !self.settings.guarded => Asked::Nobody,
            WhenEmpty::User(login) if staffed(&user(login)) => Asked::StandIn(user(login)),
            // A stand-in is better than an exception, whatever the setting.
            _ => self.settings.backup.clone().filter(staffed).map_or_else(admin, Asked::StandIn),
        }
    }
}

fn user(login: &str) -> Party {
    Party::User(login.to_owned())
}
