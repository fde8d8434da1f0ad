//! Ways in: tokens of machines, sessions of browsers, and the count of failed sign-ins.
//!
//! Only hashes come here. Tokens are logged; sessions and counts are rows only, because they say nothing about the
//! company.

use super::AdminDone;
use super::reading::Reading;
use super::roles;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_store::{Hash, SessionRow, TokenRow};
use serde_json::json;
use uuid::Uuid;

/// Wrong passwords in a row after which an account is locked, and for how long.
pub const TRIES: i64 = 10;
pub const LOCKED_MS: i64 = 600_000;

pub(super) fn create_token(
    name: &str,
    role: &str,
    hash: Hash,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    let mut reading = Reading::default();
    let name = reading.required(Some(name), None, "name".to_owned());
    roles::check(role, "role", &roles::current(batch, org)?, &mut reading);
    reading.refuse()?;
    let event = json!([{ "put": "token", "key": by.id, "name": name, "role": role }]);
    batch.record_admin(org, "create_token", by, &event, false)?;
    let row = TokenRow {
        org,
        id: by.id.into_bytes(),
        name,
        role: role.to_owned(),
        hash,
        created_at_ms: by.at_ms,
        revoked: false,
    };
    batch.changes().tokens.push(row);
    Ok(AdminDone::TokenCreated { id: by.id })
}

pub(super) fn revoke_token(
    hash: Hash,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let row = batch.slice.tokens.get(&hash).filter(|row| row.org == org).cloned();
    let row = row.ok_or_else(|| GateError::Invalid(vec![Fault::new("unknown_token", "")]))?;
    if row.revoked {
        return Ok(AdminDone::Nothing);
    }
    let row = TokenRow { revoked: true, ..row };
    let event = json!([{ "revoked": "token", "key": Uuid::from_bytes(row.id), "name": row.name }]);
    batch.record_admin(org, "revoke_token", by, &event, false)?;
    batch.slice.tokens.insert(hash, row.clone());
    batch.changes().tokens.push(row);
    Ok(AdminDone::Nothing)
}

/// Only the record of it: what leaves is read after the commit, so that it holds this entry too.
pub(super) fn take_evidence(batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
    batch.record_admin(org, "take_evidence", by, &json!([{ "taken": "evidence" }]), false)?;
    Ok(AdminDone::Nothing)
}

/// A session that opens.
pub(super) struct NewSession<'a> {
    pub user: Uuid,
    /// Of the cookie.
    pub hash: Hash,
    pub csrf: &'a str,
    pub expires_at_ms: i64,
    pub viewer: Option<Uuid>,
}

pub(super) fn open_session(
    session: &NewSession<'_>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    if session.viewer.is_some() {
        let login = house.people.users.get(&session.user).map(|user| user.login.clone());
        let event = json!([{ "viewed": "user", "key": login.unwrap_or_default() }]);
        batch.record_admin(org, "view_as", by, &event, false)?;
    }
    let row = SessionRow {
        org,
        hash: session.hash,
        user_id: session.user.into_bytes(),
        csrf: session.csrf.to_owned(),
        created_at_ms: batch.now_ms,
        expires_at_ms: session.expires_at_ms,
        viewer_id: session.viewer.map(Uuid::into_bytes),
    };
    batch.changes().sessions.push(row);
    Ok(AdminDone::Nothing)
}

pub(super) fn close_session(hash: Hash, batch: &mut Batch<'_>, org: i64) -> AdminDone {
    batch.changes().sessions_removed.push((org, hash));
    AdminDone::Nothing
}

pub(super) fn record_login(
    user: Uuid,
    ok: bool,
    batch: &mut Batch<'_>,
    org: i64,
) -> Result<AdminDone, GateError> {
    let now_ms = batch.now_ms;
    let key = (org, user.into_bytes());
    let Some(row) = batch.slice.users.get_mut(&key) else {
        return Err(GateError::Refused(crate::case::Refusal::NotFound));
    };
    if ok {
        if row.failed_logins == 0 && row.locked_until_ms.is_none() {
            return Ok(AdminDone::Nothing);
        }
        (row.failed_logins, row.locked_until_ms) = (0, None);
    } else {
        row.failed_logins += 1;
        if row.failed_logins >= TRIES {
            (row.failed_logins, row.locked_until_ms) = (0, Some(now_ms + LOCKED_MS));
        }
    }
    let row = row.clone();
    batch.changes().users.push(row);
    Ok(AdminDone::Nothing)
}
