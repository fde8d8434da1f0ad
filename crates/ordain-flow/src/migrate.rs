//! What becomes of a running order when its flow gets a new version. Every stay of a run is looked at by itself; the run
//! is as hard to move as its hardest stay. Nothing is moved here.

use crate::diff::place::{Spot, moved, spots};
use crate::doc::{Node, NodeKind};
use crate::run::{Flow, Run, RunStatus, StepRefusal};
use crate::words::{Topic, differing, type_key};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How a running order can be moved, from the easiest to not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Class {
    /// Its steps are the same; tasks and deadlines are kept.
    A,
    /// Its steps are there, but ask differently or stand elsewhere.
    B,
    /// A step is gone or its block is another; somebody has to say where the order goes.
    C,
    /// It stays: something outside is under way that the new version does not know.
    X,
}

impl Class {
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::X];
}

/// Why a stay is of its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    SettingsChanged {
        settings: Vec<String>,
    },
    Moved,
    Removed,
    TypeChanged {
        before: &'static str,
        after: &'static str,
    },
    /// The lanes that run beside it are not the same any more.
    BlockChanged {
        block: String,
    },
    InSubflow,
    InConnectorCall,
    AwaitingCustomer,
}

impl Reason {
    fn class(&self) -> Class {
        match self {
            Self::SettingsChanged { .. } | Self::Moved => Class::B,
            Self::Removed | Self::TypeChanged { .. } | Self::BlockChanged { .. } => Class::C,
            Self::InSubflow | Self::InConnectorCall | Self::AwaitingCustomer => Class::X,
        }
    }
}

/// One place where the run stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stay {
    pub visit: u32,
    pub node: String,
    pub class: Class,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Where it would best go on, of a stay that needs to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    pub class: Class,
    pub stays: Vec<Stay>,
}

/// A block of concurrent lanes around a step.
#[derive(PartialEq)]
struct Around<'a> {
    block: &'a str,
    lane: &'a str,
    lanes: Vec<&'a str>,
    kind: &'static str,
}

/// The comparison of two versions, made once for all runs.
pub struct Move<'a> {
    old: Vec<Spot<'a>>,
    new: Vec<Spot<'a>>,
    was: BTreeMap<&'a str, usize>,
    is: BTreeMap<&'a str, usize>,
    elsewhere: BTreeSet<&'a str>,
}

impl<'a> Move<'a> {
    pub fn new(old: &'a Flow, new: &'a Flow) -> Self {
        let (old, new) = (spots(old.doc()), spots(new.doc()));
        let by_id = |spots: &[Spot<'a>]| -> BTreeMap<&'a str, usize> {
            spots.iter().enumerate().map(|(at, spot)| (spot.node.id.as_str(), at)).collect()
        };
        let (was, is, elsewhere) = (by_id(&old), by_id(&new), moved(&old, &new));
        Self { old, new, was, is, elsewhere }
    }

    /// The class of a run, with everything that decided it; nothing for a run that is over.
    pub fn classify(&self, run: &Run) -> Option<Assessment> {
        if run.outcome().is_some() {
            return None;
        }
        let mut stays: Vec<Stay> = run.open_visits().map(|open| self.stay(open.visit, &open.node)).collect();
        if let RunStatus::WaitingForCompletion { visit, node, .. } = &run.status {
            stays.push(self.stay(*visit, node));
        }
        let class = stays.iter().map(|stay| stay.class).max().unwrap_or(Class::A);
        Some(Assessment { class, stays })
    }

    fn stay(&self, visit: u32, node: &str) -> Stay {
        let old = self.was.get(node).and_then(|at| self.old.get(*at));
        let new = self.is.get(node).and_then(|at| self.new.get(*at));
        let reasons = old.map_or_else(|| vec![Reason::Removed], |old| self.reasons(old, new));
        let class = reasons.iter().map(Reason::class).max().unwrap_or(Class::A);
        let suggestion = if class == Class::C { old.and_then(|old| self.suggest(old, new)) } else { None };
        Stay { visit, node: node.to_owned(), class, reasons, suggestion }
    }

    fn reasons(&self, old: &Spot<'a>, new: Option<&Spot<'a>>) -> Vec<Reason> {
        let outside = match &old.node.kind {
            NodeKind::Subflow(_) => Some(Reason::InSubflow),
            NodeKind::ConnectorCall(_) => Some(Reason::InConnectorCall),
            NodeKind::CustomerConfirmation(_) => Some(Reason::AwaitingCustomer),
            _ => None,
        };
        if let Some(outside) = outside {
            return vec![outside];
        }
        let Some(new) = new else { return vec![Reason::Removed] };
        let (before, after) = (type_key(&old.node.kind), type_key(&new.node.kind));
        if before != after {
            return vec![Reason::TypeChanged { before, after }];
        }
        let mut reasons = Vec::new();
        reasons.extend(self.changed_block(old, new).map(|block| Reason::BlockChanged { block }));
        if self.elsewhere.contains(old.node.id.as_str()) {
            reasons.push(Reason::Moved);
        }
        // Words do not change what is asked.
        let settings = differing(old.node, new.node).into_iter().filter(|(key, before, after)| {
            let topic = before.as_ref().or(after.as_ref()).map(|setting| setting.topic);
            !matches!(topic, Some(Topic::Text | Topic::Place)) && key != "department"
        });
        let settings: Vec<String> = settings.map(|(key, ..)| key).collect();
        if !settings.is_empty() {
            reasons.push(Reason::SettingsChanged { settings });
        }
        reasons
    }

    /// The blocks of concurrent lanes around a step, innermost first.
    fn around(spots: &[Spot<'a>], index: &BTreeMap<&str, usize>, from: &Spot<'a>) -> Vec<Around<'a>> {
        let mut found = Vec::new();
        let mut within = from.within;
        while let Some((block, lane)) = within {
            let Some(spot) = index.get(block).and_then(|at| spots.get(*at)) else { break };
            if matches!(spot.node.kind, NodeKind::Parallel { .. } | NodeKind::Inclusive { .. }) {
                let lanes = spot.node.lanes().iter().map(|lane| lane.id.as_str()).collect();
                found.push(Around { block, lane, lanes, kind: type_key(&spot.node.kind) });
            }
            within = spot.within;
        }
        found
    }

    /// The innermost block of concurrent lanes that is not the same around the step in both versions.
    fn changed_block(&self, old: &Spot<'a>, new: &Spot<'a>) -> Option<String> {
        let before = Self::around(&self.old, &self.was, old);
        let after = Self::around(&self.new, &self.is, new);
        let lost = before.iter().find(|block| !after.contains(block));
        lost.or_else(|| after.iter().find(|block| !before.contains(block)))
            .map(|found| found.block.to_owned())
    }

    /// The step of the new version that is most like the old one: the same step if it is there, else one of the same
    /// type with the same name, then of the same department, then in the same stage. None that stood before it already:
    /// the run has been there. Where others would have to run beside it that do not, the whole block.
    fn suggest(&self, old: &Spot<'a>, new: Option<&Spot<'a>>) -> Option<String> {
        if let Some(same) = new
            && type_key(&same.node.kind) == type_key(&old.node.kind)
        {
            return Some(self.entered_by(old, same));
        }
        let likeness = |node: &Node| {
            let named = (!node.name.zh.trim().is_empty() && node.name.zh == old.node.name.zh)
                || (!node.name.en.trim().is_empty() && node.name.en == old.node.name.en);
            let department = node.department.is_some() && node.department == old.node.department;
            (named, department, node.stage == old.node.stage)
        };
        let place = |id: &str| self.was.get(id);
        let passed = |spot: &Spot<'_>| place(&spot.node.id).is_some_and(|at| Some(at) < place(&old.node.id));
        let alike = self.new.iter().filter(|spot| type_key(&spot.node.kind) == type_key(&old.node.kind));
        let alike = alike.filter(|spot| !passed(spot));
        let scored = alike
            .map(|spot| (likeness(spot.node), spot))
            .filter(|(likeness, _)| *likeness != Default::default());
        // Of equally like ones the first in reading order.
        let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, spot)| self.entered_by(old, spot))
    }

    /// Whether a run can go on at a step in the place of one that it was in.
    ///
    /// # Errors
    /// `UnknownNode`, and `LanesMissing` where others would have to run beside it that do not.
    pub fn may_replace(&self, node: &str, target: &str) -> Result<(), StepRefusal> {
        let unknown = || StepRefusal::UnknownNode { node: target.into() };
        let to = self.is.get(target).and_then(|at| self.new.get(*at)).ok_or_else(unknown)?;
        let from = self.was.get(node).and_then(|at| self.old.get(*at));
        if from.is_some_and(|from| self.entered_by(from, to) != target) {
            return Err(StepRefusal::LanesMissing { node: target.into() });
        }
        Ok(())
    }

    /// A step of the new version, or the outermost block of concurrent lanes around it that the old step was not in.
    fn entered_by(&self, old: &Spot<'a>, target: &Spot<'a>) -> String {
        let before = Self::around(&self.old, &self.was, old);
        let after = Self::around(&self.new, &self.is, target);
        let block = after.iter().rev().find(|block| !before.contains(block));
        block.map_or_else(|| target.node.id.clone(), |found| found.block.to_owned())
    }
}

/// Orders that stand in the same step and are of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group<I> {
    pub node: String,
    pub class: Class,
    pub reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    pub orders: Vec<I>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan<I> {
    /// How many orders are of each class.
    pub counts: BTreeMap<Class, usize>,
    pub groups: Vec<Group<I>>,
}

/// The plan for many runs of the same old version, in the order they are given.
pub fn plan<'r, I: Clone>(of: &Move<'_>, runs: impl IntoIterator<Item = (I, &'r Run)>) -> Plan<I> {
    let mut counts: BTreeMap<Class, usize> = Class::ALL.into_iter().map(|class| (class, 0)).collect();
    let mut groups: BTreeMap<String, Group<I>> = BTreeMap::new();
    for (order, run) in runs {
        let Some(found) = of.classify(run) else { continue };
        *counts.entry(found.class).or_default() += 1;
        for stay in found.stays {
            let Stay { node, class, reasons, suggestion, .. } = stay;
            let new = || Group { node: node.clone(), class, reasons, suggestion, orders: Vec::new() };
            groups.entry(node.clone()).or_insert_with(new).orders.push(order.clone());
        }
    }
    Plan { counts, groups: groups.into_values().collect() }
}
