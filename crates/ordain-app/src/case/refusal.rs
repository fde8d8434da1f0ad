//! Why a command on an order was not carried out. A refusal is an answer, not an error: nothing changed.

use crate::problem::Fault;
use ordain_domain::decimal::Currency;
use ordain_domain::order::Status;
use ordain_domain::order::confirm::Obstacle;
use ordain_domain::order::fulfilment::ReleaseObstacle;
use ordain_flow::doc::{Proof, TaskAction};
use ordain_flow::run::{CloseReason, Decision, StepRefusal};

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
    /// The flow names others who hand orders in.
    NotAStarter,
    /// Findings of checks that the flow wants passed before an order is handed in.
    ChecksOpen(Vec<String>),
    /// Too late to take back what was handed in.
    PastRecall,
    /// Fields that the approver has yet to see.
    FieldsUnseen(Vec<String>),
    NotOnHold,
    /// Somebody handles the order by hand, and puts it back when that is done.
    TakenOver,
    /// The act needs a reason.
    ReasonRequired,
    TaskNotFound,
    /// The task is over: decided by somebody, or not needed any more since.
    TaskClosed {
        by: Option<String>,
        decision: Option<Decision>,
        /// What ended it without a decision of its own; without one, others had decided.
        reason: Option<CloseReason>,
        at_ms: i64,
    },
    NotYourTask,
    /// Somebody has opened what came of the decision.
    OpenedFurtherOn {
        by: String,
    },
    ClaimedByOther,
    /// The step's four-eyes rule keeps this person out.
    FourEyes,
    /// The person has answered in this step already.
    AlreadyHeard,
    /// The task is worked on for somebody else, who decides.
    Entrusted,
    NotEntrusted,
    /// The task may be on hold for so many working minutes more.
    HoldTooLong {
        left: u32,
    },
    /// Signers who were added before must answer first.
    SignersPending,
    /// The step does not offer this act.
    NotOffered(TaskAction),
    /// The step has no such button.
    UnknownButton(String),
    /// The other system is being told already.
    StillTold,
    UnknownPerson(String),
    /// Not one of those the step may be given to.
    UnfitPerson(String),
    AlreadyAsked(String),
    TooManySigners,
    NotYourSigner,
    SameHolder,
    UrgedLately {
        until_ms: i64,
    },
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
    /// Paths that this step may not write.
    FieldsNotWritable(Vec<String>),
    /// Paths that lead nowhere, or take no such value.
    FieldsUnreadable(Vec<String>),
    /// A step that has approved stands for this field.
    FieldGuarded {
        path: String,
        node: String,
    },
    /// Paths that the step must leave filled.
    FieldsMissing(Vec<String>),
    /// Points of the checklist.
    PointsOpen(Vec<u32>),
    /// The step, or the amount, wants a decision of its own.
    NotInBatch,
    /// The step wants a signature under the decision.
    SignatureMissing,
    /// The step wants a file.
    AttachmentMissing,
    TooManyAttachments,
    UnknownStep(String),
    /// No notice of that name is sent by hand.
    UnknownNotice(String),
    BadAddress(String),
    CustomerNotAsked,
    /// The order is such that words of how the answer came are not enough.
    ProofNeeded(Proof),
    /// No code was sent, or it has lapsed, was named wrongly too often, or another one was sent since.
    CodeVoid,
    CodeSentLately {
        until_ms: i64,
    },
    TooManyCodes,
    /// The contact is known by no other way than the one by which the question went.
    NoOtherChannel,
    NobodyWaits(String),
    NotTakenOver,
    /// Something waits for a second person already.
    AgreementPending,
    /// Somebody else has to agree to what one wants to do.
    OwnAct,
    ExceptionNotFound,
    /// Neither the owner's nor of a role that oversees all of them.
    NotYourException,
    UnknownIssueType(String),
    ExceptionClosed {
        by: String,
        at_ms: i64,
    },
    /// Everything that is wrong with what was sent.
    Invalid(Vec<Fault>),
    /// Not the revision that was confirmed last.
    RevisionSuperseded {
        asked: u32,
        current: u32,
    },
    /// What must be there before goods leave.
    NotReleased {
        obstacles: Vec<ReleaseObstacle>,
        currency: Currency,
    },
    /// The payment was recorded before, for the order with this number.
    PaymentKnown {
        reference: String,
        number: String,
    },
    /// Every promise of the line stands as it was made.
    PromiseNotBroken,
    /// Nothing was found that could stand behind it, or no new day is known.
    NothingInstead,
    /// The order with this number has no goods that it could spare until then.
    NothingToExchange {
        with: String,
    },
    ComplaintNotFound,
    InvoiceNotFound,
    ComplaintClosed,
    /// A timer that does not concern the order any more.
    NothingDue,
    /// The actor was not put in copy, or has said so already.
    NothingToAcknowledge,
    Flow(StepRefusal),
    /// The order would have been confirmed past an obstacle.
    Gate(Vec<Obstacle>),
    NoFlow,
    /// Somebody else is editing the draft.
    DraftLocked {
        by: String,
    },
    /// A release of the flow waits already.
    ReleasePending,
    /// The version does not exist.
    UnknownVersion,
    /// The run cannot be moved to that version, or not without being told where to.
    NotMovable,
    /// There is no move to another version that could be undone.
    NotMoved,
    /// Somebody has acted since, or the time for it has passed.
    TooLateToUndo,
    ChangeNotFound,
    /// The change has been made, refused or withdrawn.
    ChangeClosed,
    /// A change of the order is reviewed: until that is decided there is no other.
    ChangeUnderReview,
    /// The order has moved on since the change was asked for.
    ChangeOutdated {
        base: u32,
        current: u32,
        /// Paths that were changed to something else since; none where nothing is left to change.
        conflicts: Vec<String>,
    },
    NotYourChange,
    NothingChanged,
    TooManyChanges,
    /// Paths that make it another order.
    ChangeNotAllowed(Vec<String>),
    /// Findings that only whoever asks can mend.
    ChangeIncomplete(Vec<String>),
    UnknownCancelReason(String),
    /// The order was not lost.
    NotLost,
    /// Why it was lost has been put right before.
    LossExplained,
    /// Paths in which two orders differ, so that they cannot become one.
    NotAlike(Vec<String>),
}

/// The words that have to be given, without the blanks around them.
///
/// # Errors
/// [`Refusal::ReasonRequired`] if there are none.
pub fn given(words: &str) -> Result<&str, Refusal> {
    Some(words.trim()).filter(|words| !words.is_empty()).ok_or(Refusal::ReasonRequired)
}
