//! Working time: the one place through which every deadline goes.
//!
//! A calendar has a zone, hours per weekday, holidays and make-up workdays, and for a person the leave that was taken.
//! Deadlines are counted in working minutes, so a task that arrives on Friday evening is due on Monday. Who has which
//! calendar is answered by [`Calendars`]; which days a country has off stands in [`PublicHolidays`].

mod holidays;
mod layers;
mod rules;
mod working;

pub use holidays::{HolidayPeriod, HolidayYear, Known, PublicHolidays, Words};
pub use layers::{Calendars, PersonTime};
pub use rules::{CalendarLayers, CalendarRules, DAY_MINUTES, Layer, Span, Week, joined};
pub use working::{Calendar, UnknownZone, add_calendar_minutes};
