//! Where a step looks for people: whom it asks and whom it tells, each with the setting that says so.

use super::{Node, NodeKind, NotifyTo, PersonSettings, Source};

impl Node {
    pub fn sources(&self) -> Vec<(&'static str, &Source)> {
        match &self.kind {
            NodeKind::Cc { to, .. } | NodeKind::Notify { to, .. } => told("to", to).collect(),
            NodeKind::End { notices, .. } => {
                notices.iter().flat_map(|notice| told("notices", &notice.to)).collect()
            }
            _ => self.person().map(of_person).unwrap_or_default(),
        }
    }

    /// The same, to be rewritten.
    pub fn sources_mut(&mut self) -> Vec<(&'static str, &mut Source)> {
        match &mut self.kind {
            NodeKind::Cc { to, .. } | NodeKind::Notify { to, .. } => told_mut("to", to).collect(),
            NodeKind::End { notices, .. } => {
                notices.iter_mut().flat_map(|notice| told_mut("notices", &mut notice.to)).collect()
            }
            NodeKind::Review(person) => of_person_mut(person),
            NodeKind::Task(task) => of_person_mut(&mut task.person),
            _ => Vec::new(),
        }
    }
}

fn of_person(person: &PersonSettings) -> Vec<(&'static str, &Source)> {
    let asked = person.assignee.iter().map(|source| ("assignee", source));
    asked.chain(person.notices.values().flat_map(|rule| told("notices", &rule.to))).collect()
}

fn of_person_mut(person: &mut PersonSettings) -> Vec<(&'static str, &mut Source)> {
    let asked = person.assignee.iter_mut().map(|source| ("assignee", source));
    asked.chain(person.notices.values_mut().flat_map(|rule| told_mut("notices", &mut rule.to))).collect()
}

fn told<'a>(setting: &'static str, to: &'a [NotifyTo]) -> impl Iterator<Item = (&'static str, &'a Source)> {
    to.iter().filter_map(NotifyTo::source).map(move |source| (setting, source))
}

fn told_mut<'a>(
    setting: &'static str,
    to: &'a mut [NotifyTo],
) -> impl Iterator<Item = (&'static str, &'a mut Source)> {
    to.iter_mut().filter_map(NotifyTo::source_mut).map(move |source| (setting, source))
}
