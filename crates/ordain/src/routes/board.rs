//! Boards besides the figures of orders: whether work is done in time, and how well.

use super::report::{Period, PeriodQuery, TraitsQuery};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::{Query, some};
use crate::wire::board::{
    ChoicesView, DeliveryView, DepartmentBreachView, DueDayView, EscalatedView, OperationsBoardView,
    OverdueAgeView, PersonBreachView, QualityBoardView, ReasonReturnsView, SlaBoardView, SortView, choices,
    no_delivery, sort, step_breach, step_returns,
};
use axum::Json;
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_app::case::ExceptionKind;
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::figures::{
    AGES, Breach, Breaches, ages, breaches, report, returns_by_reason, returns_by_step, sorts, sum, together,
};
use ordain_store::{
    FactTraits, HandOverSet, HappeningCount, HappeningCut, Store, StoreError, TaskFactCut, TaskFactSet,
    TaskGroup,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::IntoParams;

/// Days that the calendar of what is due shows, today included.
const CALENDAR_DAYS: i32 = 5;
/// How far up superiors see the work of people.
const LEVELS: u8 = 9;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DepartmentQuery {
    /// Only tasks of this department, of none if it is empty.
    pub department: Option<String>,
}

/// The logins of everybody whose superior the caller is.
pub(super) fn led(ctx: &Ctx) -> Vec<String> {
    let Ok(user) = ctx.user() else { return Vec::new() };
    let (house, people) = (&ctx.house, &ctx.house.people);
    let below = |other: &&User| {
        house.organisation.managers_above(other, people, LEVELS).contains(&user.login.as_str())
    };
    people.users.values().filter(below).map(|other| other.login.clone()).collect()
}

/// Tasks of the store as one board asks for them.
struct Tasks<'a> {
    store: &'a Store,
    house: &'a House,
    org: i64,
    now_ms: i64,
    cut: TaskFactCut,
}

impl Tasks<'_> {
    fn groups(&self, set: TaskFactSet, instants: (i64, i64)) -> Result<Vec<TaskGroup>, StoreError> {
        self.store.task_groups(self.org, (set, &self.cut), instants, self.now_ms)
    }

    fn calendar(&self) -> Result<Vec<DueDayView>, StoreError> {
        let calendar = &self.house.calendar;
        let today = calendar.date_at(self.now_ms);
        let days = (0..CALENDAR_DAYS).map(|n| today.saturating_add(n.days()));
        days.map(|day: Date| {
            let instants = (calendar.instant(day, 0), calendar.instant(day.saturating_add(1.day()), 0));
            let tasks = sum(&self.groups(TaskFactSet::Upcoming, instants)?);
            Ok(DueDayView { day: day.to_string(), works: calendar.works_on(day), tasks })
        })
        .collect()
    }

    fn ages(&self) -> Result<Vec<OverdueAgeView>, StoreError> {
        let overdue = self.groups(TaskFactSet::Overdue, (i64::MIN, i64::MAX))?;
        let departments = departments(&overdue);
        let names = AGES.into_iter().map(|(age, ..)| age);
        names
            .map(|age| {
                let ages = ages(age, departments.iter().map(String::as_str), self.house, self.now_ms);
                let cut = TaskFactCut { ages, ..self.cut.clone() };
                let of = (TaskFactSet::Overdue, &cut);
                let groups = self.store.task_groups(self.org, of, (i64::MIN, i64::MAX), self.now_ms)?;
                Ok(OverdueAgeView { age, tasks: sum(&groups) })
            })
            .collect()
    }
}

/// The departments that tasks belong to; empty for none.
pub(super) fn departments(groups: &[TaskGroup]) -> BTreeSet<String> {
    groups.iter().map(|group| group.department.clone().unwrap_or_default()).collect()
}

/// Shows to what sorts of orders boards can be narrowed.
#[utoipa::path(get, path = "/reports/choices", operation_id = "read_board_choices", tag = "reports", params(PeriodQuery),
    responses((status = 200, description = "The choices", body = ChoicesView)))]
pub async fn read_board_choices(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
) -> Result<Json<ChoicesView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let org = ctx.org();
    let found = ctx
        .read(move |store| {
            let days = (period.0.to_string(), period.1.to_string());
            Ok(store.sorts_received(org, (&days.0, &days.1))?)
        })
        .await?;
    Ok(Json(choices(&found, &ctx.house)))
}

/// Shows how many of the tasks that were due in a period were late, what is late now, and what is due next.
#[utoipa::path(get, path = "/reports/sla", operation_id = "read_sla_board", tag = "reports",
    params(PeriodQuery, DepartmentQuery, TraitsQuery),
    responses((status = 200, description = "The board", body = SlaBoardView)))]
pub async fn read_sla_board(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(at): Query<DepartmentQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<SlaBoardView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, now_ms, house, led) = (ctx.org(), ctx.now_ms, ctx.house.clone(), led(&ctx));
    let of = of.traits();
    let cut = TaskFactCut { department: at.department, of: of.clone(), ..TaskFactCut::default() };
    let view = ctx
        .read(move |store| {
            let tasks = Tasks { store, house: &house, org, now_ms, cut };
            let (now, before) = (period.instants(&house), period.before().instants(&house));
            let (due, late) =
                (tasks.groups(TaskFactSet::Due, now)?, tasks.groups(TaskFactSet::Breached, now)?);
            let opened = tasks.groups(TaskFactSet::Opened, now)?;
            let escalated = store.hand_over_counts(org, (HandOverSet::Escalated, &of), now)?;
            let here =
                |department: &String| tasks.cut.department.as_ref().is_none_or(|one| one == department);
            Ok(SlaBoardView {
                previous_due: sum(&tasks.groups(TaskFactSet::Due, before)?),
                previous_breached: sum(&tasks.groups(TaskFactSet::Breached, before)?),
                calendar: tasks.calendar()?,
                ages: tasks.ages()?,
                opened: sum(&opened),
                urged: sum(&tasks.groups(TaskFactSet::Urged, now)?),
                urges: opened.iter().map(|group| group.urges).sum(),
                escalated: escalated
                    .into_iter()
                    .filter(|(department, _)| here(department))
                    .map(|(department, hand_overs)| EscalatedView { department, hand_overs })
                    .collect(),
                ..of_breaches(period, breaches(&due, &late, &led), &house, !led.is_empty())
            })
        })
        .await?;
    Ok(Json(view))
}

fn of_breaches(period: Period, found: Breaches, house: &House, leads: bool) -> SlaBoardView {
    let department = |(department, breach): (String, Breach)| DepartmentBreachView {
        department,
        due: breach.due,
        breached: breach.breached,
    };
    let person = |(login, breach): (String, Breach)| PersonBreachView {
        name: house.people.by_login(&login).map_or_else(|| login.clone(), |user| user.name.clone()),
        login,
        due: breach.due,
        breached: breach.breached,
    };
    SlaBoardView {
        from: period.0.to_string(),
        to: period.1.to_string(),
        due: found.all.due,
        breached: found.all.breached,
        previous_due: 0,
        previous_breached: 0,
        steps: found.steps.into_iter().map(|step| step_breach(step, house)).collect(),
        departments: found.departments.into_iter().map(department).collect(),
        people: found.people.into_iter().map(person).collect(),
        leads,
        calendar: Vec::new(),
        ages: Vec::new(),
        opened: 0,
        urged: 0,
        urges: 0,
        escalated: Vec::new(),
    }
}

/// Promises that have been kept, and the others whose day is over, as [`HappeningCut::states`] asks for them.
pub(super) const KEPT: &str = "kept";
pub(super) const MISSED: &str = "missed";

/// The happenings of a kind in a period.
fn happened(
    store: &Store,
    org: i64,
    (kind, states, of): (&str, &[&str], &FactTraits),
    instants: (i64, i64),
) -> Result<Vec<HappeningCount>, StoreError> {
    let states = states.iter().map(|state| (*state).to_owned()).collect();
    let cut = HappeningCut { kind: kind.to_owned(), about: None, states, of: of.clone() };
    store.happening_counts(org, &cut, instants)
}

/// Where promises end that can have been missed: what is promised for today may still leave.
pub(super) fn until_today(ctx: &Ctx, (from_ms, to_ms): (i64, i64)) -> (i64, i64) {
    let calendar = &ctx.house.calendar;
    (from_ms, to_ms.min(calendar.instant(calendar.date_at(ctx.now_ms), 0)))
}

/// Shows how well work is done: what passed at once, what was sent back and why, what the checks caught, what went wrong.
#[utoipa::path(get, path = "/reports/quality", operation_id = "read_quality_board", tag = "reports",
    params(PeriodQuery, DepartmentQuery, TraitsQuery),
    responses((status = 200, description = "The board", body = QualityBoardView)))]
pub async fn read_quality_board(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(at): Query<DepartmentQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<QualityBoardView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, now_ms, house, of) = (ctx.org(), ctx.now_ms, ctx.house.clone(), of.traits());
    let cut = TaskFactCut { department: at.department, of: of.clone(), ..TaskFactCut::default() };
    let instants = period.instants(&house);
    let over = until_today(&ctx, instants);
    let view = ctx
        .read(move |store| {
            let days = (period.0.to_string(), period.1.to_string());
            let days = (days.0.as_str(), days.1.as_str());
            let received = store.received_days(org, &of, days)?;
            let figures = report(&received, &store.confirmed_days(org, &of, days)?).figures;
            let tasks = Tasks { store, house: &house, org, now_ms, cut };
            let decided = tasks.groups(TaskFactSet::Decided, instants)?;
            let returned = tasks.groups(TaskFactSet::Returned, instants)?;
            let count = |counts: Vec<HappeningCount>| counts.iter().map(|count| count.n).sum::<i64>();
            let kind = |kind: &str| happened(store, org, (kind, &[], &of), instants);
            let changes = kind("change")?;
            let promises =
                |states: &[&str], instants| happened(store, org, ("promise", states, &of), instants);
            Ok(QualityBoardView {
                from: period.0.to_string(),
                to: period.1.to_string(),
                received: figures.received,
                with_exception: figures.with_exception,
                confirmed: figures.confirmed,
                first_pass: figures.first_pass,
                straight_through: figures.straight_through,
                changed: figures.changed,
                decided: sum(&decided),
                returned: sum(&returned),
                returns_by_step: returns_by_step(&decided, &returned)
                    .into_iter()
                    .map(|step| step_returns(step, &house))
                    .collect(),
                returns_by_reason: returns_by_reason(&returned)
                    .into_iter()
                    .map(|(reason, returned)| ReasonReturnsView { reason, returned })
                    .collect(),
                catches: sort_views("catch", &kind("catch")?),
                exceptions: sort_views("exception", &kind("exception")?),
                change: sort("change", together(&changes)),
                changes: sort_views("change", &changes),
                promises_kept: count(promises(&["kept"], instants)?),
                promises_missed: count(promises(&["late", "open"], over)?),
                approved: sum(&tasks.groups(TaskFactSet::Approved, instants)?),
                instant: sum(&tasks.groups(TaskFactSet::Instant, instants)?),
            })
        })
        .await?;
    Ok(Json(view))
}

/// Types of exceptions that tell of a call of another system that failed.
const FAILED_CALLS: [ExceptionKind; 2] = [ExceptionKind::ConnectorFailed, ExceptionKind::HookFailed];

/// Shows how the program runs: what it could not deliver, how far it is behind, and what it decides itself.
#[utoipa::path(get, path = "/reports/operations", operation_id = "read_operations_board", tag = "reports",
    params(PeriodQuery, TraitsQuery),
    responses((status = 200, description = "The board", body = OperationsBoardView)))]
pub async fn read_operations_board(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<OperationsBoardView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, now_ms, house, of) = (ctx.org(), ctx.now_ms, ctx.house.clone(), of.traits());
    let instants = period.instants(&house);
    let view = ctx
        .read(move |store| {
            let notices = happened(store, org, ("notice", &[], &of), instants)?;
            let failed = happened(store, org, ("exception", &[], &of), instants)?;
            let (behind, since) = store.outbox_behind(org, now_ms)?;
            let cut = TaskFactCut { of, ..TaskFactCut::default() };
            let tasks = Tasks { store, house: &house, org, now_ms, cut };
            let of_calls = |sort: &SortView| FAILED_CALLS.iter().any(|kind| kind.name() == sort.about);
            Ok(OperationsBoardView {
                from: period.0.to_string(),
                to: period.1.to_string(),
                channels: deliveries(&notices),
                failed_calls: sort_views("exception", &failed).into_iter().filter(of_calls).collect(),
                behind,
                lag_seconds: since.map_or(0, |since| (now_ms - since) / 1_000),
                by_people: sum(&tasks.groups(TaskFactSet::ByPeople, instants)?),
                by_system: sum(&tasks.groups(TaskFactSet::BySystem, instants)?),
            })
        })
        .await?;
    Ok(Json(view))
}

fn sort_views(kind: &str, counts: &[HappeningCount]) -> Vec<SortView> {
    sorts(counts).into_iter().map(|found| sort(kind, found)).collect()
}

fn deliveries(notices: &[HappeningCount]) -> Vec<DeliveryView> {
    let mut found: BTreeMap<&str, DeliveryView> = BTreeMap::new();
    for count in notices {
        let channel = found.entry(&count.about).or_insert_with(|| no_delivery(&count.about));
        channel.all += count.n;
        match count.state.as_str() {
            "sent" => channel.sent += count.n,
            "failed" => channel.failed += count.n,
            _ => {}
        }
    }
    found.into_values().collect()
}

/// Whose work is asked about: that is nobody's business but their superior's.
pub(super) fn person(ctx: &Ctx, asked: Option<String>) -> Result<Option<String>, Problem> {
    let Some(login) = some(asked) else { return Ok(None) };
    if led(ctx).contains(&login) {
        return Ok(Some(login));
    }
    Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "not_their_superior"))
}
