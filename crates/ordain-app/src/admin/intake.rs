//! What could not be read: kept for thirty days, so that nothing a customer sent is lost; and the memory of files
//! of orders, kept for ever, so that the same file never makes a second order.

use super::AdminDone;
use crate::case::decide::By;
use crate::clock::Ids;
use crate::gate::{Batch, GateError};
use ordain_store::{Hash, IntakeRow, Keys, SettingRow};
use serde_json::json;
use uuid::Uuid;

/// How much of a refused body is kept.
const HEAD_BYTES: usize = 64 * 1_024;

/// Something that came in and could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptIntake {
    pub door: String,
    pub hash: Hash,
    pub size: i64,
    pub code: String,
    pub detail: String,
    /// Cut off after 64 KiB.
    pub head: Vec<u8>,
}

fn memory(hash: Hash) -> String {
    format!("import:{}", hex::encode(hash))
}

pub(super) fn keys(hash: Hash, org: i64, keys: &mut Keys) {
    keys.settings.insert((org, memory(hash)));
}

pub(super) fn keep(kept: &KeptIntake, batch: &mut Batch<'_>, org: i64, by: &By) -> AdminDone {
    put(kept, by.id, batch, org, by);
    AdminDone::Nothing
}

fn put(kept: &KeptIntake, id: Uuid, batch: &mut Batch<'_>, org: i64, by: &By) {
    let head = kept.head.get(..HEAD_BYTES).unwrap_or(&kept.head).to_vec();
    batch.changes().intake.push(IntakeRow {
        org,
        id: id.into_bytes(),
        at_ms: by.at_ms,
        door: kept.door.clone(),
        hash: kept.hash,
        size: kept.size,
        code: kept.code.clone(),
        detail: kept.detail.clone(),
        head,
    });
}

pub(super) fn remember_import(
    hash: Hash,
    name: &str,
    unreadable: &[KeptIntake],
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    let key = memory(hash);
    if let Some(row) = batch.slice.settings.get(&(org, key.clone())) {
        let at_ms = row.value.parse().map_err(|_| GateError::Bug(format!("setting {key} is not a time")))?;
        return Ok(AdminDone::Remembered { at_ms, again: true });
    }
    let event =
        json!([{ "put": "import", "key": hex::encode(hash), "name": name, "unreadable": unreadable.len() }]);
    batch.record_admin(org, "remember_import", by, &event, false)?;
    let mut ids = Ids::of(by.id);
    for kept in unreadable {
        put(kept, ids.mint(), batch, org, by);
    }
    let row = SettingRow { org, key: key.clone(), value: by.at_ms.to_string() };
    batch.slice.settings.insert((org, key), row.clone());
    batch.changes().settings.push(row);
    Ok(AdminDone::Remembered { at_ms: by.at_ms, again: false })
}
