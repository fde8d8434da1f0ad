//! How fast each department is at each step, what lies there, and where the bottleneck is.

use super::report::{mean, percentile};
use crate::case::world::House;
use ordain_store::DecidedTask;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step of one department. Times are working minutes of the department, from the opening of a task to its decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speed {
    pub department: String,
    pub node: String,
    pub decided: i64,
    pub late: i64,
    pub mean: Option<i64>,
    pub p50: Option<i64>,
    pub p90: Option<i64>,
    /// Part of all the time that tasks took in the period, in 1/1,000.
    pub share_permille: i64,
}

/// The steps at which tasks were decided, those that took most of the time first: the first is the bottleneck.
pub fn speeds(decided: &[DecidedTask], house: &House) -> Vec<Speed> {
    let mut found: BTreeMap<(&str, &str), (Vec<i64>, i64)> = BTreeMap::new();
    for task in decided {
        let calendar = house.calendars.of_department(&task.department);
        let took = calendar.working_ms_between(task.opened_at_ms, task.decided_at_ms) / 60_000;
        let (times, late) = found.entry((&task.department, &task.node)).or_default();
        times.push(took);
        *late += i64::from(task.due_at_ms.is_some_and(|due| due < task.decided_at_ms));
    }
    let all: i64 = found.values().flat_map(|(times, _)| times).sum();
    let speed = |((department, node), (mut times, late)): ((&str, &str), (Vec<i64>, i64))| {
        times.sort_unstable();
        Speed {
            department: department.to_owned(),
            node: node.to_owned(),
            decided: i64::try_from(times.len()).unwrap_or(i64::MAX),
            late,
            mean: mean(&times),
            p50: percentile(&times, 50),
            p90: percentile(&times, 90),
            share_permille: (times.iter().sum::<i64>() * 1_000).checked_div(all).unwrap_or(0),
        }
    };
    let mut speeds: Vec<Speed> = found.into_iter().map(speed).collect();
    speeds.sort_by_key(|speed| std::cmp::Reverse((speed.share_permille, speed.decided)));
    speeds
}
