//! The interpreter. It cannot fail: names became places and types were checked when the rule was made,
//! an empty value has a declared meaning, and the work is at most rows times lines.

use super::condition::Operator;
use super::fact::{Day, Facts, Value};
use super::formula::{deviates, worked_out};
use super::pattern;
use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A checked condition, ready to run on any facts of its schema.
#[derive(Clone, Debug)]
pub struct Rule {
    test: Test,
    /// Some row wants a person to be asked where a field is empty.
    raises: bool,
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
    /// It says nothing while a field that it reads is empty.
    pub raises: bool,
    pub field: Arc<str>,
    pub text: Arc<str>,
}

#[derive(Clone, Debug)]
pub(super) enum Against {
    Nothing,
    Constant(Value),
    /// Sorted.
    List(Vec<Value>),
    Set(Arc<str>),
    Slot(usize),
    Formula {
        slot: usize,
        times: Decimal,
        plus: Decimal,
    },
    Deviation {
        slot: usize,
        percent: Decimal,
    },
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
        let raises = test.raises();
        Self { test, raises }
    }

    pub fn eval(&self, facts: &Facts) -> bool {
        self.test.holds(&facts.fields, facts)
    }

    /// As [`Rule::eval`], where it can be said: nothing where it hangs on a row that wants a person to be asked because a
    /// field is empty.
    pub fn decide(&self, facts: &Facts) -> Option<bool> {
        if self.raises { self.test.known(facts) } else { Some(self.eval(facts)) }
    }

    /// The empty fields because of which it cannot be said.
    pub fn lacks(&self, facts: &Facts) -> Vec<Arc<str>> {
        let mut fields = Vec::new();
        if self.decide(facts).is_none() {
            self.test.lacks(facts, &mut fields);
        }
        fields
    }

    /// Every row in reading order, with the value it saw.
    pub fn explain(&self, facts: &Facts) -> Vec<RowExplained> {
        let mut rows = Vec::new();
        self.test.explain(facts, &mut rows);
        rows
    }
}

impl Test {
    /// Whether it holds for these values, of the order or of one line.
    fn holds(&self, values: &[Value], facts: &Facts) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|test| test.holds(values, facts)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(values, facts)),
            Self::Row(row) => row.holds(values, facts),
            Self::Lines(tested) => tested.holds(facts),
        }
    }

    fn raises(&self) -> bool {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().any(Self::raises),
            Self::Row(row) => row.raises,
            Self::Lines(_) => false,
        }
    }

    /// What follows from the rows that say something, whatever the others would.
    fn known(&self, facts: &Facts) -> Option<bool> {
        let joined = |tests: &[Self], decides: bool| {
            let known = || tests.iter().map(|test| test.known(facts));
            let decided = known().any(|holds| holds == Some(decides));
            let open = known().any(|holds| holds.is_none());
            if decided || !open { Some(decided == decides) } else { None }
        };
        match self {
            Self::All(tests) => joined(tests, false),
            Self::Any(tests) => joined(tests, true),
            Self::Row(row) if row.raises && row.lacks(&facts.fields) => None,
            test => Some(test.holds(&facts.fields, facts)),
        }
    }

    fn lacks(&self, facts: &Facts, fields: &mut Vec<Arc<str>>) {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.lacks(facts, fields)),
            Self::Row(row) if row.raises && row.lacks(&facts.fields) && !fields.contains(&row.field) => {
                fields.push(row.field.clone());
            }
            _ => {}
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
                    holds: row.holds(&facts.fields, facts),
                });
            }
            Self::Lines(tested) => rows.push(RowExplained {
                text: tested.text.clone(),
                field: "lines".into(),
                value: Some(tested.seen(facts)),
                holds: tested.holds(facts),
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
    /// Whether a field that it reads is empty.
    fn lacks(&self, values: &[Value]) -> bool {
        let other = match &self.against {
            Against::Slot(slot) | Against::Formula { slot, .. } | Against::Deviation { slot, .. } => {
                Some(*slot)
            }
            Against::Nothing | Against::Constant(_) | Against::List(_) | Against::Set(_) => None,
        };
        let empty = |slot: usize| *read(values, slot) == Value::Null;
        !self.operator.is_emptiness() && (empty(self.slot) || other.is_some_and(empty))
    }

    fn holds(&self, values: &[Value], facts: &Facts) -> bool {
        let value = read(values, self.slot);
        match (&self.against, self.operator) {
            (_, Operator::IsEmpty) => *value == Value::Null,
            (_, Operator::NotEmpty) => *value != Value::Null,
            (against, operator) if operator.asks_calendar() => self.of_day(value, against, &facts.days),
            (Against::Nothing, _) => self.on_empty,
            (Against::List(list), _) => self.among(value, list),
            // A set that is not there counts as empty.
            (Against::Set(set), _) => {
                facts.sets.get(&**set).map_or(self.on_empty, |list| self.among(value, list))
            }
            (Against::Constant(constant), _) => self.compared(value, constant),
            (Against::Slot(slot), _) => self.compared(value, read(values, *slot)),
            (Against::Formula { slot, times, plus }, _) => {
                let Value::Number(base) = read(values, *slot) else { return self.on_empty };
                let other = worked_out(*base, *times, *plus).map_or(Value::Null, Value::Number);
                self.compared(value, &other)
            }
            (Against::Deviation { slot, percent }, _) => match (value, read(values, *slot)) {
                (Value::Number(value), Value::Number(base)) => {
                    deviates(*value, *base, *percent).unwrap_or(self.on_empty)
                }
                _ => self.on_empty,
            },
        }
    }

    /// A day of which the calendar was not asked counts as empty.
    fn of_day(&self, value: &Value, against: &Against, days: &BTreeMap<Date, Day>) -> bool {
        let Value::Date(date) = value else { return self.on_empty };
        let Some(day) = days.get(date) else { return self.on_empty };
        match (self.operator, against) {
            (Operator::IsWorkingDay, _) => day.works,
            (Operator::NotWorkingDay, _) => !day.works,
            (_, Against::Constant(Value::Number(most))) => Decimal::from(day.working_days) <= *most,
            _ => self.on_empty,
        }
    }

    fn among(&self, value: &Value, list: &[Value]) -> bool {
        let listed = |text: &Arc<str>| list.binary_search(&Value::Text(text.clone())).is_ok();
        match (value, self.operator) {
            (Value::Null, _) => self.on_empty,
            (Value::Tags(tags), operator) => tags.iter().any(listed) == (operator == Operator::Includes),
            (Value::Member(member), Operator::Under | Operator::NotUnder) => {
                let is_under = listed(&member.login) || member.above.iter().any(listed);
                is_under == (self.operator == Operator::Under)
            }
            (Value::Member(member), operator) => listed(&member.login) == (operator == Operator::In),
            (value, operator) => list.binary_search(value).is_ok() == (operator == Operator::In),
        }
    }

    fn compared(&self, value: &Value, other: &Value) -> bool {
        match (value, other) {
            (Value::Null, _) | (_, Value::Null) => self.on_empty,
            (Value::Tags(tags), Value::Text(tag)) => {
                tags.contains(tag) == (self.operator == Operator::Includes)
            }
            (Value::Member(member), Value::Text(login)) => match self.operator {
                Operator::Under => member.is_under(login),
                Operator::NotUnder => !member.is_under(login),
                operator => compare(operator, member.login.cmp(login)),
            },
            (Value::Member(one), Value::Member(other)) => compare(self.operator, one.login.cmp(&other.login)),
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
    fn matches(&self, line: &[Value], facts: &Facts) -> bool {
        self.matching.as_ref().is_none_or(|test| test.holds(line, facts))
    }

    fn count(&self, facts: &Facts) -> usize {
        facts.lines.iter().filter(|line| self.matches(line, facts)).count()
    }

    /// None where the sum is larger than a decimal can be.
    fn sum(&self, facts: &Facts, slot: usize) -> Option<Decimal> {
        facts.lines.iter().filter(|line| self.matches(line, facts)).try_fold(Decimal::ZERO, |sum, line| {
            match read(line, slot) {
                Value::Number(number) => sum.checked_add(*number),
                _ => Some(sum),
            }
        })
    }

    fn distinct(&self, facts: &Facts, slot: usize) -> usize {
        let values = facts.lines.iter().filter(|line| self.matches(line, facts)).map(|line| read(line, slot));
        values.filter(|value| **value != Value::Null).collect::<BTreeSet<_>>().len()
    }

    fn holds(&self, facts: &Facts) -> bool {
        match &self.tally {
            Tally::Any => facts.lines.iter().any(|line| self.matches(line, facts)),
            Tally::All => facts.lines.iter().all(|line| self.matches(line, facts)),
            Tally::None => !facts.lines.iter().any(|line| self.matches(line, facts)),
            Tally::Count(operator, value) => compare(*operator, Decimal::from(self.count(facts)).cmp(value)),
            Tally::Sum(slot, operator, value) => {
                self.sum(facts, *slot).is_some_and(|sum| compare(*operator, sum.cmp(value)))
            }
            Tally::Distinct(slot, operator, value) => {
                compare(*operator, Decimal::from(self.distinct(facts, *slot)).cmp(value))
            }
        }
    }

    fn seen(&self, facts: &Facts) -> String {
        match &self.tally {
            Tally::Sum(slot, ..) => self.sum(facts, *slot).map(|sum| sum.to_string()).unwrap_or_default(),
            Tally::Distinct(slot, ..) => self.distinct(facts, *slot).to_string(),
            _ => format!("{}/{}", self.count(facts), facts.lines.len()),
        }
    }
}
