//! The course of one run as its events tell it, without the product's `apply`: what is waited for, which blocks are
//! open, how often a step went back, and what has been passed in this round.

use super::books::Scene;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_flow::doc::{FlowDoc, Join, Node, NodeKind, PersonSettings, Repeats, WhenEmpty, walk};
use ordain_flow::run::{CloseReason, Completion, Decision, Event, LaneOf, VisitKind};
use std::collections::{BTreeMap, BTreeSet};

/// One stay that waits or has waited.
#[derive(Clone, Debug)]
pub struct Stay {
    pub node: String,
    pub kind: VisitKind,
    pub open: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Course {
    pub stays: BTreeMap<u32, Stay>,
    pub ended: bool,
    /// Lanes of each counted block with whether they have ended.
    blocks: BTreeMap<String, BTreeMap<String, bool>>,
    loops: BTreeMap<String, u32>,
    passed: BTreeSet<String>,
    /// A process admin moved the run, so that steps may have been left out.
    jumped: bool,
    /// Steps that stand from before a change and were not come to since.
    kept: BTreeSet<String>,
    /// What had been passed when the order was confirmed, while a change of it is looked at.
    confirmed: Option<BTreeSet<String>>,
}

impl Course {
    pub fn open(&self) -> impl Iterator<Item = (u32, &Stay)> {
        self.stays.iter().filter(|(_, stay)| stay.open).map(|(visit, stay)| (*visit, stay))
    }

    /// Takes an event in.
    ///
    /// # Errors
    /// What must not happen, in words.
    pub fn hear(&mut self, event: &Event, doc: &FlowDoc, scene: &Scene<'_>) -> Result<(), String> {
        if self.ended && !matches!(event, Event::Revived | Event::Revised { .. } | Event::RevisionDropped) {
            return Err(format!("ended already and then {event:?}"));
        }
        match event {
            Event::Entered { node, .. } if !doc_has(doc, node) => {
                return Err(format!("entered {node}, which the pinned version does not have"));
            }
            Event::TaskOpened { visit, node, kind, .. } | Event::WaitBegan { visit, node, kind, .. } => {
                let stay = Stay { node: local(doc, node).to_owned(), kind: *kind, open: true };
                if self.stays.insert(*visit, stay).is_some() {
                    return Err(format!("visit {visit} began twice"));
                }
            }
            Event::Decided { visit, node, decision } => {
                self.close(*visit)?;
                if *decision == Decision::Approve {
                    self.passed.insert(node.to_string());
                }
            }
            Event::Answered { visit, node, .. } | Event::WaitEnded { visit, node, .. } => {
                self.close(*visit)?;
                self.passed.insert(node.to_string());
            }
            Event::PassedByRule { visit, node, .. } => {
                passes_rightly(doc, node, self.stays.get(visit))?;
                if self.stays.contains_key(visit) {
                    self.close(*visit)?;
                }
                self.passed.insert(node.to_string());
            }
            Event::TaskClosed { visit, node, reason } => {
                self.closed_rightly(doc, *visit, node, *reason)?;
                self.close(*visit)?;
                if *reason == CloseReason::Skipped {
                    self.passed.insert(node.to_string());
                }
            }
            Event::Withdrawn { visit, node, lanes } => self.withdrawn(*visit, node, lanes)?,
            Event::ReturnedForCompletion { by: Completion::Person | Completion::Sender, .. } => {
                self.begin_round()
            }
            Event::Revived => {
                self.begin_round();
                self.ended = false;
            }
            Event::Revised { kept } => self.revised(kept)?,
            Event::Kept { node, .. } => {
                if !self.kept.remove(&**node) {
                    return Err(format!("{node} was kept although it does not stand"));
                }
                self.passed.insert(node.to_string());
            }
            Event::RevisionDropped => {
                let confirmed = self.confirmed.take().ok_or("a change was dropped that nobody looked at")?;
                self.begin_round();
                (self.ended, self.kept) = (true, confirmed);
            }
            Event::Jumped { .. } => self.jumped = true,
            Event::Ended { .. } => self.ended = true,
            Event::LoopedBack { node, round, .. } => self.loops(doc, node, *round, scene)?,
            other => self.blocks(other, doc)?,
        }
        Ok(())
    }

    fn revised(&mut self, kept: &[std::sync::Arc<str>]) -> Result<(), String> {
        let stood: BTreeSet<String> = self.passed.union(&self.kept).cloned().collect();
        if let Some(node) = kept.iter().find(|node| !stood.contains(&***node)) {
            return Err(format!("{node} is kept although nobody has passed it"));
        }
        if let Some(open) = self.open().next() {
            return Err(format!("the order was changed while {open:?} was open"));
        }
        if self.ended {
            self.confirmed = Some(stood);
        }
        self.begin_round();
        (self.ended, self.kept) = (false, kept.iter().map(|node| node.to_string()).collect());
        Ok(())
    }

    fn begin_round(&mut self) {
        self.kept.clear();
        self.blocks.clear();
        self.loops.clear();
        self.passed.clear();
        self.jumped = false;
    }

    fn close(&mut self, visit: u32) -> Result<(), String> {
        let stay = self.stays.get_mut(&visit).filter(|stay| stay.open);
        stay.ok_or_else(|| format!("visit {visit} was decided or closed although it is not open"))?.open =
            false;
        Ok(())
    }

    /// A decision is taken back: its step is open again, and so are the lanes around it.
    fn withdrawn(&mut self, visit: u32, node: &str, lanes: &[LaneOf]) -> Result<(), String> {
        let stay = self.stays.get_mut(&visit).filter(|stay| !stay.open);
        stay.ok_or_else(|| format!("visit {visit} withdrawn while open"))?.open = true;
        self.passed.remove(node);
        for lane in lanes {
            let block = self.blocks.entry(lane.node.to_string()).or_default();
            block.insert(lane.lane.to_string(), false);
        }
        Ok(())
    }

    fn loops(&mut self, doc: &FlowDoc, node: &str, round: u32, scene: &Scene<'_>) -> Result<(), String> {
        // Two people may have agreed on running a step again as well.
        let by_hand = matches!(
            scene.command,
            OrderCommand::Intervene { act: Intervention::RunAgain { .. } | Intervention::Agree { .. }, .. }
        );
        let most = match find(doc, node).map(|node| &node.kind) {
            Some(NodeKind::GoTo { max_rounds, .. }) => max_rounds.unwrap_or(3),
            _ => 0,
        };
        let counted = self.loops.entry(node.to_owned()).or_default();
        *counted += 1;
        if *counted != round || (round > most && !by_hand) {
            return Err(format!("{node} went back for the {counted}. time ({round}) of {most}"));
        }
        Ok(())
    }

    /// Blocks that count their lanes: each begins while it is not open and is left once, with enough of them.
    fn blocks(&mut self, event: &Event, doc: &FlowDoc) -> Result<(), String> {
        match event {
            Event::Forked { node, lanes, .. } => {
                let lanes = lanes.iter().map(|lane| (lane.lane.to_string(), false)).collect();
                if self.blocks.insert(node.to_string(), lanes).is_some() {
                    return Err(format!("{node} forked while it was open"));
                }
            }
            Event::LaneEnded { node, lane, how } => {
                let ended = self.blocks.get_mut(&**node).and_then(|lanes| lanes.get_mut(&**lane));
                match ended {
                    Some(ended) if !*ended => *ended = true,
                    _ => return Err(format!("lane {lane} of {node} ended twice ({how:?})")),
                }
            }
            Event::Joined { node } => {
                let Some(lanes) = self.blocks.remove(&**node) else {
                    return Err(format!("{node} joined twice"));
                };
                let done = lanes.values().filter(|ended| **ended).count();
                let needed = match join_of(doc, node) {
                    Some(Join::Any) => 1,
                    Some(Join::AtLeast(n)) => lanes.len().min(usize::try_from(n).unwrap_or(usize::MAX)),
                    _ => lanes.len(),
                };
                if done < needed {
                    return Err(format!("{node} joined with {done} of {needed} lanes"));
                }
            }
            Event::Abandoned { nodes } => {
                self.blocks.retain(|block, _| !nodes.iter().any(|n| **n == **block))
            }
            _ => {}
        }
        Ok(())
    }

    fn closed_rightly(
        &self,
        doc: &FlowDoc,
        visit: u32,
        node: &str,
        reason: CloseReason,
    ) -> Result<(), String> {
        match reason {
            CloseReason::Skipped => {
                let customer = self.stays.get(&visit).is_some_and(|stay| stay.kind == VisitKind::Customer);
                let guarded = settings(doc, node).is_some_and(|settings| settings.guarded);
                if customer || guarded {
                    return Err(format!("{node} was skipped, which must never be"));
                }
            }
            CloseReason::LaneNotNeeded if !inside_of_a_race(&doc.steps, local(doc, node)) => {
                return Err(format!("{node} closed as not needed, but every lane is"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Every step of a person on the way that every order takes has been passed since the order was last sent back.
    pub fn left_out(&self, doc: &FlowDoc) -> Option<String> {
        // What stands behind a lane with an end of its own is not on every way.
        let sure = doc.steps.iter().take_while(|node| !node.lanes().iter().any(|lane| ends(&lane.steps)));
        let persons = sure.filter_map(|node| Some((node, node.person()?)));
        let must = |settings: &PersonSettings| settings.guarded && !settings.auto_when_clear;
        let mut due = persons.filter(|(_, settings)| must(settings) || !self.jumped);
        due.find(|(node, _)| !self.passed.contains(&node.id)).map(|(node, _)| node.id.clone())
    }

    /// Two stays are open together only in lanes that run at once.
    pub fn side_by_side(&self, doc: &FlowDoc) -> Result<(), String> {
        let open: Vec<&str> = self.open().map(|(_, stay)| stay.node.as_str()).collect();
        for (at, one) in open.iter().enumerate() {
            for other in open.iter().skip(at + 1) {
                if !at_once(&doc.steps, one, other) {
                    return Err(format!("{one} and {other} are waited for at once"));
                }
            }
        }
        Ok(())
    }
}

fn passes_rightly(doc: &FlowDoc, node: &str, stay: Option<&Stay>) -> Result<(), String> {
    // On the doorstep of the end an exception passes when nothing is open any more.
    if stay.is_some_and(|stay| !stay.kind.is_task()) {
        return Ok(());
    }
    let Some(settings) = settings(doc, node) else { return Ok(()) };
    let nobody = settings.repeats != Repeats::Ask || settings.when_empty == WhenEmpty::Skip;
    let may = settings.auto_when_clear || (!settings.guarded && (settings.skip_when.is_some() || nobody));
    if may { Ok(()) } else { Err(format!("{node} passed by rule although no rule of it passes")) }
}

fn doc_has(doc: &FlowDoc, node: &str) -> bool {
    find(doc, node).is_some()
}

pub fn find<'a>(doc: &'a FlowDoc, node: &str) -> Option<&'a Node> {
    let node = local(doc, node);
    walk(doc).into_iter().map(|place| place.node).find(|known| known.id == node)
}

/// A step of a flow that runs beside the main one is called by both in its run.
fn local<'a>(doc: &FlowDoc, node: &'a str) -> &'a str {
    node.strip_prefix(doc.key.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(node)
}

pub fn settings<'a>(doc: &'a FlowDoc, node: &str) -> Option<&'a PersonSettings> {
    find(doc, node).and_then(Node::person)
}

fn join_of(doc: &FlowDoc, node: &str) -> Option<Join> {
    match &find(doc, node)?.kind {
        NodeKind::Parallel { join, .. } | NodeKind::Inclusive { join, .. } => Some(*join),
        _ => None,
    }
}

fn contains(steps: &[Node], id: &str) -> bool {
    steps.iter().any(|node| node.id == id || node.lanes().iter().any(|lane| contains(&lane.steps, id)))
}

fn ends(steps: &[Node]) -> bool {
    let own = |node: &Node| matches!(node.kind, NodeKind::End { .. });
    steps.iter().any(|node| own(node) || node.lanes().iter().any(|lane| ends(&lane.steps)))
}

/// Whether a step lies in a block that is left before all of its lanes have ended.
fn inside_of_a_race(steps: &[Node], id: &str) -> bool {
    steps.iter().any(|node| {
        let holds = node.lanes().iter().any(|lane| contains(&lane.steps, id));
        let races = match &node.kind {
            NodeKind::Parallel { join, .. } | NodeKind::Inclusive { join, .. } => !join.is_all(),
            _ => false,
        };
        let deeper = node.lanes().iter().any(|lane| inside_of_a_race(&lane.steps, id));
        (holds && races) || deeper
    })
}

fn at_once(steps: &[Node], one: &str, other: &str) -> bool {
    let holds = |node: &Node, id: &str| node.lanes().iter().position(|lane| contains(&lane.steps, id));
    for node in steps {
        match (holds(node, one), holds(node, other)) {
            (Some(left), Some(right)) if left == right => {
                return node.lanes().get(left).is_some_and(|lane| at_once(&lane.steps, one, other));
            }
            (Some(_), Some(_)) => return node.runs_lanes_at_once(),
            _ => {}
        }
    }
    false
}
