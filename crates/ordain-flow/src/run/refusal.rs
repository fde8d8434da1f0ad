//! Why an input is not taken. Nothing has changed then.

use super::event::{CloseReason, WayBack};
use super::state::{Answer, Closed, Decision, VisitKind, WaitEnd};
use crate::doc::Outcome;
use serde::Serialize;
use std::sync::Arc;
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum StepRefusal {
    #[error("the run has not started")]
    NotStarted,
    #[error("the run has already started")]
    AlreadyStarted,
    #[error("the run has ended")]
    AlreadyEnded { outcome: Outcome },
    #[error("the run has not ended")]
    NotEnded,
    #[error("a run that ended so is not begun anew")]
    NotRevivable { outcome: Outcome },
    #[error("no change of a confirmed order is looked at")]
    NotRevised,
    #[error("nobody ends a run so by hand")]
    NeverByHand { outcome: Outcome },
    #[error("the run does not wait for its sender")]
    NotWaitingForCompletion,
    #[error("there was never a task {visit}")]
    UnknownVisit { visit: u32 },
    #[error("task {visit} is already decided")]
    AlreadyDecided { visit: u32, decision: Decision },
    #[error("task {visit} is no longer needed: its findings are clear")]
    PassedByRule { visit: u32 },
    #[error("task {visit} was closed")]
    TaskClosed { visit: u32, close_reason: CloseReason },
    #[error("the customer has already answered {visit}")]
    AlreadyAnswered { visit: u32, answer: Answer },
    #[error("the wait {visit} is over")]
    WaitOver { visit: u32, how: WaitEnd },
    #[error("{visit} waits for something else")]
    WrongKind { visit: u32, kind: VisitKind },
    #[error("the work of task {visit} is done, not refused")]
    NothingToReject { visit: u32 },
    #[error("the customer's lateness at {visit} is already known")]
    AlreadyLapsed { visit: u32 },
    #[error("something is open that keeps the run from going on at {node}")]
    FindingsOpen { node: Arc<str> },
    #[error("step {node} must never be skipped")]
    Guarded { node: Arc<str> },
    #[error("only the customer's answer ends the wait {visit}")]
    CustomerMustAnswer { visit: u32 },
    #[error("nothing failed at {visit}")]
    NotFailed { visit: u32 },
    #[error("orders are not returned to {node} from here")]
    TargetNotOffered { node: Arc<str> },
    #[error("this way back is not offered from {visit}")]
    WayNotOffered { visit: u32, way: WayBack },
    #[error("the run has not passed {node}")]
    NeverPassed { node: Arc<str> },
    #[error("{node} does not come earlier")]
    NotEarlier { node: Arc<str> },
    #[error("{node} is in another lane")]
    InOtherLane { node: Arc<str> },
    #[error("the other lanes around {node} would be missing")]
    LanesMissing { node: Arc<str> },
    #[error("nobody moves a run to an end")]
    TargetIsEnd { node: Arc<str> },
    #[error("nobody moves a run to its start")]
    TargetIsStart { node: Arc<str> },
    #[error("the order was not returned to {visit} on a way straight back")]
    NotReturned { visit: u32 },
    #[error("{visit} is not decided yet")]
    NotDecided { visit: u32 },
    #[error("this decision is not taken back")]
    NotWithdrawable { visit: u32 },
    #[error("the order has gone back to its sender since {visit}")]
    RoundOver { visit: u32 },
    #[error("somebody further on has acted since {visit}")]
    ActedFurtherOn { visit: u32, by_visit: u32 },
    #[error("the block {node} has closed its other lanes since")]
    JoinFired { node: Arc<str> },
    #[error("the flow has no step {node}")]
    UnknownNode { node: Arc<str> },
    #[error("the path does not lead to an end")]
    PathBroken { node: Arc<str> },
    #[error("more than {max} steps in one go")]
    TooManyAdvances { max: usize },
}

impl StepRefusal {
    pub(super) fn of_closed(visit: u32, closed: Closed) -> Self {
        match closed {
            Closed::Decided(decision) => Self::AlreadyDecided { visit, decision },
            Closed::Answered(answer) => Self::AlreadyAnswered { visit, answer },
            Closed::Waited(how) => Self::WaitOver { visit, how },
            Closed::PassedByRule | Closed::Spared(_) | Closed::Kept => Self::PassedByRule { visit },
            Closed::Without(close_reason) => Self::TaskClosed { visit, close_reason },
        }
    }
}
