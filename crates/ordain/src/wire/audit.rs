//! Rows of the log and the result of verifying it.

use super::timeline::{ActorView, actor};
use crate::words::{Text, named};
use ordain_app::audit::Problem;
use ordain_app::case::world::House;
use ordain_app::query::story;
use ordain_store::LogRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditRow)]
pub struct AuditRowView {
    pub seq: i64,
    pub subject: String,
    pub subject_seq: i64,
    pub at: String,
    pub actor: ActorView,
    pub action: String,
    pub title: Text,
    pub reason: Option<String>,
    pub order_id: Option<String>,
    pub events: serde_json::Value,
    pub hash: String,
    pub prev: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditReport)]
pub struct AuditReportView {
    pub ok: bool,
    pub entries: i64,
    pub sealed: i64,
    pub unsealed: i64,
    pub first_problem: Option<DamageView>,
}

/// The first thing that does not fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Damage)]
pub struct DamageView {
    pub seq: i64,
    pub subject: String,
    pub what: Text,
    /// What exactly does not fit: a code.
    pub detail: String,
    /// The entry and its neighbours, as they stand now.
    pub around: Vec<AuditRowView>,
}

pub fn damage(problem: Problem, around: Vec<LogRow>, house: &House) -> DamageView {
    DamageView {
        seq: problem.seq,
        subject: problem.subject,
        what: named("damage", problem.kind.name()),
        detail: problem.detail.to_owned(),
        around: around.into_iter().map(|found| row(found, house)).collect(),
    }
}

pub fn row(row: LogRow, house: &House) -> AuditRowView {
    AuditRowView {
        seq: row.seq,
        at: house.calendar.text(row.at_ms),
        actor: actor(&story::actor(&row)),
        title: named("command", &row.command),
        events: serde_json::from_str(&row.events).unwrap_or_default(),
        order_id: row.order_id.map(|id| Uuid::from_bytes(id).to_string()),
        hash: hex::encode(row.hash),
        prev: hex::encode(row.prev),
        subject: row.subject,
        subject_seq: row.subject_seq,
        action: row.command,
        reason: row.reason,
    }
}
