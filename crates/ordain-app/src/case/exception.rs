//! What no rule can settle: it has a person who owns it, a time by which it must be looked at, and the evidence.

use super::decide::Intervention;
use ordain_domain::actor::Actor;
use ordain_flow::doc::Party;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The evidence that says of which kind the cause is: of a late task, what became of the rule that saw to it.
pub const CAUSE_KIND: &str = "outcome";

macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident $name:literal [$($act:literal)*]),+ $(,)?) => {
        /// What happened, as far as it decides what can be done about it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ExceptionKind { $($(#[$meta])* $variant),+ }

        impl ExceptionKind {
            pub const ALL: &'static [ExceptionKind] = &[$(ExceptionKind::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(ExceptionKind::$variant => $name),+ }
            }

            /// Acts that may settle it, the suggested one first.
            pub fn acts(self) -> &'static [&'static str] {
                match self { $(ExceptionKind::$variant => &[$($act),*]),+ }
            }
        }
    };
}

kinds! {
    /// A step that resolves to nobody.
    NobodyFound "nobody_found" ["reassign" "change_flow"],
    TaskOverdue "task_overdue" ["urge" "reassign" "skip"],
    /// The customer does not answer.
    CustomerSilent "customer_silent" ["resend_notice" "record_answer" "end"],
    /// A wait that has gone on for longer than the flow allows.
    WaitTooLong "wait_too_long" ["skip" "jump" "end"],
    ConnectorFailed "connector_failed" ["rerun" "skip" "jump"],
    /// Another system could not be told of a step.
    HookFailed "hook_failed" ["change_flow"],
    /// The flow itself leads nowhere: a loop without an end, a step that is gone.
    FlowFault "flow_fault" ["rerun" "skip" "jump" "end" "change_flow"],
    /// The order could not be moved to another version of its flow and stays in its own.
    MigrationFailed "migration_failed" ["change_flow" "jump"],
    /// Which way the order goes hangs on a field that is empty.
    FieldEmpty "field_empty" ["rerun" "jump" "skip" "end"],
    /// Something open that no step answers for stands before the confirmation.
    Unowned "unowned" ["override" "take_over" "end"],
    /// A check found what a person has to see before the order goes on.
    ChecksFailed "checks_failed" ["override" "take_over" "end"],
    /// A change that was asked for and that nobody takes up.
    ChangeWaits "change_waits" ["take_change" "reject_change"],
    /// Somebody handles the order by hand.
    TakenOver "taken_over" ["put_back" "end"],
    /// Somebody reported a problem; its type says who handles it first.
    IssueReported "issue_reported" ["urge" "take_over"],
    /// Goods that a confirmed order was promised come later, or do not come.
    PromiseBroken "promise_broken" ["promise_instead" "promise_exchange" "promise_new_date" "change_order"],
    /// Work that was handed to somebody who has not opened it.
    NotReceived "not_received" ["urge" "reassign" "skip"],
    /// Nobody has brought the order forward for so long that it may be lost.
    SuspectedLost "suspected_lost" ["urge" "take_over" "end"],
    /// The customer has paid more than the order comes to.
    Overpaid "overpaid" ["refund" "settle_with_other"],
    /// Something is to be done by hand to which a second person has to agree.
    SecondPerson "second_person" ["agree"],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    pub id: Uuid,
    pub kind: ExceptionKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<u32>,
    pub opened_ms: i64,
    pub due_ms: i64,
    /// Exactly one party at any time.
    pub owner: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<Uuid>,
    /// The issue type by which owner and due time were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// Who reported it, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_by: Option<Actor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    /// What is done as soon as somebody else agrees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Box<Intervention>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<ExceptionClosed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionClosed {
    pub by: Actor,
    pub at_ms: i64,
    /// Nothing where its cause went away by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Exception {
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
}
