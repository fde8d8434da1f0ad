//! The parties of a document against the people who are there: steps nobody would answer for, people too
//! many steps depend on, and people who have left.

use super::{Problem, Severity};
use crate::doc::{Exclude, FlowDoc, NodeKind, Party, Range, Source, walk};
use crate::sla::Sla;
use std::collections::{BTreeMap, BTreeSet};

/// A directory as far as the checks need it. Members are user keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    pub departments: BTreeMap<String, Vec<String>>,
    pub roles: BTreeMap<String, Vec<String>>,
    /// Every known user, with whether they are active.
    pub users: BTreeMap<String, bool>,
    /// Those whose roles do not let them decide tasks.
    pub barred: BTreeSet<String>,
    /// How long they have where a step does not say.
    pub sla: Sla,
    /// Codes of the company's saved lists.
    pub sets: BTreeSet<String>,
    /// Codes of its duty rosters.
    pub rosters: BTreeSet<String>,
}

impl People {
    /// The active users a party stands for.
    pub fn resolve(&self, party: &Party) -> BTreeSet<&str> {
        let members = match party {
            Party::Department(key) => self.departments.get(key).map(Vec::as_slice),
            Party::Role(key) => self.roles.get(key).map(Vec::as_slice),
            Party::User(key) => Some(std::slice::from_ref(key)),
        };
        let known = members.unwrap_or_default().iter().filter_map(|user| self.users.get_key_value(user));
        known.filter(|(_, active)| **active).map(|(user, _)| user.as_str()).collect()
    }

    /// Whether there is such a party, with people or without.
    pub(super) fn knows(&self, party: &Party) -> bool {
        match party {
            Party::Department(key) => self.departments.contains_key(key),
            Party::Role(key) => self.roles.contains_key(key),
            Party::User(key) => self.users.contains_key(key),
        }
    }

    pub(super) fn anyone(&self, parties: &[Party]) -> bool {
        parties.iter().any(|party| !self.resolve(party).is_empty())
    }
}

pub fn people(doc: &FlowDoc, people: &People) -> Vec<Problem> {
    let mut problems = Vec::new();
    let fallback = people.anyone(&doc.process_admin);
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    let mut gone: BTreeMap<String, usize> = BTreeMap::new();
    problems.extend(untold(doc, people));
    for place in walk(doc) {
        let Some(settings) = place.node.person() else { continue };
        let Some(named) = named(&settings.assignee) else { continue };
        let mut owners: BTreeSet<&str> = named.iter().flat_map(|party| people.resolve(party)).collect();
        if let (true, Some(first)) = (owners.is_empty(), named.iter().find(|party| !party.is_blank())) {
            let severity = if fallback { Severity::Warning } else { Severity::Blocker };
            let problem = Problem::new("F-002", severity).at(&place.node.id);
            problems.push(problem.with(word(first), first.key()));
        }
        problems.extend(barred(&named, people).map(|problem| problem.at(&place.node.id)));
        for party in named.iter().chain(&settings.backup) {
            if let Party::User(user) = party
                && !party.is_blank()
                && people.resolve(party).is_empty()
            {
                *gone.entry(user.clone()).or_default() += 1;
            }
        }
        for party in settings.ranges.values().filter_map(Range::party) {
            if people.resolve(&party).is_empty() {
                let problem = Problem::warning("F-116").at(&place.node.id);
                problems.push(problem.with(word(&party), party.key()));
            }
        }
        for exclude in &settings.exclude {
            if let Exclude::DecidersOf(other) = exclude
                && let Some(decider) = only_decider(doc, people, other)
                && owners.iter().all(|owner| *owner == decider)
                && !owners.is_empty()
            {
                problems.push(Problem::blocker("F-005").at(&place.node.id).with("user", decider));
            }
        }
        owners.extend(settings.backup.iter().flat_map(|backup| people.resolve(backup)));
        if let (Some(owner), 1) = (owners.first(), owners.len()) {
            *alone.entry(owner).or_default() += 1;
        }
    }
    let alone = alone.into_iter().filter(|(_, steps)| *steps > 1);
    problems.extend(alone.map(|(user, n)| Problem::warning("F-004").with("user", user).with("n", n)));
    problems
        .extend(gone.into_iter().map(|(user, n)| Problem::warning("F-006").with("user", user).with("n", n)));
    let admins: BTreeSet<&str> = doc.process_admin.iter().flat_map(|party| people.resolve(party)).collect();
    if let (Some(admin), 1) = (admins.first(), admins.len()) {
        problems.push(Problem::warning("F-008").with("user", admin));
    }
    problems
}

/// Parties of a step of whom nobody may decide tasks: if there is no other, it would wait for ever.
fn barred<'a>(named: &'a [Party], people: &'a People) -> impl Iterator<Item = Problem> {
    let barred = |party: &Party| {
        let owners = people.resolve(party);
        !owners.is_empty() && owners.iter().all(|owner| people.barred.contains(*owner))
    };
    let all = !named.iter().any(|party| !people.resolve(party).is_empty() && !barred(party));
    let severity = if all { Severity::Blocker } else { Severity::Warning };
    let found: Vec<&Party> = named.iter().filter(|party| barred(party)).collect();
    found.into_iter().map(move |party| Problem::new("F-129", severity).with(word(party), party.key()))
}

/// Those who are to be told, or to record an answer, where nobody is there.
fn untold(doc: &FlowDoc, people: &People) -> Vec<Problem> {
    let mut problems = Vec::new();
    for place in walk(doc) {
        let sources = place.node.sources().into_iter();
        let told = sources.filter(|(setting, _)| *setting != "assignee");
        let mut named: Vec<Party> = told.filter_map(|(_, source)| source.candidates()).flatten().collect();
        if let NodeKind::CustomerConfirmation(customer) = &place.node.kind {
            named.extend(customer.recorder.clone());
        }
        let empty = named.iter().filter(|party| people.resolve(party).is_empty());
        problems
            .extend(empty.map(|party| Problem::warning("F-009").at(&place.node.id).with("who", party.key())));
    }
    problems
}

/// The parties the sources name; none where one of them is only known when an order is there.
pub(super) fn named(sources: &[Source]) -> Option<Vec<Party>> {
    let parties: Option<Vec<Vec<Party>>> = sources.iter().map(Source::candidates).collect();
    parties.map(|parties| parties.into_iter().flatten().collect())
}

/// The one person who can decide a step.
fn only_decider<'a>(doc: &FlowDoc, people: &'a People, step: &str) -> Option<&'a str> {
    let place = walk(doc).into_iter().find(|place| place.node.id == step)?;
    let settings = place.node.person()?;
    let mut deciders: BTreeSet<&str> = BTreeSet::new();
    for party in named(&settings.assignee)?.iter().chain(&settings.backup) {
        deciders.extend(people.resolve(party));
    }
    deciders.first().copied().filter(|_| deciders.len() == 1)
}

fn word(party: &Party) -> &'static str {
    match party {
        Party::Department(_) => "department",
        Party::Role(_) => "role",
        Party::User(_) => "user",
    }
}
