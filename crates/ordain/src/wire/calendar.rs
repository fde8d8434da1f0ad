//! Working time as it is shown and put: times of a day and dates as text, layers with what they come to.

use super::absence::LeaveView;
use super::reader::{Kind, Shape};
use crate::words::{Text, text};
use ordain_domain::calendar::{
    Calendar, CalendarRules, HolidayYear, Known, Layer, PublicHolidays, Span, Week,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const WEEK: Kind = Kind::List(&Kind::List(&Kind::Text));
const DAYS: Kind = Kind::List(&Kind::Text);
pub const CALENDAR: Shape = &[
    ("timezone", Kind::Text),
    ("week", WEEK),
    ("holidays", DAYS),
    ("makeup_workdays", DAYS),
    ("quiet_hours", Kind::Text),
    ("public_holidays", Kind::Text),
];
pub const LAYER: Shape = &[("week", WEEK), ("days_off", DAYS), ("workdays", DAYS)];

/// What is left out stays as it is; an empty text or list clears it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CalendarBody {
    /// IANA name.
    pub timezone: Option<String>,
    /// Seven lists of spans such as `09:00-12:00`, Monday first; 24:00 is the end of a day.
    pub week: Option<Vec<Vec<String>>>,
    pub holidays: Option<Vec<String>>,
    /// Days off of the week that are worked.
    pub makeup_workdays: Option<Vec<String>>,
    /// When notices wait, such as `21:00-08:00`.
    pub quiet_hours: Option<String>,
    /// Key of public holidays to take over, such as `cn`.
    pub public_holidays: Option<String>,
}

/// What a department or person does otherwise. It is replaced as a whole; what is left out is as in the layer above.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CalendarLayerBody {
    pub week: Option<Vec<Vec<String>>>,
    pub days_off: Option<Vec<String>>,
    /// Days that are worked although the layer above has them off.
    pub workdays: Option<Vec<String>>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Calendar)]
pub struct CalendarView {
    pub timezone: String,
    pub week: Vec<Vec<String>>,
    pub holidays: Vec<String>,
    pub makeup_workdays: Vec<String>,
    pub quiet_hours: Option<String>,
    /// None where the company takes over no public holidays.
    pub public_holidays: Option<PublicHolidaysView>,
}

/// Public holidays, and how far they are known.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PublicHolidays)]
pub struct PublicHolidaysView {
    pub key: String,
    pub from_year: i16,
    pub to_year: i16,
    pub years: Vec<HolidayYearView>,
    /// That nothing is known after the last year.
    pub beyond: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HolidayYear)]
pub struct HolidayYearView {
    pub year: i16,
    /// Title of the notice or law that the days come from.
    pub source: String,
    pub published: String,
    /// Whether the announcement is still to come.
    pub provisional: bool,
    pub reason: Option<Text>,
    pub periods: Vec<HolidayPeriodView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HolidayPeriod)]
pub struct HolidayPeriodView {
    pub name: String,
    pub from: String,
    /// The last day.
    pub to: String,
    pub workdays: Vec<String>,
}

/// The hours of a department or person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CalendarLayer)]
pub struct LayerView {
    /// Code of the department, login of the person.
    pub key: String,
    /// What is otherwise than above; none if nothing is.
    pub week: Option<Vec<Vec<String>>>,
    pub days_off: Vec<String>,
    pub workdays: Vec<String>,
    /// The hours that this comes to.
    pub hours: Vec<Vec<String>>,
    /// Of a person.
    pub leave: Vec<LeaveView>,
}

/// All calendars that are otherwise than the company's.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Calendars)]
pub struct CalendarsView {
    pub company: CalendarView,
    pub departments: Vec<LayerView>,
    pub people: Vec<LayerView>,
}

/// When something that begins at an instant would be due.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Deadline)]
pub struct DeadlineView {
    pub from: String,
    pub minutes: u32,
    pub due_at: String,
    /// When a notice that falls due then may be sent: not in quiet hours.
    pub notice_at: String,
    /// `announced`, `provisional`, `unknown`, or `none` if the company takes over no public holidays.
    pub holidays: &'static str,
    /// What is not known of the holidays until then.
    pub note: Option<Text>,
}

fn time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn span((from, to): &Span) -> String {
    format!("{}-{}", time(*from), time(*to))
}

fn week(week: &Week) -> Vec<Vec<String>> {
    week.iter().map(|spans| spans.iter().map(span).collect()).collect()
}

fn dates<'a>(dates: impl IntoIterator<Item = &'a jiff::civil::Date>) -> Vec<String> {
    dates.into_iter().map(ToString::to_string).collect()
}

pub fn calendar(rules: &CalendarRules) -> CalendarView {
    CalendarView {
        timezone: rules.timezone.clone(),
        week: week(&rules.week),
        holidays: dates(&rules.holidays),
        makeup_workdays: dates(&rules.makeup_workdays),
        quiet_hours: rules.quiet_hours.as_ref().map(span),
        public_holidays: rules.public_holidays.as_deref().and_then(PublicHolidays::by_key).map(public),
    }
}

fn public(holidays: &PublicHolidays) -> PublicHolidaysView {
    let (from_year, to_year) = holidays.range();
    PublicHolidaysView {
        key: holidays.key.clone(),
        from_year,
        to_year,
        years: holidays.years.iter().map(holiday_year).collect(),
        beyond: not_known_after(to_year),
    }
}

fn not_known_after(year: i16) -> Text {
    text("holidays.not_known_after", &[("year", Text::plain(year.to_string()))])
}

fn holiday_year(year: &HolidayYear) -> HolidayYearView {
    let period = |period: &ordain_domain::calendar::HolidayPeriod| HolidayPeriodView {
        name: period.name.clone(),
        from: period.from.to_string(),
        to: period.to.to_string(),
        workdays: dates(&period.workdays),
    };
    HolidayYearView {
        year: year.year,
        source: year.title.clone(),
        published: year.published.to_string(),
        provisional: year.provisional,
        reason: year.reason.as_ref().map(|reason| Text { zh: reason.zh.clone(), en: reason.en.clone() }),
        periods: year.periods.iter().map(period).collect(),
    }
}

pub fn layer(key: &str, layer: &Layer, resolved: &Calendar, leave: Vec<LeaveView>) -> LayerView {
    LayerView {
        key: key.to_owned(),
        week: layer.week.as_ref().map(week),
        days_off: dates(&layer.days_off),
        workdays: dates(&layer.workdays),
        hours: week(&resolved.rules().week),
        leave,
    }
}

/// The deadline of something that takes some working minutes.
pub fn deadline(calendar: &Calendar, from_ms: i64, minutes: u32) -> DeadlineView {
    let due_ms = calendar.add_working_minutes(from_ms, minutes);
    let year = calendar.date_at(due_ms).year();
    let holidays = calendar.rules().public_holidays.as_deref().and_then(PublicHolidays::by_key);
    let (state, note) = match holidays.map(|holidays| (holidays.known(year), holidays)) {
        None => ("none", None),
        Some((Known::Announced, _)) => ("announced", None),
        Some((Known::Outside { last, .. }, _)) => ("unknown", Some(not_known_after(last))),
        Some((Known::Provisional, holidays)) => {
            let known = holidays.years.iter().find(|known| known.year == year);
            ("provisional", known.and_then(|known| holiday_year(known).reason))
        }
    };
    DeadlineView {
        from: calendar.text(from_ms),
        minutes,
        due_at: calendar.text(due_ms),
        notice_at: calendar.text(calendar.next_outside_quiet_hours(due_ms)),
        holidays: state,
        note,
    }
}
