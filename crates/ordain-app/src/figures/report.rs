//! The figures of a period, counted from the rows of facts.

use ordain_store::OrderFactRow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The figures of a period. Times are working minutes from receipt to confirmation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub received: i64,
    pub with_exception: i64,
    pub lost: i64,
    /// What the lost orders would have come to, in minor units of the company's currency.
    pub lost_minor: i64,
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
}

/// How many orders were lost for a reason, and what they would have come to.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Counts the rows of the orders received in a period, and of those confirmed in it.
pub fn report(received: &[OrderFactRow], confirmed: &[OrderFactRow]) -> Report {
    let mut figures = Figures::default();
    let mut days: BTreeMap<String, DayFigures> = BTreeMap::new();
    for row in received {
        let day = days.entry(row.received_on.clone()).or_default();
        day.received += 1;
        figures.received += 1;
        figures.with_exception += i64::from(row.exceptions > 0);
        if row.lost_on.is_some() {
            day.lost += 1;
            figures.lost += 1;
            figures.lost_minor = figures.lost_minor.saturating_add(row.minor.unwrap_or(0));
        }
    }
    let mut cycles: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for row in confirmed {
        let Some(on) = &row.confirmed_on else { continue };
        days.entry(on.clone()).or_default().confirmed += 1;
        cycles.entry(on).or_default().extend(row.cycle_minutes);
        figures.confirmed += 1;
        figures.first_pass += i64::from(row.returns == 0 && row.exceptions == 0);
        figures.straight_through += i64::from(row.tasks == 0);
        figures.returned += i64::from(row.returns > 0);
        figures.changed += i64::from(row.changes > 0);
        figures.complained += i64::from(row.complaints > 0);
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
    Report { figures, days }
}

/// Reasons of the lost orders among `received`, the most frequent first.
pub fn lost_reasons(received: &[OrderFactRow]) -> Vec<LostReason> {
    let mut found: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in received {
        let Some(reason) = row.lost_reason.as_deref() else { continue };
        let (orders, minor) = found.entry(reason).or_default();
        *orders += 1;
        *minor = minor.saturating_add(row.minor.unwrap_or(0));
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

/// Where the lost orders among `received` stopped, the most frequent first.
pub fn lost_steps(received: &[OrderFactRow]) -> Vec<LostStep> {
    let mut found: BTreeMap<(&Option<String>, &Option<String>), i64> = BTreeMap::new();
    for row in received.iter().filter(|row| row.lost_on.is_some()) {
        *found.entry((&row.flow, &row.lost_node)).or_default() += 1;
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
