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
