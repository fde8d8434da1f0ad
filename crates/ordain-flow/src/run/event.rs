//! What happens to a run, in the past tense and in full: applying the events in order rebuilds the run, and
//! reading them tells the order's story.

use super::state::{Completion, Decision};
use crate::doc::Outcome;
use crate::rule::RowExplained;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The run reached a step. Visits are numbered through the run.
    Entered {
        visit: u32,
        node: Arc<str>,
    },
    /// An automatic check found nothing that only the sender can mend.
    ChecksPassed {
        visit: u32,
        node: Arc<str>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reserve_stock: bool,
    },
    TaskOpened {
        visit: u32,
        node: Arc<str>,
        at_ms: i64,
    },
    /// Nothing the review owns is open, so nobody is asked (any more). Never counted as a person.
    PassedByRule {
        visit: u32,
        node: Arc<str>,
    },
    Decided {
        visit: u32,
        node: Arc<str>,
        decision: Decision,
    },
    LaneTaken {
        node: Arc<str>,
        lane: Arc<str>,
        /// The rows of the lane's own condition; none for the otherwise lane.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        because: Vec<RowExplained>,
        /// The lanes tried before it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<LaneRefused>,
    },
    /// The order waits for its sender. `visit` and `node` are those of the check or of the person.
    ReturnedForCompletion {
        visit: u32,
        node: Arc<str>,
        by: Completion,
        at_ms: i64,
    },
    TaskClosed {
        visit: u32,
        node: Arc<str>,
        reason: CloseReason,
    },
    NoticeRequested {
        visit: u32,
        node: Arc<str>,
        template: Arc<str>,
    },
    /// On the doorstep of the confirming end a review that had passed by rule owned an open finding again.
    WentBack {
        to: Arc<str>,
        because_of: Arc<str>,
    },
    Ended {
        visit: Option<u32>,
        outcome: Outcome,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaneRefused {
    pub lane: Arc<str>,
    pub because: Vec<RowExplained>,
}

/// Why a task went away without its own decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    Returned,
    Rejected,
    Cancelled,
}
