//! The company's own roles: replaced as a whole. Somebody's role is not taken away with its list.

use super::AdminDone;
use super::document::{replace, stored, unchanged};
use super::issues::{TextItem, text};
use super::known::Known;
use super::reading::{Reading, shortened};
use super::warehouses;
use crate::case::decide::By;
use crate::case::people::ROLES;
use crate::data_scope::{DataScope, OVER_ALL};
use crate::gate::{Batch, GateError, OWN_ROLES};
use crate::own_roles::{OwnRole, OwnRoles, clashes};
use crate::problem::Fault;
use crate::rights::Permission;
use ordain_store::{Keys, UserRow};
use serde::Deserialize;
use std::collections::BTreeSet;

const ROLES_MAX: usize = 50;
/// Customers or warehouses that a data scope names.
const CODES_MAX: usize = 500;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoleItem {
    pub role: String,
    pub name: TextItem,
    /// Names of permissions.
    pub rights: Vec<String>,
    /// All orders where nothing is said.
    pub scope: Option<ScopeItem>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScopeItem {
    /// One of [`DataScope::KINDS`].
    pub kind: String,
    /// Of customers or warehouses.
    pub codes: Vec<String>,
}

/// What every command looks up that reads roles.
pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, OWN_ROLES.to_owned()));
    keys.directories.insert(org);
}

/// What is looked up beside them where they are put.
pub(super) fn put_keys(items: &[RoleItem], org: i64, found: &mut Keys) {
    keys(org, found);
    for code in items.iter().filter_map(|item| item.scope.as_ref()).flat_map(|scope| &scope.codes) {
        found.customers.insert((org, code.trim().to_owned()));
    }
    warehouses::keys(org, found);
}

/// The own roles as the batch sees them.
pub(super) fn current(batch: &Batch<'_>, org: i64) -> Result<OwnRoles, GateError> {
    stored(batch, org, OWN_ROLES)
}

pub(super) fn check(role: &str, path: impl Into<String>, own: &OwnRoles, reading: &mut Reading) {
    if !own.knows(role) {
        reading.fault(Fault::new("unknown_role", path).with("found", shortened(role)));
    }
}

pub(super) fn put(
    items: &[RoleItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: OwnRoles = unchanged(batch, org, OWN_ROLES, expected)?;
    let (mut reading, mut seen, mut read) = (Reading::default(), BTreeSet::new(), Vec::new());
    if items.len() > ROLES_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", ROLES_MAX.to_string()));
    }
    for (index, item) in items.iter().enumerate().take(ROLES_MAX) {
        let at = |name: &str| format!("items[{index}].{name}");
        let code = reading.code(&item.role, at("role"));
        if code.contains(',') {
            reading.fault(Fault::new("bad_character", at("role")));
        }
        // Lists show departments and roles under their codes alone.
        if ROLES.contains(&code.as_str()) || batch.slice.departments.contains_key(&(org, code.clone())) {
            reading.fault(Fault::new("code_taken", at("role")).with("found", shortened(&code)));
        }
        reading.once(&mut seen, code.clone(), at("role"));
        let name = text(&item.name, &at("name"), true, &mut reading);
        let scope = scope(item.scope.as_ref(), &at("scope"), &Known::of(batch, org), &mut reading);
        let rights = rights(&item.rights, &at("rights"), &mut reading);
        if scope != DataScope::All {
            for right in rights.iter().filter(|right| OVER_ALL.contains(right)) {
                reading.fault(Fault::new("right_over_all", at("scope")).with("right", right.name()));
            }
        }
        read.push(OwnRole { code, name, rights, scope });
    }
    let after = OwnRoles { items: read };
    for (role, login) in held(batch, org).into_iter().filter(|(role, _)| !after.knows(role)) {
        reading.fault(Fault::new("role_in_use", "items").with("role", role).with("login", login));
    }
    reading.refuse()?;
    replace(batch, org, by, "put_roles", OWN_ROLES, (&before, &after))
}

fn rights(names: &[String], at: &str, reading: &mut Reading) -> BTreeSet<Permission> {
    let mut read = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        match Permission::parse(name) {
            Some(right) => drop(read.insert(right)),
            None => reading
                .fault(Fault::new("unknown_right", format!("{at}[{index}]")).with("found", shortened(name))),
        }
    }
    if names.is_empty() {
        reading.fault(Fault::new("missing", at));
    }
    for (one, other, _) in clashes(read.iter().copied().collect()) {
        let fault = Fault::new("rights_apart", at);
        reading.fault(fault.with("right", one.name()).with("other_right", other.name()));
    }
    read
}

fn scope(item: Option<&ScopeItem>, at: &str, known: &Known<'_>, reading: &mut Reading) -> DataScope {
    let Some(item) = item else { return DataScope::All };
    let codes: BTreeSet<String> = item.codes.iter().map(|code| code.trim().to_owned()).collect();
    let path = format!("{at}.codes");
    let Some(scope) = DataScope::of(&item.kind, codes) else {
        let fault = Fault::new("unknown_value", format!("{at}.kind"));
        reading.fault(fault.with("found", shortened(&item.kind)));
        return DataScope::All;
    };
    match scope.codes() {
        None if !item.codes.is_empty() => reading.fault(Fault::new("codes_not_wanted", &path)),
        Some(codes) if codes.is_empty() => reading.fault(Fault::new("missing", &path)),
        Some(codes) if codes.len() > CODES_MAX => {
            reading.fault(Fault::new("too_many_items", &path).with("most", CODES_MAX.to_string()));
        }
        _ => {}
    }
    for (index, code) in item.codes.iter().map(|code| code.trim()).enumerate() {
        let path = format!("{path}[{index}]");
        match scope {
            DataScope::Customers(_) => known.check_customer(code, path, reading),
            DataScope::Warehouses(_) => known.check_warehouse(code, path, reading),
            _ => {}
        }
    }
    scope
}

/// Roles that people hold, each with somebody who does; whoever has left keeps theirs, and may come back.
fn held(batch: &Batch<'_>, org: i64) -> BTreeSet<(String, String)> {
    let users = batch.slice.users.range((org, [0; 16])..=(org, [0xff; 16])).map(|(_, row)| row);
    let roles = |row: &UserRow| {
        let login = row.login.clone();
        let names: Vec<String> = row.roles.split(',').map(str::to_owned).collect();
        names.into_iter().filter(|role| !role.is_empty()).map(move |role| (role, login.clone()))
    };
    users.flat_map(roles).collect()
}
