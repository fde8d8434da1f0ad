//! Releases that wait: for their time, for a second pair of eyes, or for both. What waits is the text that was checked,
//! not the draft, which may go on being edited. A timer that survives restarts brings the time; the checks are asked
//! again then, and what has become wrong is told instead of being put in force.

use super::AdminDone;
use super::flow_draft::DraftText;
use super::flow_release::{InForce, Release, inspect, must_pass, put_in_force};
use super::told::tell_each;
use crate::case::Refusal;
use crate::case::decide::By;
use crate::case::refusal::given;
use crate::case::world::House;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::actor::Actor;
use ordain_flow::doc::Party;
use ordain_store::{FlowPendingRow, Keys, TimerClear, TimerRow};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The timer of a release, whose key is that of the flow.
pub const RELEASE_DUE: &str = "release_due";

/// Going back to the version before needs no second pair of eyes for so long: 7 days.
pub const ROLLBACK_MS: i64 = 7 * 24 * 3_600_000;

/// A release that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// The document as JSON, and its saved cases.
    pub doc: serde_json::Value,
    pub cases: serde_json::Value,
    pub note: String,
    pub acknowledged: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<i64>,
    /// The revision of the draft that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    pub asked_by: Actor,
    pub asked_ms: i64,
    /// People who wrote the draft.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub authors: BTreeSet<Uuid>,
    /// When it is to come into force; at once where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_ms: Option<i64>,
    /// Somebody else has to agree.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<Actor>,
    /// What the checks said when its time had come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// Its time came, and it could not come into force; people were told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl Pending {
    /// What it still waits for.
    pub fn waits_for(&self, now_ms: i64) -> Vec<&'static str> {
        let approval = self.needs_approval && self.approved_by.is_none();
        let time = self.effective_ms.is_some_and(|effective_ms| effective_ms > now_ms);
        let waits = [(approval, "approval"), (time, "time"), (!self.failed.is_empty(), "mending")];
        waits.into_iter().filter(|(waits, _)| *waits).map(|(_, name)| name).collect()
    }
}

/// Whether a release wants a second pair of eyes: that of a critical flow does, and so does the one by which a flow
/// ceases to be critical. Going back to the version before must not wait.
pub(super) fn needs_approval(
    release: &Release,
    text: &DraftText,
    house: &House,
    batch: &Batch<'_>,
    org: i64,
    by: &By,
) -> bool {
    let pin = house.active_flow(&release.key);
    let was = pin.as_ref().and_then(|pin| house.flow(pin)).is_some_and(|flow| flow.doc().critical);
    let active = batch.slice.active_flows.get(&(org, release.key.clone()));
    let before = active.and_then(|active| version_before(house, &release.key, active.version));
    let back = release.restore.is_some() && release.restore == before;
    let lately = active.is_some_and(|active| by.at_ms - active.published_at_ms < ROLLBACK_MS);
    (text.doc.critical || was) && !(back && lately)
}

/// The version that was in force before this one.
pub fn version_before(house: &House, key: &str, version: i64) -> Option<i64> {
    let known = house.flows.keys().filter(|pin| pin.key == key).map(|pin| pin.version);
    known.filter(|known| *known < version).max()
}

pub(super) fn keys(key: &str, org: i64, keys: &mut Keys) {
    keys.active_flows.insert((org, key.to_owned()));
    keys.flow_drafts.insert((org, key.to_owned()));
    keys.flow_pendings.insert((org, key.to_owned()));
}

fn stored(batch: &Batch<'_>, org: i64, key: &str) -> Result<Option<Pending>, GateError> {
    let Some(row) = batch.slice.flow_pendings.get(&(org, key.to_owned())) else { return Ok(None) };
    serde_json::from_str(&row.body).map(Some).map_err(|error| GateError::Bug(error.to_string()))
}

fn known(batch: &Batch<'_>, org: i64, key: &str) -> Result<Pending, GateError> {
    stored(batch, org, key)?.ok_or_else(|| Refusal::NotFound.into())
}

fn keep(batch: &mut Batch<'_>, org: i64, key: &str, pending: &Pending) -> Result<(), GateError> {
    let body = serde_json::to_string(pending).map_err(|error| GateError::Bug(error.to_string()))?;
    let row = FlowPendingRow { org, key: key.to_owned(), body };
    batch.slice.flow_pendings.insert((org, key.to_owned()), row.clone());
    batch.changes().flow_pendings_removed.retain(|gone| *gone != (org, key.to_owned()));
    batch.changes().flow_pendings.push(row);
    Ok(())
}

fn forget(batch: &mut Batch<'_>, org: i64, key: &str) {
    batch.slice.flow_pendings.remove(&(org, key.to_owned()));
    batch.changes().flow_pendings.retain(|row| (row.org, row.key.as_str()) != (org, key));
    batch.changes().flow_pendings_removed.push((org, key.to_owned()));
    clear_timer(batch, org, key);
}

fn clear_timer(batch: &mut Batch<'_>, org: i64, key: &str) {
    let (kind, key) = (RELEASE_DUE.to_owned(), key.to_owned());
    batch.changes().timers_cleared.push(TimerClear::Key { org, order_id: None, kind, key });
}

/// Refuses where a release of the flow waits already.
pub(super) fn must_be_alone(batch: &Batch<'_>, org: i64, key: &str) -> Result<(), GateError> {
    if stored(batch, org, key)?.is_some() { Err(Refusal::ReleasePending.into()) } else { Ok(()) }
}

/// Lets a release wait.
pub(super) fn put(
    key: &str,
    pending: &Pending,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let event = json!([{ "put": "flow_release", "key": key, "note": pending.note, "restores": pending.restore,
        "acknowledged": pending.acknowledged, "effective_at_ms": pending.effective_ms,
        "needs_approval": pending.needs_approval, "doc": pending.doc }]);
    batch.record_admin(org, "ask_release", by, &event, false)?;
    if let Some(due_at_ms) = pending.effective_ms {
        batch.changes().timers.push(TimerRow {
            org,
            id: by.id.into_bytes(),
            order_id: None,
            kind: RELEASE_DUE.to_owned(),
            key: key.to_owned(),
            due_at_ms,
            body: String::new(),
        });
    }
    keep(batch, org, key, pending)?;
    if pending.needs_approval {
        tell(batch, org, by, "release_asked", key, pending, None)?;
    }
    Ok(waits(key, pending, by))
}

fn waits(key: &str, pending: &Pending, by: &By) -> AdminDone {
    AdminDone::ReleaseWaits { key: key.to_owned(), waits_for: pending.waits_for(by.at_ms) }
}

/// Somebody else agrees. What has no time to wait for comes into force with that.
pub(super) fn approve(key: &str, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
    let mut pending = known(batch, org, key)?;
    let Actor::Person { id, .. } = &by.actor else { return Err(Refusal::FourEyes.into()) };
    if pending.asked_by.person() == Some(*id) || pending.authors.contains(id) {
        return Err(Refusal::FourEyes.into());
    }
    if !pending.needs_approval || pending.approved_by.is_some() {
        return Err(Refusal::NothingDue.into());
    }
    pending.approved_by = Some(by.actor.clone());
    if pending.effective_ms.is_some_and(|effective_ms| effective_ms > by.at_ms) {
        let event = json!([{ "put": "flow_release", "key": key, "approved": true }]);
        batch.record_admin(org, "approve_release", by, &event, false)?;
        keep(batch, org, key, &pending)?;
        return Ok(waits(key, &pending, by));
    }
    let text = text_of(&pending)?;
    let report = inspect(&*batch.house(org)?, &text, by.at_ms);
    must_pass(&report, pending.restore.is_some(), &pending.acknowledged)?;
    come_into_force(key, &pending, &text, batch, org, by)
}

pub(super) fn withdraw(
    key: &str,
    reason: &str,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let reason = given(reason)?;
    known(batch, org, key)?;
    let event = json!([{ "put": "flow_release", "key": key, "withdrawn": true, "reason": reason }]);
    batch.record_admin(org, "withdraw_release", by, &event, false)?;
    forget(batch, org, key);
    Ok(AdminDone::Nothing)
}

/// The time of a release has come. Nothing here refuses: what cannot come into force now is told, and waits for
/// somebody to withdraw it.
pub(super) fn due(key: &str, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
    clear_timer(batch, org, key);
    let Some(mut pending) = stored(batch, org, key)? else { return Ok(AdminDone::Nothing) };
    if pending.late || pending.effective_ms.is_none_or(|effective_ms| effective_ms > by.at_ms) {
        return Ok(AdminDone::Nothing);
    }
    pending.late = true;
    if pending.needs_approval && pending.approved_by.is_none() {
        keep(batch, org, key, &pending)?;
        tell(batch, org, by, "release_unapproved", key, &pending, None)?;
        return Ok(AdminDone::Nothing);
    }
    let text = text_of(&pending)?;
    let report = inspect(&*batch.house(org)?, &text, by.at_ms);
    match must_pass(&report, pending.restore.is_some(), &pending.acknowledged) {
        Ok(()) => come_into_force(key, &pending, &text, batch, org, by),
        Err(GateError::Invalid(faults)) => {
            pending.failed = faults.iter().map(named).collect();
            let event = json!([{ "put": "flow_release", "key": key, "failed": pending.failed }]);
            batch.record_admin(org, "fail_release", by, &event, false)?;
            keep(batch, org, key, &pending)?;
            let why = pending.failed.join(", ");
            tell(batch, org, by, "release_failed", key, &pending, Some(why))?;
            Ok(AdminDone::Nothing)
        }
        Err(other) => Err(other),
    }
}

fn named(fault: &Fault) -> String {
    if fault.path.is_empty() { fault.code.clone() } else { format!("{}@{}", fault.code, fault.path) }
}

fn text_of(pending: &Pending) -> Result<DraftText, GateError> {
    let bug = |error: serde_json::Error| GateError::Bug(error.to_string());
    Ok(DraftText {
        doc: serde_json::from_value(pending.doc.clone()).map_err(bug)?,
        cases: serde_json::from_value(pending.cases.clone()).map_err(bug)?,
    })
}

fn come_into_force(
    key: &str,
    pending: &Pending,
    text: &DraftText,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    forget(batch, org, key);
    let release = InForce {
        key,
        note: &pending.note,
        acknowledged: &pending.acknowledged,
        restore: pending.restore,
        revision: pending.revision,
        asked_by: &pending.asked_by,
        approved_by: pending.approved_by.as_ref(),
    };
    put_in_force(&release, text, batch, org, by)
}

/// Tells whoever may do something about a release: who asked for it, and those who answer for the flow.
fn tell(
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
    kind: &str,
    key: &str,
    pending: &Pending,
    why: Option<String>,
) -> Result<(), GateError> {
    let house = batch.house(org)?;
    let text = text_of(pending)?;
    let roles = [Party::Role("process_admin".to_owned()), Party::Role("management".to_owned())];
    let parties = text.doc.process_admin.iter().chain(&roles);
    let mut told: BTreeSet<Uuid> =
        parties.flat_map(|party| house.people.members(party)).map(|user| user.id).collect();
    match pending.asked_by.person() {
        // Whoever asks knows that.
        Some(asked_by) if kind == "release_asked" => drop(told.remove(&asked_by)),
        Some(asked_by) => drop(told.insert(asked_by)),
        None => {}
    }
    let body = json!({ "flow": key, "note": pending.note, "why": why });
    tell_each(batch, org, by, (kind, None), &body, told);
    Ok(())
}
