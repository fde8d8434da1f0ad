//! People: who they are, where they work, what they may do, and which notices they have read.

use super::change::Change;
use super::items::UserItem;
use super::reading::{Reading, shortened};
use super::roles;
use super::upsert::Upsert;
use super::{AdminCommand, AdminDone, refused_with};
use crate::app::App;
use crate::case::decide::By;
use crate::clock::Ids;
use crate::gate::{Batch, GateError};
use crate::own_roles::OwnRoles;
use crate::password;
use crate::problem::Fault;
use ordain_domain::actor::Actor;
use ordain_store::{Hash, SessionRow, SignedOut, UserRow};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];
/// Notices that are marked as read in one command.
const NOTICES: usize = 500;

/// Hashes the passwords of the items and puts the users.
///
/// # Errors
/// See [`GateError`]; a password that is too short is named with its place.
pub async fn put_users(
    app: &App,
    org: i64,
    actor: Actor,
    mut items: Vec<UserItem>,
) -> Result<AdminDone, GateError> {
    let weak = weak_passwords(&items);
    if !weak.is_empty() {
        return Err(refused_with(app, org, actor, AdminCommand::PutUsers(items), weak).await);
    }
    for item in &mut items {
        if let Some(password) = item.password.take() {
            item.password_hash = Some(password::hash(password).await?);
        }
    }
    app.admin(org, actor, AdminCommand::PutUsers(items)).await
}

/// Names the passwords that are too weak, with their places.
pub fn weak_passwords(items: &[UserItem]) -> Vec<Fault> {
    let weak = |(index, item): (usize, &UserItem)| {
        let fault = item.password.as_ref()?.weakness()?;
        Some(Fault { path: format!("items[{index}].password"), ..fault })
    };
    items.iter().enumerate().filter_map(weak).collect()
}

pub(super) fn put(items: &[UserItem], batch: &Batch<'_>, org: i64, by: &By) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert { furnishes: true, ..Upsert::new("put_users") };
    let (mut reading, mut seen, mut ids) = (Reading::default(), BTreeSet::new(), Ids::of(by.id));
    let own = roles::current(batch, org)?;
    let users = batch.slice.users.range((org, [0; 16])..=(org, [0xff; 16])).map(|(_, row)| row);
    let mut all: BTreeMap<&str, UserRow> = users.map(|row| (row.login.as_str(), row.clone())).collect();
    for (index, item) in items.iter().enumerate() {
        let login = login(&item.login, format!("items[{index}].login"), &mut reading);
        reading.once(&mut seen, login.clone(), format!("items[{index}].login"));
        let stored = all.get(login.as_str()).cloned();
        let row = read(item, &login, stored.as_ref(), index, (batch, org, &own), &mut reading);
        let row = match &stored {
            Some(stored) => UserRow { id: stored.id, version: stored.version + 1, ..row },
            None => UserRow { id: ids.mint().into_bytes(), ..row },
        };
        let rehashed = stored.as_ref().is_none_or(|stored| stored.password_hash != row.password_hash);
        let before = stored.as_ref().map(|stored| shown(stored, false));
        let change = Change::between("user", &login, before.as_ref(), &shown(&row, rehashed));
        if upsert.note(change, stored.is_none()) {
            if stored.is_some() && (rehashed || row.disabled) {
                upsert.rows.signed_out.push(row.id);
            }
            upsert.rows.users.push(row.clone());
        }
        all.insert(item.login.trim(), row);
    }
    if !all.values().any(|row| !row.disabled && row.roles.split(',').any(|role| role == "admin")) {
        // Nobody could ever let anybody in again.
        reading.fault(Fault::new("last_admin", "items"));
    }
    reading.refuse()?;
    Ok(upsert)
}

fn login(text: &str, path: String, reading: &mut Reading) -> String {
    let login = reading.code(text, path.clone());
    if login.chars().any(char::is_whitespace) {
        reading.fault(Fault::new("bad_character", path));
    }
    login
}

fn read(
    item: &UserItem,
    login: &str,
    stored: Option<&UserRow>,
    index: usize,
    (batch, org, own): (&Batch<'_>, i64, &OwnRoles),
    reading: &mut Reading,
) -> UserRow {
    let at = |field: &str| format!("items[{index}].{field}");
    let kept = |field: fn(&UserRow) -> Option<&str>| stored.and_then(field);
    let department =
        reading.text(item.department.as_deref(), kept(|row| row.department.as_deref()), at("department"));
    if !department.is_empty() && !batch.slice.departments.contains_key(&(org, department.clone())) {
        let fault = Fault::new("unknown_department", at("department"));
        reading.fault(fault.with("found", shortened(&department)));
    }
    let email = reading.text(item.email.as_deref(), kept(|row| row.email.as_deref()), at("email"));
    if !email.is_empty() && !is_address(&email) {
        reading.fault(Fault::new("invalid_email", at("email")));
    }
    let lang = reading.text(item.lang.as_deref(), kept(|row| Some(&row.lang)).or(Some("zh-CN")), at("lang"));
    if !LANGUAGES.contains(&lang.as_str()) {
        reading.fault(Fault::new("unknown_language", at("lang")).with("found", shortened(&lang)));
    }
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    UserRow {
        org,
        id: [0; 16],
        login: login.to_owned(),
        name: reading.required(item.name.as_deref(), kept(|row| Some(&row.name)), at("name")),
        department: some(department),
        roles: roles_of(item, stored, (index, own), reading),
        email: some(email),
        password_hash: item
            .password_hash
            .clone()
            .or_else(|| stored.and_then(|row| row.password_hash.clone())),
        password_once: match item.password_hash {
            Some(_) => item.password_once.unwrap_or_default(),
            None => stored.is_some_and(|row| row.password_once),
        },
        disabled: item.disabled.unwrap_or_else(|| stored.is_some_and(|row| row.disabled)),
        lang,
        version: 1,
        failed_logins: stored.map_or(0, |row| row.failed_logins),
        locked_until_ms: stored.and_then(|row| row.locked_until_ms),
    }
}

/// Roles in the order of the table of rights, then the company's own, each once.
fn roles_of(
    item: &UserItem,
    stored: Option<&UserRow>,
    (index, own): (usize, &OwnRoles),
    reading: &mut Reading,
) -> String {
    let Some(named) = &item.roles else { return stored.map(|row| row.roles.clone()).unwrap_or_default() };
    for (at, role) in named.iter().enumerate() {
        roles::check(role, format!("items[{index}].roles[{at}]"), own, reading);
    }
    let held: Vec<&str> = own.codes().filter(|role| named.iter().any(|named| named == role)).collect();
    held.join(",")
}

/// Whether mail could go there; only the mail server knows more.
pub(super) fn is_address(text: &str) -> bool {
    let sound = !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= 254;
    sound
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// The row as the log shows it: of a password only that it changed.
pub(super) fn shown(row: &UserRow, rehashed: bool) -> Value {
    json!({
        "name": row.name,
        "department": row.department,
        "roles": row.roles,
        "email": row.email,
        "lang": row.lang,
        "disabled": row.disabled,
        "password": if rehashed && row.password_hash.is_some() { "changed" } else { "kept" },
    })
}

/// Requests that were on their way when the password changed are still answered.
const RENEWAL_MS: i64 = 30_000;

/// Takes the place of a person's password, which ends their sessions: the present one when what is on its way has come.
pub(super) fn set_password(
    (user, hash, present): (Uuid, &str, Option<Hash>),
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let row = known(user, batch, org)?;
    let after = UserRow { password_hash: Some(hash.to_owned()), password_once: false, ..row.clone() };
    let ends_ms = batch.now_ms + RENEWAL_MS;
    let present = present.and_then(|hash| batch.slice.sessions.get(&hash).cloned());
    let present = present.filter(|session| session.org == org && session.user_id == row.id);
    let but = present.as_ref().map(|session| session.hash);
    batch.changes().sessions_of_users_removed.push(SignedOut { org, user: row.id, but });
    batch.changes().sessions.extend(
        present.map(|session| SessionRow { expires_at_ms: session.expires_at_ms.min(ends_ms), ..session }),
    );
    rewrite("set_password", &row, after, batch, org, by)
}

fn known(user: Uuid, batch: &Batch<'_>, org: i64) -> Result<UserRow, GateError> {
    let row = batch.slice.users.get(&(org, user.into_bytes())).cloned();
    row.ok_or(GateError::Refused(crate::case::Refusal::NotFound))
}

/// Writes what a person changed of themselves, if it is a change.
fn rewrite(
    command: &'static str,
    row: &UserRow,
    after: UserRow,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let rehashed = row.password_hash != after.password_hash;
    let after = UserRow { version: row.version + 1, ..after };
    let change = Change::between("user", &row.login, Some(&shown(row, false)), &shown(&after, rehashed));
    if let Some(change) = change {
        batch.record_admin(org, command, by, &[change], true)?;
        batch.slice.users.insert((org, after.id), after.clone());
        batch.changes().users.push(after);
    }
    Ok(AdminDone::Nothing)
}

pub(super) fn set_language(
    user: Uuid,
    lang: &str,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    if !LANGUAGES.contains(&lang) {
        let fault = Fault::new("unknown_language", "lang").with("found", shortened(lang));
        return Err(GateError::Invalid(vec![fault]));
    }
    let row = known(user, batch, org)?;
    let after = UserRow { lang: lang.to_owned(), ..row.clone() };
    rewrite("set_language", &row, after, batch, org, by)
}

pub(super) fn read_notices(user: Uuid, ids: &[Uuid], batch: &mut Batch<'_>, org: i64) -> AdminDone {
    let user = user.into_bytes();
    batch.changes().notices_read.extend(ids.iter().map(|id| (org, user, id.into_bytes())));
    AdminDone::Nothing
}

/// Marks everything as read that a person has not.
///
/// # Errors
/// See [`GateError`].
pub async fn read_all_notices(app: &App, org: i64, actor: Actor, user: Uuid) -> Result<(), GateError> {
    let mut before = None;
    loop {
        let page = app.store.notices_of_user(org, user.into_bytes(), None, before, NOTICES)?;
        let unread = page.iter().filter(|row| !row.read).map(|row| Uuid::from_bytes(row.id));
        let ids: Vec<Uuid> = unread.collect();
        if !ids.is_empty() {
            app.admin(org, actor.clone(), AdminCommand::ReadNotices { user, ids }).await?;
        }
        before = page.last().map(|row| row.id);
        if page.len() < NOTICES || app.store.unread_notices(org, user.into_bytes())? == 0 {
            return Ok(());
        }
    }
}
