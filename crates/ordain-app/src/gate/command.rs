//! What can be put to the Gate, and what it answers.

use crate::admin::{AdminCommand, AdminDone};
use crate::case::decide::{By, OrderCommand};
use crate::case::{Case, Refusal};
use crate::problem::Fault;
use ordain_store::{Hash, OutboxFinish, OutboxRow};
use std::sync::Arc;
use uuid::Uuid;

/// One request for change.
#[derive(Clone)]
pub struct Envelope {
    pub org: i64,
    pub by: By,
    pub key: Option<IdempotencyKey>,
    pub command: Command,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Command {
    Order {
        /// `None` only for a new order.
        id: Option<Uuid>,
        /// The version the sender has seen (`If-Match`).
        expected: Option<i64>,
        command: OrderCommand,
    },
    Admin(Box<AdminCommand>),
    /// Takes messages out of the outbox for delivery.
    ClaimOutbox {
        /// Which way they leave.
        channel: &'static str,
        lease_ms: i64,
        limit: usize,
    },
    /// Says what became of a claimed message, together with what its order learns of it.
    FinishOutbox {
        finish: OutboxFinish,
        told: Option<(Uuid, OrderCommand)>,
    },
    /// Seals what the log has gained since the last seal.
    Seal,
    /// Removes what has outlived its use.
    Purge,
}

/// Makes the reply that a key is answered with, now and whenever the request is repeated.
pub type Renderer = Arc<dyn Fn(&Done) -> (u16, String) + Send + Sync>;

/// The sender's key for one write.
#[derive(Clone)]
pub struct IdempotencyKey {
    /// Who may repeat: a user or token.
    pub caller: String,
    pub key: String,
    /// Digest of method, path and body.
    pub fingerprint: Hash,
    pub render: Renderer,
}

/// What a command did.
#[derive(Clone, Debug)]
pub enum Done {
    Order(Arc<Case>),
    Admin(AdminDone),
    Claimed(Vec<OutboxRow>),
    /// The key was seen before: the stored reply, byte for byte.
    Replayed {
        status: u16,
        body: String,
    },
    Nothing,
}

/// Why nothing was done. Every variant leaves the database as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("invalid: {0:?}")]
    Invalid(Vec<Fault>),
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error("the queue is full")]
    Busy,
    #[error("the disk is full")]
    StorageFull,
    #[error(transparent)]
    Unusable(#[from] ordain_store::Unusable),
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// This process only reads.
    #[error("this program runs in read-only mode")]
    ReadOnly,
    #[error("defect: {0}")]
    Bug(String),
}

impl From<Refusal> for GateError {
    fn from(refusal: Refusal) -> Self {
        GateError::Refused(refusal)
    }
}

impl From<ordain_store::StoreError> for GateError {
    fn from(error: ordain_store::StoreError) -> Self {
        use ordain_store::StoreError;
        match error {
            StoreError::Full => GateError::StorageFull,
            StoreError::Unusable(why) => GateError::Unusable(why),
            StoreError::Unavailable(why) => GateError::Unavailable(why),
            StoreError::Stale => GateError::Refused(Refusal::Stale { current: 0 }),
            StoreError::Conflict(name) => GateError::Bug(format!("constraint {name}")),
            StoreError::Damaged(why) | StoreError::Bug(why) => GateError::Bug(why),
        }
    }
}
