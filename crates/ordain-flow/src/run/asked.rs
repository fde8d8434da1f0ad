//! What the rules of a flow ask beside the order: the calendar, and the run itself. Both are looked up only where some
//! rule names them, so that a flow without such a rule pays nothing.

use super::flow::Flow;
use super::state::{Answer, Closed, Decision, Run, WaitEnd};
use crate::check::conditions;
use crate::doc::{FlowDoc, Node, NodeKind, walk};
use crate::rule::{FactSchema, Facts, Operand, Value, step_of};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often a run was sent back by people.
const RETURNS: &str = "returns";

/// The facts that a flow names: of lines with `l.` before them.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    names: BTreeSet<String>,
    calendar: bool,
    /// The saved lists that its rules name.
    sets: BTreeSet<String>,
    /// Where the facts hold what only the run knows.
    of_run: Vec<(usize, OfRun)>,
}

#[derive(Clone, Debug)]
enum OfRun {
    Returns,
    Result(Arc<str>),
}

impl Asked {
    pub fn of(doc: &FlowDoc, schema: &FactSchema, prefix: &str) -> Self {
        let (mut asked, mut calendar, mut sets) = (Self::default(), false, BTreeSet::new());
        let mut named = |field: &str, in_line: bool| {
            asked.names.insert(if in_line { format!("l.{field}") } else { field.to_owned() });
        };
        let mut name = |operand: &Operand, in_line: bool| match operand {
            Operand::Field(field) => named(field, in_line),
            Operand::Formula(formula) => named(&formula.field, in_line),
            Operand::Deviation(deviation) => named(&deviation.from, in_line),
            _ => {}
        };
        for condition in conditions(doc) {
            for (row, in_line) in condition.rows() {
                name(&Operand::Field(row.field.clone()), in_line);
                row.value.iter().for_each(|value| name(value, in_line));
                calendar |= row.operator.asks_calendar();
                if let Some(Operand::Set(set)) = &row.value {
                    sets.insert(set.clone());
                }
            }
        }
        for place in walk(doc) {
            place.node.assignments().iter().for_each(|set| name(&set.value, false));
            shown(place.node).into_iter().for_each(|field| {
                name(&Operand::Field(field.clone()), false);
                name(&Operand::Field(field), true);
            });
        }
        if let Some(start) = doc.start() {
            let title = start.title_parts().into_iter().filter(|(_, fact)| *fact).map(|(fact, _)| fact);
            let told = start.summary.iter().map(String::as_str).chain(title);
            told.for_each(|field| name(&Operand::Field(field.to_owned()), false));
        }
        let of_run = asked.names.iter().filter_map(|name| {
            let fact = match step_of(name) {
                Some(step) => OfRun::Result(format!("{prefix}{step}").into()),
                None if name == RETURNS => OfRun::Returns,
                None => return None,
            };
            Some((schema.order_index(name)?, fact))
        });
        asked.of_run = of_run.collect();
        asked.calendar = calendar;
        asked.sets = sets;
        asked
    }
}

/// Facts that a step carries elsewhere, or that something outside is known by.
fn shown(node: &Node) -> Vec<String> {
    match &node.kind {
        NodeKind::WaitEvent(wait) => wait.matches.iter().cloned().collect(),
        NodeKind::ConnectorCall(call) => call.request.values().cloned().collect(),
        _ => node.hooks().flat_map(|hook| hook.request.values().cloned()).collect(),
    }
}

impl Flow {
    /// Whether the flow names this fact of the order, or of a line with `l.` before it.
    pub fn asks(&self, fact: &str) -> bool {
        self.asked().names.contains(fact)
    }

    /// Whether some rule asks for working days.
    pub fn asks_calendar(&self) -> bool {
        self.asked().calendar
    }

    /// The saved lists that rules of the flow name.
    pub fn sets(&self) -> impl Iterator<Item = &str> {
        self.asked().sets.iter().map(String::as_str)
    }

    /// Whether some rule asks what only a run knows.
    pub(super) fn asks_run(&self) -> bool {
        !self.asked().of_run.is_empty()
    }

    /// Puts what the rules ask of the run among the facts.
    pub fn tell_of_run(&self, facts: &mut Facts, run: &Run) {
        for (slot, fact) in &self.asked().of_run {
            if facts.fields.len() <= *slot {
                facts.fields.resize(slot + 1, Value::Null);
            }
            let value = match fact {
                OfRun::Returns => Value::Number(Decimal::from(run.returns.saturating_add(run.sent_back))),
                OfRun::Result(step) => {
                    run.result_of(step).map_or(Value::Null, |word| Value::Text(word.into()))
                }
            };
            if let Some(held) = facts.fields.get_mut(*slot) {
                *held = value;
            }
        }
    }
}

impl Run {
    /// What came of a step in this round, in the word that rules know it by; nothing while it is open, where nobody was
    /// asked, or after it was taken back.
    pub fn result_of(&self, node: &str) -> Option<&'static str> {
        let last = self.this_round().filter(|visit| &*visit.node == node).last();
        match last.map(|visit| visit.closed) {
            None => self.is_kept(node).then_some("approve"),
            Some(closed) => closed.and_then(word),
        }
    }
}

fn word(closed: Closed) -> Option<&'static str> {
    Some(match closed {
        Closed::Decided(Decision::Approve) | Closed::Kept => "approve",
        Closed::Decided(Decision::Reject) => "reject",
        Closed::Decided(Decision::Return) => "return",
        Closed::Answered(Answer::Accepted) => "accepted",
        Closed::Answered(Answer::Declined) => "declined",
        Closed::Answered(Answer::Lapsed) => "lapsed",
        Closed::Waited(WaitEnd::Done) => "done",
        Closed::Waited(WaitEnd::TimedOut) => "timed_out",
        Closed::Waited(WaitEnd::Failed) => "failed",
        Closed::PassedByRule | Closed::Spared(_) | Closed::Without(_) => return None,
    })
}
