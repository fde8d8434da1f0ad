//! Where steps stand, and which of them have been moved rather than pushed along by others.

use crate::doc::{FlowDoc, Node, walk};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A step with its surroundings.
pub(crate) struct Spot<'a> {
    pub node: &'a Node,
    /// Block and lane around it.
    pub within: Option<(&'a str, &'a str)>,
    /// The step before it in its own sequence.
    pub behind: Option<&'a Node>,
}

#[derive(Serialize)]
pub(crate) struct Position<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
}

impl Spot<'_> {
    pub fn place(&self) -> Position<'_> {
        let (block, lane) = self.within.unzip();
        Position { block, lane, after: self.behind.map(|node| node.id.as_str()) }
    }
}

pub(crate) fn spots(doc: &FlowDoc) -> Vec<Spot<'_>> {
    let all = walk(doc).into_iter().map(|place| {
        let siblings = place.within.map_or(doc.steps.as_slice(), |(_, lane)| lane.steps.as_slice());
        Spot {
            node: place.node,
            within: place.within.map(|(block, lane)| (block.id.as_str(), lane.id.as_str())),
            behind: place.position.checked_sub(1).and_then(|before| siblings.get(before)),
        }
    });
    all.collect()
}

/// Steps that are in another lane, or that changed places with steps of their own sequence: of these the fewest whose
/// moving explains the new order.
pub(crate) fn moved<'a>(old: &[Spot<'a>], new: &[Spot<'a>]) -> BTreeSet<&'a str> {
    let lanes = |spots: &[Spot<'a>]| -> BTreeMap<&'a str, Option<(&'a str, &'a str)>> {
        spots.iter().map(|spot| (spot.node.id.as_str(), spot.within)).collect()
    };
    let (was, is) = (lanes(old), lanes(new));
    let mut found = BTreeSet::new();
    let mut sequences = BTreeSet::new();
    for (id, within) in &is {
        match was.get(id) {
            Some(known) if known == within => {
                sequences.insert(*within);
            }
            Some(_) => {
                found.insert(*id);
            }
            None => {}
        }
    }
    for sequence in sequences {
        let stays = |spot: &&Spot<'a>| {
            let id = spot.node.id.as_str();
            was.get(id) == Some(&sequence) && is.get(id) == Some(&sequence)
        };
        let ids = |spots: &[Spot<'a>]| -> Vec<&'a str> {
            spots.iter().filter(stays).map(|spot| spot.node.id.as_str()).collect()
        };
        let (before, after) = (ids(old), ids(new));
        let kept = longest_common(&before, &after);
        found.extend(after.into_iter().filter(|id| !kept.contains(id)));
    }
    found
}

/// A row of steps that ends here: its length, the row it continues, and where its last step was before.
struct Row<'a> {
    length: usize,
    continues: Option<usize>,
    rank: usize,
    id: &'a str,
}

/// The longest row of ids that stand in the same order in both; of equally long ones the first.
fn longest_common<'a>(before: &[&'a str], after: &[&'a str]) -> BTreeSet<&'a str> {
    let ranks: BTreeMap<&str, usize> = before.iter().enumerate().map(|(rank, id)| (*id, rank)).collect();
    let mut rows: Vec<Row<'a>> = Vec::new();
    for id in after {
        let Some(rank) = ranks.get(id).copied() else { continue };
        let fitting = rows.iter().enumerate().filter(|(_, row)| row.rank < rank);
        let longest = fitting.max_by_key(|(at, row)| (row.length, Reverse(*at)));
        let (length, continues) = longest.map_or((1, None), |(at, row)| (row.length + 1, Some(at)));
        rows.push(Row { length, continues, rank, id });
    }
    let longest = rows.iter().enumerate().max_by_key(|(at, row)| (row.length, Reverse(*at)));
    let mut at = longest.map(|(at, _)| at);
    let mut kept = BTreeSet::new();
    while let Some(row) = at.and_then(|at| rows.get(at)) {
        kept.insert(row.id);
        at = row.continues;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_moves_are_named() {
        let kept: Vec<_> = longest_common(&["a", "b", "c", "d"], &["d", "a", "b", "c"]).into_iter().collect();
        assert_eq!(kept, ["a", "b", "c"]);
        assert_eq!(longest_common(&["a", "b"], &["b", "a"]).len(), 1);
        assert!(longest_common(&[], &["a"]).is_empty());
    }
}
