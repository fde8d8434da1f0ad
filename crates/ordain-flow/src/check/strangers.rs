//! Parties, rosters and departments of a document that nobody here knows: who was meant is not asked, and whoever is
//! written beside them gets all of it.

use super::Problem;
use super::people::{People, named};
use crate::doc::{DeadlineDo, FlowDoc, Node, Party, PersonSettings, Source, WhenEmpty, walk};

pub fn strangers(doc: &FlowDoc, people: &People) -> Vec<Problem> {
    let admins = doc.process_admin.iter().map(|party| ("process_admin", party.clone()));
    let seers = doc.sensitive.values().flat_map(|rule| &rule.visible_to);
    let seers = seers.map(|party| ("sensitive", party.clone()));
    let mut problems: Vec<Problem> = unknown(people, admins.chain(seers)).collect();
    for place in walk(doc) {
        let own = place.node.department.iter().map(|code| ("department", Party::Department(code.clone())));
        let settings = place.node.person();
        let parties = own
            .chain(settings.into_iter().flat_map(|settings| parties(settings, people)))
            .chain(place.node.sources().into_iter().filter_map(head));
        problems.extend(unknown(people, parties).map(|problem| problem.at(&place.node.id)));
        problems.extend(rosters(place.node, people));
    }
    problems
}

fn unknown(
    people: &People,
    parties: impl Iterator<Item = (&'static str, Party)>,
) -> impl Iterator<Item = Problem> {
    let strangers = parties.filter(|(_, party)| !party.is_blank() && !people.knows(party));
    strangers.map(|(setting, party)| stranger(setting, party.key()))
}

fn stranger(setting: &str, who: &str) -> Problem {
    Problem::warning("F-131").with("setting", setting).with("who", who)
}

/// Those whom a step names, without what other checks speak of: a step of which nobody named is there, and people by
/// login.
fn parties(settings: &PersonSettings, people: &People) -> Vec<(&'static str, Party)> {
    let all_named = named(&settings.assignee);
    let deserted = all_named.as_ref().is_some_and(|named| !people.anyone(named));
    let told = |party: &Party| all_named.is_some() && matches!(party, Party::User(_));
    let mut found = Vec::new();
    for source in &settings.assignee {
        let asked = source.candidates().unwrap_or_default().into_iter();
        found.extend(asked.filter(|party| !deserted && !told(party)).map(|party| ("assignee", party)));
    }
    found.extend(settings.backup.iter().filter(|party| !told(party)).map(|party| ("backup", party.clone())));
    if let WhenEmpty::User(login) = &settings.when_empty {
        found.push(("when_empty", Party::User(login.clone())));
    }
    let rules = settings.deadline.iter().flat_map(|deadline| &deadline.rules);
    for rule in rules {
        if let DeadlineDo::Escalate(chain) = &rule.action {
            found.extend(chain.iter().map(|party| ("deadline", party.clone())));
        }
    }
    found
}

/// The department whose head is looked for.
fn head((setting, source): (&'static str, &Source)) -> Option<(&'static str, Party)> {
    match source {
        Source::HeadOf(code) => Some((setting, Party::Department(code.clone()))),
        _ => None,
    }
}

fn rosters(node: &Node, people: &People) -> Vec<Problem> {
    let named = node.sources().into_iter().filter_map(|(setting, source)| match source {
        Source::Roster(code) if !code.trim().is_empty() => Some((setting, code)),
        _ => None,
    });
    let unknown = named.filter(|(_, code)| !people.rosters.contains(*code));
    unknown.map(|(setting, code)| stranger(setting, code).at(&node.id)).collect()
}
