//! One calendar, ready to count with.
//!
//! Counting is on the line of instants, so an hour that a change of the clocks takes or gives is not counted wrongly. A
//! span reaches up to its end but does not hold it: at noon sharp the morning is over.

use super::rules::{CalendarRules, DAY_MINUTES, Span, joined};
use jiff::civil::{Date, Time, Weekday};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use std::sync::Arc;

/// Days without any working time after which a calendar is given up.
const IDLE_DAYS_MAX: u32 = 400;
/// Days that one count looks at, at most: some twenty years.
const COUNTED_DAYS_MAX: u32 = 7_320;
const MS_PER_MINUTE: i64 = 60_000;
const NOON: u16 = 12 * 60;

/// A calendar ready to count with. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    rules: Arc<CalendarRules>,
    zone: TimeZone,
    /// Leave, in order and apart from one another.
    absent: Arc<[(i64, i64)]>,
}

/// The zone of a calendar is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {0}")]
pub struct UnknownZone(pub String);

/// The instant some minutes on the wall later, whatever anybody's hours are.
pub fn add_calendar_minutes(from_ms: i64, minutes: i64) -> i64 {
    from_ms.saturating_add(minutes.saturating_mul(MS_PER_MINUTE))
}

impl Calendar {
    pub fn new(rules: CalendarRules) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(&rules.timezone).map_err(|_| UnknownZone(rules.timezone.clone()))?;
        Ok(Self { rules: Arc::new(rules), zone, absent: Arc::new([]) })
    }

    /// The same zone with other hours.
    #[must_use]
    pub fn with_rules(&self, rules: CalendarRules) -> Self {
        Self { rules: Arc::new(rules), ..self.clone() }
    }

    /// The same hours without some spans of instants, which may overlap.
    #[must_use]
    pub fn without(&self, leave: Vec<(i64, i64)>) -> Self {
        let all = self.absent.iter().copied().chain(leave).collect();
        Self { absent: joined(all).into(), ..self.clone() }
    }

    pub fn rules(&self) -> &CalendarRules {
        &self.rules
    }

    /// The date on the company's wall at an instant.
    pub fn date_at(&self, at_ms: i64) -> Date {
        self.civil(at_ms).date()
    }

    /// The instant as ISO 8601 with the company's offset.
    pub fn text(&self, at_ms: i64) -> String {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    fn civil(&self, at_ms: i64) -> jiff::civil::DateTime {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        self.zone.to_datetime(at)
    }

    /// The instant of a minute after midnight; 24:00 is the midnight after.
    pub fn instant(&self, date: Date, minute: u16) -> i64 {
        let (date, minute) = match minute.checked_sub(DAY_MINUTES) {
            Some(over) => (date.checked_add(1.day()).unwrap_or(date), over),
            None => (date, minute),
        };
        let hour = i8::try_from(minute / 60).unwrap_or(0);
        let time = Time::new(hour, i8::try_from(minute % 60).unwrap_or(0), 0, 0).unwrap_or(Time::midnight());
        self.zone
            .to_ambiguous_timestamp(date.to_datetime(time))
            .compatible()
            .map_or(0, Timestamp::as_millisecond)
    }

    fn spans(&self, date: Date) -> &[Span] {
        if self.rules.holidays.contains(&date) {
            return &[];
        }
        let week = &self.rules.week;
        if self.rules.makeup_workdays.contains(&date) {
            return week.iter().find(|spans| !spans.is_empty()).map_or(&[], Vec::as_slice);
        }
        let index = usize::try_from(date.weekday().since(Weekday::Monday)).unwrap_or(0);
        week.get(index).map_or(&[], Vec::as_slice)
    }

    /// Working spans of a date as instants, without leave, in order.
    fn spans_ms(&self, date: Date) -> Vec<(i64, i64)> {
        let spans = self.spans(date);
        let mut found = Vec::with_capacity(spans.len());
        if spans.is_empty() {
            return found;
        }
        // On all but a few days no clock is changed, and the zone need not be asked for every span.
        let midnight = self.instant(date, 0);
        let is_whole = self.instant(date, DAY_MINUTES) - midnight == i64::from(DAY_MINUTES) * MS_PER_MINUTE;
        let instant = |minute: u16| match is_whole {
            true => midnight + i64::from(minute) * MS_PER_MINUTE,
            false => self.instant(date, minute),
        };
        let mut free_from = i64::MIN;
        for (from, to) in spans {
            // A minute that the clocks leave out is moved behind the gap, maybe into the next span.
            let from = instant(*from).max(free_from);
            free_from = instant(*to).max(from);
            self.present((from, free_from), &mut found);
        }
        found
    }

    /// What leave leaves of a span.
    fn present(&self, (mut start, end): (i64, i64), found: &mut Vec<(i64, i64)>) {
        let first = self.absent.partition_point(|(_, until)| *until <= start);
        for (from, until) in self.absent.iter().skip(first).take_while(|(from, _)| *from < end) {
            if start < *from {
                found.push((start, *from));
            }
            start = *until;
        }
        if start < end {
            found.push((start, end));
        }
    }

    /// The instant at which `minutes` of working time have passed since `from_ms`; for none, the first working moment
    /// from then on.
    ///
    /// A calendar without any working time counts on the wall instead: a deadline must never be lost.
    pub fn add_working_minutes(&self, from_ms: i64, minutes: u32) -> i64 {
        let mut left = i64::from(minutes) * MS_PER_MINUTE;
        let (mut date, mut idle) = (self.date_at(from_ms), 0);
        for _ in 0..COUNTED_DAYS_MAX {
            idle += 1;
            for (start, end) in self.spans_ms(date) {
                let start = start.max(from_ms);
                if end <= start {
                    continue;
                }
                if left <= end - start {
                    return start + left;
                }
                left -= end - start;
                idle = 0;
            }
            // Long leave is passed over in one step, so that it can only postpone.
            let next = date.checked_add(1.day()).ok().map(|next| self.returned(next));
            match next.filter(|_| idle < IDLE_DAYS_MAX) {
                Some(next) => date = next,
                None => break,
            }
        }
        add_calendar_minutes(from_ms, i64::from(minutes))
    }

    /// The date, or the last day of the leave that it begins in.
    fn returned(&self, date: Date) -> Date {
        let at_ms = self.instant(date, 0);
        let leave = self.absent.get(self.absent.partition_point(|(_, until)| *until <= at_ms));
        leave.filter(|(from, _)| *from <= at_ms).map_or(date, |(_, until)| self.date_at(*until).max(date))
    }

    /// The latest instant from which `minutes` of working time pass until `until_ms`; without any working time it
    /// counts on the wall.
    pub fn subtract_working_minutes(&self, until_ms: i64, minutes: u32) -> i64 {
        let mut left = i64::from(minutes) * MS_PER_MINUTE;
        let (mut date, mut idle) = (self.date_at(until_ms), 0);
        for _ in 0..COUNTED_DAYS_MAX {
            idle += 1;
            for (start, end) in self.spans_ms(date).into_iter().rev() {
                let end = end.min(until_ms);
                if end <= start {
                    continue;
                }
                if left <= end - start {
                    return end - left;
                }
                left -= end - start;
                idle = 0;
            }
            let before = date.checked_sub(1.day()).ok().map(|before| self.left_for(before));
            match before.filter(|_| idle < IDLE_DAYS_MAX) {
                Some(before) => date = before,
                None => break,
            }
        }
        add_calendar_minutes(until_ms, -i64::from(minutes))
    }

    /// The date, or the first day of the leave that it ends in.
    fn left_for(&self, date: Date) -> Date {
        let end_ms = self.instant(date, DAY_MINUTES);
        let leave = self.absent.get(self.absent.partition_point(|(_, until)| *until < end_ms));
        leave.filter(|(from, _)| *from < end_ms).map_or(date, |(from, _)| self.date_at(*from).min(date))
    }

    /// Working milliseconds in `[from_ms, to_ms)`.
    pub fn working_ms_between(&self, from_ms: i64, to_ms: i64) -> i64 {
        let mut total = 0;
        let mut date = self.date_at(from_ms);
        let last = self.date_at(to_ms);
        while date <= last {
            for (start, end) in self.spans_ms(date) {
                total += (end.min(to_ms) - start.max(from_ms)).max(0);
            }
            match date.checked_add(1.day()) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        total
    }

    /// The n-th day with working time from a day on, which counts as the first if it has some; none within ten years.
    pub fn working_day(&self, from: Date, n: i64) -> Option<Date> {
        let mut left = n;
        let mut day = from;
        for _ in 0..3_660 {
            let next = day.tomorrow().ok()?;
            if self.working_ms_between(self.instant(day, 0), self.instant(next, 0)) > 0 {
                left -= 1;
                if left <= 0 {
                    return Some(day);
                }
            }
            day = next;
        }
        None
    }

    /// Whether an instant lies in working time.
    pub fn is_working(&self, at_ms: i64) -> bool {
        self.spans_ms(self.date_at(at_ms)).iter().any(|(start, end)| (*start..*end).contains(&at_ms))
    }

    /// Whether anybody works on a date.
    pub fn works_on(&self, date: Date) -> bool {
        !self.spans(date).is_empty()
    }

    /// Working days after the one date up to and with the other; below zero where the other lies before it. Beyond what one
    /// count looks at every day counts.
    pub fn working_days(&self, from: Date, to: Date) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let days = i64::from((last - first).get_days());
        let after = std::iter::successors(first.tomorrow().ok(), |date| date.tomorrow().ok());
        let counted = after.take(usize::try_from(days.min(i64::from(COUNTED_DAYS_MAX))).unwrap_or(0));
        let working = counted.filter(|date| self.works_on(*date)).count();
        sign * (i64::try_from(working).unwrap_or(0) + (days - i64::from(COUNTED_DAYS_MAX)).max(0))
    }

    /// The first working moment of a date, or of the next day that has one.
    pub fn first_working_moment(&self, date: Date) -> i64 {
        self.add_working_minutes(self.instant(date, 0), 0)
    }

    /// Where half of a working day is over: at lunch, without lunch in the middle, on a day off at noon.
    pub fn middle_of(&self, date: Date) -> i64 {
        let minute = match self.spans(date) {
            [] => NOON,
            [(from, to)] => from.midpoint(*to),
            [(_, lunch), ..] => *lunch,
        };
        self.instant(date, minute)
    }

    /// The first instant from this one on at which somebody may be told something: outside the quiet hours, and not on
    /// a day off.
    pub fn next_to_tell(&self, at_ms: i64) -> i64 {
        let at_ms = self.next_outside_quiet_hours(at_ms);
        let date = self.date_at(at_ms);
        if self.spans(date).is_empty() { self.first_working_moment(date).max(at_ms) } else { at_ms }
    }

    /// The instant itself, or the end of the quiet hours that it lies in.
    pub fn next_outside_quiet_hours(&self, at_ms: i64) -> i64 {
        let Some((from, to)) = self.rules.quiet_hours else { return at_ms };
        let now = self.civil(at_ms);
        let minute = u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or(0);
        let over_midnight = from > to;
        let (evening, morning) = (minute >= from, minute < to);
        let quiet = if over_midnight { evening || morning } else { evening && morning };
        if !quiet {
            return at_ms;
        }
        let ends_tomorrow = over_midnight && evening;
        let date =
            if ends_tomorrow { now.date().checked_add(1.day()).unwrap_or(now.date()) } else { now.date() };
        self.instant(date, to).max(at_ms)
    }
}
