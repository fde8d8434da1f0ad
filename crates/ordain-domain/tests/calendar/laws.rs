//! Laws of counting, for every layer and any leave.

use super::shanghai;
use ordain_domain::calendar::{Calendar, Calendars, Layer, PersonTime};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MS_PER_MINUTE: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const FROM_MS: i64 = 1_704_067_200_000;
const UNTIL_MS: i64 = 1_830_000_000_000;

/// Two or no spans on each day, some on a grid of quarters of an hour, with at least one day that is worked.
fn week() -> impl Strategy<Value = [Vec<(u16, u16)>; 7]> {
    let day = prop::collection::btree_set(0u16..=96, 4).prop_map(|marks| {
        let marks: Vec<u16> = marks.into_iter().map(|mark| mark * 15).collect();
        vec![(marks[0], marks[1]), (marks[2], marks[3])]
    });
    let day_or_off = prop_oneof![4 => day.clone(), 1 => Just(Vec::new())];
    (day, prop::array::uniform6(day_or_off)).prop_map(|(first, [a, b, c, d, e, f])| [first, a, b, c, d, e, f])
}

fn leave() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let span = (FROM_MS..UNTIL_MS, 0..60 * DAY_MS).prop_map(|(from, length)| (from, from + length));
    prop::collection::vec(span, 0..20)
}

/// The calendars of a company, a department and a person, and what the person's would be without leave.
fn layers() -> impl Strategy<Value = [Calendar; 4]> {
    let zones = prop_oneof![Just("Asia/Shanghai"), Just("Europe/Berlin"), Just("America/New_York")];
    (zones, week(), week(), leave()).prop_map(|(zone, department, person, leave)| {
        let company = ordain_domain::calendar::CalendarRules { timezone: zone.to_owned(), ..shanghai() };
        let layer = |week| Layer { week: Some(week), ..Layer::default() };
        let time = |leave: &Vec<(i64, i64)>| PersonTime {
            department: Some("d".to_owned()),
            layer: layer(person.clone()),
            leave: leave.clone(),
        };
        let people = BTreeMap::from([("away".to_owned(), time(&leave)), ("here".to_owned(), time(&vec![]))]);
        let departments = BTreeMap::from([("d".to_owned(), layer(department))]);
        let all = Calendars::new(company, &departments, people).unwrap();
        [
            all.company().clone(),
            all.of_department("d").clone(),
            all.of_person("away").clone(),
            all.of_person("here").clone(),
        ]
    })
}

proptest! {
    #[test]
    fn adding_and_measuring_agree(layers in layers(), start in FROM_MS..UNTIL_MS, minutes in 1u32..3_000) {
        for calendar in layers {
            let due = calendar.add_working_minutes(start, minutes);
            prop_assert_eq!(calendar.working_ms_between(start, due), i64::from(minutes) * MS_PER_MINUTE);
            // The end of a span belongs to it: at noon sharp the work of the morning is due.
            prop_assert!(calendar.is_working(due - 1), "{}", calendar.text(due));
        }
    }

    #[test]
    fn subtracting_inverts_adding(layers in layers(), start in FROM_MS..UNTIL_MS, minutes in 1u32..3_000) {
        for calendar in layers {
            let begun = calendar.add_working_minutes(start, 0);
            let due = calendar.add_working_minutes(start, minutes);
            prop_assert!(calendar.is_working(begun) && begun >= start);
            prop_assert_eq!(calendar.subtract_working_minutes(due, minutes), begun);
            let before = calendar.subtract_working_minutes(start, minutes);
            prop_assert_eq!(calendar.working_ms_between(before, start), i64::from(minutes) * MS_PER_MINUTE);
            prop_assert!(calendar.is_working(before));
        }
    }

    #[test]
    fn leave_only_postpones(layers in layers(), start in FROM_MS..UNTIL_MS, minutes in 0u32..3_000) {
        let [_, _, away, here] = layers;
        prop_assert!(away.add_working_minutes(start, minutes) >= here.add_working_minutes(start, minutes));
        prop_assert!(away.subtract_working_minutes(start, minutes) <= here.subtract_working_minutes(start, minutes));
    }

    #[test]
    fn more_work_is_never_due_earlier(layers in layers(), start in FROM_MS..UNTIL_MS, minutes in 0u32..3_000, later in 0..DAY_MS) {
        for calendar in layers {
            let due = calendar.add_working_minutes(start, minutes);
            prop_assert!(calendar.add_working_minutes(start, minutes + 1) > due);
            prop_assert!(calendar.add_working_minutes(start + later, minutes) >= due);
        }
    }

    #[test]
    fn quiet_hours_are_left_once(start in FROM_MS..UNTIL_MS, from in 0u16..1_440, to in 0u16..1_440) {
        prop_assume!(from != to);
        let rules = ordain_domain::calendar::CalendarRules { quiet_hours: Some((from, to)), ..shanghai() };
        let calendar = Calendar::new(rules).unwrap();
        let next = calendar.next_outside_quiet_hours(start);
        prop_assert!(next >= start && next - start <= DAY_MS);
        prop_assert_eq!(calendar.next_outside_quiet_hours(next), next);
    }
}
