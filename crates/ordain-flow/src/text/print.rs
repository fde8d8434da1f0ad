//! The normal text of a condition. Reading it back gives the same tree; groups inside groups always carry
//! brackets, so that nobody has to know which of `&&` and `||` binds tighter.

use super::EXCEPTION;
use crate::rule::{Condition, Deviation, Formula, Lines, OnEmpty, Operand, Operator, Row, step_of};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The condition as text.
pub fn to_cel(condition: &Condition) -> String {
    let mut out = String::new();
    print(condition, false, false, &mut out);
    out
}

pub(crate) fn print_row(row: &Row, in_line: bool) -> String {
    let mut out = String::new();
    print_empty_aware(row, in_line, &mut out);
    out
}

pub(crate) fn print_lines(lines: &Lines) -> String {
    match lines {
        Lines::Any { matching } => format!("lines.exists(l, {})", inner(matching)),
        Lines::All { matching } => format!("lines.all(l, {})", inner(matching)),
        Lines::None { matching } => format!("!lines.exists(l, {})", inner(matching)),
        Lines::Count { matching, op, value } => {
            let counted = match matching {
                Some(matching) => format!("size(lines.filter(l, {}))", inner(matching)),
                None => "size(lines)".to_owned(),
            };
            format!("{counted} {} {}", symbol(*op), number(value))
        }
        Lines::Sum { field, matching, op, value } => {
            let filter = filter(matching.as_deref());
            format!("sum(lines.map(l, {filter}l.{field})) {} {}", symbol(*op), number(value))
        }
        Lines::Distinct { field, matching, op, value } => {
            let filter = filter(matching.as_deref());
            format!("size(lines.map(l, {filter}l.{field}).distinct()) {} {}", symbol(*op), number(value))
        }
    }
}

/// The lines that are mapped, where not all are.
fn filter(matching: Option<&Condition>) -> String {
    matching.map(|matching| format!("{}, ", inner(matching))).unwrap_or_default()
}

fn inner(condition: &Condition) -> String {
    let mut out = String::new();
    print(condition, true, false, &mut out);
    out
}

fn print(condition: &Condition, in_line: bool, inside_group: bool, out: &mut String) {
    match condition {
        Condition::All(children) => group(children, " && ", "true", in_line, inside_group, out),
        Condition::Any(children) => group(children, " || ", "false", in_line, inside_group, out),
        Condition::Row(row) => print_empty_aware(row, in_line, out),
        Condition::Lines(lines) => out.push_str(&print_lines(lines)),
        Condition::Cel(text) if inside_group => out.extend(["(", text, ")"]),
        Condition::Cel(text) => out.push_str(text),
    }
}

fn group(
    children: &[Condition],
    joint: &str,
    when_none: &str,
    in_line: bool,
    inside_group: bool,
    out: &mut String,
) {
    let brackets = inside_group && children.len() > 1;
    if brackets {
        out.push('(');
    }
    for (at, child) in children.iter().enumerate() {
        if at > 0 {
            out.push_str(joint);
        }
        print(child, in_line, inside_group || children.len() > 1, out);
    }
    if children.is_empty() {
        out.push_str(when_none);
    }
    if brackets {
        out.push(')');
    }
}

fn print_empty_aware(row: &Row, in_line: bool, out: &mut String) {
    let plain = plain_row(row, if in_line { "l." } else { "" });
    match row.when_empty {
        Some(on_empty) if !row.operator.is_emptiness() => {
            let said = match on_empty {
                OnEmpty::Holds(holds) => holds.to_string(),
                OnEmpty::Exception => quoted(EXCEPTION),
            };
            out.push_str(&format!("if_empty({plain}, {said})"));
        }
        _ => out.push_str(&plain),
    }
}

fn plain_row(row: &Row, scope: &str) -> String {
    let field = name(scope, &row.field);
    let value = row.value.as_ref().map(|value| operand(value, scope)).unwrap_or_default();
    match (row.operator, &row.value) {
        (Operator::Eq, Some(Operand::Bool(true))) => field,
        (Operator::Eq, Some(Operand::Bool(false))) => format!("!{field}"),
        (Operator::In, _) => format!("{field} in {value}"),
        (Operator::NotIn, _) => format!("!({field} in {value})"),
        (Operator::Contains, _) => format!("{field}.contains({value})"),
        (Operator::NotContains, _) => format!("!{field}.contains({value})"),
        (Operator::StartsWith, _) => format!("{field}.startsWith({value})"),
        (Operator::Like, _) => format!("{field}.like({value})"),
        (Operator::NotLike, _) => format!("!{field}.like({value})"),
        (Operator::Includes, _) => format!("{field}.includes({value})"),
        (Operator::NotIncludes, _) => format!("!{field}.includes({value})"),
        (Operator::Under, _) => format!("{field}.under({value})"),
        (Operator::NotUnder, _) => format!("!{field}.under({value})"),
        (Operator::IsWorkingDay, _) => format!("{field}.isWorkingDay()"),
        (Operator::NotWorkingDay, _) => format!("!{field}.isWorkingDay()"),
        (Operator::WithinWorkingDays, _) => format!("workingDaysUntil({field}) <= {value}"),
        (Operator::Deviates, Some(Operand::Deviation(Deviation { from, percent }))) => {
            format!("deviation({field}, {}) >= {}", name(scope, from), number(percent))
        }
        (Operator::IsEmpty, _) => format!("{field} == null"),
        (Operator::NotEmpty, _) => format!("{field} != null"),
        (operator, _) => format!("{field} {} {value}", symbol(operator)),
    }
}

/// A field as text names it; the result of a step by the step's id, which may be any text.
fn name(scope: &str, field: &str) -> String {
    match step_of(field) {
        Some(step) => format!("result({})", quoted(step)),
        None => format!("{scope}{field}"),
    }
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Ne => "!=",
        Operator::Gt => ">",
        Operator::Ge => ">=",
        Operator::Lt => "<",
        Operator::Le => "<=",
        _ => "==",
    }
}

fn operand(operand_: &Operand, scope: &str) -> String {
    match operand_ {
        Operand::Bool(value) => value.to_string(),
        Operand::Number(value) => number(value),
        Operand::Text(text) => quoted(text),
        Operand::Date(date) => format!("date(\"{date}\")"),
        Operand::Field(field) => name(scope, field),
        Operand::Set(set) => format!("set({})", quoted(set)),
        Operand::Formula(Formula { field, times, plus }) => {
            let times = if *times == Decimal::ONE { String::new() } else { format!(" * {}", number(times)) };
            let plus = match plus {
                plus if plus.is_zero() => String::new(),
                plus if plus.is_sign_negative() => format!(" - {}", number(&-plus)),
                plus => format!(" + {}", number(plus)),
            };
            format!("{}{times}{plus}", name(scope, field))
        }
        // Its row writes it.
        Operand::Deviation(deviation) => number(&deviation.percent),
        Operand::List(items) => {
            let items: Vec<_> = items.iter().map(|item| operand(item, scope)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// Whole numbers past 64 bits keep a fraction, because CEL has no larger integers.
fn number(value: &Decimal) -> String {
    let value = value.normalize();
    if value.scale() == 0 && value.to_i64().is_none() { format!("{value}.0") } else { value.to_string() }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
