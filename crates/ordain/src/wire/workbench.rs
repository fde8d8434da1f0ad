//! The workbench: what to do now, at one look.

use super::order_row::OrderRowView;
use super::task::TaskView;
use crate::words::Text;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WorkbenchData)]
pub struct WorkbenchView {
    pub sentence: Text,
    /// The five most urgent.
    pub tasks: Vec<TaskView>,
    pub counts: WorkCountsView,
    pub stages: Vec<StageCountView>,
    pub by_department: Vec<DepartmentLoadView>,
    pub recent_orders: Vec<OrderRowView>,
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = WorkCounts)]
pub struct WorkCountsView {
    pub my_open: i64,
    pub overdue: i64,
    pub due_today: i64,
    pub confirm_today: i64,
    pub incomplete: i64,
    pub in_review: i64,
    pub confirmed_today: i64,
    pub stuck: i64,
    /// What orders are short of and nobody has ordered or planned; none for whoever may do neither.
    pub shortages: Option<i64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StageCount)]
pub struct StageCountView {
    pub stage: &'static str,
    pub count: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DepartmentLoad)]
pub struct DepartmentLoadView {
    pub department: String,
    pub open: i64,
    pub overdue: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Workload)]
pub struct WorkloadView {
    pub departments: Vec<DepartmentForecastView>,
    /// What the caller should do first.
    pub first: Vec<PressingView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DepartmentForecast)]
pub struct DepartmentForecastView {
    pub department: String,
    pub open: i64,
    pub overdue: i64,
    /// The coming working days, today's rest first.
    pub days: Vec<DayLoadView>,
}

/// In tasks.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayLoad)]
pub struct DayLoadView {
    pub date: String,
    /// One of the month's last three working days.
    pub month_end: bool,
    /// Open ones with a deadline on this day, on the first day those with an earlier one too.
    pub due: u32,
    /// Those that will still come, as on like days of the last 90.
    pub expected: u32,
    /// Those that can still be done; none where too little is known.
    pub capacity: Option<u32>,
    /// Open ones at the end of the day.
    pub left: Option<u32>,
    pub tight: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Pressing)]
pub struct PressingView {
    pub task: TaskView,
    /// `late`, `today` or `later`.
    pub class: &'static str,
    /// The customer's level, where it is one of those served first.
    pub level: Option<String>,
}
