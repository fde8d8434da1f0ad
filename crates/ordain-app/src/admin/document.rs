//! Settings that are read and replaced as a whole. Each has a tag made from what it holds, so that two people who
//! edit the same one do not overwrite each other unseen.

use super::AdminDone;
use super::change::Change;
use crate::case::Refusal;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use ordain_store::SettingRow;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// What a document is recognised by, until it holds something else.
///
/// Six bytes of a hash are enough: a tag is compared with one other, and protects against oversight only. They fit into
/// a number of JSON.
pub fn tag_of(document: &impl Serialize) -> i64 {
    let text = serde_json::to_vec(document).unwrap_or_default();
    Sha256::digest(&text).iter().take(6).fold(0, |tag, byte| (tag << 8) | i64::from(*byte))
}

/// Refuses to replace what somebody else has changed meanwhile.
pub(super) fn expect(expected: Option<i64>, current: &impl Serialize) -> Result<(), GateError> {
    let current = tag_of(current);
    match expected.filter(|expected| *expected != current) {
        Some(_) => Err(Refusal::Stale { current }.into()),
        None => Ok(()),
    }
}

/// A setting that is about to be replaced, unless somebody else has changed it meanwhile.
pub(super) fn unchanged<T: DeserializeOwned + Default + Serialize>(
    batch: &mut Batch<'_>,
    org: i64,
    key: &str,
    expected: Option<i64>,
) -> Result<T, GateError> {
    batch.house(org)?;
    let current = stored(batch, org, key)?;
    expect(expected, &current)?;
    Ok(current)
}

/// A setting as the batch sees it; one that was never put is empty.
pub(super) fn stored<T: DeserializeOwned + Default>(
    batch: &Batch<'_>,
    org: i64,
    key: &str,
) -> Result<T, GateError> {
    let Some(row) = batch.slice.settings.get(&(org, key.to_owned())) else { return Ok(T::default()) };
    serde_json::from_str(&row.value).map_err(|error| GateError::Bug(format!("setting {key}: {error}")))
}

pub(super) fn row(org: i64, key: &str, value: &impl Serialize) -> Result<SettingRow, GateError> {
    let value = serde_json::to_string(value).map_err(|error| GateError::Bug(error.to_string()))?;
    Ok(SettingRow { org, key: key.to_owned(), value })
}

/// Writes a setting and lets the rest of the batch see it.
pub(super) fn keep(batch: &mut Batch<'_>, row: SettingRow) {
    batch.slice.settings.insert((row.org, row.key.clone()), row.clone());
    batch.changes().settings.push(row);
}

/// Writes a setting with the entry of the log that says what changed; nothing changed, nothing is written.
pub(super) fn write(
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
    command: &'static str,
    changes: &[Change],
    (key, value): (&str, &impl Serialize),
) -> Result<(), GateError> {
    if changes.is_empty() {
        return Ok(());
    }
    let row = row(org, key, value)?;
    batch.record_admin(org, command, by, &changes, true)?;
    keep(batch, row);
    Ok(())
}

/// Writes a setting that is put as a whole; gives its new tag.
pub(super) fn replace<T: Serialize>(
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
    command: &'static str,
    key: &str,
    (before, after): (&T, &T),
) -> Result<AdminDone, GateError> {
    let change = changed("setting", key, Some(before), after);
    write(batch, org, by, command, change.as_slice(), (key, after))?;
    Ok(AdminDone::Tagged { tag: tag_of(after) })
}

/// What differs between two states of an object of a setting.
pub(super) fn changed<T: Serialize>(
    put: &'static str,
    key: &str,
    before: Option<&T>,
    after: &T,
) -> Option<Change> {
    let shown = |value: &T| serde_json::to_value(value).unwrap_or_default();
    Change::between(put, key, before.map(shown).as_ref(), &shown(after))
}
