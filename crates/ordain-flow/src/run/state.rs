//! A run and its only mutator. Only stays that asked somebody are kept: where a parallel block stands
//! follows from the tasks open inside it, so that there is no second account of joins to go wrong.

use super::event::{CloseReason, Event};
use crate::doc::Outcome;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    pub status: RunStatus,
    /// Every stay that opened a task, in order, closed ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    pub next_visit: u32,
    /// How often a person sent the order back to its sender.
    #[serde(default)]
    pub returns: u32,
    /// The first visit since the last such return.
    #[serde(default)]
    pub round_from: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    #[default]
    New,
    Running,
    WaitingForCompletion {
        visit: u32,
        node: Arc<str>,
        by: Completion,
        since_ms: i64,
    },
    Ended {
        outcome: Outcome,
    },
}

/// Who asked the sender to complete the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// These checks; the run goes on by itself when they are clear.
    Checks(Vec<Arc<str>>),
    /// A reviewer; only a resubmission goes on.
    Person,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    pub visit: u32,
    pub node: Arc<str>,
    pub since_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    Decided(Decision),
    PassedByRule,
    Without(CloseReason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Approve,
    Reject,
    /// Back to the sender for completion.
    Return,
}

impl Run {
    /// A run that has not started.
    pub fn new() -> Self {
        Self::default()
    }

    pub fn open_visits(&self) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(|visit| visit.closed.is_none())
    }

    pub fn visit(&self, visit: u32) -> Option<&Visit> {
        self.visits.iter().find(|known| known.visit == visit)
    }

    pub fn outcome(&self) -> Option<Outcome> {
        match self.status {
            RunStatus::Ended { outcome } => Some(outcome),
            _ => None,
        }
    }

    fn close(&mut self, visit: u32, how: Closed) {
        let open = self.visits.iter_mut().find(|known| known.visit == visit && known.closed.is_none());
        if let Some(open) = open {
            open.closed = Some(how);
        }
    }
}

/// Changes the run as the event says. Cannot fail; an event that says nothing about this run's state
/// leaves it as it is.
pub fn apply(run: &mut Run, event: &Event) {
    match event {
        Event::Entered { visit, .. } => {
            run.next_visit = run.next_visit.max(visit.saturating_add(1));
            run.status = RunStatus::Running;
        }
        Event::ChecksPassed { .. } => run.status = RunStatus::Running,
        Event::TaskOpened { visit, node, at_ms } => {
            run.visits.push(Visit { visit: *visit, node: node.clone(), since_ms: *at_ms, closed: None });
        }
        Event::PassedByRule { visit, .. } => run.close(*visit, Closed::PassedByRule),
        Event::Decided { visit, decision, .. } => run.close(*visit, Closed::Decided(*decision)),
        Event::TaskClosed { visit, reason, .. } => run.close(*visit, Closed::Without(*reason)),
        Event::ReturnedForCompletion { visit, node, by, at_ms } => {
            if *by == Completion::Person {
                run.returns = run.returns.saturating_add(1);
                run.round_from = run.next_visit;
            }
            run.status = RunStatus::WaitingForCompletion {
                visit: *visit,
                node: node.clone(),
                by: by.clone(),
                since_ms: *at_ms,
            };
        }
        Event::Ended { outcome, .. } => run.status = RunStatus::Ended { outcome: *outcome },
        Event::LaneTaken { .. } | Event::NoticeRequested { .. } | Event::WentBack { .. } => {}
    }
}
