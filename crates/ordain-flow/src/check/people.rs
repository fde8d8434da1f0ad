//! The parties of a document against the people who are there: steps nobody would answer for, people too
//! many steps depend on, and people who have left.

use super::{Problem, Severity};
use crate::doc::{FlowDoc, NodeKind, Party, walk};
use std::collections::{BTreeMap, BTreeSet};

/// A directory as far as the checks need it. Members are user keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    pub departments: BTreeMap<String, Vec<String>>,
    pub roles: BTreeMap<String, Vec<String>>,
    /// Every known user, with whether they are active.
    pub users: BTreeMap<String, bool>,
}

impl People {
    /// The active users a party stands for.
    pub fn resolve<'a>(&'a self, party: &'a Party) -> BTreeSet<&'a str> {
        let members = match party {
            Party::Department(key) => self.departments.get(key).map(Vec::as_slice),
            Party::Role(key) => self.roles.get(key).map(Vec::as_slice),
            Party::User(key) => Some(std::slice::from_ref(key)),
        };
        let active = |user: &&str| self.users.get(*user).copied().unwrap_or(false);
        members.unwrap_or_default().iter().map(String::as_str).filter(active).collect()
    }

    pub(super) fn anyone(&self, parties: &[Party]) -> bool {
        parties.iter().any(|party| !self.resolve(party).is_empty())
    }
}

pub fn people(doc: &FlowDoc, people: &People) -> Vec<Problem> {
    let mut problems = Vec::new();
    let fallback = people.anyone(&doc.process_admin);
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    let mut gone: BTreeMap<&str, usize> = BTreeMap::new();
    for place in walk(doc) {
        let NodeKind::Review(settings) = &place.node.kind else { continue };
        let mut owners = people.resolve(&settings.assignee);
        if owners.is_empty() && !settings.assignee.is_blank() {
            let severity = if fallback { Severity::Warning } else { Severity::Blocker };
            let problem = Problem::new("F-002", severity).at(&place.node.id);
            problems.push(problem.with(word(&settings.assignee), settings.assignee.key()));
        }
        for party in std::iter::once(&settings.assignee).chain(&settings.backup) {
            if let Party::User(user) = party
                && !party.is_blank()
                && people.resolve(party).is_empty()
            {
                *gone.entry(user).or_default() += 1;
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
    problems
}

fn word(party: &Party) -> &'static str {
    match party {
        Party::Department(_) => "department",
        Party::Role(_) => "role",
        Party::User(_) => "user",
    }
}
