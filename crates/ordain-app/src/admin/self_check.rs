//! How often the self-check runs, and what its runs leave behind.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::reading::Reading;
use super::told::tell_each;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use crate::self_check::{SELF_CHECK, SelfCheckRules};
use ordain_flow::doc::Party;
use ordain_store::{Keys, SelfCheckRow};
use serde_json::json;

/// A week.
const MINUTES_MAX: i64 = 10_080;

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, SELF_CHECK.to_owned()));
}

pub(super) fn put(
    item: &SelfCheckRules,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: SelfCheckRules = unchanged(batch, org, SELF_CHECK, expected)?;
    let mut reading = Reading::default();
    // More often than it can be looked at it would only be in the way.
    let allowed = if item.every_minutes == 0 { 0..=0 } else { 5..=MINUTES_MAX };
    reading.within(Some(item.every_minutes), &allowed, "every_minutes");
    reading.refuse()?;
    replace(batch, org, by, "put_self_check", SELF_CHECK, (&before, item))
}

/// Runs say nothing about the company, so they are rows only.
pub(super) fn keep(
    row: &SelfCheckRow,
    alarm: bool,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    batch.changes().self_checks.push(row.clone());
    if alarm {
        let house = batch.house(org)?;
        let told = house.people.members(&Party::Role("process_admin".to_owned()));
        let body = json!({ "failed": row.failed.to_string() });
        tell_each(batch, org, by, ("self_check_failed", None), &body, told.iter().map(|user| user.id));
    }
    Ok(AdminDone::Nothing)
}
