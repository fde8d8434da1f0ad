//! What every flow's rules may name: the facts with their types and labels.

use ordain_flow::rule::{FactSchema, FieldDef, FieldType};
use serde::Deserialize;
use std::sync::LazyLock;

/// The fact that is looked up only where some flow names it.
pub const FIRST_ORDER: &str = "first_order";

/// The fields with their labels; the order is the index in [`Facts`], order fields and line fields counted apart.
const FIELDS: &str = include_str!("../../../data/facts.json");

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    zh: String,
    en: String,
    line: bool,
    may_be_empty: bool,
    /// The values of a choice that is closed.
    #[serde(default)]
    options: Vec<String>,
    /// The field of the order that it tells of.
    #[serde(default)]
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Money,
    Number,
    Text,
    Bool,
    Date,
    Choice,
    Member,
    Tags,
}

// The file is part of the program; a test reads it.
static KNOWN: LazyLock<Vec<Field>> = LazyLock::new(|| serde_json::from_str(FIELDS).unwrap_or_default());

impl From<&Field> for FieldDef {
    fn from(field: &Field) -> Self {
        let kind = match field.kind {
            Kind::Money => FieldType::Money,
            Kind::Number => FieldType::Number,
            Kind::Text => FieldType::Text,
            Kind::Bool => FieldType::Bool,
            Kind::Date => FieldType::Date,
            // Mostly open: customers and channels come and go.
            Kind::Choice => FieldType::Choice(field.options.clone()),
            Kind::Member => FieldType::Member,
            Kind::Tags => FieldType::Tags,
        };
        let (name, zh, en) = (field.name.clone(), field.zh.clone(), field.en.clone());
        FieldDef { name, kind, zh, en, line: field.line, may_be_empty: field.may_be_empty }
    }
}

/// The fields of an order that a fact tells of; an order and its lines may have facts of one name.
pub fn paths(fact: &str) -> impl Iterator<Item = &'static str> {
    let known = KNOWN.iter().filter(move |field| field.name == fact && !field.path.is_empty());
    known.map(|field| field.path.as_str())
}

/// What every flow's rules may name; a flow adds its custom fields behind it.
pub static SCHEMA: LazyLock<FactSchema> =
    LazyLock::new(|| FactSchema::new(KNOWN.iter().map(FieldDef::from).collect()));
