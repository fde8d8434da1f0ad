//! The interpreter. It cannot fail: names became places and types were checked when the rule was made,
//! an empty value has a declared meaning, and the work is at most rows times lines.

use super::condition::Operator;
use super::fact::{Facts, Value};
use super::pattern;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A checked condition, ready to run on any facts of its schema.
#[derive(Clone, Debug)]
pub struct Rule {
    test: Test,
}

/// One row as it was for these facts: what it asked, what it saw, what came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowExplained {
    pub text: Arc<str>,
    pub field: Arc<str>,
    /// Empty fields have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub holds: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Row(Tested),
    Lines(TestedLines),
}

#[derive(Clone, Debug)]
pub(super) struct Tested {
    pub slot: usize,
    pub operator: Operator,
    pub against: Against,
    pub on_empty: bool,
    pub field: Arc<str>,
    pub text: Arc<str>,
}

#[derive(Clone, Debug)]
pub(super) enum Against {
    Nothing,
    Constant(Value),
    /// Sorted.
    List(Vec<Value>),
    Slot(usize),
}

#[derive(Clone, Debug)]
pub(super) struct TestedLines {
    pub tally: Tally,
    pub matching: Option<Box<Test>>,
    pub text: Arc<str>,
}

#[derive(Clone, Debug)]
pub(super) enum Tally {
    Any,
    All,
    None,
    Count(Operator, Decimal),
    Sum(usize, Operator, Decimal),
    Distinct(usize, Operator, Decimal),
}

impl Rule {
    pub(super) fn new(test: Test) -> Self {
        Self { test }
    }

    pub fn eval(&self, facts: &Facts) -> bool {
        self.test.holds(&facts.fields, &facts.lines)
    }

    /// Every row in reading order, with the value it saw.
    pub fn explain(&self, facts: &Facts) -> Vec<RowExplained> {
        let mut rows = Vec::new();
        self.test.explain(facts, &mut rows);
        rows
    }
}

impl Test {
    fn holds(&self, fields: &[Value], lines: &[Vec<Value>]) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|test| test.holds(fields, lines)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(fields, lines)),
            Self::Row(row) => row.holds(fields),
            Self::Lines(tested) => tested.holds(lines),
        }
    }

    fn explain(&self, facts: &Facts, rows: &mut Vec<RowExplained>) {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.explain(facts, rows)),
            Self::Row(row) => {
                let value = read(&facts.fields, row.slot);
                rows.push(RowExplained {
                    text: row.text.clone(),
                    field: row.field.clone(),
                    value: (*value != Value::Null).then(|| value.to_string()),
                    holds: row.holds(&facts.fields),
                });
            }
            Self::Lines(tested) => rows.push(RowExplained {
                text: tested.text.clone(),
                field: "lines".into(),
                value: Some(tested.seen(&facts.lines)),
                holds: tested.holds(&facts.lines),
            }),
        }
    }
}

const EMPTY: &Value = &Value::Null;

fn read(values: &[Value], slot: usize) -> &Value {
    values.get(slot).unwrap_or(EMPTY)
}

fn compare(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Eq => ordering.is_eq(),
        Operator::Ne => ordering.is_ne(),
        Operator::Gt => ordering.is_gt(),
        Operator::Ge => ordering.is_ge(),
        Operator::Lt => ordering.is_lt(),
        Operator::Le => ordering.is_le(),
        _ => false,
    }
}

impl Tested {
    fn holds(&self, values: &[Value]) -> bool {
        let value = read(values, self.slot);
        let other = match &self.against {
            Against::Nothing => {
                return (*value == Value::Null) == (self.operator == Operator::IsEmpty);
            }
            Against::List(list) => {
                return match value {
                    Value::Null => self.on_empty,
                    value => list.binary_search(value).is_ok() == (self.operator == Operator::In),
                };
            }
            Against::Constant(constant) => constant,
            Against::Slot(slot) => read(values, *slot),
        };
        match (value, other) {
            (Value::Null, _) | (_, Value::Null) => self.on_empty,
            (Value::Text(text), Value::Text(part)) => match self.operator {
                Operator::Contains => text.contains(&**part),
                Operator::NotContains => !text.contains(&**part),
                Operator::StartsWith => text.starts_with(&**part),
                Operator::Like => pattern::fits(text, part),
                Operator::NotLike => !pattern::fits(text, part),
                operator => compare(operator, text.cmp(part)),
            },
            (value, other) => compare(self.operator, value.cmp(other)),
        }
    }
}

impl TestedLines {
    fn matches(&self, line: &[Value]) -> bool {
        self.matching.as_ref().is_none_or(|test| test.holds(line, &[]))
    }

    fn count(&self, lines: &[Vec<Value>]) -> usize {
        lines.iter().filter(|line| self.matches(line)).count()
    }

    /// None where the sum is larger than a decimal can be.
    fn sum(&self, lines: &[Vec<Value>], slot: usize) -> Option<Decimal> {
        lines.iter().filter(|line| self.matches(line)).try_fold(Decimal::ZERO, |sum, line| {
            match read(line, slot) {
                Value::Number(number) => sum.checked_add(*number),
                _ => Some(sum),
            }
        })
    }

    fn distinct(&self, lines: &[Vec<Value>], slot: usize) -> usize {
        let values = lines.iter().filter(|line| self.matches(line)).map(|line| read(line, slot));
        values.filter(|value| **value != Value::Null).collect::<BTreeSet<_>>().len()
    }

    fn holds(&self, lines: &[Vec<Value>]) -> bool {
        match &self.tally {
            Tally::Any => lines.iter().any(|line| self.matches(line)),
            Tally::All => lines.iter().all(|line| self.matches(line)),
            Tally::None => !lines.iter().any(|line| self.matches(line)),
            Tally::Count(operator, value) => compare(*operator, Decimal::from(self.count(lines)).cmp(value)),
            Tally::Sum(slot, operator, value) => {
                self.sum(lines, *slot).is_some_and(|sum| compare(*operator, sum.cmp(value)))
            }
            Tally::Distinct(slot, operator, value) => {
                compare(*operator, Decimal::from(self.distinct(lines, *slot)).cmp(value))
            }
        }
    }

    fn seen(&self, lines: &[Vec<Value>]) -> String {
        match &self.tally {
            Tally::Sum(slot, ..) => self.sum(lines, *slot).map(|sum| sum.to_string()).unwrap_or_default(),
            Tally::Distinct(slot, ..) => self.distinct(lines, *slot).to_string(),
            _ => format!("{}/{}", self.count(lines), lines.len()),
        }
    }
}
