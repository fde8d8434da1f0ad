//! Whom a run waits for. An answer for screens and timers, derived and never stored.

use super::flow::Flow;
use super::state::{Completion, Run, RunStatus};
use crate::doc::{NodeKind, PersonSettings};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Waiting<'a> {
    pub visit: u32,
    pub node: Arc<str>,
    pub since_ms: i64,
    pub kind: WaitingFor<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum WaitingFor<'a> {
    Review(&'a PersonSettings),
    Completion(&'a Completion),
    /// Something open that no review owns keeps the run from its end.
    Exception,
}

/// Everything the run waits for, oldest first; nothing for a run that is not started or has ended.
pub fn waiting<'a>(flow: &'a Flow, run: &'a Run) -> Vec<Waiting<'a>> {
    if let RunStatus::WaitingForCompletion { visit, node, by, since_ms } = &run.status {
        let kind = WaitingFor::Completion(by);
        return vec![Waiting { visit: *visit, node: node.clone(), since_ms: *since_ms, kind }];
    }
    let asked = |node: &str| match &flow.node(node)?.kind {
        NodeKind::Review(settings) => Some(WaitingFor::Review(settings)),
        NodeKind::Notify { .. } | NodeKind::End { .. } => Some(WaitingFor::Exception),
        _ => None,
    };
    run.open_visits()
        .filter_map(|open| {
            let kind = asked(&open.node)?;
            Some(Waiting { visit: open.visit, node: open.node.clone(), since_ms: open.since_ms, kind })
        })
        .collect()
}
