//! What steps have told people, and begun that nobody waits for: once for each state of the order. Whoever looks at
//! work again that did not change causes no second notice and no second run.

use super::Case;
use super::side_run::{MAIN, run_of};
use ordain_domain::order::{Event as OrderEvent, Order};
use ordain_flow::doc::SubflowSettings;
use ordain_flow::run::Event as FlowEvent;

impl Case {
    /// Notes that a step has told or begun something.
    pub(super) fn note_told(&mut self, event: &FlowEvent) {
        if let Some(key) = key(event) {
            self.told.insert(key, self.news);
        }
        // The flow leads back by itself, or begins anew: what it says then is meant.
        if matches!(event, FlowEvent::LoopedBack { .. } | FlowEvent::Revived) {
            self.news = self.news.saturating_add(1);
        }
    }

    /// Whether a step has told, or begun, the same before.
    pub fn has_told(&self, event: &FlowEvent) -> bool {
        key(event).is_some_and(|key| self.told.get(&key) == Some(&self.news))
    }

    /// Whether a step comes to begin a flow once more that is still under way.
    pub fn is_under_way(&self, event: &FlowEvent, subflow: &SubflowSettings) -> bool {
        let FlowEvent::SubflowDetached { visit, .. } = event else { return false };
        let known = key(event).is_some_and(|key| self.told.contains_key(&key));
        let beside = |parent: u32| run_of(parent) == run_of(*visit);
        let mut runs = self.side_runs.iter().filter(|side| side.pin.key == subflow.flow && !side.is_over());
        known && runs.any(|side| side.parent.is_some_and(beside))
    }
}

/// Whether an event gives the steps something new to tell.
pub(super) fn is_news(order: &Order, event: &OrderEvent) -> bool {
    match event {
        OrderEvent::Edited { content, .. } | OrderEvent::FieldsWritten { content, .. } => {
            **content != order.content
        }
        OrderEvent::ChangeTaken { .. } => true,
        _ => false,
    }
}

/// The step that tells, with the run it is in: runs beside each other tell each for itself.
fn key(event: &FlowEvent) -> Option<String> {
    let (FlowEvent::NoticeRequested { visit, node, .. }
    | FlowEvent::CopyRequested { visit, node }
    | FlowEvent::SubflowDetached { visit, node }) = event
    else {
        return None;
    };
    Some(match run_of(*visit) {
        MAIN => node.to_string(),
        number => format!("{number}:{node}"),
    })
}
