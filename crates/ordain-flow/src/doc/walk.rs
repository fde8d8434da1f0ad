//! One way through a document for everything that reads all of it: each node once, parents before
//! children, in the order a person reads the picture, with the block and lane it stands in.

use super::{FlowDoc, Lane, Node};

/// Where a node stands in its document.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub node: &'a Node,
    /// The block and lane around it, none on the main sequence.
    pub within: Option<(&'a Node, &'a Lane)>,
    /// Position in its own sequence.
    pub position: usize,
    /// 1 on the main sequence.
    pub depth: usize,
    /// A block whose lanes run at once is somewhere above it.
    pub in_parallel: bool,
}

/// Every node of the document. The work list is explicit, so a deep document costs memory, not stack.
pub fn walk(doc: &FlowDoc) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    let mut pending: Vec<Place<'_>> = Vec::new();
    push_reversed(&mut pending, &doc.steps, None, 1, false);
    while let Some(place) = pending.pop() {
        found.push(place);
        let parallel = place.in_parallel || place.node.runs_lanes_at_once();
        for lane in place.node.lanes().iter().rev() {
            push_reversed(&mut pending, &lane.steps, Some((place.node, lane)), place.depth + 1, parallel);
        }
    }
    found
}

fn push_reversed<'a>(
    pending: &mut Vec<Place<'a>>,
    steps: &'a [Node],
    within: Option<(&'a Node, &'a Lane)>,
    depth: usize,
    in_parallel: bool,
) {
    for (position, node) in steps.iter().enumerate().rev() {
        pending.push(Place { node, within, position, depth, in_parallel });
    }
}
