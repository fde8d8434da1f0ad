//! What happens to a run, in the past tense and in full: applying the events in order rebuilds the run, and
//! reading them tells the order's story.

use super::state::{Answer, Completion, Decision, LaneEnd, Spared, VisitKind, WaitEnd};
use crate::doc::{Outcome, StockAction};
use crate::rule::{Operand, RowExplained};
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
    /// Somebody is asked: a step of a person, or an exception.
    TaskOpened {
        visit: u32,
        node: Arc<str>,
        at_ms: i64,
        #[serde(default, skip_serializing_if = "VisitKind::is_task")]
        kind: VisitKind,
        /// Somebody sent the order here, so that no rule lets it pass.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        asked: bool,
    },
    /// Nothing the step owns is open, or a rule of the step lets it pass. Never counted as a person.
    PassedByRule {
        visit: u32,
        node: Arc<str>,
        /// The rows of the step's own rule, where it was one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        because: Vec<RowExplained>,
        /// Older entries say so of nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spared: Option<Spared>,
    },
    /// The run waits for something that no person of the house decides: a time, an event, an answer.
    WaitBegan {
        visit: u32,
        node: Arc<str>,
        kind: VisitKind,
        at_ms: i64,
    },
    WaitEnded {
        visit: u32,
        node: Arc<str>,
        how: WaitEnd,
    },
    Answered {
        visit: u32,
        node: Arc<str>,
        answer: Answer,
    },
    /// The customer is late and goes on being waited for.
    LapseNoted {
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
        refused: Vec<LaneTried>,
    },
    /// Several lanes began whose ends are counted.
    Forked {
        node: Arc<str>,
        lanes: Vec<LaneTried>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<LaneTried>,
    },
    LaneEnded {
        node: Arc<str>,
        lane: Arc<str>,
        how: LaneEnd,
    },
    /// Enough lanes have ended; the block is left.
    Joined {
        node: Arc<str>,
    },
    /// The run left these blocks, or the ways back to these steps, for good.
    Abandoned {
        nodes: Vec<Arc<str>>,
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
    /// The recipients of a copy are to be told.
    CopyRequested {
        visit: u32,
        node: Arc<str>,
    },
    /// Fields are to be set, stock to be moved and tags to be added.
    DataSet {
        visit: u32,
        node: Arc<str>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assign: Vec<Assigned>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stock: Option<StockAction>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<Arc<str>>,
    },
    /// Inner runs are to be started that nobody waits for.
    SubflowDetached {
        visit: u32,
        node: Arc<str>,
    },
    /// A step sent the run back by itself, for the so-manieth time.
    LoopedBack {
        visit: u32,
        node: Arc<str>,
        to: Arc<str>,
        round: u32,
    },
    /// A person sent the order back to an earlier step.
    ReturnedTo {
        visit: u32,
        node: Arc<str>,
        to: Arc<str>,
        way: WayBack,
        /// The other steps that were waiting and are asked again with the step that returned the order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reopen: Vec<Arc<str>>,
    },
    /// On the way back to `from` a step decides again, and `rest` after it.
    AskedAgain {
        from: Arc<str>,
        node: Arc<str>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rest: Vec<Arc<str>>,
    },
    /// The run is back at the step that returned the order.
    CameBack {
        to: Arc<str>,
    },
    /// A decision was taken back; its task is open again, and so are the lanes that had ended with it.
    Withdrawn {
        visit: u32,
        node: Arc<str>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lanes: Vec<LaneOf>,
    },
    /// A process admin moved the run.
    Jumped {
        to: Arc<str>,
    },
    /// A process admin began an ended run anew.
    Revived,
    /// The order was changed: the path begins again. What was decided of it counts no longer, but in these steps.
    Revised {
        kept: Vec<Arc<str>>,
    },
    /// A step that was kept is passed again, and asks nobody.
    Kept {
        visit: u32,
        node: Arc<str>,
        at_ms: i64,
    },
    /// The change was not made: the run is at its confirming end, as it was.
    RevisionDropped,
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

/// A lane, with the rows of its own condition; none for a lane without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaneTried {
    pub lane: Arc<str>,
    pub because: Vec<RowExplained>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaneOf {
    pub node: Arc<str>,
    pub lane: Arc<str>,
}

/// A value worked out for a field; without one the field is emptied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Assigned {
    pub field: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Operand>,
}

/// How the run gets back to the step that returned the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WayBack {
    /// Through every step between.
    StepByStep,
    /// Straight back; the steps between keep their decisions.
    Direct,
}

/// Why a stay ended without its own decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    Returned,
    Rejected,
    Cancelled,
    Expired,
    /// Enough other lanes had ended.
    LaneNotNeeded,
    /// A step sent the run back.
    LoopedBack,
    /// The decision that led here was taken back.
    Withdrawn,
    /// A process admin moved the run elsewhere.
    Jumped,
    /// A process admin let the run go on without it.
    Skipped,
    /// A failed step runs again.
    RunAgain,
    /// The order was changed, or a change of it was given up.
    Revised,
}

impl CloseReason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::LaneNotNeeded => "lane_not_needed",
            Self::LoopedBack => "looped_back",
            Self::Withdrawn => "withdrawn",
            Self::Jumped => "jumped",
            Self::Skipped => "skipped",
            Self::RunAgain => "run_again",
            Self::Revised => "revised",
        }
    }
}
