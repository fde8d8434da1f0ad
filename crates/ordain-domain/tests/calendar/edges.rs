//! Both sides of every boundary: the moment at which a span, a day, leave or a limit begins and ends.

use super::{at, berlin, calendar, shanghai};
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_domain::calendar::{Calendar, CalendarRules, Layer, add_calendar_minutes};
use std::collections::BTreeSet;

/// An instant in Shanghai: `23T09:00` is that of November 2026.
fn nov(text: &str) -> i64 {
    let (day, time) = text.split_once('T').unwrap();
    let seconds = if time.len() == 5 { ":00" } else { "" };
    at(&format!("2026-11-{day}T{time}{seconds}+08:00"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_span_holds_its_first_moment_and_not_its_last() {
    for (moment, works) in [
        ("23T08:59:59.999", false),
        ("23T09:00", true),
        ("23T11:59:59.999", true),
        ("23T12:00", false),
        ("23T12:59:59.999", false),
        ("23T13:00", true),
        ("23T17:59:59.999", true),
        ("23T18:00", false),
        ("22T10:00", false),
    ] {
        assert_eq!(calendar().is_working(nov(moment)), works, "{moment}");
    }
}

#[test]
fn work_is_due_at_the_end_of_a_span_and_begins_at_that_of_the_next() {
    for (from, minutes, due) in [
        ("23T09:00", 0, "23T09:00"),
        ("23T08:59:59.999", 0, "23T09:00"),
        ("23T12:00", 0, "23T13:00"),
        ("20T18:00", 0, "23T09:00"),
        ("20T17:59", 1, "20T18:00"),
        ("20T17:59", 2, "23T09:01"),
        ("23T09:00", 180, "23T12:00"),
        ("23T09:00", 181, "23T13:01"),
        ("23T09:00", 480, "23T18:00"),
        ("23T09:00", 481, "24T09:01"),
    ] {
        assert_eq!(calendar().add_working_minutes(nov(from), minutes), nov(due), "{from} + {minutes}");
    }
    for (until, minutes, begun) in [
        ("23T18:00", 0, "23T18:00"),
        ("23T13:00", 0, "23T12:00"),
        ("23T13:00:00.001", 0, "23T13:00:00.001"),
        ("23T09:00", 0, "20T18:00"),
        ("23T18:00", 300, "23T13:00"),
        ("23T18:00", 301, "23T11:59"),
        ("23T09:01", 2, "20T17:59"),
        ("23T18:00", 481, "20T17:59"),
    ] {
        assert_eq!(
            calendar().subtract_working_minutes(nov(until), minutes),
            nov(begun),
            "{until} - {minutes}"
        );
    }
}

#[test]
fn only_what_lies_between_two_moments_is_measured() {
    for (from, to, ms) in [
        ("23T09:00", "23T09:00", 0),
        ("23T08:00", "23T09:00:00.001", 1),
        ("23T11:59:59.999", "23T13:00:00.001", 2),
        ("23T18:00", "24T09:00", 0),
        ("23T10:00", "23T09:00", 0),
        ("20T17:00", "23T10:00", 2 * 3_600_000),
    ] {
        assert_eq!(calendar().working_ms_between(nov(from), nov(to)), ms, "{from} {to}");
    }
}

#[test]
fn days_begin_at_midnight_where_the_company_is() {
    assert_eq!(calendar().date_at(at("2026-11-20T15:59:59.999Z")), day("2026-11-20"));
    assert_eq!(calendar().date_at(at("2026-11-20T16:00:00Z")), day("2026-11-21"));
    let midnight = nov("21T00:00");
    assert_eq!(calendar().instant(day("2026-11-20"), 1_440), midnight);
    assert_eq!(calendar().instant(day("2026-11-20"), 1_439), midnight - 60_000);
    assert_eq!(calendar().instant(day("2026-11-21"), 0), midnight);
}

#[test]
fn working_days_are_counted_after_the_one_day_up_to_the_other() {
    for (from, to, days) in [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-21", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-20", "2026-11-27", 5),
        ("2026-11-23", "2026-11-20", -1),
        ("2026-11-22", "2026-11-23", 1),
        ("2026-11-23", "2026-11-22", -1),
        ("2026-11-21", "2026-11-22", 0),
        // The national holiday, and a Saturday that is worked for it.
        ("2026-09-30", "2026-10-07", 0),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-10-09", "2026-10-10", 1),
    ] {
        assert_eq!(calendar().working_days(day(from), day(to)), days, "{from} {to}");
    }
}

#[test]
fn beyond_what_is_looked_at_every_day_is_a_working_day() {
    let monday = day("2026-11-23");
    let days = |n: i32| calendar().working_days(monday, monday.checked_add(n.days()).unwrap());
    // The last day that is looked at is a Saturday, the next one a Sunday.
    assert_eq!(days(7_320), days(7_319));
    assert_eq!(days(7_321), days(7_320) + 1);
    assert_eq!(days(7_330), days(7_320) + 10);
    let far = monday.checked_add(7_321.days()).unwrap();
    assert_eq!(calendar().working_days(far, monday), -days(7_321));
}

#[test]
fn the_first_working_day_is_the_day_itself_if_it_is_worked() {
    for (from, n, found) in [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-23"),
        ("2026-11-23", 2, "2026-11-24"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-20", 5, "2026-11-26"),
        ("2026-10-01", 1, "2026-10-08"),
        ("2026-10-10", 1, "2026-10-10"),
    ] {
        assert_eq!(calendar().working_day(day(from), n), Some(day(found)), "{from} {n}");
    }
    let idle = CalendarRules { week: Default::default(), ..CalendarRules::default() };
    assert_eq!(Calendar::new(idle).unwrap().working_day(day("2026-11-23"), 1), None);
}

#[test]
fn people_are_told_outside_quiet_hours_and_not_on_a_day_off() {
    for (at_, told) in [
        ("20T20:59", "20T20:59"),
        ("20T21:00", "23T09:00"),
        ("21T10:00", "23T09:00"),
        ("22T22:00", "23T08:00"),
        ("23T07:59:59.999", "23T08:00"),
        ("23T08:00", "23T08:00"),
        ("23T12:30", "23T12:30"),
        ("23T21:00", "24T08:00"),
    ] {
        assert_eq!(calendar().next_to_tell(nov(at_)), nov(told), "{at_}");
    }
    let holiday = at("2026-10-01T10:00:00+08:00");
    assert_eq!(calendar().next_to_tell(holiday), at("2026-10-08T09:00:00+08:00"));
    let worked = at("2026-10-10T10:00:00+08:00");
    assert_eq!(calendar().next_to_tell(worked), worked);
    let loud = Calendar::new(CalendarRules { quiet_hours: None, ..shanghai() }).unwrap();
    assert_eq!(loud.next_to_tell(nov("20T23:00")), nov("20T23:00"));
}

#[test]
fn quiet_hours_hold_their_first_minute_and_not_their_last() {
    let of =
        |quiet: (u16, u16)| Calendar::new(CalendarRules { quiet_hours: Some(quiet), ..shanghai() }).unwrap();
    let siesta = of((12 * 60, 13 * 60 + 1));
    for (at_, next) in [
        ("23T11:59:59.999", "23T11:59:59.999"),
        ("23T12:00", "23T13:01"),
        ("23T13:00:59.999", "23T13:01"),
        ("23T13:01", "23T13:01"),
    ] {
        assert_eq!(siesta.next_outside_quiet_hours(nov(at_)), nov(next), "{at_}");
    }
    // From a time to the same is never.
    assert_eq!(of((600, 600)).next_outside_quiet_hours(nov("23T10:00")), nov("23T10:00"));
    // Past midnight they end on the same day.
    assert_eq!(of((22 * 60, 6 * 60)).next_outside_quiet_hours(nov("23T00:00")), nov("23T06:00"));
    assert_eq!(of((22 * 60, 6 * 60)).next_outside_quiet_hours(nov("23T22:00")), nov("24T06:00"));
}

#[test]
fn half_a_day_is_over_at_lunch_in_the_middle_or_at_noon() {
    assert_eq!(calendar().middle_of(day("2026-11-23")), nov("23T12:00"));
    assert_eq!(calendar().middle_of(day("2026-11-22")), nov("22T12:00"));
    let short = berlin(vec![(540, 660)]);
    assert_eq!(short.middle_of(day("2026-11-23")), at("2026-11-23T10:00:00+01:00"));
}

#[test]
fn a_worked_day_off_has_the_hours_of_the_first_day_that_has_any() {
    let hour = vec![(540, 600)];
    let week = [vec![], vec![(480, 720)], hour.clone(), hour.clone(), hour, vec![], vec![]];
    let rules = CalendarRules {
        week,
        makeup_workdays: BTreeSet::from([day("2026-11-22")]),
        ..CalendarRules::default()
    };
    let calendar = Calendar::new(rules.clone()).unwrap();
    assert_eq!(calendar.working_ms_between(nov("22T00:00"), nov("23T00:00")), 4 * 3_600_000);
    assert!(calendar.works_on(day("2026-11-22")) && !calendar.works_on(day("2026-11-23")));
    // A holiday goes before; of a layer that says both, the work.
    let off = CalendarRules { holidays: BTreeSet::from([day("2026-11-22")]), ..rules.clone() };
    assert!(!Calendar::new(off.clone()).unwrap().works_on(day("2026-11-22")));
    let both = BTreeSet::from([day("2026-11-22")]);
    let layer = Layer { week: None, days_off: both.clone(), workdays: both };
    assert!(Calendar::new(layer.over(&off)).unwrap().works_on(day("2026-11-22")));
}

#[test]
fn leave_takes_what_it_covers_and_nothing_beside_it() {
    let away = |spans: &[(&str, &str)]| {
        calendar().without(spans.iter().map(|(from, until)| (nov(from), nov(until))).collect())
    };
    for (leave, minutes, due) in [
        (vec![("23T08:00", "23T09:00")], 60, "23T10:00"),
        (vec![("23T09:00", "23T10:00")], 0, "23T10:00"),
        (vec![("23T10:00", "23T11:00")], 60, "23T10:00"),
        (vec![("23T10:00", "23T11:00")], 61, "23T11:01"),
        (vec![("23T11:00", "23T12:00")], 180, "23T14:00"),
        (vec![("23T12:00", "23T13:00")], 181, "23T13:01"),
        // Touching, overlapping, within another, empty, turned around.
        (vec![("23T09:00", "23T10:00"), ("23T10:00", "23T11:00")], 0, "23T11:00"),
        (vec![("23T10:00", "23T12:00"), ("23T09:00", "23T11:00")], 0, "23T13:00"),
        (vec![("23T09:00", "23T17:00"), ("23T10:00", "23T11:00")], 0, "23T17:00"),
        (vec![("23T09:00", "23T09:00")], 0, "23T09:00"),
        (vec![("23T11:00", "23T09:00")], 0, "23T09:00"),
    ] {
        let found = away(&leave).add_working_minutes(nov("23T09:00"), minutes);
        assert_eq!(found, nov(due), "{leave:?} + {minutes}");
    }
    let back = away(&[("23T13:00", "23T18:00")]).subtract_working_minutes(nov("23T18:00"), 1);
    assert_eq!(back, nov("23T11:59"));
    // Added twice, both count.
    let twice = away(&[("23T09:00", "23T10:00")]).without(vec![(nov("23T10:00"), nov("23T11:00"))]);
    assert!(!twice.is_working(nov("23T09:00")) && !twice.is_working(nov("23T10:00")));
    assert!(twice.is_working(nov("23T11:00")));
}

/// One minute of work on every day.
fn minute_a_day(holidays: BTreeSet<Date>) -> Calendar {
    let week = std::array::from_fn(|_| vec![(540, 541)]);
    Calendar::new(CalendarRules { week, holidays, ..CalendarRules::default() }).unwrap()
}

#[test]
fn a_calendar_is_given_up_after_four_hundred_days_off() {
    let start = day("2026-11-23");
    let after = |n: i32| start.checked_add(n.days()).unwrap();
    let before = |n: i32| start.checked_sub(n.days()).unwrap();
    let evening = nov("23T18:00");
    let morning = nov("23T08:00");
    let next = minute_a_day((1..=398).map(after).collect());
    assert_eq!(next.add_working_minutes(evening, 1), next.instant(after(399), 541));
    let never = minute_a_day((1..=399).map(after).collect());
    assert_eq!(never.add_working_minutes(evening, 1), add_calendar_minutes(evening, 1));
    let last = minute_a_day((1..=398).map(before).collect());
    assert_eq!(last.subtract_working_minutes(morning, 1), last.instant(before(399), 540));
    let never = minute_a_day((1..=399).map(before).collect());
    assert_eq!(never.subtract_working_minutes(morning, 1), add_calendar_minutes(morning, -1));
}

#[test]
fn one_count_looks_at_some_twenty_years() {
    let calendar = minute_a_day(BTreeSet::new());
    let start = day("2026-11-23");
    let (from, until) = (calendar.instant(start, 0), calendar.instant(start, 1_439));
    let last = calendar.instant(start.checked_add(7_319.days()).unwrap(), 541);
    assert_eq!(calendar.add_working_minutes(from, 7_320), last);
    assert_eq!(calendar.add_working_minutes(from, 7_321), add_calendar_minutes(from, 7_321));
    let first = calendar.instant(start.checked_sub(7_319.days()).unwrap(), 540);
    assert_eq!(calendar.subtract_working_minutes(until, 7_320), first);
    assert_eq!(calendar.subtract_working_minutes(until, 7_321), add_calendar_minutes(until, -7_321));
}
