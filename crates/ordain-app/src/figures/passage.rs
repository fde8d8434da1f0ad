//! How work arrives at each department: how long until it is opened, and until somebody takes it on.

use super::report::percentile;
use crate::case::world::House;
use ordain_store::HandOverFactRow;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was handed to one department. Times are working minutes of the department.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Empty where the work belongs to none.
    pub department: String,
    pub sent: i64,
    pub received: i64,
    pub taken: i64,
    /// Neither opened nor over.
    pub waiting: i64,
    /// From sent to received.
    pub receive_p50: Option<i64>,
    pub receive_p90: Option<i64>,
    /// From received to taken on.
    pub take_p50: Option<i64>,
}

/// The departments to which something was handed, those that wait longest first.
pub fn handed(rows: &[HandOverFactRow], house: &House) -> Vec<Handed> {
    let mut found: BTreeMap<&str, (Handed, Vec<i64>, Vec<i64>)> = BTreeMap::new();
    for row in rows {
        let department = row.department.as_deref().unwrap_or_default();
        let calendar = house.calendars.of_department(department);
        let minutes = |from: i64, to: i64| calendar.working_ms_between(from, to) / 60_000;
        let (sum, waits, takes) = found.entry(department).or_default();
        sum.sent += 1;
        if let Some(received) = row.received_at_ms {
            sum.received += 1;
            waits.push(minutes(row.sent_at_ms, received));
            takes.extend(row.taken_at_ms.map(|taken| minutes(received, taken)));
        }
        sum.taken += i64::from(row.taken_at_ms.is_some());
        sum.waiting += i64::from(row.received_at_ms.is_none() && row.ended_at_ms.is_none());
    }
    let of = |(department, (sum, mut waits, mut takes)): (&str, (Handed, Vec<i64>, Vec<i64>))| {
        waits.sort_unstable();
        takes.sort_unstable();
        Handed {
            department: department.to_owned(),
            receive_p50: percentile(&waits, 50),
            receive_p90: percentile(&waits, 90),
            take_p50: percentile(&takes, 50),
            ..sum
        }
    };
    let mut all: Vec<Handed> = found.into_iter().map(of).collect();
    all.sort_by_key(|handed| std::cmp::Reverse((handed.waiting, handed.receive_p50, handed.sent)));
    all
}
