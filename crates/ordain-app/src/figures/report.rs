//! The figures of a period, summed up from what the rows of facts come to day by day.

use ordain_store::{ConfirmedDay, LostPart, ReceivedDay};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::iter::repeat_n;

/// The figures of a period. Times are working minutes from receipt to confirmation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    pub received: i64,
    pub with_exception: i64,
    pub lost: i64,
    /// What the lost orders would have come to, in minor units of the company's currency.
    pub lost_minor: i64,
    /// Thought lost now, and brought forward after they were.
    pub suspected: i64,
    pub recovered: i64,
    pub confirmed: i64,
    pub cycle_mean: Option<i64>,
    pub cycle_p50: Option<i64>,
    pub cycle_p90: Option<i64>,
    /// Of those confirmed.
    pub first_pass: i64,
    pub straight_through: i64,
    pub returned: i64,
    pub changed: i64,
    pub complained: i64,
    pub complaints: i64,
}

/// One day of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayFigures {
    pub received: i64,
    pub confirmed: i64,
    pub lost: i64,
    pub cycle_p50: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub figures: Figures,
    /// By day; one on which nothing happened is absent.
    pub days: BTreeMap<String, DayFigures>,
    /// How many orders were confirmed in how much time; together they are all that were.
    pub cycles: Vec<CycleSpan>,
}

/// Working minutes from (inclusive) and to (exclusive); the last span has no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleSpan {
    pub from: i64,
    pub to: Option<i64>,
    pub orders: i64,
}

/// Where spans of confirmation times begin, in working minutes: half an hour to two days of eight hours.
const SPANS: [i64; 8] = [0, 30, 60, 120, 240, 480, 960, 1_920];

fn spans(sorted: &[i64]) -> Vec<CycleSpan> {
    let below = |bound: i64| sorted.partition_point(|minutes| *minutes < bound);
    let ends = SPANS.iter().skip(1).copied().map(Some).chain([None]);
    let span = |(from, to): (i64, Option<i64>)| {
        let orders = to.map_or(sorted.len(), below) - below(from);
        CycleSpan { from, to, orders: i64::try_from(orders).unwrap_or(i64::MAX) }
    };
    SPANS.into_iter().zip(ends).map(span).collect()
}

/// How many orders were lost for a reason, and what they would have come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostReason {
    pub reason: String,
    pub orders: i64,
    pub minor: i64,
}

/// How many orders were lost at a step of a flow; at none where nobody was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostStep {
    pub flow: Option<String>,
    pub node: Option<String>,
    pub orders: i64,
}

/// Sums up what was received in a period and what was confirmed in it.
pub fn report(received: &[ReceivedDay], confirmed: &[ConfirmedDay]) -> Report {
    let mut figures = Figures::default();
    let mut days: BTreeMap<String, DayFigures> = BTreeMap::new();
    for row in received {
        let day = days.entry(row.day.clone()).or_default();
        day.received += row.received;
        day.lost += row.lost;
        figures.received += row.received;
        figures.with_exception += row.with_exception;
        figures.lost += row.lost;
        figures.lost_minor = figures.lost_minor.saturating_add(row.lost_minor);
        figures.suspected += row.suspected;
        figures.recovered += row.recovered;
    }
    let mut cycles: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for row in confirmed {
        days.entry(row.day.clone()).or_default().confirmed += row.confirmed;
        let times = usize::try_from(row.confirmed).unwrap_or(0);
        let measured = row.cycle_minutes.into_iter().flat_map(|minutes| repeat_n(minutes, times));
        cycles.entry(&row.day).or_default().extend(measured);
        figures.confirmed += row.confirmed;
        figures.first_pass += row.first_pass;
        figures.straight_through += row.straight_through;
        figures.returned += row.returned;
        figures.changed += row.changed;
        figures.complained += row.complained;
        figures.complaints += row.complaints;
    }
    let mut all: Vec<i64> = cycles.values().flatten().copied().collect();
    all.sort_unstable();
    for (on, mut of_day) in cycles {
        of_day.sort_unstable();
        days.entry(on.to_owned()).or_default().cycle_p50 = percentile(&of_day, 50);
    }
    figures.cycle_mean = mean(&all);
    (figures.cycle_p50, figures.cycle_p90) = (percentile(&all, 50), percentile(&all, 90));
    Report { figures, days, cycles: spans(&all) }
}

/// Reasons of lost orders, the most frequent first.
pub fn lost_reasons(lost: &[LostPart]) -> Vec<LostReason> {
    let mut found: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for part in lost {
        let Some(reason) = part.reason.as_deref() else { continue };
        let (orders, minor) = found.entry(reason).or_default();
        *orders += part.orders;
        *minor = minor.saturating_add(part.minor);
    }
    let reason = |(reason, (orders, minor)): (&str, (i64, i64))| LostReason {
        reason: reason.to_owned(),
        orders,
        minor,
    };
    let mut reasons: Vec<LostReason> = found.into_iter().map(reason).collect();
    reasons.sort_by(|a, b| (b.orders, b.minor, &a.reason).cmp(&(a.orders, a.minor, &b.reason)));
    reasons
}

/// Where lost orders stopped, the most frequent first.
pub fn lost_steps(lost: &[LostPart]) -> Vec<LostStep> {
    let mut found: BTreeMap<(&Option<String>, &Option<String>), i64> = BTreeMap::new();
    for part in lost {
        *found.entry((&part.flow, &part.node)).or_default() += part.orders;
    }
    let step = |((flow, node), orders): ((&Option<String>, &Option<String>), i64)| LostStep {
        flow: flow.clone(),
        node: node.clone(),
        orders,
    };
    let mut steps: Vec<LostStep> = found.into_iter().map(step).collect();
    steps.sort_by_key(|step| Reverse(step.orders));
    steps
}

/// The mean, rounded down; nothing of nothing.
pub(super) fn mean(sorted: &[i64]) -> Option<i64> {
    let n = i64::try_from(sorted.len()).ok().filter(|n| *n > 0)?;
    Some(sorted.iter().sum::<i64>() / n)
}

/// The value that `percent` of the values do not exceed: nearest rank, so that it is always one that was measured.
pub(super) fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100];
        assert_eq!(
            (percentile(&all, 50), percentile(&all, 90), percentile(&all, 100)),
            (Some(5), Some(9), Some(100))
        );
        assert_eq!(
            (percentile(&[7], 50), percentile(&[7], 90), percentile(&[], 50)),
            (Some(7), Some(7), None)
        );
        assert_eq!((mean(&all), mean(&[])), (Some(14), None));
    }
}
