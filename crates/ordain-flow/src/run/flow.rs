//! A flow ready to run: the document with its steps numbered in reading order, every way between them
//! worked out and every condition compiled. A document with a structural fault never becomes one.

use crate::check::{self, Problem, lower_texts};
use crate::doc::{FlowDoc, Node, NodeKind, Outcome};
use crate::rule::{FactSchema, Rule, compile};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Flow {
    doc: FlowDoc,
    /// In reading order, so that everything inside a block is a range.
    steps: Vec<Step>,
    sequences: Vec<Sequence>,
    by_id: BTreeMap<Arc<str>, usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub id: Arc<str>,
    pub node: Node,
    pub sequence: usize,
    pub position: usize,
    pub lanes: Vec<CompiledLane>,
    /// One past the last step inside this block.
    pub end: usize,
    /// An exclusive block stands above it, so that not every run comes here.
    pub optional: bool,
    /// What a notice step sends, shared with its events.
    pub template: Arc<str>,
    /// From here on only notices stand before an end that confirms: the last place to find something open.
    pub doorstep: bool,
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
    pub steps: Vec<usize>,
}

/// The main sequence is numbered first.
pub(super) const MAIN: usize = 0;

impl Flow {
    /// Makes the document runnable, or names everything that keeps it from running. Conditions still
    /// written as text are lowered; `doc()` holds the tree.
    pub fn compile(mut doc: FlowDoc, schema: &FactSchema) -> Result<Self, Vec<Problem>> {
        let mut problems = check::structure(&doc);
        // Beyond the size limits nothing is walked by recursion.
        if problems.is_empty() {
            problems = lower_texts(&mut doc, schema);
            problems.extend(check::conditions(&doc, schema));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut flow =
            Self { doc: doc.clone(), steps: Vec::new(), sequences: Vec::new(), by_id: BTreeMap::new() };
        flow.add_sequence(&doc.steps, None, false, schema);
        Ok(flow)
    }

    fn add_sequence(
        &mut self,
        nodes: &[Node],
        block: Option<usize>,
        optional: bool,
        schema: &FactSchema,
    ) -> usize {
        let sequence = self.sequences.len();
        self.sequences.push(Sequence { block, steps: Vec::new() });
        let mut steps = Vec::with_capacity(nodes.len());
        for (position, node) in nodes.iter().enumerate() {
            steps.push(self.add_step(node, sequence, position, optional, schema));
        }
        let doorstep = doorstep(nodes).and_then(|position| steps.get(position).copied());
        if let Some(step) = doorstep.and_then(|index| self.steps.get_mut(index)) {
            step.doorstep = true;
        }
        if let Some(added) = self.sequences.get_mut(sequence) {
            added.steps = steps;
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
        let id: Arc<str> = node.id.as_str().into();
        self.by_id.insert(id.clone(), index);
        let template = match &node.kind {
            NodeKind::Notify { template, .. } => template.as_str().into(),
            _ => Arc::default(),
        };
        let node_ = node.clone();
        self.steps.push(Step {
            id,
            node: node_,
            sequence,
            position,
            lanes: Vec::new(),
            end: index + 1,
            optional,
            template,
            doorstep: false,
        });
        let inside = optional || matches!(node.kind, NodeKind::Exclusive { .. });
        let mut lanes = Vec::with_capacity(node.lanes().len());
        for lane in node.lanes() {
            lanes.push(CompiledLane {
                id: lane.id.as_str().into(),
                sequence: self.add_sequence(&lane.steps, Some(index), inside, schema),
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

    pub fn node(&self, id: &str) -> Option<&Node> {
        self.index(id).and_then(|index| self.steps.get(index)).map(|step| &step.node)
    }

    /// Every node, in reading order.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.steps.iter().map(|step| &step.node)
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn step_at(&self, index: usize) -> Option<&Step> {
        self.steps.get(index)
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(super) fn sequence(&self, sequence: usize) -> Option<&Sequence> {
        self.sequences.get(sequence)
    }

    /// Where the path begins again after a return: the first automatic check of the main sequence, or
    /// the step after the start.
    pub(super) fn restart_position(&self) -> usize {
        let checks = |node: &Node| matches!(node.kind, NodeKind::AutoCheck { .. });
        self.doc.steps.iter().position(checks).unwrap_or(1)
    }
}

/// Where the notices before a confirming end begin. Nobody may be told before it is sure that nothing is open.
fn doorstep(nodes: &[Node]) -> Option<usize> {
    let confirms = |node: &Node| matches!(node.kind, NodeKind::End { outcome: Outcome::Confirmed });
    let (_, before) = nodes.split_last().filter(|(last, _)| confirms(last))?;
    let notices = before.iter().rev().take_while(|node| matches!(node.kind, NodeKind::Notify { .. })).count();
    Some(before.len() - notices)
}
