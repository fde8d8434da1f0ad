//! Loads the house: settings, people and flows of a company.

use crate::case::FlowPin;
use crate::case::absence::Absences;
use crate::case::cancel::CancelReasons;
use crate::case::channel::Channels;
use crate::case::connector::Connectors;
use crate::case::facts::{FIRST_ORDER, SCHEMA};
use crate::case::issue::IssueTypes;
use crate::case::notice_text::NoticeTexts;
use crate::case::organisation::Organisation;
use crate::case::people::{Directory, User};
use crate::case::saved_set::SavedSets;
use crate::case::world::{House, STANDARD_FLOW};
use ordain_domain::calendar::{CalendarLayers, CalendarRules, Calendars, PersonTime};
use ordain_domain::clause::Clauses;
use ordain_domain::credit::CreditGroups;
use ordain_domain::form::OrderForm;
use ordain_domain::master::CompanyRules;
use ordain_domain::rate::Rates;
use ordain_flow::run::Flow;
use ordain_flow::sla::Sla;
use ordain_store::{Store, UserRow};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Names of the settings that make up a house.
pub const COMPANY: &str = "company";
pub const CALENDAR: &str = "calendar";
pub const CALENDAR_LAYERS: &str = "calendar_layers";
pub const ORGANISATION: &str = "organisation";
pub const ABSENCES: &str = "absences";
pub const CANCEL_REASONS: &str = "cancel_reasons";
pub const CONNECTORS: &str = "connectors";
pub const CHANNELS: &str = "channels";
pub const CONNECTOR_SECRETS: &str = "connector_secrets";
pub const CLAUSES: &str = "clauses";
pub const CREDIT_GROUPS: &str = "credit_groups";
pub const RATES: &str = "rates";
pub const SAVED_SETS: &str = "saved_sets";
pub const ORDER_FORM: &str = "order_form";
pub const NOTICE_TEXTS: &str = "notice_texts";
pub const ISSUE_TYPES: &str = "issue_types";
pub const OWN_ROLES: &str = "own_roles";
pub const SLA: &str = "sla";

/// Stored settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    #[error(transparent)]
    Store(#[from] ordain_store::StoreError),
    #[error("setting {0} cannot be read: {1}")]
    Setting(&'static str, String),
    #[error("flow {key} version {version} cannot be used: {problems}")]
    Flow { key: String, version: i64, problems: String },
    #[error("no flow is published")]
    NoFlow,
}

/// Everything small that decisions look at, as it is committed now.
///
/// # Errors
/// See [`HouseError`].
pub fn load_house(store: &Store, org: i64) -> Result<House, HouseError> {
    let rules: CompanyRules = setting(store, org, COMPANY)?.unwrap_or_default();
    let people = directory(store, org)?;
    let organisation: Organisation = setting(store, org, ORGANISATION)?.unwrap_or_default();
    let absences: Absences = setting(store, org, ABSENCES)?.unwrap_or_default();
    let issues: IssueTypes = setting(store, org, ISSUE_TYPES)?.unwrap_or_default();
    let sla: Sla = setting(store, org, SLA)?.unwrap_or_default();
    let clauses: Clauses = setting(store, org, CLAUSES)?.unwrap_or_default();
    let form: OrderForm = setting(store, org, ORDER_FORM)?.unwrap_or_default();
    let notice_texts: NoticeTexts = setting(store, org, NOTICE_TEXTS)?.unwrap_or_default();
    let cancel_reasons: CancelReasons = setting(store, org, CANCEL_REASONS)?.unwrap_or_default();
    let connectors: Connectors = setting(store, org, CONNECTORS)?.unwrap_or_default();
    let channels: Channels = setting(store, org, CHANNELS)?.unwrap_or_default();
    let credit_groups: CreditGroups = setting(store, org, CREDIT_GROUPS)?.unwrap_or_default();
    let rates: Rates = setting(store, org, RATES)?.unwrap_or_default();
    let saved_sets: SavedSets = setting(store, org, SAVED_SETS)?.unwrap_or_default();
    let calendars = calendars(store, org, &people, &absences)?;
    let mut flows = BTreeMap::new();
    let mut active = BTreeMap::new();
    for row in store.flows(org)? {
        // Lists leave the document out; each version is read and compiled once per change of the house.
        let Some(row) = store.flow(org, &row.key, row.version)? else { continue };
        let pin = FlowPin { key: row.key.clone(), version: row.version };
        let unusable =
            |problems: String| HouseError::Flow { key: row.key.clone(), version: row.version, problems };
        let doc = serde_json::from_str(&row.doc).map_err(|error| unusable(error.to_string()))?;
        let flow = Flow::compile(doc, &SCHEMA).map_err(|problems| unusable(format!("{problems:?}")))?;
        flows.insert(pin, Arc::new(flow));
        if row.state == "active" {
            active.insert(row.key, row.version);
        }
    }
    if !active.contains_key(STANDARD_FLOW) {
        return Err(HouseError::NoFlow);
    }
    let warehouses = store.warehouses(org)?.into_iter().map(|row| row.code).collect();
    let calendar = calendars.company().clone();
    let asks_for_loads = flows.values().any(|flow| super::turns::asks_for_loads(flow));
    let asks_for_first_orders = flows.values().any(|flow| flow.asks(FIRST_ORDER));
    Ok(House {
        rules,
        calendar,
        calendars,
        people,
        organisation,
        absences,
        clauses,
        form,
        notice_texts,
        cancel_reasons,
        connectors,
        channels,
        credit_groups,
        rates,
        sets: Arc::new(saved_sets.sorted()),
        saved_sets,
        issues,
        sla,
        warehouses,
        active,
        flows,
        asks_for_loads,
        asks_for_first_orders,
    })
}

fn calendars(
    store: &Store,
    org: i64,
    people: &Directory,
    absences: &Absences,
) -> Result<Calendars, HouseError> {
    let company: CalendarRules = setting(store, org, CALENDAR)?.unwrap_or_default();
    let layers: CalendarLayers = setting(store, org, CALENDAR_LAYERS)?.unwrap_or_default();
    let mut leave: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for known in &absences.leave {
        leave.entry(&known.login).or_default().push((known.from_ms, known.until_ms));
    }
    let time = |user: &User| PersonTime {
        department: user.department.clone(),
        layer: layers.people.get(&user.login).cloned().unwrap_or_default(),
        leave: leave.get(user.login.as_str()).cloned().unwrap_or_default(),
    };
    let times = people.users.values().map(|user| (user.login.clone(), time(user))).collect();
    Calendars::new(company, &layers.departments, times)
        .map_err(|error| HouseError::Setting(CALENDAR, error.to_string()))
}

fn setting<T: serde::de::DeserializeOwned>(
    store: &Store,
    org: i64,
    key: &'static str,
) -> Result<Option<T>, HouseError> {
    let Some(row) = store.setting(org, key)? else { return Ok(None) };
    serde_json::from_str(&row.value).map(Some).map_err(|error| HouseError::Setting(key, error.to_string()))
}

fn directory(store: &Store, org: i64) -> Result<Directory, HouseError> {
    let users = store.users(org)?.into_iter().map(user).map(|user| (user.id, user)).collect();
    let departments =
        store.departments(org)?.into_iter().map(|row| (row.code, (row.name_zh, row.name_en))).collect();
    let own_roles = setting(store, org, OWN_ROLES)?.unwrap_or_default();
    Ok(Directory { users, departments, own_roles })
}

/// A stored user as decisions see it.
pub fn user(row: UserRow) -> User {
    User {
        id: Uuid::from_bytes(row.id),
        login: row.login,
        name: row.name,
        department: row.department,
        roles: row.roles.split(',').filter(|role| !role.is_empty()).map(str::to_owned).collect(),
        email: row.email,
        lang: row.lang,
        disabled: row.disabled,
        password_once: row.password_once,
    }
}
