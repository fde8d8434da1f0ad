//! How the steps of a document lie to each other: which of them a step can send an order back to.

use crate::doc::{FlowDoc, Node, walk};
use std::collections::BTreeMap;

pub(super) struct Places<'a> {
    by_id: BTreeMap<&'a str, Known<'a>>,
}

#[derive(Clone, Copy)]
struct Known<'a> {
    node: &'a Node,
    /// The block and lane it stands in.
    within: Option<(&'a str, &'a str)>,
    position: usize,
    reading: usize,
}

impl<'a> Places<'a> {
    pub fn of(doc: &'a FlowDoc) -> Self {
        let mut by_id = BTreeMap::new();
        for (reading, place) in walk(doc).into_iter().enumerate() {
            let within = place.within.map(|(block, lane)| (block.id.as_str(), lane.id.as_str()));
            let known = Known { node: place.node, within, position: place.position, reading };
            by_id.entry(place.node.id.as_str()).or_insert(known);
        }
        Self { by_id }
    }

    pub fn node(&self, id: &str) -> Option<&'a Node> {
        self.by_id.get(id).map(|known| known.node)
    }

    /// From the main sequence down to the step. Blocks are nested, so the way up ends.
    fn path(&self, id: &str) -> Vec<Known<'a>> {
        let mut path = Vec::new();
        let mut at = self.by_id.get(id);
        while let Some(known) = at {
            path.push(*known);
            at = known
                .within
                .filter(|_| path.len() <= self.by_id.len())
                .and_then(|(block, _)| self.by_id.get(block));
        }
        path.reverse();
        path
    }

    /// The other comes earlier, on a sequence that holds both or blocks around them.
    pub fn is_earlier(&self, other: &str, from: &str) -> bool {
        let (there, here) = (self.path(other), self.path(from));
        for (there, here) in there.iter().zip(&here) {
            if there.within != here.within || there.position > here.position {
                return false;
            }
            if there.position < here.position {
                return true;
            }
        }
        there.len() < here.len()
    }

    /// As `is_earlier`, and in the same lane or one around it.
    pub fn is_earlier_around(&self, other: &str, from: &str) -> bool {
        let within = self.by_id.get(other).map(|known| known.within);
        self.is_earlier(other, from) && self.path(from).iter().any(|known| Some(known.within) == within)
    }

    /// The other stands in another lane of a block around both.
    pub fn is_beside(&self, other: &str, from: &str) -> bool {
        let (there, here) = (self.path(other), self.path(from));
        let parts = there
            .iter()
            .zip(&here)
            .find(|(there, here)| there.within != here.within || there.position != here.position);
        parts.is_some_and(|(there, here)| there.within != here.within)
    }

    /// The steps of the lane between two, both included, and how many steps are read on the way.
    pub fn between(&self, target: &str, from: &str) -> (Vec<&'a Node>, usize) {
        let (Some(first), Some(last)) = (self.by_id.get(target), self.by_id.get(from)) else {
            return (Vec::new(), 0);
        };
        let read = first.reading..=last.reading;
        let level =
            self.by_id.values().filter(|known| known.within == first.within && read.contains(&known.reading));
        (level.map(|known| known.node).collect(), last.reading.saturating_sub(first.reading) + 1)
    }
}
