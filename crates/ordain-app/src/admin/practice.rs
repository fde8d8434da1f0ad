//! People of the company in its practice company: under the same id, with the role they practise, and no other way in.

use super::AdminDone;
use super::change::Change;
use super::people::shown;
use super::reading::shortened;
use super::roles;
use crate::case::decide::By;
use crate::case::people::User;
use crate::gate::{Batch, GateError};
use crate::practice::is_practice;
use crate::problem::Fault;
use ordain_store::UserRow;

pub(super) fn join(user: &User, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    if !is_practice(org) {
        return Err(GateError::Bug("people join a practice company only".to_owned()));
    }
    let own = roles::current(batch, org)?;
    if let Some(unknown) = user.roles.iter().find(|role| !own.knows(role)) {
        let fault = Fault::new("unknown_role", "role").with("found", shortened(unknown));
        return Err(GateError::Invalid(vec![fault]));
    }
    let id = user.id.into_bytes();
    let before = batch.slice.users.get(&(org, id)).cloned();
    let row = UserRow {
        org,
        id,
        // Another login, so that what a browser keeps for the one never turns up for the other.
        login: format!("{}@practice", user.login),
        name: user.name.clone(),
        department: user.department.clone(),
        roles: user.roles.join(","),
        email: None,
        password_hash: None,
        password_once: false,
        disabled: false,
        lang: user.lang.clone(),
        version: before.as_ref().map_or(1, |row| row.version + 1),
        failed_logins: 0,
        locked_until_ms: None,
    };
    let was = before.as_ref().map(|row| shown(row, false));
    if let Some(change) = Change::between("user", &row.login, was.as_ref(), &shown(&row, false)) {
        batch.record_admin(org, "join_practice", by, &[change], true)?;
        batch.slice.users.insert((org, id), row.clone());
        batch.changes().users.push(row);
    }
    Ok(AdminDone::Nothing)
}
