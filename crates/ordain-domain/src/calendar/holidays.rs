//! Public holidays as data: what was announced for which year, where that stands, and where knowledge ends.
//!
//! A year that nobody has announced yet is marked as provisional, and a year outside the data is not guessed.

use super::rules::CalendarRules;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The holidays of China. What cannot be read knows no year; the tests see to it that it can.
static CHINA: LazyLock<PublicHolidays> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/holidays-cn.json")).unwrap_or_default());

/// The holidays of one country.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PublicHolidays {
    pub key: String,
    /// Zones whose companies start with these holidays.
    pub timezones: Vec<String>,
    /// Oldest first, without gaps.
    pub years: Vec<HolidayYear>,
}

/// The holidays of one year, with their source.
#[derive(Clone, Debug, Deserialize)]
pub struct HolidayYear {
    pub year: i16,
    /// Title of the notice or law.
    pub title: String,
    pub published: Date,
    /// A public copy that the dates were held against.
    #[serde(default)]
    pub compared_with: Option<String>,
    /// Whether the announcement is still to come.
    pub provisional: bool,
    #[serde(default)]
    pub reason: Option<Words>,
    pub periods: Vec<HolidayPeriod>,
}

/// Words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// One holiday with the days that are worked for it.
#[derive(Clone, Debug, Deserialize)]
pub struct HolidayPeriod {
    pub name: String,
    pub from: Date,
    /// The last day.
    pub to: Date,
    #[serde(default)]
    pub workdays: BTreeSet<Date>,
}

impl HolidayPeriod {
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let to = self.to;
        self.from.series(1.day()).take_while(move |date| *date <= to)
    }
}

/// What is known of the holidays of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Announced,
    Provisional,
    /// Not known before or after the years named.
    Outside {
        first: i16,
        last: i16,
    },
}

impl PublicHolidays {
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// The holidays with a key.
    pub fn by_key(key: &str) -> Option<&'static Self> {
        Some(Self::china()).filter(|holidays| holidays.key == key)
    }

    /// The holidays that a company in a zone starts with.
    pub fn of_timezone(timezone: &str) -> Option<&'static Self> {
        Some(Self::china()).filter(|holidays| holidays.timezones.iter().any(|zone| zone == timezone))
    }

    /// First and last year of the data.
    pub fn range(&self) -> (i16, i16) {
        let year = |year: Option<&HolidayYear>| year.map_or(0, |year| year.year);
        (year(self.years.first()), year(self.years.last()))
    }

    pub fn known(&self, year: i16) -> Known {
        match self.years.iter().find(|known| known.year == year) {
            Some(known) if known.provisional => Known::Provisional,
            Some(_) => Known::Announced,
            None => {
                let (first, last) = self.range();
                Known::Outside { first, last }
            }
        }
    }

    /// Takes the holidays over into the rules of a company; its own days stay.
    pub fn apply(&self, rules: &mut CalendarRules) {
        for period in self.years.iter().flat_map(|year| &year.periods) {
            rules.holidays.extend(period.days());
            rules.makeup_workdays.extend(&period.workdays);
        }
        rules.public_holidays = Some(self.key.clone());
    }
}
