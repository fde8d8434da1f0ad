//! The table of deadlines as it is shown and put.

use super::reader::{Kind, Shape};
use super::route::{STAGES, stage_index};
use ordain_flow::sla::{Sla, SlaRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const ROW: Shape = &[
    ("stage", Kind::Text),
    ("department", Kind::Text),
    ("order_type", Kind::Text),
    ("customer_level", Kind::Text),
    ("minutes", Kind::Integer),
    ("remind_before_minutes", Kind::Integer),
];
pub const TABLE: Shape = &[("items", Kind::List(&Kind::Object(ROW)))];

/// The rows are tried in their order, and the first that fits a step and its order counts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Sla)]
pub struct SlaView {
    pub items: Vec<SlaRowView>,
}

/// What is left out is not asked for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaRow)]
pub struct SlaRowView {
    /// `receive`, `check`, `review`, `customer` or `execute`.
    pub stage: Option<String>,
    pub department: Option<String>,
    pub order_type: Option<String>,
    pub customer_level: Option<String>,
    /// Working minutes from the arrival on.
    pub minutes: u32,
    /// Working minutes before the deadline.
    pub remind_before_minutes: Option<u32>,
}

fn row(row: &SlaRow) -> SlaRowView {
    SlaRowView {
        stage: row.stage.and_then(|stage| STAGES.get(stage_index(stage))).map(|name| (*name).to_owned()),
        department: row.department.clone(),
        order_type: row.order_type.clone(),
        customer_level: row.customer_level.clone(),
        minutes: row.minutes,
        remind_before_minutes: row.remind_before_minutes,
    }
}

pub fn sla(table: &Sla) -> SlaView {
    SlaView { items: table.items.iter().map(row).collect() }
}
