//! A run and its data. Only stays that wait are kept: where a plain parallel block stands follows from what is open
//! inside it. Only blocks that count their lanes, and ways back that have been promised, are kept beside them.

use super::event::CloseReason;
use crate::doc::Outcome;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    pub status: RunStatus,
    /// Every stay that waited, in order, closed ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    pub next_visit: u32,
    /// How often a person sent the order back to its sender.
    #[serde(default)]
    pub returns: u32,
    /// How often a person sent it back to an earlier step.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sent_back: u32,
    /// The first visit since the last such return to the sender.
    #[serde(default)]
    pub round_from: u32,
    /// Blocks that count which of their lanes have ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<OpenBlock>,
    /// Promised ways straight back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detours: Vec<Detour>,
    /// How often each step has sent the run back by itself in this round.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub loops: BTreeMap<Arc<str>, u32>,
    /// Steps whose approval, or whose wait, stands although the order was changed, and which were not passed since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Arc<str>>,
    /// What stood when the run came to its confirming end, while a change of the order is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Vec<Arc<str>>>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenBlock {
    pub node: Arc<str>,
    pub lanes: Vec<CountedLane>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountedLane {
    pub lane: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<LaneEnd>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneEnd {
    Done,
    Rejected,
}

/// The order was returned and comes straight back to `from` once `at`, and `again` after it, have decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Detour {
    pub from: Arc<str>,
    pub at: Arc<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<Arc<str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reopen: Vec<Arc<str>>,
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
    /// The sender, who took it back; only a resubmission goes on.
    Sender,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    pub visit: u32,
    pub node: Arc<str>,
    pub since_ms: i64,
    #[serde(default, skip_serializing_if = "VisitKind::is_task")]
    pub kind: VisitKind,
    /// Somebody sent the order here, so that no rule lets it pass.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
    /// The customer is late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapsed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// What a stay waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    #[default]
    Task,
    Customer,
    Delay,
    Event,
    Call,
    Subflow,
    /// Before the end, a step has set what the checks look at: they are made again first.
    Checks,
    /// A person sees to what no step of the flow can.
    Exception(ExceptionCause),
}

impl VisitKind {
    pub fn is_task(&self) -> bool {
        *self == Self::Task
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionCause {
    /// Something open that no step owns keeps the run from its end.
    FindingsOpen,
    CallFailed,
    SubflowFailed,
    DelayTooLong,
    TooManyRounds,
    /// A check found what a person has to see before the run goes on.
    ChecksFailed,
    /// Which way the run goes hangs on a field that is empty.
    FieldEmpty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    Decided(Decision),
    Answered(Answer),
    Waited(WaitEnd),
    PassedByRule,
    /// Nobody was asked, for another reason than that nothing was open.
    Spared(Spared),
    /// What was decided before the order was changed stands.
    Kept,
    Without(CloseReason),
}

/// Why nobody was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spared {
    /// The step's own rule skips it.
    Rule,
    /// Those who approved before would be enough here.
    Repeats,
    /// It would be asked of whoever entered the order.
    Initiator,
    /// Nobody was found.
    Nobody,
    /// The customer has accepted as much before.
    Agreed,
}

impl Spared {
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Repeats => "repeats",
            Self::Initiator => "initiator",
            Self::Nobody => "nobody",
            Self::Agreed => "agreed",
        }
    }
}

/// What the customer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Accepted,
    Declined,
    /// Nothing, in time.
    Lapsed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitEnd {
    /// The time came, the event arrived, the call or the inner runs came to their end.
    Done,
    TimedOut,
    Failed,
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

    /// A run that has not started, whose stays are numbered from here on.
    pub fn numbered_from(visit: u32) -> Self {
        Self { next_visit: visit, round_from: visit, ..Self::default() }
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

    pub fn block(&self, node: &str) -> Option<&OpenBlock> {
        self.blocks.iter().find(|block| &*block.node == node)
    }

    /// A person approved the step in this round, or before a change that does not concern it.
    pub fn has_approved(&self, node: &str) -> bool {
        let approved =
            |visit: &Visit| matches!(visit.closed, Some(Closed::Decided(Decision::Approve) | Closed::Kept));
        self.is_kept(node) || self.this_round().any(|visit| &*visit.node == node && approved(visit))
    }

    /// The customer has answered at the step in this round or did not in time, or has accepted as much before.
    pub fn has_answered(&self, node: &str) -> bool {
        let over = |visit: &Visit| {
            matches!(
                visit.closed,
                Some(Closed::Answered(_) | Closed::Spared(_) | Closed::PassedByRule | Closed::Kept)
            )
        };
        self.is_kept(node) || self.this_round().filter(|visit| &*visit.node == node).last().is_some_and(over)
    }

    /// The step stands from before a change and was not passed since.
    pub fn is_kept(&self, node: &str) -> bool {
        self.kept.iter().any(|kept| **kept == *node)
    }

    /// The steps that stand as the run is now: those approved last, and the waits that came to a good end.
    pub fn standing(&self) -> Vec<Arc<str>> {
        let mut standing = self.kept.clone();
        for visit in self.this_round() {
            standing.retain(|node| *node != visit.node);
            let done = match visit.closed {
                Some(Closed::Decided(decision)) => decision == Decision::Approve && visit.kind.is_task(),
                Some(Closed::Waited(how)) => how == WaitEnd::Done,
                Some(Closed::Kept) => true,
                _ => false,
            };
            if done {
                standing.push(visit.node.clone());
            }
        }
        standing
    }

    /// The last word on the step in this round: what was taken back, or is to be decided again, is none.
    pub fn last_word(&self, node: &str) -> Option<Decision> {
        let kept = self.is_kept(node).then_some(Decision::Approve);
        let Some(last) = self.this_round().filter(|visit| &*visit.node == node).last() else { return kept };
        match last.closed {
            Some(Closed::Decided(decision)) => Some(decision),
            Some(Closed::Kept) => Some(Decision::Approve),
            _ => None,
        }
    }

    /// The stays since the order was last sent back to its sender.
    pub fn this_round(&self) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(|visit| visit.visit >= self.round_from)
    }
}
