//! Why a command on an order was not carried out. A refusal is an answer, not an error: nothing changed.

use ordain_domain::order::Status;
use ordain_domain::order::confirm::Obstacle;
use ordain_flow::run::StepRefusal;

/// The obstacle, compared by value in tests; words for it live in `locales/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotFound,
    /// The entity tag is not the current one.
    Stale {
        current: i64,
    },
    /// The status does not allow the act.
    WrongStatus(Status),
    OnHold,
    NotOnHold,
    /// The act needs a reason.
    ReasonRequired,
    TaskNotFound,
    TaskClosed,
    NotYourTask,
    ClaimedByOther,
    /// Warnings that the decider must accept with a reason, by finding id.
    FindingsNeedReason(Vec<String>),
    /// Lines whose goods are not there, by finding id.
    PromiseNotBacked(Vec<String>),
    /// The order waits for its sender, nothing is to be decided.
    UnknownFinding(String),
    QuestionNotFound,
    QuestionClosed,
    /// Questions that must be answered or withdrawn before the step can be approved.
    QuestionsOpen(Vec<u32>),
    /// A timer that does not concern the order any more.
    NothingDue,
    Flow(StepRefusal),
    /// The order would have been confirmed past an obstacle.
    Gate(Vec<Obstacle>),
    NoFlow,
    /// Somebody else is editing the draft.
    DraftLocked {
        by: String,
    },
    /// The version does not exist.
    UnknownVersion,
    /// The run cannot be moved to that version, or not without being told where to.
    NotMovable,
    /// Somebody has acted since, or the time for it has passed.
    TooLateToUndo,
}
