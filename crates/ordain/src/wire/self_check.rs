//! Runs of the self-check as they are shown, and how often it runs.

use super::reader::{Kind, Shape};
use crate::words::{Text, word};
use ordain_app::case::world::House;
use ordain_app::self_check::{CheckResult, Results};
use ordain_store::SelfCheckRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub const SELF_CHECK_RULES: Shape = &[("every_minutes", Kind::Integer)];

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SelfCheckRules)]
pub struct SelfCheckRulesView {
    /// 0: never by itself; else from 5 on.
    pub every_minutes: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SelfCheckResult)]
pub struct ResultView {
    pub check: String,
    pub name: Text,
    /// How much was found; 0 is well.
    pub count: i64,
    /// One of what was found: the number of an order, a product, a flow, a code.
    pub example: Option<String>,
    /// What to do about it.
    pub advice: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SelfCheck)]
pub struct SelfCheckView {
    pub id: String,
    pub at: String,
    pub asked_by: String,
    pub took_ms: i64,
    /// How many checks found something.
    pub failed: i64,
    pub checks: Vec<ResultView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SelfChecks)]
pub struct SelfChecksView {
    pub every_minutes: i64,
    /// The latest runs, the newest first.
    pub items: Vec<SelfCheckView>,
}

pub fn self_check(row: &SelfCheckRow, house: &House) -> SelfCheckView {
    let results: Results = serde_json::from_str(&row.results).unwrap_or_default();
    let result = |result: CheckResult| ResultView {
        name: word(&format!("self_check.{}", result.check)),
        advice: word(&format!("self_check.{}.advice", result.check)),
        check: result.check,
        count: result.count,
        example: result.example,
    };
    SelfCheckView {
        id: Uuid::from_bytes(row.id).to_string(),
        at: house.calendar.text(row.at_ms),
        asked_by: row.asked_by.clone(),
        took_ms: row.took_ms,
        failed: row.failed,
        checks: results.checks.into_iter().map(result).collect(),
    }
}
