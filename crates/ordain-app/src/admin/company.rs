//! The company itself: its founding and its settings.

use super::change::Change;
use super::document::{self, row};
use super::reading::Reading;
use super::{AdminDone, Init, calendars, flows};
use crate::case::decide::By;
use crate::case::world::STANDARD_FLOW;
use crate::clock::Ids;
use crate::gate::{Batch, CALENDAR, COMPANY, GateError};
use crate::problem::Fault;
use ordain_domain::calendar::{CalendarRules, PublicHolidays};
use ordain_domain::master::CompanyRules;
use ordain_store::{DepartmentRow, Keys, OrgRow, UserRow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The departments of a new company, with their names.
const DEPARTMENTS: &str = include_str!("../../data/departments.json");
/// Bounds of what the company may tolerate and how far it may plan.
const PERMILLE_MAX: i64 = 1_000;
const HORIZON_DAYS_MAX: i64 = 36_500;
pub(super) const STALE_HOURS_MAX: i64 = 8_760;

#[derive(Deserialize)]
struct Department {
    code: String,
    zh: String,
    en: String,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, COMPANY.to_owned()));
    keys.settings.insert((org, CALENDAR.to_owned()));
}

/// Founds the company with everything that its first order needs.
pub(super) fn found(init: &Init, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
    if batch.house(org).is_ok() || batch.changes().orgs.iter().any(|row| row.org == org) {
        return Err(GateError::Invalid(vec![Fault::new("company_exists", "")]));
    }
    let rules =
        CompanyRules { currency: init.currency, timezone: init.timezone.clone(), ..CompanyRules::default() };
    let mut calendar = CalendarRules { timezone: init.timezone.clone(), ..CalendarRules::default() };
    if let Some(holidays) = PublicHolidays::of_timezone(&init.timezone) {
        holidays.apply(&mut calendar);
    }
    let mut reading = Reading::default();
    let name = reading.required(Some(&init.company), None, "company".to_owned());
    check(Some(&rules), Some(&calendar), &mut reading);
    reading.refuse()?;
    let flow = flows::published(STANDARD_FLOW, &init.flow, 1, None, org, by)?;
    let mut ids = Ids::of(by.id);
    let admin = first_user(org, ids.mint(), &init.admin_password_hash);
    let departments = departments(org)?;
    let event = json!([{ "put": "company", "key": name, "rules": rules, "calendar": calendar,
        "departments": departments.iter().map(|row| &row.code).collect::<Vec<_>>(),
        "user": admin.login, "flow": { "key": flow.key, "version": flow.version, "doc": flow_doc(&flow.doc) } }]);
    let done = AdminDone::Founded { org, admin: uuid::Uuid::from_bytes(admin.id) };
    batch.put_org(OrgRow { org, name, created_at_ms: by.at_ms });
    batch.record_admin(org, "init_company", by, &event, true)?;
    let settings = [row(org, COMPANY, &rules)?, row(org, CALENDAR, &calendar)?];
    let changes = batch.changes();
    changes.settings.extend(settings);
    changes.departments.extend(departments);
    changes.users.push(admin);
    changes.flows.push(flow);
    Ok(done)
}

fn flow_doc(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn departments(org: i64) -> Result<Vec<DepartmentRow>, GateError> {
    let listed: Vec<Department> =
        serde_json::from_str(DEPARTMENTS).map_err(|error| GateError::Bug(error.to_string()))?;
    let row = |department: Department| DepartmentRow {
        org,
        code: department.code,
        name_zh: department.zh,
        name_en: department.en,
    };
    Ok(listed.into_iter().map(row).collect())
}

fn first_user(org: i64, id: uuid::Uuid, password_hash: &str) -> UserRow {
    UserRow {
        org,
        id: id.into_bytes(),
        login: "admin".to_owned(),
        name: "admin".to_owned(),
        department: None,
        roles: "admin,process_admin".to_owned(),
        email: None,
        password_hash: Some(password_hash.to_owned()),
        password_once: true,
        disabled: false,
        lang: "zh-CN".to_owned(),
        version: 1,
        failed_logins: 0,
        locked_until_ms: None,
    }
}

pub(super) fn put_settings(
    company: Option<&CompanyRules>,
    calendar: Option<&CalendarRules>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    let mut reading = Reading::default();
    check(company, calendar, &mut reading);
    reading.refuse()?;
    let company = company.map(|rules| row(org, COMPANY, rules)).transpose()?;
    let calendar = calendar.map(|rules| row(org, CALENDAR, rules)).transpose()?;
    let mut events = Vec::new();
    let mut rows = Vec::new();
    for row in company.into_iter().chain(calendar) {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let before = batch.slice.settings.get(&(org, row.key.clone())).map(|old| value(&old.value));
        if let Some(change) = Change::between("setting", &row.key, before.as_ref(), &value(&row.value)) {
            events.push(change);
            rows.push(row);
        }
    }
    if !events.is_empty() {
        batch.record_admin(org, "put_settings", by, &events, true)?;
        batch.slice.settings.extend(rows.iter().map(|row| ((org, row.key.clone()), row.clone())));
        batch.changes().settings.extend(rows);
    }
    Ok(AdminDone::Nothing)
}

/// The rules, a part of which is about to be replaced, unless somebody else has changed that part meanwhile.
pub(super) fn part_unchanged<T: Serialize>(
    batch: &mut Batch<'_>,
    org: i64,
    expected: Option<i64>,
    part: impl Fn(&CompanyRules) -> T,
) -> Result<(CompanyRules, T), GateError> {
    batch.house(org)?;
    let rules = document::stored(batch, org, COMPANY)?;
    let before = part(&rules);
    document::expect(expected, &before)?;
    Ok((rules, before))
}

/// Replaces a part of the rules that is read and written by itself. `after` are the rules with the part in them.
pub(super) fn replace_part<T: Serialize>(
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
    (command, key): (&'static str, &str),
    (before, item): (&T, &T),
    after: &CompanyRules,
) -> Result<AdminDone, GateError> {
    let shown = |part: &T| serde_json::to_value(part).unwrap_or_default();
    if let Some(change) = Change::between("setting", key, Some(&shown(before)), &shown(item)) {
        let row = document::row(org, COMPANY, after)?;
        batch.record_admin(org, command, by, &[change], true)?;
        document::keep(batch, row);
    }
    Ok(AdminDone::Tagged { tag: document::tag_of(item) })
}

fn check(company: Option<&CompanyRules>, calendar: Option<&CalendarRules>, reading: &mut Reading) {
    if let Some(rules) = company {
        calendars::check_zone(&rules.timezone, "company.timezone", reading);
        let bounds = [
            ("price_tolerance_permille", rules.price_tolerance_permille, PERMILLE_MAX),
            ("horizon_days", rules.horizon_days, HORIZON_DAYS_MAX),
        ];
        let stale = rules.stock_stale_hours.map(|hours| ("stock_stale_hours", hours, STALE_HOURS_MAX));
        for (field, value, max) in bounds.into_iter().chain(stale) {
            if !(0..=max).contains(&value) {
                let fault = Fault::new("out_of_range", format!("company.{field}"));
                reading.fault(fault.with("found", value.to_string()).with("max", max.to_string()));
            }
        }
    }
    if let Some(rules) = calendar {
        calendars::check(rules, "calendar.", reading);
    }
}
