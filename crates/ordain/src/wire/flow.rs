//! Flows as they are shown: versions, drafts, problems, and the names that their sentences use.

use crate::words::{Lang, Text, of_kinds};
use ordain_app::admin::{Pending, ROLLBACK_MS, version_before};
use ordain_app::case::world::House;
use ordain_flow::rule::FactSchema;
use ordain_flow::words::{self, Names, Speaker};
use ordain_store::FlowRow;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FlowVersion)]
pub struct FlowView {
    pub key: String,
    pub name: Text,
    pub version: i64,
    /// `active` or `history`.
    pub state: String,
    pub published_at: String,
    pub published_by: String,
    /// What whoever published it said about it.
    pub note: String,
    /// Warnings that were accepted with it.
    pub acknowledged: Vec<String>,
    /// The version to go back to with one act, offered with the version in force for 7 days.
    pub rollback: Option<RollbackView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FlowRollback)]
pub struct RollbackView {
    pub version: i64,
    pub until: String,
}

/// A release that waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FlowRelease)]
pub struct PendingView {
    pub key: String,
    pub note: String,
    pub acknowledged: Vec<String>,
    pub restore: Option<i64>,
    pub asked_by: String,
    pub asked_at: String,
    pub effective_at: Option<String>,
    pub needs_approval: bool,
    pub approved_by: Option<String>,
    /// `approval`, `time`, `mending`.
    pub waits_for: Vec<&'static str>,
    /// What the checks said when its time had come.
    pub failed: Vec<String>,
    #[schema(value_type = Object)]
    pub doc: serde_json::Value,
}

pub fn pending(key: String, known: &Pending, house: &House, now_ms: i64) -> PendingView {
    PendingView {
        key,
        note: known.note.clone(),
        acknowledged: known.acknowledged.clone(),
        restore: known.restore,
        asked_by: known.asked_by.name().to_owned(),
        asked_at: house.calendar.text(known.asked_ms),
        effective_at: known.effective_ms.map(|at_ms| house.calendar.text(at_ms)),
        needs_approval: known.needs_approval,
        approved_by: known.approved_by.as_ref().map(|by| by.name().to_owned()),
        waits_for: known.waits_for(now_ms),
        failed: known.failed.clone(),
        doc: known.doc.clone(),
    }
}

/// What a version in force can be exchanged for with one act.
pub fn rollback(row: &FlowRow, house: &House, now_ms: i64) -> Option<RollbackView> {
    let until_ms = row.published_at_ms + ROLLBACK_MS;
    let offered = row.state == "active" && now_ms < until_ms;
    let version = version_before(house, &row.key, row.version).filter(|_| offered)?;
    Some(RollbackView { version, until: house.calendar.text(until_ms) })
}

/// A draft, or what a new one would begin from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FlowDraft)]
pub struct DraftView {
    pub key: String,
    /// 0 before anything was saved; the entity tag.
    pub revision: i64,
    /// The version it was begun from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// When somebody else can take over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<String>,
    /// The document; its schema is at /api/v1/schemas/flow.json.
    #[schema(value_type = Object)]
    pub doc: serde_json::Value,
    #[schema(value_type = Vec<Object>)]
    pub cases: serde_json::Value,
}

/// Names of people, departments, roles, fields, templates, events, connectors, saved lists and flows.
pub fn names(house: &House, lang: Lang) -> Names {
    let mut names = of_kinds(lang, &["role", "field", "template", "department", "awaited"]);
    for (code, (zh, en)) in &house.people.departments {
        let name = match lang {
            Lang::En if !en.trim().is_empty() => en,
            _ => zh,
        };
        names.insert(format!("department.{code}"), name.clone());
    }
    for role in &house.people.own_roles.items {
        names.insert(format!("role.{}", role.code), Text::from(&role.name).of(lang).to_owned());
    }
    for user in house.people.users.values() {
        names.insert(format!("user.{}", user.login), user.name.clone());
    }
    for (key, connector) in &house.connectors.0 {
        names.insert(format!("connector.{key}"), Text::from(&connector.name).of(lang).to_owned());
        for operation in connector.operations.keys() {
            names.insert(format!("operation.{key}.{operation}"), operation.clone());
        }
    }
    for set in &house.saved_sets.items {
        names.insert(format!("set.{}", set.code), Text::from(&set.name).of(lang).to_owned());
    }
    for (pin, flow) in house.active_flows() {
        names.insert(format!("flow.{}", pin.key), Text::from(&flow.doc().name).of(lang).to_owned());
    }
    names
}

/// Whoever tells, in this language, of flows that may name these fields.
pub fn speaker<'a>(names: &'a Names, lang: Lang, schema: &'a FactSchema) -> Speaker<'a> {
    let lang = match lang {
        Lang::Zh => words::Lang::Zh,
        Lang::En => words::Lang::En,
    };
    Speaker { lang, schema, names }
}
