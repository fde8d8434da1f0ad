//! The holidays that the product brings along.

use super::{calendar, shanghai};
use jiff::civil::{Date, Weekday};
use ordain_domain::calendar::{CalendarRules, HolidayYear, Known, PublicHolidays};
use std::collections::BTreeSet;

fn year(year: i16) -> &'static HolidayYear {
    PublicHolidays::china().years.iter().find(|known| known.year == year).unwrap()
}

fn off(of: &HolidayYear) -> BTreeSet<Date> {
    of.periods.iter().flat_map(|period| period.days()).collect()
}

fn worked(of: &HolidayYear) -> BTreeSet<Date> {
    of.periods.iter().flat_map(|period| period.workdays.clone()).collect()
}

#[test]
fn knowledge_has_a_range_and_says_so() {
    let china = PublicHolidays::china();
    assert_eq!(china.range(), (2024, 2027));
    assert_eq!(china.known(2026), Known::Announced);
    assert_eq!(china.known(2027), Known::Provisional);
    for beyond in [2023, 2028] {
        assert_eq!(china.known(beyond), Known::Outside { first: 2024, last: 2027 });
    }
    assert!(PublicHolidays::of_timezone("Asia/Shanghai").is_some());
    assert!(PublicHolidays::of_timezone("Europe/Berlin").is_none());
    assert!(PublicHolidays::by_key("cn").is_some() && PublicHolidays::by_key("xx").is_none());
}

#[test]
fn every_year_has_a_source_and_every_day_its_place() {
    for (year, known) in (2024..).zip(&PublicHolidays::china().years) {
        assert_eq!(known.year, year, "no gaps");
        assert!(!known.title.is_empty() && known.published.year() < known.year);
        assert_eq!(known.provisional, known.reason.is_some());
        assert_eq!(known.provisional, known.compared_with.is_none());
        let (off, worked) = (off(known), worked(known));
        assert!(off.is_disjoint(&worked));
        assert!(off.iter().chain(&worked).all(|day| day.year() == known.year));
        let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        assert!(worked.iter().all(weekend), "only days of the weekend are worked for a holiday");
    }
}

/// The free days beyond the weekends are as many as the law grants, whatever is moved around them: 11 days until
/// 2024, 13 from 2025 on. This finds a date that was copied wrongly.
#[test]
fn the_days_off_work_balance_against_the_law() {
    let weekday = |day: &&Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    for (of, granted) in [(2024, 11), (2025, 13), (2026, 13)] {
        let won = off(year(of)).iter().filter(weekday).count() - worked(year(of)).len();
        // A granted day that falls on a weekend gives a weekday instead, so the balance is the law's number.
        assert_eq!(won, granted, "{of}");
    }
    assert_eq!(off(year(2027)).len(), 13, "the statutory days, and no guess beyond them");
    assert!(worked(year(2027)).is_empty());
}

#[test]
fn taking_them_over_keeps_the_days_of_the_company() {
    let own: Date = "2026-08-08".parse().unwrap();
    let mut rules = CalendarRules { holidays: BTreeSet::from([own]), ..CalendarRules::default() };
    PublicHolidays::china().apply(&mut rules);
    PublicHolidays::china().apply(&mut rules);
    assert!(rules.holidays.contains(&own));
    assert_eq!(rules.holidays.len(), shanghai().holidays.len() + 1);
    assert_eq!(rules.public_holidays.as_deref(), Some("cn"));
    let newly_worked: Date = "2026-10-10".parse().unwrap();
    assert!(calendar().rules().makeup_workdays.contains(&newly_worked));
}
