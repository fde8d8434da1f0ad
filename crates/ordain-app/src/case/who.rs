//! Who a step asks: from the sources of the flow to the parties that will hold its tasks.
//!
//! Somebody is always found. Where nobody matches, the flow says who takes over, and silence is never an approval.

use super::Case;
use super::lookup::{Lookup, user};
use super::people::{Directory, User};
use super::side_run::run_of;
use super::world::{House, turn_key};
use ordain_flow::doc::{Exclude, Party, PersonSettings, SameAsInitiator, Vote, WhenEmpty};
use ordain_flow::run::Spared;
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
    /// Fewer matched than have to agree: with those who make up for them, one task for each, and an exception says so.
    TooFew(Vec<Party>),
    /// Nobody matched; this party takes over, and an exception says so.
    StandIn(Party),
    /// The flow lets the step be skipped, for this reason.
    Nobody(Spared),
}

/// Who takes what nobody else can: whom the flow names for that, else the process admin, else the management.
pub fn process_admin(case: &Case, house: &House) -> Party {
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    let named = flow.into_iter().flat_map(|flow| &flow.doc().process_admin).cloned();
    let shipped = [PROCESS_ADMIN, MANAGEMENT].map(|role| Party::Role(role.to_owned()));
    let staffed = |party: &Party| !house.people.deciders(party).is_empty();
    named.chain(shipped).find(staffed).unwrap_or_else(|| Party::Role(PROCESS_ADMIN.to_owned()))
}

/// Finds the people of a step, in one of the runs of the case.
pub fn asked(of: Lookup<'_>, settings: &PersonSettings) -> Asked {
    let excluded = excluded(settings, of.run, of.case);
    let search = Search { of, settings, excluded };
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
        Vote::RoundRobin => in_turn(search.at_work(&parties), search.turn()),
        Vote::LeastLoaded => search.least_loaded(&parties),
    };
    let needed = match settings.vote {
        Vote::Count(n) => usize::try_from(n).unwrap_or(usize::MAX),
        _ => 1,
    };
    match found.is_empty() {
        // One who takes over is one voice.
        true if needed > 1 => match search.when_empty() {
            Asked::StandIn(party) => {
                let found = search.made_up(search.singled(std::slice::from_ref(&party)), needed);
                if found.is_empty() { Asked::StandIn(party) } else { Asked::TooFew(found) }
            }
            asked => asked,
        },
        true => search.when_empty(),
        false if found.len() < needed => Asked::TooFew(search.made_up(found, needed)),
        false => Asked::Parties(found),
    }
}

/// People who may not decide a step of a run, by its four-eyes rules.
pub fn excluded(settings: &PersonSettings, run: u32, case: &Case) -> BTreeSet<Uuid> {
    let mut excluded = BTreeSet::new();
    for rule in &settings.exclude {
        match rule {
            Exclude::Initiator => excluded.extend(case.order.authors()),
            Exclude::DecidersOf(node) => {
                let of = case.tasks.values().filter(|task| task.node == *node && run_of(task.visit) == run);
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
    of: Lookup<'a>,
    settings: &'a PersonSettings,
    excluded: BTreeSet<Uuid>,
}

impl Search<'_> {
    fn people(&self) -> &Directory {
        &self.of.world.house.people
    }

    fn turn(&self) -> i64 {
        let flow = self.of.case.flow.as_ref().map_or("", |pin| pin.key.as_str());
        self.of.world.turns.get(&turn_key(flow, self.of.node)).copied().unwrap_or(0)
    }

    /// What the sources name, each once, in their order.
    fn parties(&self) -> Vec<Party> {
        let mut parties = Vec::new();
        for source in &self.settings.assignee {
            for party in self.of.named(source) {
                if !parties.contains(&party) {
                    parties.push(party);
                }
            }
        }
        parties
    }

    /// Whether anybody of a party may decide here.
    fn is_staffed(&self, party: &Party) -> bool {
        self.people().deciders(party).iter().any(|user| !self.excluded.contains(&user.id))
    }

    /// The single people that the parties come to, each once.
    fn singled(&self, parties: &[Party]) -> Vec<Party> {
        let mut found = Vec::new();
        for member in parties.iter().flat_map(|party| self.people().deciders(party)) {
            let member = if self.excluded.contains(&member.id) { None } else { self.not_oneself(member) };
            found.extend(member.map(|member| user(&member.login)).filter(|party| !found.contains(party)));
        }
        found
    }

    /// The single people who are not on leave; all of them where nobody is at work.
    fn at_work(&self, parties: &[Party]) -> Vec<Party> {
        let all = self.singled(parties);
        let there = |party: &&Party| self.of.world.house.is_there(party, self.of.at_ms);
        let found: Vec<Party> = all.iter().filter(there).cloned().collect();
        if found.is_empty() { all } else { found }
    }

    /// Who decides where that would be the person who entered the order.
    fn not_oneself<'a>(&'a self, member: &'a User) -> Option<&'a User> {
        if self.of.case.order.receiver.person() != Some(member.id) {
            return Some(member);
        }
        let manager = self.of.world.house.organisation.manager_of(member);
        let manager = manager.and_then(|login| self.people().by_login(login));
        match self.settings.same_as_initiator {
            SameAsInitiator::Allow => Some(member),
            SameAsInitiator::Skip => None,
            // Without a superior the step must not stay without anybody; `exclude` is for those who must not decide.
            SameAsInitiator::ToManager => manager
                .filter(|manager| {
                    !manager.disabled
                        && self.people().may_decide(manager)
                        && !self.excluded.contains(&manager.id)
                })
                .or(Some(member)),
        }
    }

    fn least_loaded(&self, parties: &[Party]) -> Vec<Party> {
        let load = |party: &Party| self.of.world.loads.get(party.key()).copied().unwrap_or(0);
        // The first of equals, so that the same world gives the same person.
        self.at_work(parties).into_iter().min_by_key(|party| load(party)).into_iter().collect()
    }

    /// With people of the backup and of the process admin, one by one, as far as it takes to be so many.
    fn made_up(&self, mut found: Vec<Party>, n: usize) -> Vec<Party> {
        let admin = process_admin(self.of.case, &self.of.world.house);
        for party in self.settings.backup.iter().chain([&admin]) {
            for single in self.singled(std::slice::from_ref(party)) {
                if found.len() < n && !found.contains(&single) {
                    found.push(single);
                }
            }
        }
        found
    }

    /// Whether the sources come to a single person, who has entered the order, and the step is skipped then.
    fn skips_initiator(&self) -> bool {
        let initiator = self.of.case.order.receiver.person();
        let parties = self.parties();
        let [Party::User(login)] = parties.as_slice() else { return false };
        self.settings.same_as_initiator == SameAsInitiator::Skip
            && !self.settings.guarded
            && initiator.is_some()
            && self.people().by_login(login).map(|user| user.id) == initiator
    }

    fn when_empty(&self) -> Asked {
        if self.skips_initiator() {
            return Asked::Nobody(Spared::Initiator);
        }
        let admin = || Asked::StandIn(process_admin(self.of.case, &self.of.world.house));
        let staffed = |party: &Party| self.is_staffed(party);
        match &self.settings.when_empty {
            WhenEmpty::Skip if !self.settings.guarded => Asked::Nobody(Spared::Nobody),
            WhenEmpty::User(login) if staffed(&user(login)) => Asked::StandIn(user(login)),
            // A stand-in is better than an exception, whatever the setting.
            _ => self.settings.backup.clone().filter(staffed).map_or_else(admin, Asked::StandIn),
        }
    }
}
