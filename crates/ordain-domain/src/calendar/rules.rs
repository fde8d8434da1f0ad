//! Working hours as they are stored and edited: those of the company, and what a department or a person does
//! otherwise.
//!
//! Nothing is judged here; what cannot be sound is refused where it is put.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Minutes after midnight; 24:00 is 1,440.
pub type Span = (u16, u16);
/// Working spans of each weekday, Monday first; an empty list is a day off.
pub type Week = [Vec<Span>; 7];

/// Minutes of a day, and thus the latest end of a span.
pub const DAY_MINUTES: u16 = 24 * 60;

/// Working hours of a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRules {
    /// IANA zone name.
    pub timezone: String,
    /// Spans of minutes after midnight, Monday first; an empty list is a day off.
    pub week: Week,
    #[serde(default)]
    pub holidays: BTreeSet<Date>,
    /// Days off of the week that are worked (调休), with the hours of the first day of the week that has any.
    #[serde(default)]
    pub makeup_workdays: BTreeSet<Date>,
    /// When notices wait; may pass midnight. Companies founded before there were quiet hours have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Span>,
    /// Key of the public holidays that were taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_holidays: Option<String>,
}

impl Default for CalendarRules {
    /// Monday to Friday, 09:00–12:00 and 13:00–18:00, quiet from 21:00 to 08:00, Shanghai.
    fn default() -> Self {
        let day = vec![(9 * 60, 12 * 60), (13 * 60, 18 * 60)];
        let off = Vec::new;
        Self {
            timezone: "Asia/Shanghai".to_owned(),
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day, off(), off()],
            holidays: BTreeSet::new(),
            makeup_workdays: BTreeSet::new(),
            quiet_hours: Some((21 * 60, 8 * 60)),
            public_holidays: None,
        }
    }
}

/// What a department or a person does otherwise than the layer above it. What is absent is as above.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub days_off: BTreeSet<Date>,
    /// Days that are worked although the layer above has them off.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub workdays: BTreeSet<Date>,
}

/// The layers below the company: departments by code, people by login.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarLayers {
    pub departments: BTreeMap<String, Layer>,
    pub people: BTreeMap<String, Layer>,
}

impl Layer {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The rules below this layer.
    #[must_use]
    pub fn over(&self, above: &CalendarRules) -> CalendarRules {
        let mut rules = above.clone();
        if let Some(week) = &self.week {
            rules.week.clone_from(week);
        }
        for date in &self.days_off {
            rules.makeup_workdays.remove(date);
            rules.holidays.insert(*date);
        }
        for date in &self.workdays {
            rules.holidays.remove(date);
            rules.makeup_workdays.insert(*date);
        }
        rules
    }
}

/// Sorts spans of instants and joins those that overlap or touch; empty ones go.
pub fn joined(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.retain(|(from, until)| from < until);
    spans.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (from, until) in spans {
        match joined.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(until),
            None => joined.push((from, until)),
        }
    }
    joined
}
