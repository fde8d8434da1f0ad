//! The journal of refused bodies.

use ordain_app::case::world::House;
use ordain_store::IntakeRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How much of a body a list shows.
const SHOWN: usize = 2_000;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Intake)]
pub struct IntakeView {
    pub id: String,
    pub at: String,
    pub door: String,
    pub hash: String,
    pub size: i64,
    pub code: String,
    pub detail: String,
    /// The beginning of the body; bytes that are not UTF-8 are replaced.
    pub head: String,
}

pub fn intake(row: IntakeRow, house: &House) -> IntakeView {
    let head = String::from_utf8_lossy(row.head.get(..SHOWN).unwrap_or(&row.head)).into_owned();
    IntakeView {
        id: Uuid::from_bytes(row.id).to_string(),
        at: house.calendar.text(row.at_ms),
        door: row.door,
        hash: hex::encode(row.hash),
        size: row.size,
        code: row.code,
        detail: row.detail,
        head,
    }
}
