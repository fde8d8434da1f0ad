//! Whether work is done in time: of the tasks that were due in a period, how many were late, and with whom.

use ordain_store::TaskGroup;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Tasks that were due, and those of them that were late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breach {
    pub due: i64,
    pub breached: i64,
}

/// One step of a flow.
pub type Step = (Option<String>, String);

/// The tasks that were due in a period, counted in several ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaches {
    pub all: Breach,
    pub steps: Vec<(Step, Breach)>,
    /// Empty where the work belongs to none.
    pub departments: Vec<(String, Breach)>,
    /// By login, of the people that whoever asks is the superior of.
    pub people: Vec<(String, Breach)>,
}

/// Counts what was due and what of it was late; those with most that was late come first.
pub fn breaches(due: &[TaskGroup], breached: &[TaskGroup], led: &[String]) -> Breaches {
    let person = |group: &TaskGroup| group.person.clone().filter(|login| led.contains(login));
    let step = |group: &TaskGroup| Some((group.flow.clone(), group.node.clone()));
    let department = |group: &TaskGroup| Some(group.department.clone().unwrap_or_default());
    Breaches {
        all: Breach { due: sum(due), breached: sum(breached) },
        steps: by(due, breached, step),
        departments: by(due, breached, department),
        people: by(due, breached, person),
    }
}

/// How many tasks there are together.
pub fn sum(groups: &[TaskGroup]) -> i64 {
    groups.iter().map(|group| group.tasks).sum()
}

fn by<K: Ord + Clone>(
    due: &[TaskGroup],
    breached: &[TaskGroup],
    key: impl Fn(&TaskGroup) -> Option<K>,
) -> Vec<(K, Breach)> {
    let mut found: BTreeMap<K, Breach> = BTreeMap::new();
    for group in due {
        if let Some(key) = key(group) {
            found.entry(key).or_default().due += group.tasks;
        }
    }
    for group in breached {
        if let Some(key) = key(group) {
            found.entry(key).or_default().breached += group.tasks;
        }
    }
    let mut all: Vec<(K, Breach)> = found.into_iter().collect();
    all.sort_by_key(|(_, breach)| Reverse((breach.breached, breach.due)));
    all
}
