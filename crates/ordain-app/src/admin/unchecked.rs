//! Flows in which somebody would be asked about an order that nothing has taken in: it is still its sender's draft.

use ordain_flow::check::{Problem, Severity};
use ordain_flow::doc::{FlowDoc, Node, NodeKind, Outcome};
use std::collections::BTreeMap;

/// The first step at which an order would wait for somebody, or be confirmed, without having been checked: nothing has
/// taken it in by then.
pub(super) fn unchecked(doc: &FlowDoc) -> Option<Problem> {
    let found = doc.purpose.is_confirmation().then(|| first_unchecked(&doc.steps, &mut false)).flatten();
    found.map(|node| Problem {
        code: "F-132",
        severity: Severity::Blocker,
        node: Some(node.id.clone()),
        params: BTreeMap::new(),
    })
}

fn first_unchecked<'a>(steps: &'a [Node], checked: &mut bool) -> Option<&'a Node> {
    for node in steps {
        match &node.kind {
            _ if *checked => return None,
            NodeKind::AutoCheck { .. } => *checked = true,
            NodeKind::Review(_)
            | NodeKind::Task(_)
            | NodeKind::CustomerConfirmation(_)
            | NodeKind::End { outcome: Outcome::Confirmed, .. } => return Some(node),
            _ => {
                let ways = node.lanes().iter().map(|lane| {
                    let mut on_the_way = false;
                    (first_unchecked(&lane.steps, &mut on_the_way), on_the_way)
                });
                let ways: Vec<_> = ways.collect();
                *checked = !ways.is_empty() && ways.iter().all(|(_, checked)| *checked);
                if let Some((Some(found), _)) = ways.into_iter().find(|(found, _)| found.is_some()) {
                    return Some(found);
                }
            }
        }
    }
    None
}
