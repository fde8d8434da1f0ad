//! Reads the texts of an item into numbers and codes and collects every fault with its place.

use crate::gate::GateError;
use crate::problem::Fault;
use jiff::Timestamp;
use jiff::civil::Date;
use ordain_domain::calendar::{Calendar, DAY_MINUTES};
use ordain_domain::decimal::{Currency, DecimalText, OutOfRange, scaled_text};
use std::ops::RangeInclusive;

/// Longest code and longest text of a master data field, in characters.
const CODE_MAX: usize = 64;
const TEXT_MAX: usize = 500;
/// Largest amount of money, in minor units.
pub(super) const MONEY_MAX: i64 = 1_000_000_000_000_000;

/// Which end of a span a moment is: a date means its whole day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
}

/// Faults found so far in one request.
#[derive(Default)]
pub(super) struct Reading {
    faults: Vec<Fault>,
}

impl Reading {
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// The faults as a refusal, if there are any.
    pub fn refuse(self) -> Result<(), GateError> {
        if self.faults.is_empty() { Ok(()) } else { Err(GateError::Invalid(self.faults)) }
    }

    /// A code that must be there.
    pub fn code(&mut self, text: &str, path: String) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.fault(Fault::new("missing_field", path));
        } else if text.chars().count() > CODE_MAX {
            self.fault(Fault::new("too_long", path).with("limit", CODE_MAX.to_string()));
        } else if text.chars().any(char::is_control) {
            self.fault(Fault::new("bad_character", path));
        }
        text.to_owned()
    }

    /// A text that may be left out: then the stored one stays.
    pub fn text(&mut self, text: Option<&str>, stored: Option<&str>, path: String) -> String {
        let text = text.map_or_else(|| stored.unwrap_or_default(), str::trim);
        if text.chars().count() > TEXT_MAX {
            self.fault(Fault::new("too_long", path).with("limit", TEXT_MAX.to_string()));
        } else if text.chars().any(char::is_control) {
            self.fault(Fault::new("bad_character", path));
        }
        text.to_owned()
    }

    /// As [`Reading::text`], but not empty.
    pub fn required(&mut self, text: Option<&str>, stored: Option<&str>, path: String) -> String {
        let text = self.text(text, stored, path.clone());
        if text.is_empty() {
            self.fault(Fault::new("missing_field", path));
        }
        text
    }

    /// A number from zero to `max`, scaled by `10^places`; absent keeps what is stored, empty clears it.
    pub fn number(
        &mut self,
        text: Option<&str>,
        stored: Option<i64>,
        (places, max): (u32, i64),
        path: String,
    ) -> Option<i64> {
        let text = match text.map(str::trim) {
            None => return stored,
            Some("") => return None,
            Some(text) => text,
        };
        let Ok(decimal) = DecimalText::try_from(text.to_owned()) else {
            self.fault(Fault::new("not_a_decimal", path).with("found", shortened(text)));
            return None;
        };
        match decimal.scaled(places, max) {
            Ok(value) if value >= 0 => Some(value),
            Err(OutOfRange::TooPrecise) => {
                self.fault(Fault::new("too_precise", path).with("places", places.to_string()));
                None
            }
            Ok(_) => {
                self.fault(Fault::new("negative_number", path).with("found", shortened(text)));
                None
            }
            Err(OutOfRange::TooLarge) if text.starts_with('-') => {
                self.fault(Fault::new("negative_number", path).with("found", shortened(text)));
                None
            }
            Err(OutOfRange::TooLarge) => {
                let fault = Fault::new("out_of_range", path).with("found", shortened(text));
                self.fault(fault.with("max", scaled_text(max, places, 0)));
                None
            }
        }
    }

    /// Minutes, from one up to `max`.
    pub fn minutes(&mut self, minutes: i64, max: i64, path: String) -> u32 {
        let sound = u32::try_from(minutes).ok().filter(|_| (1..=max).contains(&minutes));
        if sound.is_none() {
            let fault = Fault::new("out_of_range", path).with("found", minutes.to_string());
            self.fault(fault.with("max", max.to_string()));
        }
        sound.unwrap_or(1)
    }

    /// A whole number within bounds, where one is given.
    pub fn within(&mut self, found: Option<i64>, allowed: &RangeInclusive<i64>, path: &str) {
        if let Some(found) = found.filter(|found| !allowed.contains(found)) {
            let fault = Fault::new("out_of_range", path).with("found", found.to_string());
            let fault = fault.with("min", allowed.start().to_string());
            self.fault(fault.with("max", allowed.end().to_string()));
        }
    }

    /// A day in ISO 8601; absent keeps what is stored, empty clears it.
    pub fn day(&mut self, text: Option<&str>, stored: Option<Date>, path: String) -> Option<Date> {
        let text = match text.map(str::trim) {
            None => return stored,
            Some("") => return None,
            Some(text) => text,
        };
        let day = text.parse::<Date>().ok();
        if day.is_none() {
            self.fault(Fault::new("invalid_date", path).with("found", shortened(text)));
        }
        day
    }

    pub fn currency(&mut self, text: Option<&str>, stored: Currency, path: String) -> Currency {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return stored };
        Currency::parse(text).unwrap_or_else(|| {
            self.fault(Fault::new("unknown_currency", path).with("found", shortened(text)));
            stored
        })
    }

    /// The instant that a date or an instant in ISO 8601 means as an end of a span.
    pub fn moment(&mut self, text: &str, edge: Edge, calendar: &Calendar, path: String) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            self.fault(Fault::new("missing_field", path));
            return None;
        }
        let of_day = |date: Date| match edge {
            Edge::Start => calendar.instant(date, 0),
            Edge::End => calendar.instant(date, DAY_MINUTES),
        };
        let instant = text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
        // An instant would be read as a date too, and lose its time.
        let date = || text.parse::<Date>().ok().filter(|_| text.len() == 10).map(of_day);
        let moment = instant.or_else(date);
        if moment.is_none() {
            self.fault(Fault::new("not_a_moment", path).with("found", shortened(text)));
        }
        moment
    }

    /// Names a span that does not end after it begins.
    pub fn in_order(&mut self, from_ms: i64, until_ms: i64, path: String) -> bool {
        if until_ms <= from_ms {
            self.fault(Fault::new("ends_before_start", path));
        }
        until_ms > from_ms
    }

    /// Names the second of two items with the same key.
    pub fn once<K: Ord>(&mut self, seen: &mut std::collections::BTreeSet<K>, key: K, path: String) {
        if !seen.insert(key) {
            self.fault(Fault::new("duplicate_code", path));
        }
    }
}

/// What was found, short enough to be shown.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
