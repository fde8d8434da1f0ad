//! How the lanes of an exclusive block share out the values of one field: where two of them want the same value, and
//! which values none of them wants. Only lanes that ask one number, date or choice are looked at; about all others
//! nothing is claimed.

mod span;

use crate::doc::{Lane, Node};
use crate::rule::{Condition, FactSchema, FieldType, Operand, Row};
use serde::Serialize;
use span::{Share, Span};
use std::collections::BTreeMap;

/// Values that two lanes want. The lane named first has the higher priority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlap {
    pub field: String,
    /// The lane that wins.
    pub lane: String,
    pub other: String,
    pub range: String,
    pub example: String,
    /// The other lane is never reached by this field.
    pub swallows: bool,
}

/// Values that go to the otherwise lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub field: String,
    pub range: String,
    pub example: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub overlaps: Vec<Overlap>,
    pub gaps: Vec<Gap>,
}

/// What the lanes of this block leave double and leave out. Gaps are spoken of only where two lanes or more share out
/// one field, and no lane asks anything else.
pub fn coverage(node: &Node, schema: &FactSchema) -> Coverage {
    let asking: Vec<&Lane> = node.lanes().iter().filter(|lane| !lane.otherwise).collect();
    let mut by_field: BTreeMap<&str, Vec<(&Lane, Share)>> = BTreeMap::new();
    for lane in &asking {
        if let Some((field, share)) = lane.when.as_ref().and_then(|when| share_of(when, schema)) {
            by_field.entry(field).or_default().push((lane, share));
        }
    }
    let mut found = Coverage::default();
    for (field, shares) in by_field {
        for (at, (lane, share)) in shares.iter().enumerate() {
            let below = shares.iter().skip(at + 1);
            found
                .overlaps
                .extend(below.filter_map(|(other, wanted)| overlap(field, lane, share, other, wanted)));
        }
        if shares.len() > 1 && shares.len() == asking.len() {
            let taken = shares.iter().fold(Share::nothing(), |taken, (_, share)| taken.or(share));
            let options = options(field, schema);
            found.gaps.extend(taken.rest(&options).into_iter().map(|span| gap(field, &span)));
        }
    }
    found
}

fn overlap(field: &str, lane: &Lane, share: &Share, other: &Lane, wanted: &Share) -> Option<Overlap> {
    let both = share.and(wanted);
    let spans = both.spans();
    let first = spans.first()?;
    Some(Overlap {
        field: field.to_owned(),
        lane: lane.id.clone(),
        other: other.id.clone(),
        range: first.text(),
        example: first.example(),
        swallows: both == *wanted,
    })
}

fn gap(field: &str, span: &Span) -> Gap {
    Gap { field: field.to_owned(), range: span.text(), example: span.example() }
}

fn options(field: &str, schema: &FactSchema) -> Option<Vec<String>> {
    match schema.find(field, false).map(|(_, def)| &def.kind) {
        Some(FieldType::Choice(options)) => Some(options.clone()),
        _ => None,
    }
}

/// The values of its one field for which the condition holds; none if it asks about more than one field, about lines,
/// or about something that has no order and no list.
fn share_of<'a>(condition: &'a Condition, schema: &FactSchema) -> Option<(&'a str, Share)> {
    match condition {
        Condition::Row(row) => {
            let (_, def) = schema.find(&row.field, false)?;
            let choice = matches!(def.kind, FieldType::Choice(_));
            let ordered = def.kind.is_numeric() || def.kind == FieldType::Date;
            let share = if choice {
                choice_of(row)?
            } else if ordered {
                range_of(row)?
            } else {
                return None;
            };
            Some((row.field.as_str(), share))
        }
        Condition::All(children) => fold(children, schema, |sum, share| sum.and(share)),
        Condition::Any(children) => fold(children, schema, |sum, share| sum.or(share)),
        Condition::Lines(_) | Condition::Cel(_) => None,
    }
}

fn fold<'a>(
    children: &'a [Condition],
    schema: &FactSchema,
    join: impl Fn(Share, &Share) -> Share,
) -> Option<(&'a str, Share)> {
    let mut sum: Option<(&str, Share)> = None;
    for child in children {
        let (field, share) = share_of(child, schema)?;
        sum = match sum {
            None => Some((field, share)),
            Some((known, so_far)) if known == field => Some((field, join(so_far, &share))),
            Some(_) => return None,
        };
    }
    sum
}

fn constants(row: &Row) -> Option<Vec<Operand>> {
    match row.value.as_ref()? {
        Operand::Set(_) | Operand::Field(_) | Operand::Formula(_) | Operand::Deviation(_) => None,
        Operand::List(items) => Some(items.clone()),
        constant => Some(vec![constant.clone()]),
    }
}

fn range_of(row: &Row) -> Option<Share> {
    use crate::rule::Operator;
    let values = constants(row)?;
    let first = values.first()?.clone();
    let points = || values.iter().fold(Share::nothing(), |sum, value| sum.or(&Share::point(value.clone())));
    Some(match row.operator {
        Operator::Gt => Share::above(first, false),
        Operator::Ge => Share::above(first, true),
        Operator::Lt => Share::below(first, false),
        Operator::Le => Share::below(first, true),
        Operator::Eq | Operator::In => points(),
        Operator::Ne | Operator::NotIn => points().complement(),
        _ => return None,
    })
}

fn choice_of(row: &Row) -> Option<Share> {
    use crate::rule::Operator;
    let values = constants(row)?.into_iter().map(|value| match value {
        Operand::Text(text) => Some(text),
        _ => None,
    });
    let values = values.collect::<Option<_>>()?;
    match row.operator {
        Operator::Eq | Operator::In => Some(Share::these(values)),
        Operator::Ne | Operator::NotIn => Some(Share::all_but(values)),
        _ => None,
    }
}
