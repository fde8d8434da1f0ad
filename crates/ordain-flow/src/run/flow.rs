//! A flow ready to run: the document with its steps numbered in reading order, every way between them
//! worked out and every condition compiled. A document with a structural fault never becomes one.

use super::asked::Asked;
use crate::check::{self, Problem};
use crate::doc::{
    Exclude, FlowDoc, Join, LaneReject, Node, NodeKind, OnReject, Outcome, ReturnTargets, Source,
};
use crate::rule::{FactSchema, Facts, Operand, Rule, compile};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Flow {
    doc: FlowDoc,
    /// In reading order, so that everything inside a block is a range.
    steps: Vec<Step>,
    sequences: Vec<Sequence>,
    by_id: BTreeMap<Arc<str>, usize>,
    /// What its rules may name: the facts of every order, its custom fields and the results of its steps.
    schema: FactSchema,
    asked: Asked,
    /// What the ids of its steps begin with in a run, so that they differ from those of the flow that it runs in.
    prefix: String,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub index: usize,
    pub id: Arc<str>,
    pub node: Node,
    pub sequence: usize,
    pub position: usize,
    pub lanes: Vec<CompiledLane>,
    /// One past the last step inside this block.
    pub end: usize,
    /// It stands in a lane that not every run takes to its end.
    pub optional: bool,
    /// What a notice step sends, shared with its events.
    pub template: Arc<str>,
    /// From here on only notices stand before an end that confirms: the last place to find something open.
    pub doorstep: bool,
    /// When a step of a person is skipped, or a step goes back.
    pub rule: Option<Rule>,
    /// Where the facts hold each field that the step sets, and where the field its value comes from.
    pub assign: Vec<Slots>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    pub field: Option<usize>,
    pub value: Option<usize>,
}

impl Step {
    /// Which lanes have ended is counted in the run; elsewhere it follows from what is open.
    pub fn counts_lanes(&self) -> bool {
        match &self.node.kind {
            NodeKind::Inclusive { .. } => true,
            NodeKind::Parallel { join, on_reject, .. } => !join.is_all() || !on_reject.is_end(),
            _ => false,
        }
    }

    /// The empty fields on which it hangs where the run goes on.
    pub fn lacks(&self, facts: &Facts) -> Vec<Arc<str>> {
        let rules = self.lanes.iter().filter_map(|lane| lane.rule.as_ref()).chain(&self.rule);
        let mut fields: Vec<Arc<str>> = Vec::new();
        for field in rules.flat_map(|rule| rule.lacks(facts)) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    /// Its lanes have conditions.
    pub fn chooses(&self) -> bool {
        matches!(self.node.kind, NodeKind::Exclusive { .. } | NodeKind::Inclusive { .. })
    }

    /// Several lanes can be under way at once.
    pub fn is_parallel(&self) -> bool {
        self.join().is_some()
    }

    pub fn join(&self) -> Option<(Join, LaneReject)> {
        match &self.node.kind {
            NodeKind::Parallel { join, on_reject, .. } | NodeKind::Inclusive { join, on_reject, .. } => {
                Some((*join, *on_reject))
            }
            _ => None,
        }
    }

    pub fn confirms(&self) -> bool {
        matches!(self.node.kind, NodeKind::End { outcome: Outcome::Confirmed, .. })
    }
}

#[derive(Clone, Debug)]
pub(super) struct CompiledLane {
    pub id: Arc<str>,
    pub sequence: usize,
    pub rule: Option<Rule>,
    pub otherwise: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    /// The block this is a lane of; none for the main sequence.
    pub block: Option<usize>,
    /// Which lane of it.
    pub lane: usize,
    pub steps: Vec<usize>,
    /// Every step in it, those inside its blocks included.
    pub all: Range<usize>,
}

/// A place in the flow: a step of a sequence, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub sequence: usize,
    pub position: usize,
    /// Somebody sent the order here, so that no rule lets it pass.
    pub asked: bool,
}

/// A part of the flow: one sequence, or all lanes of a block, with everything inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Sequence(usize),
    LanesOf(usize),
}

impl At {
    pub fn start_of(sequence: usize) -> Self {
        Self { sequence, position: 0, asked: false }
    }

    pub fn step(step: &Step) -> Self {
        Self { sequence: step.sequence, position: step.position, asked: false }
    }

    pub fn behind(step: &Step) -> Self {
        Self::step(step).next()
    }

    pub fn asked(self) -> Self {
        Self { asked: true, ..self }
    }

    pub fn next(self) -> Self {
        Self { position: self.position + 1, asked: false, ..self }
    }
}

/// The main sequence is numbered first.
pub(super) const MAIN: usize = 0;

impl Flow {
    /// Makes the document runnable, or names everything that keeps it from running. Conditions still
    /// written as text are lowered; `doc()` holds the tree.
    pub fn compile(mut doc: FlowDoc, base: &FactSchema) -> Result<Self, Vec<Problem>> {
        let schema = doc.schema(base).into_owned();
        let mut problems = check::structure(&doc);
        problems.extend(check::references(&doc));
        // Beyond the size limits nothing is walked by recursion.
        if problems.is_empty() {
            problems = check::lower(&mut doc, &schema);
            problems.extend(check::compiled(&doc, &schema));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let prefix = if doc.purpose.is_confirmation() { String::new() } else { format!("{}/", doc.key) };
        let (steps, sequences, by_id) = (Vec::new(), Vec::new(), BTreeMap::new());
        let known = schema.clone();
        let asked = Asked::of(&doc, &schema, &prefix);
        let mut flow = Self { doc: doc.clone(), steps, sequences, by_id, schema, asked, prefix };
        flow.add_sequence(&doc.steps, None, false, &known);
        Ok(flow)
    }

    fn add_sequence(
        &mut self,
        nodes: &[Node],
        lane_of: Option<(usize, usize)>,
        optional: bool,
        schema: &FactSchema,
    ) -> usize {
        let (sequence, first) = (self.sequences.len(), self.steps.len());
        self.sequences.push(Sequence::default());
        let mut steps = Vec::with_capacity(nodes.len());
        for (position, node) in nodes.iter().enumerate() {
            steps.push(self.add_step(node, sequence, position, optional, schema));
        }
        let doorstep = doorstep(nodes).and_then(|position| steps.get(position).copied());
        if let Some(step) = doorstep.and_then(|index| self.steps.get_mut(index)) {
            step.doorstep = true;
        }
        let all = first..self.steps.len();
        if let Some(added) = self.sequences.get_mut(sequence) {
            let (block, lane) = (lane_of.map(|(block, _)| block), lane_of.map_or(0, |(_, lane)| lane));
            *added = Sequence { block, lane, steps, all };
        }
        sequence
    }

    fn add_step(
        &mut self,
        node: &Node,
        sequence: usize,
        position: usize,
        optional: bool,
        schema: &FactSchema,
    ) -> usize {
        let index = self.steps.len();
        let qualified = qualified(node, &self.prefix);
        let node = &qualified;
        let id: Arc<str> = node.id.as_str().into();
        self.by_id.insert(id.clone(), index);
        self.steps.push(Step {
            index,
            id,
            node: node.clone(),
            sequence,
            position,
            lanes: Vec::new(),
            end: index + 1,
            optional,
            template: template(node),
            doorstep: false,
            rule: node.own_condition().and_then(|when| compile(when, schema).ok()),
            assign: assignments(node, schema),
        });
        let inside = optional || !every_lane_is_taken(node);
        let mut lanes = Vec::with_capacity(node.lanes().len());
        for (at, lane) in node.lanes().iter().enumerate() {
            lanes.push(CompiledLane {
                id: lane.id.as_str().into(),
                sequence: self.add_sequence(&lane.steps, Some((index, at)), inside, schema),
                rule: lane.when.as_ref().and_then(|when| compile(when, schema).ok()),
                otherwise: lane.otherwise,
            });
        }
        let end = self.steps.len();
        if let Some(step) = self.steps.get_mut(index) {
            step.lanes = lanes;
            step.end = end;
        }
        index
    }

    pub fn doc(&self) -> &FlowDoc {
        &self.doc
    }

    pub fn schema(&self) -> &FactSchema {
        &self.schema
    }

    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    pub fn node(&self, id: &str) -> Option<&Node> {
        self.index(id).and_then(|index| self.steps.get(index)).map(|step| &step.node)
    }

    /// The empty fields on which it hangs where a run goes on from a step.
    pub fn lacks(&self, id: &str, facts: &Facts) -> Vec<Arc<str>> {
        self.find(id).map(|step| step.lacks(facts)).unwrap_or_default()
    }

    /// Every node, in reading order.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.steps.iter().map(|step| &step.node)
    }

    /// How far prices may be from what was agreed, in 1/1,000, where the flow says so.
    pub fn price_tolerance_permille(&self) -> Option<u16> {
        self.doc.steps.iter().find_map(|node| match &node.kind {
            NodeKind::AutoCheck { checks, .. } => checks.iter().find_map(|rule| rule.tolerance_permille),
            _ => None,
        })
    }

    /// Whether an order that has passed the checks holds its goods and its credit while it is reviewed.
    pub fn reserves(&self) -> bool {
        let reserving = |node: &Node| matches!(node.kind, NodeKind::AutoCheck { reserve_stock: true, .. });
        self.doc.steps.iter().any(reserving)
    }

    /// After how many working minutes without a decision goods are let go, where the flow says so.
    pub fn hold_minutes(&self) -> Option<u32> {
        self.doc.steps.iter().find_map(|node| match &node.kind {
            NodeKind::AutoCheck { hold_minutes, .. } => *hold_minutes,
            _ => None,
        })
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(super) fn sequence(&self, sequence: usize) -> Option<&Sequence> {
        self.sequences.get(sequence)
    }

    pub(super) fn step_in(&self, at: At) -> Option<&Step> {
        let index = self.sequence(at.sequence)?.steps.get(at.position)?;
        self.steps.get(*index)
    }

    pub(super) fn find(&self, id: &str) -> Option<&Step> {
        self.index(id).and_then(|index| self.steps.get(index))
    }

    /// The block a sequence is a lane of.
    pub(super) fn block_of(&self, sequence: usize) -> Option<&Step> {
        self.sequence(sequence)?.block.and_then(|block| self.steps.get(block))
    }

    pub(super) fn has_step(&self, part: Part, id: &str) -> bool {
        self.index(id).is_some_and(|index| match part {
            Part::Sequence(sequence) => {
                self.sequence(sequence).is_some_and(|found| found.all.contains(&index))
            }
            Part::LanesOf(block) => {
                self.steps.get(block).is_some_and(|step| (block + 1..step.end).contains(&index))
            }
        })
    }

    pub(super) fn has_sequence(&self, part: Part, sequence: usize) -> bool {
        let mut at = Some(sequence);
        while let Some(sequence) = at {
            let block = self.sequence(sequence).and_then(|found| found.block);
            if part == Part::Sequence(sequence) || block.is_some_and(|block| part == Part::LanesOf(block)) {
                return true;
            }
            at = block.and_then(|block| self.steps.get(block)).map(|block| block.sequence);
        }
        false
    }

    /// The way down from the main sequence to a step: its blocks, and itself at last.
    pub(super) fn path<'a>(&'a self, step: &'a Step) -> Vec<&'a Step> {
        let mut path = vec![step];
        let mut at = step;
        while let Some(block) = self.block_of(at.sequence) {
            path.push(block);
            at = block;
        }
        path.reverse();
        path
    }

    /// Where somebody sent to a step comes in: nobody gets behind the place that looks for open findings.
    pub(super) fn entrance(&self, step: &Step) -> At {
        let steps = self.sequence(step.sequence).map(|found| found.steps.as_slice()).unwrap_or_default();
        let doorstep = steps.iter().filter_map(|index| self.steps.get(*index)).find(|step| step.doorstep);
        let position = doorstep.map_or(step.position, |doorstep| step.position.min(doorstep.position));
        At { position, ..At::step(step) }
    }

    /// Where the path begins again after a return: the first automatic check of the main sequence, or
    /// the step after the start.
    pub(super) fn restart_position(&self) -> usize {
        let checks = |node: &Node| matches!(node.kind, NodeKind::AutoCheck { .. });
        self.doc.steps.iter().position(checks).unwrap_or(1)
    }
}

/// A step with its id, and those of the steps that it names, as they are called in a run.
fn qualified(node: &Node, prefix: &str) -> Node {
    let mut node = node.clone();
    if prefix.is_empty() {
        return node;
    }
    let qualify = |id: &mut String| id.insert_str(0, prefix);
    qualify(&mut node.id);
    if let NodeKind::GoTo { target, .. } = &mut node.kind {
        qualify(target);
    }
    for (_, source) in node.sources_mut() {
        if let Source::SameAs(step) = source {
            qualify(step);
        }
    }
    let Some(person) = node.person_mut() else { return node };
    for exclude in &mut person.exclude {
        if let Exclude::DecidersOf(step) = exclude {
            qualify(step);
        }
    }
    if let OnReject::ReturnTo(step) = &mut person.on_reject {
        qualify(step);
    }
    if let ReturnTargets::Steps(steps) = &mut person.returns.targets {
        steps.iter_mut().for_each(qualify);
    }
    let guards = std::mem::take(&mut person.returns.guards);
    person.returns.guards =
        guards.into_iter().map(|(step, fields)| (format!("{prefix}{step}"), fields)).collect();
    node
}

/// What a notice step sends.
fn template(node: &Node) -> Arc<str> {
    match &node.kind {
        NodeKind::Notify { template, .. } => template.as_str().into(),
        _ => Arc::default(),
    }
}

/// A custom field by the name that rules know it by.
fn bare(field: &str) -> &str {
    field.strip_prefix("extra.").unwrap_or(field)
}

fn assignments(node: &Node, schema: &FactSchema) -> Vec<Slots> {
    let slots = |value: &Operand| match value {
        Operand::Field(field) => schema.order_index(bare(field)),
        _ => None,
    };
    let of = |set: &&crate::doc::Assignment| Slots {
        field: schema.order_index(bare(&set.field)),
        value: slots(&set.value),
    };
    node.assignments().iter().map(of).collect()
}

/// Every run that comes to the block goes through all of each lane.
pub(super) fn every_lane_is_taken(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Parallel { join, on_reject, .. } => join.is_all() && *on_reject != LaneReject::Record,
        _ => false,
    }
}

/// Where the notices before a confirming end begin. Nobody may be told before it is sure that nothing is open.
fn doorstep(nodes: &[Node]) -> Option<usize> {
    let confirms = |node: &Node| matches!(node.kind, NodeKind::End { outcome: Outcome::Confirmed, .. });
    let tells = |node: &&Node| {
        matches!(node.kind, NodeKind::Notify { .. } | NodeKind::Cc { .. } | NodeKind::UpdateData { .. })
    };
    let (_, before) = nodes.split_last().filter(|(last, _)| confirms(last))?;
    Some(before.len() - before.iter().rev().take_while(tells).count())
}
