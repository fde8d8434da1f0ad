//! The rows behind each figure of the boards, as a list and as a file.

use super::board::{KEPT, MISSED, departments, led, person, until_today};
use super::cursor;
use super::report::{Period, TraitsQuery, csv_file, every_page, plain};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::board::{HappeningView, TaskFactView, happening, task_fact};
use crate::words::{Lang, named, word};
use axum::Json;
use axum::response::Response;
use ordain_app::figures::ages;
use ordain_store::{HappeningCut, HappeningRow, Id, TaskFactCut, TaskFactRow, TaskFactSet};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskFactQuery {
    /// What is late now (`overdue`) is asked for without days.
    pub from: Option<String>,
    pub to: Option<String>,
    /// `due`, `breached`, `overdue`, `upcoming`, `opened`, `urged`, `decided`, `returned`, `approved`, `instant`,
    /// `by_people` or `by_system`.
    pub set: String,
    /// At this step, of the flow that `step_flow` names; of none that is known if that is empty.
    pub node: Option<String>,
    pub step_flow: Option<String>,
    /// Of this department, of none if it is empty; of all if nothing is said.
    pub department: Option<String>,
    /// Decided by this login or lying with it; only their superior may ask.
    pub person: Option<String>,
    /// Decided for this reason; for none if it is empty.
    pub reason: Option<String>,
    /// Late by so much: `0-4h`, `4-8h`, `1-3d` or `3d-`.
    pub age: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// What is asked for, and where in time it lies.
struct AskedTasks {
    set: TaskFactSet,
    cut: TaskFactCut,
    instants: (i64, i64),
}

impl AskedTasks {
    async fn read(ctx: &Ctx, asked: TaskFactQuery, of: TraitsQuery) -> Result<Self, Problem> {
        let period = Period::asked(ctx, asked.from.as_deref(), asked.to.as_deref())?;
        let set = TaskFactSet::ALL.into_iter().find(|set| set.name() == asked.set);
        let set = set.ok_or_else(|| Problem::bad_query("set", &asked.set))?;
        let instants = match set {
            TaskFactSet::Overdue => (i64::MIN, i64::MAX),
            _ => period.instants(&ctx.house),
        };
        let cut = TaskFactCut {
            flow: asked.step_flow,
            node: asked.node,
            department: asked.department,
            person: person(ctx, asked.person)?,
            reason: asked.reason,
            ages: None,
            of: of.traits(),
        };
        let Some(age) = asked.age.filter(|age| !age.is_empty()) else {
            return Ok(Self { set, cut, instants });
        };
        let (org, now_ms, found) = (ctx.org(), ctx.now_ms, cut.clone());
        let overdue = ctx
            .read(move |store| {
                Ok(store.task_groups(org, (TaskFactSet::Overdue, &found), (i64::MIN, i64::MAX), now_ms)?)
            })
            .await?;
        let departments = departments(&overdue);
        let ages = ages(&age, departments.iter().map(String::as_str), &ctx.house, now_ms);
        let ages = ages.ok_or_else(|| Problem::bad_query("age", &age))?;
        Ok(Self { set, cut: TaskFactCut { ages: Some(ages), ..cut }, instants })
    }
}

/// Lists the tasks that a figure counts.
#[utoipa::path(get, path = "/reports/tasks", operation_id = "list_report_tasks", tag = "reports",
    params(TaskFactQuery, TraitsQuery),
    responses((status = 200, description = "A page of tasks", body = Page<TaskFactView>)))]
pub async fn list_report_tasks(
    ctx: Ctx,
    Query(asked): Query<TaskFactQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<Page<TaskFactView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Option<(i64, Id)> = cursor::read(asked.cursor.as_deref())?;
    let AskedTasks { set, cut, instants } = AskedTasks::read(&ctx, asked, of).await?;
    let (org, now_ms) = (ctx.org(), ctx.now_ms);
    let rows = ctx
        .read(move |store| Ok(store.task_fact_page(org, (set, &cut), instants, now_ms, after, limit)?))
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&set.place(row)));
    let led = led(&ctx);
    let items = rows.into_iter().map(|row| task_fact(row, &led, &ctx.house, now_ms)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// The same tasks as a file of comma-separated values, all of them.
#[utoipa::path(get, path = "/reports/tasks.csv", operation_id = "export_report_tasks", tag = "reports",
    params(TaskFactQuery, TraitsQuery),
    responses((status = 200, description = "A row for each task", content_type = "text/csv", body = String)))]
pub async fn export_report_tasks(
    ctx: Ctx,
    Query(asked): Query<TaskFactQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Response, Problem> {
    let AskedTasks { set, cut, instants } = AskedTasks::read(&ctx, asked, of).await?;
    let (org, now_ms) = (ctx.org(), ctx.now_ms);
    let page = move |store: &ordain_store::Store, last: Option<&TaskFactRow>, limit| {
        store.task_fact_page(org, (set, &cut), instants, now_ms, last.map(|row| set.place(row)), limit)
    };
    let rows = ctx.read(move |store| Ok(every_page(|last, limit| page(store, last, limit))?)).await?;
    let led = led(&ctx);
    let rows = rows.into_iter().map(|row| task_fact(row, &led, &ctx.house, now_ms));
    csv_file(&ctx, &format!("tasks-{}.csv", set.name()), |writer, lang| task_table(writer, lang, rows))
}

const TASK_COLUMNS: [&str; 11] = [
    "number",
    "node",
    "department",
    "person",
    "opened_at",
    "due_at",
    "ended_at",
    "decision",
    "reason",
    "urges",
    "late_minutes",
];

fn task_table(
    writer: &mut csv::Writer<Vec<u8>>,
    lang: Lang,
    rows: impl Iterator<Item = TaskFactView>,
) -> Result<(), csv::Error> {
    writer.write_record(TASK_COLUMNS.map(|name| word(&format!("task_fact.{name}")).of(lang).to_owned()))?;
    for row in rows {
        writer.write_record([
            plain(&row.number),
            plain(row.node_name.of(lang)),
            row.department.unwrap_or_default(),
            plain(&row.person.unwrap_or_default()),
            row.opened_at,
            row.due_at.unwrap_or_default(),
            row.ended_at.unwrap_or_default(),
            row.decision.unwrap_or_default(),
            plain(&row.reason.unwrap_or_default()),
            row.urges.to_string(),
            row.late_minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(())
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HappeningQuery {
    pub from: Option<String>,
    pub to: Option<String>,
    /// `exception`, `change`, `promise`, `notice` or `catch`.
    pub kind: String,
    /// Of this sort: a type of exception, an origin of changes, a fault.
    pub about: Option<String>,
    /// What is over (`ended`); of promises those that were `kept` or `missed`, of notices those that were
    /// `sent` or `failed`.
    pub state: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

const KINDS: [&str; 5] = ["exception", "change", "promise", "notice", "catch"];

fn asked_happenings(
    ctx: &Ctx,
    asked: &HappeningQuery,
    of: TraitsQuery,
) -> Result<(HappeningCut, (i64, i64)), Problem> {
    let period = Period::asked(ctx, asked.from.as_deref(), asked.to.as_deref())?;
    if !KINDS.contains(&asked.kind.as_str()) {
        return Err(Problem::bad_query("kind", &asked.kind));
    }
    let instants = period.instants(&ctx.house);
    let state = asked.state.as_deref().filter(|state| !state.is_empty());
    let (states, instants): (&[&str], _) = match (asked.kind.as_str(), state) {
        (_, None) => (&[], instants),
        ("exception", Some("ended")) => (&["closed"], instants),
        ("change", Some("ended")) => (&["applied"], instants),
        ("notice", Some("sent")) => (&["sent"], instants),
        ("notice", Some("failed")) => (&["failed"], instants),
        ("promise", Some(KEPT)) => (&["kept"], instants),
        ("promise", Some(MISSED)) => (&["late", "open"], until_today(ctx, instants)),
        (_, Some(other)) => return Err(Problem::bad_query("state", other)),
    };
    let states = states.iter().map(|state| (*state).to_owned()).collect();
    let about = asked.about.clone().filter(|about| !about.is_empty());
    Ok((HappeningCut { kind: asked.kind.clone(), about, states, of: of.traits() }, instants))
}

/// Lists what happened to orders, as a figure counts it.
#[utoipa::path(get, path = "/reports/happenings", operation_id = "list_happenings", tag = "reports",
    params(HappeningQuery, TraitsQuery),
    responses((status = 200, description = "A page of happenings", body = Page<HappeningView>)))]
pub async fn list_happenings(
    ctx: Ctx,
    Query(asked): Query<HappeningQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<Page<HappeningView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Option<(i64, Id, String)> = cursor::read(asked.cursor.as_deref())?;
    let (cut, instants) = asked_happenings(&ctx, &asked, of)?;
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.happening_page(org, &cut, instants, after, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&place(row)));
    let items = rows.into_iter().map(|row| happening(row, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}

fn place(row: &HappeningRow) -> (i64, Id, String) {
    (row.at_ms, row.order_id, row.subject.clone())
}

/// The same as a file of comma-separated values, all of it.
#[utoipa::path(get, path = "/reports/happenings.csv", operation_id = "export_happenings", tag = "reports",
    params(HappeningQuery, TraitsQuery),
    responses((status = 200, description = "A row for each happening", content_type = "text/csv", body = String)))]
pub async fn export_happenings(
    ctx: Ctx,
    Query(asked): Query<HappeningQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Response, Problem> {
    let (cut, instants) = asked_happenings(&ctx, &asked, of)?;
    let org = ctx.org();
    let page = move |store: &ordain_store::Store, last: Option<&HappeningRow>, limit| {
        store.happening_page(org, &cut, instants, last.map(place), limit)
    };
    let rows = ctx.read(move |store| Ok(every_page(|last, limit| page(store, last, limit))?)).await?;
    let rows = rows.into_iter().map(|row| happening(row, &ctx.house));
    csv_file(&ctx, &format!("{}.csv", asked.kind), |writer, lang| happening_table(writer, lang, rows))
}

const HAPPENING_COLUMNS: [&str; 6] = ["number", "kind", "about", "state", "at", "minutes"];

fn happening_table(
    writer: &mut csv::Writer<Vec<u8>>,
    lang: Lang,
    rows: impl Iterator<Item = HappeningView>,
) -> Result<(), csv::Error> {
    writer
        .write_record(HAPPENING_COLUMNS.map(|name| word(&format!("happening.{name}")).of(lang).to_owned()))?;
    for row in rows {
        writer.write_record([
            plain(&row.number),
            named("happening_kind", &row.kind).of(lang).to_owned(),
            plain(row.about_name.of(lang)),
            row.state_name.of(lang).to_owned(),
            row.at,
            row.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(())
}
