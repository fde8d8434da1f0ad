//! Working time from outside: examples that people can check on a wall calendar, and laws that hold for all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod edges;
mod examples;
mod holidays;
mod laws;

use jiff::Timestamp;
use ordain_domain::calendar::{Calendar, CalendarRules, PublicHolidays};

pub fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

/// The hours that a company in Shanghai starts with.
pub fn shanghai() -> CalendarRules {
    let mut rules = CalendarRules::default();
    PublicHolidays::china().apply(&mut rules);
    rules
}

pub fn calendar() -> Calendar {
    Calendar::new(shanghai()).unwrap()
}

/// Nine to five on every day of the week, in a zone that changes its clocks.
pub fn berlin(spans: Vec<(u16, u16)>) -> Calendar {
    let week = std::array::from_fn(|_| spans.clone());
    let rules = CalendarRules { timezone: "Europe/Berlin".to_owned(), week, ..CalendarRules::default() };
    Calendar::new(rules).unwrap()
}
