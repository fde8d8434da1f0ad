//! How much work the coming working days bring a department, and whether it gets through it.
//!
//! What arrives is expected as it arrived before, and the last working days of a month, when sales fill their quota, are
//! averaged by themselves. What arrives or falls due on a day off counts for the next working day.

use crate::calendar::Calendar;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How many of a month's last working days are unlike the others.
pub const MONTH_END_DAYS: usize = 3;
/// On fewer days with something done than this nothing is said of what can be done on one.
pub const CAPACITY_DAYS_MIN: usize = 5;

/// Tasks that came and that were done on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCount {
    pub opened: u32,
    pub done: u32,
}

/// What one department has before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// By day, up to and with today.
    pub past: BTreeMap<Date, DayCount>,
    /// Open now.
    pub open: u32,
    /// Those of the open ones that have a deadline, by its day.
    pub due: BTreeMap<Date, u32>,
}

/// One working day to come, in tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLoad {
    pub day: Date,
    pub month_end: bool,
    /// Open ones whose deadline is on this day, or before it on the first day.
    pub due: u32,
    /// Those that will still come, by the mean of like days, rounded up.
    pub expected: u32,
    /// Those that can still be done, by the ninth of ten days that were worked; none where too few are known.
    pub capacity: Option<u32>,
    /// Open ones at the end of the day.
    pub left: Option<u32>,
    /// More is due by now than can be done by now, or more than a day's work is left over.
    pub tight: bool,
}

/// The coming working days, today's rest first. `since` is the day from which on the past is known.
pub fn forecast(calendar: &Calendar, work: &Work, (since, today): (Date, Date), days: usize) -> Vec<DayLoad> {
    let mut past: BTreeMap<Date, DayCount> = BTreeMap::new();
    for (day, count) in &work.past {
        let sum = past.entry(working_day_from(calendar, *day)).or_default();
        (sum.opened, sum.done) = (sum.opened + count.opened, sum.done + count.done);
    }
    let mut due: BTreeMap<Date, u32> = BTreeMap::new();
    let first = working_day_from(calendar, today);
    for (day, count) in &work.due {
        *due.entry(working_day_from(calendar, *day).max(first)).or_default() += count;
    }
    let arrivals = Arrivals::of(calendar, &past, since, first);
    let a_day = capacity(past.range(..first).map(|(_, count)| count.done));
    let (mut left, mut due_so_far, mut done_so_far) = (work.open, 0u32, 0u32);
    let mut loads = Vec::new();
    let mut day = first;
    while loads.len() < days {
        let had =
            if day == first { past.get(&day).copied().unwrap_or_default() } else { DayCount::default() };
        let month_end = is_month_end(calendar, day);
        let expected = arrivals.mean(month_end).saturating_sub(had.opened);
        let can = a_day.map(|n| n.saturating_sub(had.done));
        let due_now = due.get(&day).copied().unwrap_or_default();
        due_so_far += due_now;
        done_so_far += can.unwrap_or_default();
        left = (left + expected).saturating_sub(can.unwrap_or_default());
        let tight = a_day.is_some_and(|n| due_so_far > done_so_far || left > n);
        loads.push(DayLoad {
            day,
            month_end,
            due: due_now,
            expected,
            capacity: can,
            left: can.map(|_| left),
            tight,
        });
        match next_day(day) {
            Some(next) => day = working_day_from(calendar, next),
            None => break,
        }
    }
    loads
}

/// Means of the tasks that came on days of both kinds.
struct Arrivals {
    ordinary: (u32, u32),
    month_end: (u32, u32),
}

impl Arrivals {
    fn of(calendar: &Calendar, past: &BTreeMap<Date, DayCount>, since: Date, until: Date) -> Self {
        let mut arrivals = Arrivals { ordinary: (0, 0), month_end: (0, 0) };
        let mut day = working_day_from(calendar, since);
        while day < until {
            let kind =
                if is_month_end(calendar, day) { &mut arrivals.month_end } else { &mut arrivals.ordinary };
            kind.0 += past.get(&day).map_or(0, |count| count.opened);
            kind.1 += 1;
            let Some(next) = next_day(day) else { break };
            day = working_day_from(calendar, next);
        }
        arrivals
    }

    /// Where no day of the kind is known, the others stand in.
    fn mean(&self, month_end: bool) -> u32 {
        let (own, other) =
            if month_end { (self.month_end, self.ordinary) } else { (self.ordinary, self.month_end) };
        let (sum, days) = if own.1 > 0 { own } else { other };
        if days == 0 { 0 } else { sum.div_ceil(days) }
    }
}

fn capacity(done: impl Iterator<Item = u32>) -> Option<u32> {
    let mut worked: Vec<u32> = done.filter(|n| *n > 0).collect();
    worked.sort_unstable();
    let rank = (worked.len() * 9).div_ceil(10);
    if worked.len() < CAPACITY_DAYS_MIN { None } else { worked.get(rank.saturating_sub(1)).copied() }
}

/// Whether fewer than three working days of the month come after it.
pub fn is_month_end(calendar: &Calendar, day: Date) -> bool {
    let mut next = next_day(day);
    for _ in 0..MONTH_END_DAYS {
        let Some(later) = next.map(|next| working_day_from(calendar, next)) else { return true };
        if (later.year(), later.month()) != (day.year(), day.month()) {
            return true;
        }
        next = next_day(later);
    }
    false
}

fn working_day_from(calendar: &Calendar, day: Date) -> Date {
    calendar.date_at(calendar.first_working_moment(day)).max(day)
}

fn next_day(day: Date) -> Option<Date> {
    day.checked_add(1.day()).ok()
}

/// How pressing a task is where not all can be done: first what is late, then what is due today, then the rest; of each
/// the customers served first, then the larger amounts, then what is due first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Press {
    pub class: PressClass,
    /// Place of the customer's level among those served first; those without one come behind all.
    pub level: usize,
    /// In minor units of the company's currency, the largest first.
    pub amount: std::cmp::Reverse<i64>,
    pub due_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PressClass {
    Late,
    Today,
    Later,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{CalendarRules, PublicHolidays};
    use jiff::civil::date;

    fn calendar() -> Calendar {
        let mut rules = CalendarRules::default();
        PublicHolidays::china().apply(&mut rules);
        Calendar::new(rules).unwrap()
    }

    #[test]
    fn the_last_three_working_days_of_a_month_are_its_end() {
        let ends: Vec<i8> = (1..=30).filter(|day| is_month_end(&calendar(), date(2026, 9, *day))).collect();
        // The holiday begins on the first of October, so the thirtieth is worked.
        assert_eq!(ends, [28, 29, 30]);
    }

    #[test]
    fn what_comes_on_a_day_off_counts_for_the_next_working_day() {
        let saturday = date(2026, 11, 21);
        let mut work = Work { open: 2, ..Work::default() };
        work.due.insert(saturday, 2);
        let days = forecast(&calendar(), &work, (date(2026, 11, 1), saturday), 2);
        assert_eq!(
            days.iter().map(|day| day.day).collect::<Vec<_>>(),
            [date(2026, 11, 23), date(2026, 11, 24)]
        );
        assert_eq!((days[0].due, days[0].capacity, days[0].left, days[0].tight), (2, None, None, false));
    }

    #[test]
    fn what_is_left_over_is_carried_on_and_too_much_of_it_is_tight() {
        let today = date(2026, 11, 18);
        let mut work = Work { open: 9, ..Work::default() };
        for day in 9..=17 {
            let count = if (day - 9) % 7 < 5 { DayCount { opened: 4, done: 3 } } else { DayCount::default() };
            work.past.insert(date(2026, 11, day), count);
        }
        work.past.insert(today, DayCount { opened: 1, done: 2 });
        let days = forecast(&calendar(), &work, (date(2026, 11, 9), today), 3);
        let told: Vec<_> = days.iter().map(|day| (day.expected, day.capacity, day.left, day.tight)).collect();
        assert_eq!(
            told,
            [(3, Some(1), Some(11), true), (4, Some(3), Some(12), true), (4, Some(3), Some(13), true)]
        );
    }
}
