//! The facts of an order that flow rules may use: one schema, filled from the order, its checks, the people who answer
//! for it and, where a rule asks, the calendar.

mod part;
mod schema;

pub use schema::{FIRST_ORDER, SCHEMA, paths};

use super::Case;
use super::side_run::{MAIN, run_of};
use super::world::House;
use jiff::civil::Date;
use ordain_domain::finding::Severity;
use ordain_flow::doc::CustomField;
use ordain_flow::rule::{Day, Facts, Operand, Value};
use ordain_flow::run::Flow;
use part::Part;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Beside what an order is seen.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub house: &'a House,
    /// "Today" is the company's day at this instant.
    pub at_ms: i64,
}

/// The facts of an order as its checks left it, as this flow may name them.
pub fn of(case: &Case, flow: &Flow, around: Around<'_>) -> Facts {
    in_run(case, MAIN, flow, around)
}

/// The facts as one of the runs of a case sees them: a run about one line or warehouse sees the order as if it had no
/// other, and a flow that runs inside reads the fields that it was given.
pub fn in_run(case: &Case, number: u32, flow: &Flow, around: Around<'_>) -> Facts {
    let order = &case.order;
    let mut facts = match case.side_run(number) {
        None => Part::whole(order, Some(flow), around)
            .facts(flow.doc(), |custom| custom.value(order.content.extra.get(&custom.field))),
        Some(side) => {
            let part = |flow| Part::of(order, side.about.as_ref(), flow, around);
            let base = if side.input.is_empty() { Vec::new() } else { part(None).fields() };
            let line = case.line_around(number);
            part(Some(flow)).facts(flow.doc(), |custom| given(case, number, line, custom, &base))
        }
    };
    look_up(&mut facts, flow, around.house, around.house.calendar.date_at(around.at_ms));
    if let Some((_, run)) = case.run_at(number) {
        flow.tell_of_run(&mut facts, run);
    }
    facts
}

/// What the company has beside the order that rules ask for: its saved lists, and what its calendar says of every day
/// among the facts, where a rule of the flow asks.
pub fn look_up(facts: &mut Facts, flow: &Flow, house: &House, today: Date) {
    facts.sets.clone_from(&house.sets);
    if !flow.asks_calendar() {
        return;
    }
    let named = facts.fields.iter().chain(facts.lines.iter().flatten());
    let dates = named.filter_map(|value| match value {
        Value::Date(date) => Some(*date),
        _ => None,
    });
    let calendar = &house.calendar;
    let day = |date| Day { works: calendar.works_on(date), working_days: calendar.working_days(today, date) };
    facts.days = dates.map(|date| (date, day(date))).collect::<BTreeMap<_, _>>();
}

/// The facts as they were when the order came in: whatever was said about it is open again. What only its sender can mend
/// and has not yet sends it back to them.
pub fn as_received(case: &Case, flow: &Flow, house: &House) -> Facts {
    let at_ms = case.order.created_ms;
    let mut facts = of(case, flow, Around { house, at_ms });
    for (fact, finding) in facts.findings.iter_mut().zip(&case.order.checked.findings) {
        fact.open = finding.code.severity() != Severity::Info;
    }
    facts
}

/// The value of a custom field in a run: a constant or field that the run was given, else what the order holds. A field
/// of the flow around is that of the line that the run is about, where the line has one.
fn given(case: &Case, number: u32, line: Option<usize>, custom: &CustomField, base: &[Value]) -> Value {
    let side = case.side_run(number);
    let held = held(case, number, line, &custom.field);
    let written = side.is_some_and(|side| side.output.contains_key(&custom.field));
    if written && custom.value(held) != Value::Null {
        return custom.value(held);
    }
    match side.and_then(|side| side.input.get(&custom.field)) {
        None => custom.value(held.or_else(|| case.order.content.extra.get(&custom.field))),
        Some(Operand::Field(outer)) => match SCHEMA.order_index(outer) {
            Some(slot) => {
                base.get(slot).cloned().filter(|value| custom.takes_constant(value)).unwrap_or_default()
            }
            None => {
                let outer = CustomField { field: outer.clone(), ..custom.clone() };
                given(case, side.and_then(|side| side.parent).map_or(MAIN, run_of), line, &outer, base)
            }
        },
        Some(constant) => constant.value().filter(|value| custom.takes_constant(value)).unwrap_or_default(),
    }
}

/// The text of a custom field as the rules of a run see it: of the line that the run is about, where the line has one,
/// else of the order, unless the run was given something else for it.
pub fn custom_text<'a>(case: &'a Case, number: u32, field: &str) -> Option<Cow<'a, str>> {
    text_beside(case, number, case.line_around(number), field)
}

fn text_beside<'a>(case: &'a Case, number: u32, line: Option<usize>, field: &str) -> Option<Cow<'a, str>> {
    let content = &case.order.content;
    let own = held(case, number, line, field);
    let text = |value: &'a serde_json::Value| value.as_str().map(Cow::Borrowed);
    let own = own.and_then(text);
    let side = case.side_run(number);
    if own.is_some() && side.is_some_and(|side| side.output.contains_key(field)) {
        return own;
    }
    match side.and_then(|side| Some((side, side.input.get(field)?))) {
        None => own.or_else(|| content.extra.get(field).and_then(text)),
        Some((_, Operand::Field(outer))) if outer == "requested_date" => {
            content.requested_date.map(|date| Cow::Owned(date.to_string()))
        }
        Some((side, Operand::Field(outer))) => {
            text_beside(case, side.parent.map_or(MAIN, run_of), line, outer)
        }
        Some((_, Operand::Text(text))) => Some(Cow::Borrowed(text)),
        Some((_, Operand::Date(date))) => Some(Cow::Owned(date.to_string())),
        Some(_) => None,
    }
}

/// The custom field of a run in the order or in one of its lines: the one that is named, or the one the run is about.
fn held<'a>(case: &'a Case, number: u32, line: Option<usize>, field: &str) -> Option<&'a serde_json::Value> {
    let content = &case.order.content;
    let place = case.place_of(number, &format!("extra.{field}"));
    let of_line = |at: usize, field: &str| content.lines.get(at)?.extra.get(field);
    match place.strip_prefix("lines[") {
        Some(rest) => {
            let (at, field) = rest.split_once("].extra.")?;
            of_line(at.parse().ok()?, field)
        }
        None => {
            let field = place.strip_prefix("extra.")?;
            line.and_then(|at| of_line(at, field)).or_else(|| content.extra.get(field))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_its_field() {
        let count = |line| SCHEMA.fields().iter().filter(|field| field.line == line).count();
        assert_eq!((count(false), count(true)), (25, 9));
        assert_eq!(SCHEMA.order_index("amount"), Some(0));
        assert_eq!(SCHEMA.order_index("below_floor"), Some(15));
        assert_eq!(SCHEMA.order_index("tags"), Some(24));
        assert_eq!(SCHEMA.line_index("short"), Some(4));
        assert_eq!(SCHEMA.line_index("agreed_price"), Some(8));
    }
}
