//! Working time as it is put: the hours of the company, of a department, of a person.
//!
//! Hours and dates are text, so that a bad one is named with its place. What an item of the company leaves out stays;
//! a layer is replaced as a whole, and an empty one is taken away.

use super::AdminDone;
use super::document::{changed, expect, replace, stored, unchanged, write};
use super::known::Known;
use super::reading::{Reading, shortened};
use crate::case::decide::By;
use crate::gate::{Batch, CALENDAR, CALENDAR_LAYERS, GateError};
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_domain::calendar::{
    Calendar, CalendarLayers, CalendarRules, DAY_MINUTES, Layer, PublicHolidays, Span, Week,
};
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Days that one list may name, and spans of one day.
const DATES_MAX: usize = 2_000;
const SPANS_MAX: usize = 12;

/// The calendar of the company as it is put.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CalendarItem {
    pub timezone: Option<String>,
    /// Seven lists of spans such as `09:00-12:00`, Monday first.
    pub week: Option<Vec<Vec<String>>>,
    pub holidays: Option<Vec<String>>,
    pub makeup_workdays: Option<Vec<String>>,
    /// A span such as `21:00-08:00`; empty for none.
    pub quiet_hours: Option<String>,
    /// Key of the public holidays to take over; their days join those that are there.
    pub public_holidays: Option<String>,
}

/// What a department or a person does otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LayerItem {
    pub week: Option<Vec<Vec<String>>>,
    pub days_off: Option<Vec<String>>,
    pub workdays: Option<Vec<String>>,
}

/// Whose layer it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerOf {
    Department(String),
    Person(String),
}

impl LayerOf {
    fn put(&self) -> (&'static str, &'static str) {
        match self {
            Self::Department(_) => ("put_department_calendar", "department_calendar"),
            Self::Person(_) => ("put_person_calendar", "person_calendar"),
        }
    }

    fn key(&self) -> &str {
        match self {
            Self::Department(key) | Self::Person(key) => key,
        }
    }

    fn of<'a>(&self, layers: &'a mut CalendarLayers) -> &'a mut BTreeMap<String, Layer> {
        match self {
            Self::Department(_) => &mut layers.departments,
            Self::Person(_) => &mut layers.people,
        }
    }
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, CALENDAR.to_owned()));
    keys.settings.insert((org, CALENDAR_LAYERS.to_owned()));
    keys.directories.insert(org);
}

pub(super) fn put_company(
    item: &CalendarItem,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: CalendarRules = unchanged(batch, org, CALENDAR, expected)?;
    let mut reading = Reading::default();
    let rules = read(item, &before, &mut reading);
    check(&rules, "", &mut reading);
    reading.refuse()?;
    replace(batch, org, by, "put_calendar", CALENDAR, (&before, &rules))
}

fn read(item: &CalendarItem, before: &CalendarRules, reading: &mut Reading) -> CalendarRules {
    let mut rules = before.clone();
    if let Some(zone) = &item.timezone {
        zone.trim().clone_into(&mut rules.timezone);
    }
    if let Some(week) = item.week.as_ref().and_then(|text| self::week(text, reading)) {
        rules.week = week;
    }
    if let Some(days) = &item.holidays {
        rules.holidays = dates(days, "holidays", reading);
    }
    if let Some(days) = &item.makeup_workdays {
        rules.makeup_workdays = dates(days, "makeup_workdays", reading);
    }
    match item.quiet_hours.as_deref().map(str::trim) {
        None => {}
        Some("") => rules.quiet_hours = None,
        Some(text) => rules.quiet_hours = span(text, "quiet_hours", reading).or(rules.quiet_hours),
    }
    match item.public_holidays.as_deref().map(str::trim) {
        None => {}
        Some("") => rules.public_holidays = None,
        Some(key) => match PublicHolidays::by_key(key) {
            Some(holidays) => holidays.apply(&mut rules),
            None => {
                let fault = Fault::new("unknown_public_holidays", "public_holidays");
                reading.fault(fault.with("found", shortened(key)));
            }
        },
    }
    rules
}

pub(super) fn put_layer(
    of: &LayerOf,
    item: &LayerItem,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    let mut layers: CalendarLayers = stored(batch, org, CALENDAR_LAYERS)?;
    let before = of.of(&mut layers).get(of.key()).cloned().unwrap_or_default();
    expect(expected, &before)?;
    let mut reading = Reading::default();
    let known = Known::of(batch, org);
    match of {
        LayerOf::Department(code) => known.check_department(code, "code", &mut reading),
        LayerOf::Person(login) => known.check_login(login, "login", &mut reading),
    }
    let layer = Layer {
        week: item.week.as_ref().and_then(|text| week(text, &mut reading)),
        days_off: dates(item.days_off.as_deref().unwrap_or_default(), "days_off", &mut reading),
        workdays: dates(item.workdays.as_deref().unwrap_or_default(), "workdays", &mut reading),
    };
    if let Some(week) = &layer.week {
        check_week(week, "week", &mut reading);
    }
    check_apart(&layer.days_off, &layer.workdays, "workdays", &mut reading);
    reading.refuse()?;
    let (command, kind) = of.put();
    match layer.is_empty() {
        true => drop(of.of(&mut layers).remove(of.key())),
        false => drop(of.of(&mut layers).insert(of.key().to_owned(), layer.clone())),
    }
    let change = changed(kind, of.key(), Some(&before), &layer);
    write(batch, org, by, command, change.as_slice(), (CALENDAR_LAYERS, &layers))?;
    Ok(AdminDone::Tagged { tag: super::tag_of(&layer) })
}

fn week(text: &[Vec<String>], reading: &mut Reading) -> Option<Week> {
    let mut days = Vec::with_capacity(text.len());
    for (day, spans) in text.iter().enumerate() {
        if spans.len() > SPANS_MAX {
            let fault = Fault::new("too_many_items", format!("week[{day}]"));
            reading.fault(fault.with("most", SPANS_MAX.to_string()));
            continue;
        }
        let spans = spans.iter().enumerate();
        let spans = spans.filter_map(|(at, text)| span(text, &format!("week[{day}][{at}]"), reading));
        days.push(spans.collect::<Vec<Span>>());
    }
    let week = days.try_into().ok().filter(|_| text.len() == 7);
    if week.is_none() {
        reading.fault(Fault::new("not_seven_days", "week").with("found", text.len().to_string()));
    }
    week
}

/// Two times of a day with a hyphen between them.
fn span(text: &str, path: &str, reading: &mut Reading) -> Option<Span> {
    let times = text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
    if times.is_none() {
        reading.fault(Fault::new("not_a_time_span", path).with("found", shortened(text)));
    }
    times
}

/// Minutes after midnight; 24:00 is the last.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two = |text: &str| text.parse::<u16>().ok().filter(|_| text.len() <= 2 && text.is_ascii());
    let (hour, minute) = (two(hour)?, two(minute)?);
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && total <= DAY_MINUTES).then_some(total)
}

fn dates(texts: &[String], path: &str, reading: &mut Reading) -> BTreeSet<Date> {
    if texts.len() > DATES_MAX {
        reading.fault(Fault::new("too_many_items", path).with("most", DATES_MAX.to_string()));
        return BTreeSet::new();
    }
    let mut dates = BTreeSet::new();
    for (index, text) in texts.iter().enumerate() {
        match text.trim().parse::<Date>() {
            Ok(date) => drop(dates.insert(date)),
            Err(_) => {
                let fault = Fault::new("not_a_date", format!("{path}[{index}]"));
                reading.fault(fault.with("found", shortened(text)));
            }
        }
    }
    dates
}

/// Names what a calendar cannot count with; `prefix` leads to it.
pub(super) fn check(rules: &CalendarRules, prefix: &str, reading: &mut Reading) {
    check_zone(&rules.timezone, &format!("{prefix}timezone"), reading);
    check_week(&rules.week, &format!("{prefix}week"), reading);
    if rules.quiet_hours.is_some_and(|(from, to)| from == to || from.max(to) > DAY_MINUTES) {
        reading.fault(Fault::new("bad_quiet_hours", format!("{prefix}quiet_hours")));
    }
    let path = format!("{prefix}makeup_workdays");
    check_apart(&rules.holidays, &rules.makeup_workdays, &path, reading);
}

fn check_week(week: &Week, path: &str, reading: &mut Reading) {
    for (day, spans) in week.iter().enumerate() {
        let mut free_from = 0;
        for (from, to) in spans {
            if *from < free_from || to <= from || *to > DAY_MINUTES {
                reading.fault(Fault::new("bad_working_hours", format!("{path}[{day}]")));
            }
            free_from = *to;
        }
    }
}

fn check_apart(off: &BTreeSet<Date>, worked: &BTreeSet<Date>, path: &str, reading: &mut Reading) {
    for date in off.intersection(worked) {
        reading.fault(Fault::new("off_and_worked", path).with("found", date.to_string()));
    }
}

pub(super) fn check_zone(name: &str, path: &str, reading: &mut Reading) {
    let rules = CalendarRules { timezone: name.to_owned(), ..CalendarRules::default() };
    if Calendar::new(rules).is_err() {
        reading.fault(Fault::new("unknown_timezone", path).with("found", shortened(name)));
    }
}
