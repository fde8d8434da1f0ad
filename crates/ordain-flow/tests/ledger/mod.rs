//! What the log of a run may never say, and what a step may never do to what was decided before.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

use ordain_flow::{Event, Flow, Input, NodeKind, Run};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the log may not say, whatever the flow.
#[derive(Default)]
pub struct Ledger {
    /// Lanes of each open block that have not ended.
    pub blocks: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    pub ended: bool,
    loops: BTreeMap<Arc<str>, u32>,
}

impl Ledger {
    pub fn enter(&mut self, flow: &Flow, event: &Event, input: &Input) -> Result<(), TestCaseError> {
        prop_assert!(
            !self.ended || matches!(event, Event::Revived),
            "nothing happens after the end: {:?}",
            event
        );
        match event {
            Event::Forked { node, lanes, .. } => {
                let lanes = lanes.iter().map(|lane| lane.lane.clone()).collect();
                let before = self.blocks.insert(node.clone(), lanes);
                prop_assert!(before.is_none(), "{} forks while it is open", node);
            }
            Event::LaneEnded { node, lane, .. } => {
                let was_open = self.blocks.get_mut(node).is_some_and(|lanes| lanes.remove(lane));
                prop_assert!(was_open, "{} of {} ends once", lane, node);
            }
            Event::Joined { node } => prop_assert!(self.blocks.remove(node).is_some(), "{} joins once", node),
            Event::Abandoned { nodes } => self.blocks.retain(|block, _| !nodes.contains(block)),
            Event::Withdrawn { lanes, .. } => {
                for lane in lanes {
                    self.blocks.entry(lane.node.clone()).or_default().insert(lane.lane.clone());
                }
            }
            Event::LoopedBack { node, round, .. } => {
                let most = match &flow.node(node).unwrap().kind {
                    NodeKind::GoTo { max_rounds, .. } => max_rounds.unwrap(),
                    other => panic!("{other:?}"),
                };
                let by_hand = matches!(input, Input::RunAgain { .. });
                prop_assert!(*round <= most || by_hand, "{} rounds of {}", round, most);
                let counted = self.loops.entry(node.clone()).or_default();
                *counted += 1;
                prop_assert_eq!(*counted, *round);
            }
            Event::ReturnedForCompletion {
                by: ordain_flow::run::Completion::Person | ordain_flow::run::Completion::Sender,
                ..
            } => {
                self.blocks.clear();
                self.loops.clear();
            }
            Event::Revived => *self = Self::default(),
            Event::Ended { .. } => self.ended = true,
            _ => {}
        }
        Ok(())
    }
}

/// What was decided before stays decided, but for a decision that was taken back.
pub fn keeps_decisions(before: &Run, after: &Run, events: &[Event]) -> Result<(), TestCaseError> {
    for known in before.visits.iter().filter(|known| known.closed.is_some()) {
        let taken_back = events
            .iter()
            .any(|event| matches!(event, Event::Withdrawn { visit, .. } if *visit == known.visit));
        let now = after.visit(known.visit).unwrap();
        prop_assert!(taken_back || now.closed == known.closed, "{:?} became {:?}", known, now);
    }
    let mut asked = BTreeSet::new();
    for open in after.open_visits() {
        prop_assert!(asked.insert(open.node.clone()), "{} is asked twice at once", open.node);
    }
    Ok(())
}
