//! The load of the coming working days, and what to do first.

use super::task::views;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::wire::workbench::{DayLoadView, DepartmentForecastView, PressingView, WorkloadView};
use axum::Json;
use ordain_app::query::load::{self, DepartmentForecast, Pressing};
use ordain_domain::load::{DayLoad, PressClass};

const FIRST: usize = 20;

/// Forecasts the load of the departments, and says what the caller should do first.
#[utoipa::path(get, path = "/workload", operation_id = "read_workload", tag = "workbench",
    responses((status = 200, description = "The coming working days, and the most pressing tasks", body = WorkloadView)))]
pub async fn read_workload(ctx: Ctx) -> Result<Json<WorkloadView>, Problem> {
    let (org, now_ms, house, user) = (ctx.org(), ctx.now_ms, ctx.house.clone(), ctx.caller.user().cloned());
    let (departments, (first, cases)) = ctx
        .read(move |store| {
            let departments = load::departments(store, org, &house, now_ms)?;
            let first = match &user {
                Some(user) => load::pressing(store, org, &house, user, (now_ms, FIRST))?,
                None => Default::default(),
            };
            Ok((departments, first))
        })
        .await?;
    let first = first.into_iter().filter_map(|found| {
        let task = views(&ctx, std::slice::from_ref(&found.row), &cases).pop()?;
        Some(pressing(&ctx, task, &found))
    });
    Ok(Json(WorkloadView {
        first: first.collect(),
        departments: departments.into_iter().map(department).collect(),
    }))
}

fn pressing(ctx: &Ctx, task: crate::wire::task::TaskView, found: &Pressing) -> PressingView {
    let class = match found.press.class {
        PressClass::Late => "late",
        PressClass::Today => "today",
        PressClass::Later => "later",
    };
    PressingView { task, class, level: ctx.house.rules.priority_levels.get(found.press.level).cloned() }
}

fn department(found: DepartmentForecast) -> DepartmentForecastView {
    let DepartmentForecast { department, open, overdue, days } = found;
    DepartmentForecastView { department, open, overdue, days: days.into_iter().map(day).collect() }
}

fn day(load: DayLoad) -> DayLoadView {
    let DayLoad { day, month_end, due, expected, capacity, left, tight } = load;
    DayLoadView { date: day.to_string(), month_end, due, expected, capacity, left, tight }
}
