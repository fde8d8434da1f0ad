//! How well work is done: what was sent back, and what happened to orders, by sort.

use super::report::percentile;
use super::sla::Step;
use ordain_store::{HappeningCount, TaskGroup};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::iter::repeat_n;

/// Decisions at a step, and how many of them sent the order back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub decided: i64,
    pub returned: i64,
}

/// Steps that send orders back, those that do it most often first.
pub fn returns_by_step(decided: &[TaskGroup], returned: &[TaskGroup]) -> Vec<(Step, Sent)> {
    let mut found: BTreeMap<Step, Sent> = BTreeMap::new();
    for group in decided {
        found.entry((group.flow.clone(), group.node.clone())).or_default().decided += group.tasks;
    }
    for group in returned {
        found.entry((group.flow.clone(), group.node.clone())).or_default().returned += group.tasks;
    }
    let mut all: Vec<(Step, Sent)> = found.into_iter().filter(|(_, sent)| sent.returned > 0).collect();
    all.sort_by_key(|(_, sent)| Reverse(sent.returned));
    all
}

/// Why orders were sent back, in the words that were given, the most frequent first. Empty where nothing was said.
pub fn returns_by_reason(returned: &[TaskGroup]) -> Vec<(String, i64)> {
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for group in returned {
        *found.entry(group.reason.clone().unwrap_or_default()).or_default() += group.tasks;
    }
    let mut all: Vec<(String, i64)> = found.into_iter().collect();
    all.sort_by_key(|(_, tasks)| Reverse(*tasks));
    all
}

/// What happened of one sort: how often, how often it has ended, and in how many working minutes half of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    pub about: String,
    pub n: i64,
    pub ended: i64,
    pub minutes_p50: Option<i64>,
}

/// The sorts of what happened, the most frequent first. What has not ended enters no time.
pub fn sorts(counts: &[HappeningCount]) -> Vec<Sort> {
    let mut found: BTreeMap<&str, (i64, Vec<i64>)> = BTreeMap::new();
    for count in counts {
        let (n, times) = found.entry(&count.about).or_default();
        *n += count.n;
        let often = usize::try_from(count.n).unwrap_or(0);
        times.extend(count.minutes.into_iter().flat_map(|minutes| repeat_n(minutes, often)));
    }
    let sort = |(about, (n, mut times)): (&str, (i64, Vec<i64>))| {
        times.sort_unstable();
        let ended = i64::try_from(times.len()).unwrap_or(i64::MAX);
        Sort { about: about.to_owned(), n, ended, minutes_p50: percentile(&times, 50) }
    };
    let mut all: Vec<Sort> = found.into_iter().map(sort).collect();
    all.sort_by_key(|sort| Reverse(sort.n));
    all
}

/// All sorts as one.
pub fn together(counts: &[HappeningCount]) -> Sort {
    let of_all = |count: &HappeningCount| HappeningCount { about: String::new(), ..count.clone() };
    let counts: Vec<HappeningCount> = counts.iter().map(of_all).collect();
    sorts(&counts).pop().unwrap_or_default()
}
