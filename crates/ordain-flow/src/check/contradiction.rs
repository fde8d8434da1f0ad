//! Conditions that no order can meet, as far as their constants show: `amount > 5 && amount < 3`. Rows that
//! compare fields, and rows that hold for empty fields, are taken to be possible.

use crate::rule::{Condition, Lines, OnEmpty, Operand, Operator, Row};
use std::collections::BTreeMap;

pub fn never_holds(condition: &Condition) -> bool {
    match condition {
        Condition::All(children) => contradict(children) || children.iter().any(never_holds),
        Condition::Any(children) => children.iter().all(never_holds),
        Condition::Row(row) => Demands::of(&[row]).is_impossible(),
        Condition::Lines(Lines::Any { matching }) => never_holds(matching),
        Condition::Lines(_) | Condition::Cel(_) => false,
    }
}

fn contradict(children: &[Condition]) -> bool {
    let mut by_field: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for child in children {
        if let Condition::Row(row) = child {
            by_field.entry(&row.field).or_default().push(row);
        }
    }
    by_field.values().any(|rows| Demands::of(rows).is_impossible())
}

/// What several rows together ask of one field.
#[derive(Default)]
struct Demands<'a> {
    /// Least value, and whether it is itself excluded.
    low: Option<(&'a Operand, bool)>,
    high: Option<(&'a Operand, bool)>,
    one_of: Vec<&'a [Operand]>,
    none_of: Vec<&'a Operand>,
    must_be_empty: bool,
    must_have_value: bool,
}

impl<'a> Demands<'a> {
    fn of(rows: &[&'a Row]) -> Self {
        let mut demands = Self::default();
        for row in rows.iter().filter(|row| row.when_empty != Some(OnEmpty::Holds(true))) {
            demands.add(row);
        }
        demands
    }

    fn add(&mut self, row: &'a Row) {
        match row.operator {
            Operator::IsEmpty => self.must_be_empty = true,
            _ => self.must_have_value = true,
        }
        let value = match &row.value {
            Some(Operand::Set(_) | Operand::Field(_) | Operand::Formula(_) | Operand::Deviation(_))
            | None => {
                return;
            }
            Some(value) => value,
        };
        match (row.operator, value) {
            (Operator::Eq, _) => {
                self.at_least(value, false);
                self.at_most(value, false);
            }
            (Operator::Gt, _) => self.at_least(value, true),
            (Operator::Ge, _) => self.at_least(value, false),
            (Operator::Lt, _) => self.at_most(value, true),
            (Operator::Le, _) => self.at_most(value, false),
            (Operator::Ne, _) => self.none_of.push(value),
            (Operator::In, Operand::List(items)) => self.one_of.push(items),
            (Operator::NotIn, Operand::List(items)) => self.none_of.extend(items),
            _ => {}
        }
    }

    fn at_least(&mut self, value: &'a Operand, strict: bool) {
        self.low = self.low.max(Some((value, strict)));
    }

    fn at_most(&mut self, value: &'a Operand, strict: bool) {
        // Of two equal bounds the one that excludes its value is the narrower.
        let narrower =
            |(known, excluded): (&Operand, bool)| value < known || (value == known && strict && !excluded);
        if self.high.is_none_or(narrower) {
            self.high = Some((value, strict));
        }
    }

    fn allows(&self, value: &Operand) -> bool {
        let above = self.low.is_none_or(|(low, strict)| value > low || (value == low && !strict));
        let below = self.high.is_none_or(|(high, strict)| value < high || (value == high && !strict));
        above && below && !self.none_of.contains(&value) && self.one_of.iter().all(|l| l.contains(value))
    }

    fn is_impossible(&self) -> bool {
        if self.must_be_empty && self.must_have_value {
            return true;
        }
        if let Some(candidates) = self.one_of.first() {
            return !candidates.iter().any(|candidate| self.allows(candidate));
        }
        match (self.low, self.high) {
            (Some((low, _)), Some((high, _))) if low == high => !self.allows(low),
            (Some((low, _)), Some((high, _))) => low > high,
            _ => false,
        }
    }
}
