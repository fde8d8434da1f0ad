//! What a rule may know: an ordered list of fields, and their values for one order. Values are addressed
//! by their place in the schema, so that reading a fact is an index and never a search by name.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One field that conditions may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDef {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    pub zh: String,
    pub en: String,
    /// The field belongs to each line rather than to the order.
    pub line: bool,
    pub may_be_empty: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Money,
    Number,
    Text,
    Bool,
    Date,
    /// One of a closed list; an empty list leaves it open, as for customers.
    Choice(Vec<String>),
}

impl FieldType {
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Money | Self::Number)
    }

    pub fn is_textual(&self) -> bool {
        matches!(self, Self::Text | Self::Choice(_))
    }

    /// The word for the type in problems.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Number => "number",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::Choice(_) => "choice",
        }
    }
}

/// The fields of an order and of its lines, each with its index in `Facts`.
#[derive(Clone, Debug, Default)]
pub struct FactSchema {
    fields: Vec<FieldDef>,
    order: BTreeMap<String, (usize, usize)>,
    line: BTreeMap<String, (usize, usize)>,
}

impl FactSchema {
    /// Order fields are numbered among themselves, and so are line fields, in the order given. Of two
    /// fields of one name the first counts.
    pub fn new(fields: Vec<FieldDef>) -> Self {
        let mut schema = Self::default();
        let (mut order_slots, mut line_slots) = (0, 0);
        for (at, field) in fields.iter().enumerate() {
            let (map, slots) = if field.line {
                (&mut schema.line, &mut line_slots)
            } else {
                (&mut schema.order, &mut order_slots)
            };
            map.entry(field.name.clone()).or_insert((*slots, at));
            *slots += 1;
        }
        schema.fields = fields;
        schema
    }

    pub fn fields(&self) -> &[FieldDef] {
        &self.fields
    }

    /// Where `Facts::fields` holds the order field.
    pub fn order_index(&self, name: &str) -> Option<usize> {
        self.order.get(name).map(|(slot, _)| *slot)
    }

    /// Where each row of `Facts::lines` holds the line field.
    pub fn line_index(&self, name: &str) -> Option<usize> {
        self.line.get(name).map(|(slot, _)| *slot)
    }

    pub(crate) fn find(&self, name: &str, in_line: bool) -> Option<(usize, &FieldDef)> {
        let map = if in_line { &self.line } else { &self.order };
        let (slot, at) = map.get(name)?;
        Some((*slot, self.fields.get(*at)?))
    }
}

/// A value of a field. Text is shared, so that facts can be built without copying strings.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Arc<str>),
    Date(Date),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
            Self::Date(value) => value.fmt(f),
        }
    }
}

/// Everything a run may know about one order. A value missing from a row counts as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub fields: Vec<Value>,
    pub lines: Vec<Vec<Value>>,
    pub findings: Vec<FindingFact>,
}

/// What a check says about the order, as far as the flow cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingFact {
    pub check: Arc<str>,
    pub code: Arc<str>,
    /// A blocker, or a warning nobody has accepted.
    pub open: bool,
    /// Only the sender can mend it.
    pub sender: bool,
}
