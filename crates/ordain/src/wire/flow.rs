//! Flows as they are shown: versions, drafts, problems, and the names that their sentences use.

use crate::words::{Lang, Text, of_kinds};
use ordain_app::case::world::House;
use ordain_flow::rule::FactSchema;
use ordain_flow::words::{self, Names, Speaker};
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

/// Names of people, departments, roles, fields, templates, connectors and flows.
pub fn names(house: &House, lang: Lang) -> Names {
    let mut names = of_kinds(lang, &["role", "field", "template", "department"]);
    for (code, (zh, en)) in &house.people.departments {
        let name = match lang {
            Lang::En if !en.trim().is_empty() => en,
            _ => zh,
        };
        names.insert(format!("department.{code}"), name.clone());
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
