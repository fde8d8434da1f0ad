//! Ways through the document that confirm an order without anybody having to look, whatever its amount.

use super::Problem;
use crate::doc::{
    FlowDoc, Join, Lane, Node, NodeKind, Outcome, PersonSettings, SameAsInitiator, Source, WhenEmpty,
};
use crate::rule::{Condition, FactSchema, FieldType, Operand, Operator, Row};

pub fn paths(doc: &FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (position, node) in doc.steps.iter().enumerate() {
        if let NodeKind::Exclusive { lanes } = &node.kind
            && let Some(lane) = lanes.iter().find(|lane| lane.otherwise && lane.steps.is_empty())
            && !doc.steps.iter().take(position).any(has_review)
            && confirms_at_once(&doc.steps, position + 1)
        {
            problems.push(Problem::warning("F-017").at(&node.id).with("lane", &lane.id));
        }
    }
    let mut search = Search { schema, asks_when_clear: true, confirmed_at: None };
    search.is_open(&doc.steps);
    if let Some(end) = search.confirmed_at {
        problems.push(Problem::blocker("F-020").at(end).with("what", "no_person"));
        return problems;
    }
    // A review that asks nobody while all is clear is a person's step, but no limit.
    let mut search = Search { schema, asks_when_clear: false, confirmed_at: None };
    search.is_open(&doc.steps);
    if let Some(end) = search.confirmed_at {
        problems.push(Problem::warning("F-020").at(end).with("what", "only_auto_when_clear"));
    }
    problems
}

fn has_review(node: &Node) -> bool {
    let inside = |lane: &Lane| lane.steps.iter().any(has_review);
    node.person().is_some() || node.lanes().iter().any(inside)
}

fn confirms_at_once(steps: &[Node], from: usize) -> bool {
    let tells = |node: &&Node| matches!(node.kind, NodeKind::Notify { .. } | NodeKind::Cc { .. });
    let next = steps.iter().skip(from).find(|node| !tells(node));
    next.is_some_and(|node| matches!(node.kind, NodeKind::End { outcome: Outcome::Confirmed, .. }))
}

struct Search<'a> {
    schema: &'a FactSchema,
    /// Reviews that pass by rule count as asking a person.
    asks_when_clear: bool,
    confirmed_at: Option<&'a str>,
}

impl<'a> Search<'a> {
    /// Whether an order of any amount can come through these steps without a person.
    fn is_open(&mut self, steps: &'a [Node]) -> bool {
        for node in steps {
            let open = match &node.kind {
                NodeKind::Review(person) => self.may_ask_nobody(person),
                NodeKind::Task(task) => self.may_ask_nobody(&task.person),
                NodeKind::Parallel { lanes, join, .. } => self.enough_lanes_are_open(lanes, *join),
                NodeKind::Exclusive { lanes } => self.some_lane_is_open(lanes),
                NodeKind::Inclusive { lanes, join, .. } => {
                    let open = self.some_lane_is_open(lanes);
                    open && !(join.is_all() && self.large_ask_somebody(lanes))
                }
                NodeKind::End { outcome, .. } => {
                    if *outcome == Outcome::Confirmed {
                        self.confirmed_at.get_or_insert(&node.id);
                    }
                    false
                }
                _ => {
                    // The lane of a step that went wrong may lead to an end of its own.
                    for lane in node.lanes() {
                        self.is_open(&lane.steps);
                    }
                    true
                }
            };
            if !open {
                return false;
            }
        }
        true
    }

    /// A step whose rule skips it for orders of any amount asks nobody, and neither does one that is left out where
    /// nobody is found, if an order says who that is, or where its one person has entered the order.
    fn may_ask_nobody(&self, person: &PersonSettings) -> bool {
        let skipped = person.skip_when.as_ref().is_some_and(|when| !self.caps(when));
        let unsure = person.same_as_initiator == SameAsInitiator::Skip
            || person.assignee.iter().all(|source| source.party().is_none());
        let left_out = person.when_empty == WhenEmpty::Skip && unsure;
        let one = match person.assignee.as_slice() {
            [Source::Department(_) | Source::Role(_)] => false,
            sources => sources.len() == 1,
        };
        // Whoever that is may have entered the order.
        let own = one && !person.guarded && person.same_as_initiator == SameAsInitiator::Skip;
        skipped || left_out || own || (person.auto_when_clear && !self.asks_when_clear)
    }

    fn enough_lanes_are_open(&mut self, lanes: &'a [Lane], join: Join) -> bool {
        let open = lanes.iter().filter(|lane| self.is_open(&lane.steps)).count();
        match join {
            Join::All => open == lanes.len(),
            Join::Any => open > 0,
            Join::AtLeast(needed) => u32::try_from(open).is_ok_and(|open| open >= needed),
        }
    }

    /// Every order above some amount runs through a lane with a person, whatever other lanes it takes.
    fn large_ask_somebody(&mut self, lanes: &'a [Lane]) -> bool {
        lanes.iter().any(|lane| {
            lane.when.as_ref().is_some_and(|when| self.takes_large(when)) && !self.is_open(&lane.steps)
        })
    }

    fn some_lane_is_open(&mut self, lanes: &'a [Lane]) -> bool {
        let (mut open, mut large_are_gone) = (false, false);
        for lane in lanes.iter().filter(|lane| !lane.otherwise).chain(lanes.iter().filter(|l| l.otherwise)) {
            let capped = large_are_gone || lane.when.as_ref().is_some_and(|when| self.caps(when));
            open |= !capped && self.is_open(&lane.steps);
            large_are_gone |= lane.when.as_ref().is_some_and(|when| self.takes_large(when));
        }
        open
    }

    fn is_money(&self, row: &Row) -> bool {
        let money = |(_, field): (usize, &crate::rule::FieldDef)| field.kind == FieldType::Money;
        matches!(row.value, Some(Operand::Number(_)))
            && self.schema.find(&row.field, false).is_some_and(money)
    }

    /// No order above some amount meets the condition.
    fn caps(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(children) => children.iter().any(|child| self.caps(child)),
            Condition::Any(children) => children.iter().all(|child| self.caps(child)),
            Condition::Row(row) => {
                matches!(row.operator, Operator::Lt | Operator::Le | Operator::Eq) && self.is_money(row)
            }
            Condition::Lines(_) | Condition::Cel(_) => false,
        }
    }

    /// Every order above some amount meets the condition.
    fn takes_large(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(children) => {
                !children.is_empty() && children.iter().all(|child| self.takes_large(child))
            }
            Condition::Any(children) => children.iter().any(|child| self.takes_large(child)),
            Condition::Row(row) => matches!(row.operator, Operator::Gt | Operator::Ge) && self.is_money(row),
            Condition::Lines(_) | Condition::Cel(_) => false,
        }
    }
}
