//! What lies before each department: the load of the coming working days, and what to do first where not all can be.

use super::queue::pool_of;
use super::{QueryError, order};
use crate::case::Case;
use crate::case::people::User;
use crate::case::world::House;
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_domain::calendar::Calendar;
use ordain_domain::load::{DayLoad, Press, PressClass, Work, forecast};
use ordain_store::{Id, Store, TaskCount, TaskFilter, TaskMoment, TaskNarrow, TaskRow};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use uuid::Uuid;

/// How much of the past speaks for what is to come.
const PAST_DAYS: i64 = 90;
/// Three weeks of work, so that the end of a month is seen when there is time to prepare for it.
const DAYS_AHEAD: usize = 15;
/// Of how many tasks, the first due, the most pressing ones are sought.
const PRESSING_OF: usize = 100;

/// What one department has before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentForecast {
    pub department: String,
    pub open: i64,
    pub overdue: i64,
    pub days: Vec<DayLoad>,
}

/// The coming working days of every department that has or had tasks.
///
/// # Errors
/// What the store says.
pub fn departments(
    store: &Store,
    org: i64,
    house: &House,
    now_ms: i64,
) -> Result<Vec<DepartmentForecast>, QueryError> {
    let today = house.calendar.date_at(now_ms);
    let since = today.checked_sub(PAST_DAYS.days()).unwrap_or(today);
    let since_ms = house.calendar.instant(since, 0);
    let loads = store.department_loads(org, now_ms)?;
    let mut works: BTreeMap<String, Work> = BTreeMap::new();
    for load in loads.iter().filter(|load| !load.department.is_empty()) {
        works.entry(load.department.clone()).or_default().open = count(load.open);
    }
    for (moment, from_ms) in
        [(TaskMoment::Opened, since_ms), (TaskMoment::Done, since_ms), (TaskMoment::Due, 0)]
    {
        for found in store.task_counts(org, moment, from_ms)? {
            let day = house.calendars.of_department(&found.department).date_at(found.from_ms);
            add(works.entry(found.department.clone()).or_default(), moment, day, &found);
        }
    }
    let forecast_of = |(department, work): (String, Work)| {
        let calendar: &Calendar = house.calendars.of_department(&department);
        // A young company is not measured by the days before it was there.
        let since = work.past.keys().next().map_or(since, |first| since.max(*first));
        let days = forecast(calendar, &work, (since, calendar.date_at(now_ms)), DAYS_AHEAD);
        let overdue = loads.iter().find(|load| load.department == department).map_or(0, |load| load.overdue);
        DepartmentForecast { open: i64::from(work.open), overdue, days, department }
    };
    Ok(works.into_iter().map(forecast_of).collect())
}

fn add(work: &mut Work, moment: TaskMoment, day: Date, found: &TaskCount) {
    let n = count(found.n);
    match moment {
        TaskMoment::Opened => work.past.entry(day).or_default().opened += n,
        TaskMoment::Done => work.past.entry(day).or_default().done += n,
        TaskMoment::Due => *work.due.entry(day).or_default() += n,
    }
}

fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A task with the reason for its place.
#[derive(Clone, Debug)]
pub struct Pressing {
    pub row: TaskRow,
    pub press: Press,
}

/// What a person should do first, of the tasks that are the person's or the department's, with the cases they belong to.
///
/// # Errors
/// What the store says.
pub fn pressing(
    store: &Store,
    org: i64,
    house: &House,
    user: &User,
    (now_ms, limit): (i64, usize),
) -> Result<(Vec<Pressing>, BTreeMap<Id, Case>), QueryError> {
    let mut rows = Vec::new();
    for filter in [TaskFilter::Mine { user: user.id.into_bytes() }, pool_of(user)] {
        rows.extend(store.list_tasks(org, &filter, &TaskNarrow::default(), None, PRESSING_OF)?);
    }
    let mut cases = BTreeMap::new();
    let mut found = Vec::new();
    for row in rows {
        let case = match cases.entry(row.order_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(order::by_id(store, org, Uuid::from_bytes(row.order_id))?),
        };
        found.push(Pressing { press: press(case, house, &row, now_ms), row });
    }
    found.sort_by(|a, b| a.press.cmp(&b.press));
    found.truncate(limit);
    Ok((found, cases))
}

fn press(case: &Case, house: &House, row: &TaskRow, now_ms: i64) -> Press {
    let today = house.calendar.date_at(now_ms);
    let class = match row.due_at_ms {
        Some(due_ms) if due_ms < now_ms => PressClass::Late,
        Some(due_ms) if house.calendar.date_at(due_ms) <= today => PressClass::Today,
        _ => PressClass::Later,
    };
    let levels = &house.rules.priority_levels;
    let level = case.order.checked.customer.as_ref().and_then(|customer| customer.level.as_ref());
    let place = level.and_then(|level| levels.iter().position(|first| first == level));
    let home = house.rules.currency;
    let worth =
        case.order.weight_minor().zip(case.order.checked.totals.as_ref()).and_then(|(minor, totals)| {
            house.rates.convert(minor, (totals.currency, home), home, today).ok()
        });
    Press {
        class,
        level: place.unwrap_or(levels.len()),
        // What cannot be told in the company's currency comes behind what can.
        amount: Reverse(worth.unwrap_or(0)),
        due_ms: row.due_at_ms.unwrap_or(i64::MAX),
    }
}
