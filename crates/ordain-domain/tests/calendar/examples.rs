//! Examples.

use super::{at, berlin, calendar, shanghai};
use ordain_domain::calendar::{Calendar, CalendarRules, Calendars, Layer, PersonTime, add_calendar_minutes};
use std::collections::{BTreeMap, BTreeSet};

fn days(days: &[&str]) -> BTreeSet<jiff::civil::Date> {
    days.iter().map(|day| day.parse().unwrap()).collect()
}

#[test]
fn friday_evening_is_due_on_monday() {
    // 17:30 plus four hours: half an hour on Friday, three hours until noon, half an hour after lunch.
    let due = calendar().add_working_minutes(at("2026-11-20T17:30:00+08:00"), 240);
    assert_eq!(due, at("2026-11-23T13:30:00+08:00"));
    assert_eq!(calendar().subtract_working_minutes(due, 240), at("2026-11-20T17:30:00+08:00"));
}

#[test]
fn lunch_holidays_and_makeup_days_count() {
    let hours = |a, b| calendar().working_ms_between(at(a), at(b)) / 3_600_000;
    assert_eq!(hours("2026-09-30T11:00:00+08:00", "2026-09-30T14:00:00+08:00"), 2);
    assert_eq!(hours("2026-10-01T00:00:00+08:00", "2026-10-08T00:00:00+08:00"), 0);
    assert_eq!(
        hours("2026-10-10T00:00:00+08:00", "2026-10-11T00:00:00+08:00"),
        8,
        "a Saturday that is worked"
    );
}

#[test]
fn s080_a_deadline_before_the_national_holiday_lands_after_it() {
    let due = calendar().add_working_minutes(at("2026-09-30T16:00:00+08:00"), 240);
    assert_eq!(due, at("2026-10-08T11:00:00+08:00"));
    assert_eq!(
        calendar().first_working_moment("2026-10-01".parse().unwrap()),
        at("2026-10-08T09:00:00+08:00")
    );
}

#[test]
fn a_calendar_without_hours_counts_on_the_wall() {
    let rules = CalendarRules { week: Default::default(), ..CalendarRules::default() };
    let calendar = Calendar::new(rules).unwrap();
    let start = at("2026-11-20T17:30:00+08:00");
    assert_eq!(calendar.add_working_minutes(start, 60), add_calendar_minutes(start, 60));
    assert_eq!(calendar.subtract_working_minutes(start, 60), start - 3_600_000);
    assert!(
        Calendar::new(CalendarRules { timezone: "Mars/Base".to_owned(), ..CalendarRules::default() })
            .is_err()
    );
}

#[test]
fn instants_are_written_with_their_zone() {
    assert_eq!(calendar().text(at("2026-11-23T02:15:00Z")), "2026-11-23T10:15:00.000+08:00");
}

#[test]
fn quiet_hours_pass_midnight_and_end_in_the_morning() {
    let next = |text: &str| calendar().next_outside_quiet_hours(at(text));
    assert_eq!(next("2026-11-20T20:59:59+08:00"), at("2026-11-20T20:59:59+08:00"));
    assert_eq!(next("2026-11-20T21:00:00+08:00"), at("2026-11-21T08:00:00+08:00"));
    assert_eq!(next("2026-11-21T07:59:00+08:00"), at("2026-11-21T08:00:00+08:00"));
    assert_eq!(next("2026-11-21T08:00:00+08:00"), at("2026-11-21T08:00:00+08:00"));
    let siesta = CalendarRules { quiet_hours: Some((12 * 60, 13 * 60)), ..CalendarRules::default() };
    let siesta = Calendar::new(siesta).unwrap();
    assert_eq!(
        siesta.next_outside_quiet_hours(at("2026-11-20T12:30:00+08:00")),
        at("2026-11-20T13:00:00+08:00")
    );
    assert_eq!(
        siesta.next_outside_quiet_hours(at("2026-11-20T22:00:00+08:00")),
        at("2026-11-20T22:00:00+08:00")
    );
}

#[test]
fn clocks_that_change_neither_lose_nor_win_working_time() {
    // On 2027-03-28 the clocks leave out 02:00 to 03:00, on 2026-10-25 they show it twice.
    let night = berlin(vec![(60, 300)]);
    let hours = |day: &str| {
        let day: jiff::civil::Date = day.parse().unwrap();
        night.working_ms_between(night.instant(day, 0), night.instant(day, 1_440)) / 3_600_000
    };
    assert_eq!((hours("2027-03-27"), hours("2027-03-28"), hours("2026-10-25")), (4, 3, 5));
    // A span that ends within the gap and one that begins within it are not counted twice.
    let split = berlin(vec![(60, 150), (155, 300)]);
    let day: jiff::civil::Date = "2027-03-28".parse().unwrap();
    let worked = split.working_ms_between(split.instant(day, 0), split.instant(day, 1_440));
    assert!(worked <= 3 * 3_600_000, "{worked}");
    assert_eq!(
        night.add_working_minutes(at("2027-03-28T00:00:00+01:00"), 120),
        at("2027-03-28T04:00:00+02:00")
    );
}

#[test]
fn a_shift_may_end_at_midnight_and_go_on_behind_it() {
    let night = berlin(vec![(0, 120), (1_320, 1_440)]);
    assert_eq!(
        night.add_working_minutes(at("2026-11-20T23:00:00+01:00"), 120),
        at("2026-11-21T01:00:00+01:00")
    );
}

fn layered() -> Calendars {
    let early: Vec<(u16, u16)> = vec![(360, 600), (660, 840)];
    let six_days = [early.clone(), early.clone(), early.clone(), early.clone(), early.clone(), early, vec![]];
    let warehouse =
        Layer { week: Some(six_days), days_off: days(&["2026-10-10"]), workdays: days(&["2026-10-01"]) };
    let leave = |from: &str, until: &str| (at(from), at(until));
    let people = BTreeMap::from([
        ("wh1".to_owned(), PersonTime { department: Some("warehouse".into()), ..PersonTime::default() }),
        (
            "fin1".to_owned(),
            PersonTime {
                department: Some("finance".into()),
                layer: Layer::default(),
                // From Monday noon; entered twice, the second time longer.
                leave: vec![
                    leave("2026-11-23T12:00:00+08:00", "2026-11-24T12:00:00+08:00"),
                    leave("2026-11-24T00:00:00+08:00", "2026-11-26T00:00:00+08:00"),
                ],
            },
        ),
    ]);
    Calendars::new(shanghai(), &BTreeMap::from([("warehouse".to_owned(), warehouse)]), people).unwrap()
}

#[test]
fn a_person_has_the_hours_of_the_company_overridden_by_the_department_minus_leave() {
    let calendars = layered();
    let saturday = at("2026-11-21T06:00:00+08:00");
    assert_eq!(calendars.of_person("wh1").add_working_minutes(saturday, 60), at("2026-11-21T07:00:00+08:00"));
    assert_eq!(
        calendars.of_department("warehouse").middle_of("2026-11-21".parse().unwrap()),
        saturday + 4 * 3_600_000
    );
    let company = at("2026-11-23T10:00:00+08:00");
    for calendar in [calendars.company(), calendars.of_person("nobody"), calendars.of_department("finance")] {
        assert_eq!(calendar.add_working_minutes(saturday, 60), company);
    }
    // Monday is half a day: three hours before leave, then Thursday.
    let monday = at("2026-11-23T09:00:00+08:00");
    let clerk = calendars.of_person("fin1");
    assert_eq!(clerk.add_working_minutes(monday, 240), at("2026-11-26T10:00:00+08:00"));
    assert_eq!(clerk.subtract_working_minutes(at("2026-11-26T10:00:00+08:00"), 240), monday);
    assert!(clerk.is_working(monday) && !clerk.is_working(at("2026-11-24T10:00:00+08:00")));
}

#[test]
fn a_department_may_work_on_a_holiday_and_be_off_on_a_makeup_day() {
    let calendars = layered();
    let warehouse = calendars.of_department("warehouse");
    let noon = |day: &str| at(&format!("{day}T11:30:00+08:00"));
    assert!(warehouse.is_working(noon("2026-10-01")) && !warehouse.is_working(noon("2026-10-02")));
    assert!(!warehouse.is_working(noon("2026-10-10")) && calendars.company().is_working(noon("2026-10-10")));
}

#[test]
fn leave_of_two_years_postpones_and_loses_nothing() {
    let calendar =
        calendar().without(vec![(at("2026-01-01T00:00:00+08:00"), at("2027-12-31T00:00:00+08:00"))]);
    let due = calendar.add_working_minutes(at("2026-03-02T10:00:00+08:00"), 60);
    assert_eq!(due, at("2027-12-31T10:00:00+08:00"));
    let start = calendar.subtract_working_minutes(at("2027-06-01T10:00:00+08:00"), 60);
    assert_eq!(start, at("2025-12-31T17:00:00+08:00"));
}
