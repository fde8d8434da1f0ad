//! The condition tree as documents keep it and the builder shows it. The text form is a view of the same
//! tree: both say the same thing in normal form.

use super::fact::Value;
use super::formula::{Deviation, Formula};
use crate::doc::{DateText, DecimalText};
use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Row(Row),
    Lines(Lines),
    /// Text not yet lowered; only drafts hold it, and no rule is made of it.
    Cel(String),
}

/// Operand, operator, value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub field: String,
    #[serde(rename = "op")]
    pub operator: Operator,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Operand>,
    /// What the row says while a field it reads is empty; unset means it does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_empty: Option<OnEmpty>,
}

/// What a row says while a field that it reads is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OnEmptyForm", into = "OnEmptyForm")]
pub enum OnEmpty {
    Holds(bool),
    /// Nothing: where it decides which way an order goes, a person is asked.
    Exception,
}

/// `true`, `false`, or a word.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum OnEmptyForm {
    Holds(bool),
    Word(OnEmptyWord),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OnEmptyWord {
    Exception,
}

impl From<OnEmptyForm> for OnEmpty {
    fn from(form: OnEmptyForm) -> Self {
        match form {
            OnEmptyForm::Holds(holds) => Self::Holds(holds),
            OnEmptyForm::Word(OnEmptyWord::Exception) => Self::Exception,
        }
    }
}

impl From<OnEmpty> for OnEmptyForm {
    fn from(on_empty: OnEmpty) -> Self {
        match on_empty {
            OnEmpty::Holds(holds) => Self::Holds(holds),
            OnEmpty::Exception => Self::Word(OnEmptyWord::Exception),
        }
    }
}

impl JsonSchema for OnEmpty {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "OnEmpty".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["boolean", "string"], "enum": [true, false, "exception"] })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    In,
    NotIn,
    Contains,
    NotContains,
    StartsWith,
    /// Fits a pattern with `*` and `?`.
    Like,
    NotLike,
    /// Has one of the tags.
    Includes,
    NotIncludes,
    /// Is one of these people, or somebody below them.
    Under,
    NotUnder,
    /// Is far from another field.
    Deviates,
    /// Comes at most so many working days after today.
    WithinWorkingDays,
    IsWorkingDay,
    NotWorkingDay,
    IsEmpty,
    NotEmpty,
}

impl Operator {
    pub fn is_order(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }

    pub fn is_comparison(self) -> bool {
        self.is_order() || matches!(self, Self::Eq | Self::Ne)
    }

    pub fn is_emptiness(self) -> bool {
        matches!(self, Self::IsEmpty | Self::NotEmpty)
    }

    pub fn asks_calendar(self) -> bool {
        matches!(self, Self::WithinWorkingDays | Self::IsWorkingDay | Self::NotWorkingDay)
    }

    /// Asks something of a field alone.
    pub fn takes_nothing(self) -> bool {
        self.is_emptiness() || matches!(self, Self::IsWorkingDay | Self::NotWorkingDay)
    }

    /// Takes a list of values or one of them.
    pub fn takes_one(self) -> bool {
        self.takes_list() && !matches!(self, Self::In | Self::NotIn)
    }

    /// Takes a list of values; `in` and its opposite nothing else.
    pub fn takes_list(self) -> bool {
        matches!(
            self,
            Self::In | Self::NotIn | Self::Includes | Self::NotIncludes | Self::Under | Self::NotUnder
        )
    }

    /// The operator that says the same with its sides exchanged.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            same => same,
        }
    }

    /// The operator that text writes with a leading `!`.
    pub fn negated(self) -> Option<Self> {
        match self {
            Self::In => Some(Self::NotIn),
            Self::Contains => Some(Self::NotContains),
            Self::Like => Some(Self::NotLike),
            Self::Includes => Some(Self::NotIncludes),
            Self::Under => Some(Self::NotUnder),
            Self::IsWorkingDay => Some(Self::NotWorkingDay),
            _ => None,
        }
    }
}

/// A constant with its type written out, or another field of the same order or line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operand {
    Bool(bool),
    #[serde(with = "exact")]
    #[schemars(with = "DecimalText")]
    Number(Decimal),
    Text(String),
    #[schemars(with = "DateText")]
    Date(Date),
    List(Vec<Operand>),
    /// A saved list of the company, by its code: what is in it is read when the rule is asked.
    Set(String),
    Field(String),
    Formula(Formula),
    Deviation(Deviation),
}

impl Operand {
    /// The value of a constant; none for a list, a field or what is worked out from one.
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Bool(value) => Some(Value::Bool(*value)),
            Self::Number(value) => Some(Value::Number(*value)),
            Self::Text(value) => Some(Value::Text(value.as_str().into())),
            Self::Date(value) => Some(Value::Date(*value)),
            Self::List(_) | Self::Set(_) | Self::Field(_) | Self::Formula(_) | Self::Deviation(_) => None,
        }
    }

    /// The constant that stands for a value; none for an empty one.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(value) => Some(Self::Number(*value)),
            Value::Text(value) => Some(Self::Text(value.to_string())),
            Value::Date(value) => Some(Self::Date(*value)),
            Value::Member(member) => Some(Self::Text(member.login.to_string())),
            Value::Tags(tags) => {
                Some(Self::List(tags.iter().map(|tag| Self::Text(tag.to_string())).collect()))
            }
        }
    }
}

/// A statement about the order's lines; its inner condition reads line fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "quantifier", rename_all = "snake_case", deny_unknown_fields)]
pub enum Lines {
    Any {
        matching: Box<Condition>,
    },
    /// Holds for an order without lines.
    All {
        matching: Box<Condition>,
    },
    None {
        matching: Box<Condition>,
    },
    Count {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matching: Option<Box<Condition>>,
        op: Operator,
        #[serde(with = "exact")]
        #[schemars(with = "DecimalText")]
        value: Decimal,
    },
    /// An empty value adds nothing.
    Sum {
        field: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matching: Option<Box<Condition>>,
        op: Operator,
        #[serde(with = "exact")]
        #[schemars(with = "DecimalText")]
        value: Decimal,
    },
    /// How many different values the field has; an empty one does not count.
    Distinct {
        field: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matching: Option<Box<Condition>>,
        op: Operator,
        #[serde(with = "exact")]
        #[schemars(with = "DecimalText")]
        value: Decimal,
    },
}

impl Lines {
    pub fn matching(&self) -> Option<&Condition> {
        match self {
            Self::Any { matching } | Self::All { matching } | Self::None { matching } => Some(matching),
            Self::Count { matching, .. } | Self::Sum { matching, .. } | Self::Distinct { matching, .. } => {
                matching.as_deref()
            }
        }
    }

    pub fn matching_mut(&mut self) -> Option<&mut Condition> {
        match self {
            Self::Any { matching } | Self::All { matching } | Self::None { matching } => Some(matching),
            Self::Count { matching, .. } | Self::Sum { matching, .. } | Self::Distinct { matching, .. } => {
                matching.as_deref_mut()
            }
        }
    }

    fn normal(self) -> Self {
        let inner = |matching: Box<Condition>| Box::new(matching.normal());
        match self {
            Self::Any { matching } => Self::Any { matching: inner(matching) },
            Self::All { matching } => Self::All { matching: inner(matching) },
            Self::None { matching } => Self::None { matching: inner(matching) },
            Self::Count { matching, op, value } => {
                Self::Count { matching: matching.map(inner), op, value: value.normalize() }
            }
            Self::Sum { field, matching, op, value } => {
                Self::Sum { field, matching: matching.map(inner), op, value: value.normalize() }
            }
            Self::Distinct { field, matching, op, value } => {
                Self::Distinct { field, matching: matching.map(inner), op, value: value.normalize() }
            }
        }
    }
}

impl Condition {
    /// The one shape among trees that say the same: no group directly inside a group of its kind, no
    /// group of one, numbers without trailing zeros.
    pub fn normal(self) -> Self {
        match self {
            Self::All(children) => regroup(children, true),
            Self::Any(children) => regroup(children, false),
            Self::Row(row) => Self::Row(row.normal()),
            Self::Lines(lines) => Self::Lines(lines.normal()),
            Self::Cel(text) => Self::Cel(text),
        }
    }
}

impl Condition {
    /// Every row with whether it reads lines.
    pub fn rows(&self) -> Vec<(&Row, bool)> {
        let mut rows = Vec::new();
        let mut pending = vec![(self, false)];
        while let Some((condition, in_line)) = pending.pop() {
            match condition {
                Self::All(children) | Self::Any(children) => {
                    pending.extend(children.iter().rev().map(|child| (child, in_line)));
                }
                Self::Row(row) => rows.push((row, in_line)),
                Self::Lines(lines) => pending.extend(lines.matching().map(|inner| (inner, true))),
                Self::Cel(_) => {}
            }
        }
        rows
    }
}

fn regroup(children: Vec<Condition>, all: bool) -> Condition {
    let mut flat = Vec::with_capacity(children.len());
    for child in children {
        match (child.normal(), all) {
            (Condition::All(inner), true) | (Condition::Any(inner), false) => flat.extend(inner),
            (other, _) => flat.push(other),
        }
    }
    match (flat.len(), all) {
        (1, _) => flat.swap_remove(0),
        (_, true) => Condition::All(flat),
        (_, false) => Condition::Any(flat),
    }
}

impl Row {
    fn normal(mut self) -> Self {
        if self.operator.is_emptiness() {
            self.when_empty = None;
        }
        // One of a list of one is that one.
        self.value = self.value.map(|value| match value.normal() {
            Operand::List(mut items) if items.len() == 1 && self.operator.takes_one() => items.swap_remove(0),
            value => value,
        });
        self
    }
}

impl Operand {
    fn normal(self) -> Self {
        match self {
            Self::Number(value) => Self::Number(value.normalize()),
            Self::List(items) => Self::List(items.into_iter().map(Self::normal).collect()),
            Self::Formula(formula) if formula.is_plain() => Self::Field(formula.field),
            Self::Formula(formula) => Self::Formula(formula.normal()),
            Self::Deviation(Deviation { from, percent }) => {
                Self::Deviation(Deviation { from, percent: percent.normalize() })
            }
            other => other,
        }
    }
}

/// Decimals travel as text: a JSON number would pass through a float on its way.
pub(super) mod exact {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map_err(|_| D::Error::custom(format!("not a decimal: {text:.40}")))
    }
}
