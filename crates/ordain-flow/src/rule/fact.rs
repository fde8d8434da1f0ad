//! What a rule may know: an ordered list of fields, and their values for one order. Values are addressed
//! by their place in the schema, so that reading a fact is an index and never a search by name. Facts hold no clock: what
//! the calendar says of the days that they name comes in with them, and so do the company's saved lists.

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
    /// A person, who is known together with the superiors above.
    Member,
    /// Any number of words.
    Tags,
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
            Self::Member => "member",
            Self::Tags => "tags",
        }
    }
}

/// Under which rules know what came of a step of their flow.
pub fn result_of(step: &str) -> String {
    format!("{RESULT}{step}")
}

/// The step whose result a fact is.
pub fn step_of(fact: &str) -> Option<&str> {
    fact.strip_prefix(RESULT)
}

// No other fact has a colon in its name.
const RESULT: &str = "result:";

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
    Member(Member),
    Tags(Arc<[Arc<str>]>),
}

/// A person by login with the logins of the superiors, the nearest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    pub login: Arc<str>,
    pub above: Arc<[Arc<str>]>,
}

impl Member {
    /// Whether this is the person, or somebody below.
    pub fn is_under(&self, login: &str) -> bool {
        *self.login == *login || self.above.iter().any(|above| **above == *login)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
            Self::Date(value) => value.fmt(f),
            Self::Member(member) => member.login.fmt(f),
            Self::Tags(tags) => f.write_str(&tags.join(", ")),
        }
    }
}

/// Everything a run may know about one order. A value missing from a row counts as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub fields: Vec<Value>,
    pub lines: Vec<Vec<Value>>,
    pub findings: Vec<FindingFact>,
    /// What is known of the days that the facts name; nothing where no rule asks.
    pub days: BTreeMap<Date, Day>,
    /// The company's saved lists, so that a list that is changed counts from then on.
    pub sets: Arc<Sets>,
}

/// Saved lists by their code, each sorted.
pub type Sets = BTreeMap<String, Vec<Value>>;

/// What the company's calendar says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub works: bool,
    /// Working days from today up to it; below zero for a day that is past.
    pub working_days: i64,
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
