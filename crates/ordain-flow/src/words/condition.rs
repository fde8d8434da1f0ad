//! Conditions as people say them: 「含税金额 ≥ 50,000 且 条款偏离 为 是」.

use super::{Speaker, catalogue};
use crate::rule::{Condition, FieldType, Formula, Lines, OnEmpty, Operand, Operator, Row, step_of};
use rust_decimal::Decimal;

impl Speaker<'_> {
    /// When a lane is entered, as a whole sentence.
    pub fn when(&self, condition: &Condition) -> String {
        self.say("when", &[("condition", &self.condition(condition))])
    }

    pub fn condition(&self, condition: &Condition) -> String {
        self.clause(condition, false, false)
    }

    fn clause(&self, condition: &Condition, in_line: bool, inside_group: bool) -> String {
        match condition {
            Condition::All(children) => self.group(children, "join.all", in_line, inside_group),
            Condition::Any(children) => self.group(children, "join.any", in_line, inside_group),
            Condition::Row(row) => self.row(row, in_line),
            Condition::Lines(lines) => self.lines(lines),
            Condition::Cel(text) => text.clone(),
        }
    }

    fn group(&self, children: &[Condition], joint: &str, in_line: bool, inside_group: bool) -> String {
        let brackets = inside_group && children.len() > 1;
        let clauses: Vec<_> =
            children.iter().map(|child| self.clause(child, in_line, children.len() > 1)).collect();
        let joined = clauses.join(&self.word(joint));
        if brackets { self.say("group", &[("condition", &joined)]) } else { joined }
    }

    fn row(&self, row: &Row, in_line: bool) -> String {
        let field = self.field(&row.field, in_line);
        let kind = self.schema.find(&row.field, in_line).map(|(_, def)| &def.kind);
        let value = row.value.as_ref().map(|value| self.value_of(row, value, in_line)).unwrap_or_default();
        let key = format!("op.{}", operator_word(row.operator, kind));
        let base = match &row.value {
            Some(Operand::Deviation(deviation)) => self.field(&deviation.from, in_line),
            _ => String::new(),
        };
        let said = self.say(&key, &[("field", &field), ("value", &value), ("base", &base)]);
        match row.when_empty.filter(|_| !row.operator.is_emptiness()) {
            Some(OnEmpty::Holds(true)) => self.say("or_empty", &[("condition", &said)]),
            Some(OnEmpty::Exception) => self.say("asked_if_empty", &[("condition", &said)]),
            Some(OnEmpty::Holds(false)) | None => said,
        }
    }

    /// The value of a row, in the words that its field has for it.
    fn value_of(&self, row: &Row, value: &Operand, in_line: bool) -> String {
        let kind = self.schema.find(&row.field, in_line).map(|(_, def)| &def.kind);
        match (value, kind) {
            (Operand::List(items), _) => {
                self.list(items.iter().map(|item| self.value_of(row, item, in_line)))
            }
            (Operand::Set(set), _) => self.set(set),
            (Operand::Text(login), Some(FieldType::Member)) => self.name("user", login),
            (Operand::Text(code), _) if row.field == "department" => self.name("department", code),
            (Operand::Text(text), Some(FieldType::Choice(_))) => {
                let field = if step_of(&row.field).is_some() { "result" } else { row.field.as_str() };
                let key = format!("value.{field}.{text}");
                catalogue(self.lang).get(&key).unwrap_or(text).clone()
            }
            _ => self.operand(value, in_line),
        }
    }

    fn set(&self, code: &str) -> String {
        self.say("set", &[("set", &self.name("set", code))])
    }

    pub(super) fn operand(&self, operand: &Operand, in_line: bool) -> String {
        match operand {
            Operand::Bool(true) => self.word("yes"),
            Operand::Bool(false) => self.word("no"),
            Operand::Number(number) => grouped(number),
            Operand::Text(text) => text.clone(),
            Operand::Date(date) => date.to_string(),
            Operand::List(items) => self.list(items.iter().map(|item| self.operand(item, in_line))),
            Operand::Set(set) => self.set(set),
            Operand::Field(field) => self.field(field, in_line),
            Operand::Formula(Formula { field, times, plus }) => {
                let mut said = self.field(field, in_line);
                if *times != Decimal::ONE {
                    said = self.say("formula.times", &[("field", &said), ("value", &grouped(times))]);
                }
                let key = if plus.is_sign_negative() { "formula.minus" } else { "formula.plus" };
                match plus.is_zero() {
                    true => said,
                    false => self.say(key, &[("field", &said), ("value", &grouped(&plus.abs()))]),
                }
            }
            Operand::Deviation(deviation) => grouped(&deviation.percent),
        }
    }

    fn lines(&self, lines: &Lines) -> String {
        let inner = |matching: &Condition| self.clause(matching, true, true);
        let compared = |op: &Operator, value: &Decimal, counted: &str| {
            let key = format!("op.{}", operator_word(*op, Some(&FieldType::Number)));
            self.say(&key, &[("field", counted), ("value", &grouped(value))])
        };
        let of_field = |key: &str, field: &str, matching: Option<&Condition>| {
            let field = self.field(field, true);
            match matching {
                None => self.say(key, &[("field", &field)]),
                Some(matching) => {
                    self.say(&format!("{key}_of"), &[("field", &field), ("condition", &inner(matching))])
                }
            }
        };
        match lines {
            Lines::Any { matching } => self.say("lines.any", &[("condition", &inner(matching))]),
            Lines::All { matching } => self.say("lines.all", &[("condition", &inner(matching))]),
            Lines::None { matching } => self.say("lines.none", &[("condition", &inner(matching))]),
            Lines::Count { matching: None, op, value } => compared(op, value, &self.word("lines.count")),
            Lines::Count { matching: Some(matching), op, value } => {
                compared(op, value, &self.say("lines.count_of", &[("condition", &inner(matching))]))
            }
            Lines::Sum { field, matching, op, value } => {
                compared(op, value, &of_field("lines.sum", field, matching.as_deref()))
            }
            Lines::Distinct { field, matching, op, value } => {
                compared(op, value, &of_field("lines.distinct", field, matching.as_deref()))
            }
        }
    }
}

/// The key of the words for an operator; order of dates and equality of words are said differently from numbers.
fn operator_word(operator: Operator, kind: Option<&FieldType>) -> &'static str {
    let date = matches!(kind, Some(FieldType::Date));
    let words =
        matches!(kind, Some(FieldType::Text | FieldType::Choice(_) | FieldType::Bool | FieldType::Member));
    match operator {
        Operator::Eq if matches!(kind, Some(FieldType::Bool)) => "flag",
        Operator::Eq if words => "is",
        Operator::Ne if words => "is_not",
        Operator::Gt if date => "after",
        Operator::Ge if date => "not_before",
        Operator::Lt if date => "before",
        Operator::Le if date => "not_after",
        Operator::Eq => "eq",
        Operator::Ne => "ne",
        Operator::Gt => "gt",
        Operator::Ge => "ge",
        Operator::Lt => "lt",
        Operator::Le => "le",
        Operator::In => "in",
        Operator::NotIn => "not_in",
        Operator::Contains => "contains",
        Operator::NotContains => "not_contains",
        Operator::StartsWith => "starts_with",
        Operator::Like => "like",
        Operator::NotLike => "not_like",
        Operator::Includes => "includes",
        Operator::NotIncludes => "not_includes",
        Operator::Under => "under",
        Operator::NotUnder => "not_under",
        Operator::Deviates => "deviates",
        Operator::WithinWorkingDays => "within_working_days",
        Operator::IsWorkingDay => "is_working_day",
        Operator::NotWorkingDay => "not_working_day",
        Operator::IsEmpty => "is_empty",
        Operator::NotEmpty => "not_empty",
    }
}

/// A number with its thousands set apart.
pub(crate) fn grouped(number: &Decimal) -> String {
    let text = number.normalize().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
