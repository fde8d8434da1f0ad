//! Working time: the one function through which every deadline goes.
//!
//! A calendar has a zone, hours per weekday, holidays and make-up workdays. Deadlines are counted in working
//! minutes, so a task that arrives on Friday evening is due on Monday.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days to look ahead before a calendar without working hours is given up.
const LOOK_AHEAD_DAYS: u32 = 400;
const MS_PER_MINUTE: i64 = 60_000;

/// Working hours of a company, as stored and edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRules {
    /// IANA zone name.
    pub timezone: String,
    /// Spans of minutes after midnight, Monday first; an empty list is a day off.
    pub week: [Vec<(u16, u16)>; 7],
    #[serde(default)]
    pub holidays: BTreeSet<Date>,
    /// Days off of the week that are worked (调休), with the hours of Monday.
    #[serde(default)]
    pub makeup_workdays: BTreeSet<Date>,
}

impl Default for CalendarRules {
    /// Monday to Friday, 09:00–12:00 and 13:00–18:00, Shanghai.
    fn default() -> Self {
        let day = vec![(9 * 60, 12 * 60), (13 * 60, 18 * 60)];
        let off = Vec::new;
        Self {
            timezone: "Asia/Shanghai".to_owned(),
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day, off(), off()],
            holidays: BTreeSet::new(),
            makeup_workdays: BTreeSet::new(),
        }
    }
}

/// A calendar ready to count with.
#[derive(Clone, Debug)]
pub struct Calendar {
    rules: CalendarRules,
    zone: TimeZone,
}

/// The zone of a calendar is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {0}")]
pub struct UnknownZone(pub String);

impl Calendar {
    pub fn new(rules: CalendarRules) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(&rules.timezone).map_err(|_| UnknownZone(rules.timezone.clone()))?;
        Ok(Self { rules, zone })
    }

    /// The date on the company's wall at an instant.
    pub fn date_at(&self, at_ms: i64) -> Date {
        self.civil(at_ms).0
    }

    /// The instant as ISO 8601 with the company's offset.
    pub fn text(&self, at_ms: i64) -> String {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    fn civil(&self, at_ms: i64) -> (Date, i64) {
        let at =
            Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone());
        let midnight = at.date().to_zoned(self.zone.clone()).map_or(0, |z| z.timestamp().as_millisecond());
        (at.date(), at.timestamp().as_millisecond() - midnight)
    }

    fn spans(&self, date: Date) -> &[(u16, u16)] {
        if self.rules.holidays.contains(&date) {
            return &[];
        }
        let day = if self.rules.makeup_workdays.contains(&date) { Weekday::Monday } else { date.weekday() };
        let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
        self.rules.week.get(index).map_or(&[], Vec::as_slice)
    }

    /// Working spans of a date as instants.
    fn spans_ms(&self, date: Date) -> impl Iterator<Item = (i64, i64)> + '_ {
        let at = move |minute: u16| {
            let (hour, minute) =
                (i8::try_from(minute / 60).unwrap_or(23), i8::try_from(minute % 60).unwrap_or(59));
            let time = Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight());
            date.to_datetime(time).to_zoned(self.zone.clone()).map_or(0, |z| z.timestamp().as_millisecond())
        };
        self.spans(date).iter().map(move |(from, to)| (at(*from), at(*to)))
    }

    /// The instant at which `minutes` of working time have passed since `from_ms`.
    ///
    /// A calendar without any working time counts on the wall instead: a deadline must never be lost.
    pub fn add_working_minutes(&self, from_ms: i64, minutes: u32) -> i64 {
        let mut left = i64::from(minutes) * MS_PER_MINUTE;
        let mut date = self.date_at(from_ms);
        for _ in 0..LOOK_AHEAD_DAYS {
            for (start, end) in self.spans_ms(date) {
                let start = start.max(from_ms);
                if end <= start {
                    continue;
                }
                if left <= end - start {
                    return start + left;
                }
                left -= end - start;
            }
            match date.checked_add(1.day()) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        from_ms + i64::from(minutes) * MS_PER_MINUTE
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn shanghai() -> Calendar {
        Calendar::new(CalendarRules::default()).unwrap()
    }

    #[test]
    fn friday_evening_is_due_on_monday() {
        // 17:30 plus four hours: half an hour on Friday, three hours until noon, half an hour after lunch.
        let due = shanghai().add_working_minutes(at("2026-11-20T17:30:00+08:00"), 240);
        assert_eq!(due, at("2026-11-23T13:30:00+08:00"));
    }

    #[test]
    fn lunch_holidays_and_makeup_days_count() {
        let mut rules = CalendarRules::default();
        rules.holidays.insert("2026-10-01".parse().unwrap());
        rules.makeup_workdays.insert("2026-10-10".parse().unwrap()); // a Saturday
        let calendar = Calendar::new(rules).unwrap();
        let hours = |a, b| calendar.working_ms_between(at(a), at(b)) / 3_600_000;
        assert_eq!(hours("2026-09-30T11:00:00+08:00", "2026-09-30T14:00:00+08:00"), 2);
        assert_eq!(hours("2026-10-01T00:00:00+08:00", "2026-10-02T00:00:00+08:00"), 0);
        assert_eq!(hours("2026-10-10T00:00:00+08:00", "2026-10-11T00:00:00+08:00"), 8);
    }

    #[test]
    fn a_calendar_without_hours_counts_on_the_wall() {
        let rules = CalendarRules { week: Default::default(), ..CalendarRules::default() };
        let start = at("2026-11-20T17:30:00+08:00");
        assert_eq!(Calendar::new(rules).unwrap().add_working_minutes(start, 60), start + 3_600_000);
    }

    #[test]
    fn instants_are_written_with_their_zone() {
        assert_eq!(shanghai().text(at("2026-11-23T02:15:00Z")), "2026-11-23T10:15:00.000+08:00");
    }

    proptest! {
        #[test]
        fn adding_and_measuring_agree(start in 1_700_000_000_000i64..1_900_000_000_000, minutes in 1u32..3_000) {
            let calendar = shanghai();
            let due = calendar.add_working_minutes(start, minutes);
            prop_assert_eq!(calendar.working_ms_between(start, due), i64::from(minutes) * MS_PER_MINUTE);
        }
    }
}
