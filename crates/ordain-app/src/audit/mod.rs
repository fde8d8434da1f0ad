//! Proves that the log is whole and that what is stored is what it says.
//!
//! The walk recomputes every hash, every seal and, order by order, the state from its events. It reads in pages and
//! keeps one line per order in memory, so it can run beside the product, on a copy, or on a file somebody hands over.

mod chain;
mod derived;
mod evidence;
mod fold;
mod head;
mod totals;

pub use evidence::{EvidenceError, check_evidence, write_evidence};
pub(crate) use fold::{entries, replay};
pub use head::{SealText, SignedHead, export_head, verify_head};

use ordain_store::{Store, StoreError};
use serde::Serialize;

/// What the walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    pub entries: i64,
    /// Entries that a seal covers, and those that came after the last one.
    pub sealed: i64,
    pub unsealed: i64,
    /// Orders whose state was computed again.
    pub orders: i64,
    /// Whose signature the seals bear, hexadecimal. Only whoever knows it from elsewhere knows whose log it is.
    pub public_key: Option<String>,
    pub first_problem: Option<Problem>,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// An entry that was there is not.
    Missing,
    /// An entry does not say what it said.
    Altered,
    /// An entry stands in another place than it was written to.
    Reordered,
    /// A seal does not fit the entries it covers, or is not signed by the company's key.
    Seal,
    /// What is stored of an order is not what its entries make of it.
    State,
    /// The log does not contain what the exported head says it did.
    Head,
    /// The stock kept for an order is not what the order holds.
    ReservationsDiffer,
    /// The tasks of an order are not those of its run.
    TasksDiffer,
    /// An order will not be looked at when it should be, or when it should not.
    TimersDiffer,
    ChangesDiffer,
    /// A message that was to be sent is not among those to send.
    OutboxMissing,
    /// What an order owes by day is not what its payments and shipments leave.
    ReceivablesDiffer,
    /// A list of shipments, payments, invoices or complaints does not say what the order does.
    RecordsDiffer,
    /// A customer does not owe what the orders come to.
    ExposureDiffers,
    /// What is reserved of a product is not what the orders hold.
    StockDiffers,
    /// What was promised of a supply is not what the orders hold of it, or more than comes.
    SupplyDiffers,
    /// What purchasing is asked for is not what the orders lack.
    RequestsDiffer,
    /// What is on hand is not what the movements come to.
    MovementsDiffer,
    /// A file is not the one that was added.
    AttachmentsDiffer,
    /// The log is longer or older than an unsealed one can be.
    SealsMissing,
}

impl ProblemKind {
    /// The code under which it is told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Altered => "altered",
            Self::Reordered => "reordered",
            Self::Seal => "seal",
            Self::State => "state",
            Self::Head => "head",
            Self::ReservationsDiffer => "reservations_differ",
            Self::TasksDiffer => "tasks_differ",
            Self::TimersDiffer => "timers_differ",
            Self::ChangesDiffer => "changes_differ",
            Self::OutboxMissing => "outbox_missing",
            Self::ReceivablesDiffer => "receivables_differ",
            Self::RecordsDiffer => "records_differ",
            Self::ExposureDiffers => "exposure_differs",
            Self::StockDiffers => "stock_differs",
            Self::SupplyDiffers => "supply_differs",
            Self::RequestsDiffer => "requests_differ",
            Self::MovementsDiffer => "movements_differ",
            Self::AttachmentsDiffer => "attachments_differ",
            Self::SealsMissing => "seals_missing",
        }
    }
}

/// What a row should say and what it says; `-` for a row that is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differs {
    pub expected: String,
    pub stored: String,
}

/// The first damage in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub seq: i64,
    pub subject: String,
    pub kind: ProblemKind,
    /// What exactly does not fit: a code.
    pub detail: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<Differs>,
}

impl Problem {
    fn new(seq: i64, subject: impl Into<String>, kind: ProblemKind, detail: &'static str) -> Self {
        Self { seq, subject: subject.into(), kind, detail, differs: None }
    }
}

/// How far the walk has come, for a progress bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Entries(i64),
    Orders(i64),
}

/// Walks the log of a company. `chain_only` leaves out the states of orders; `head` is what was exported earlier.
///
/// # Errors
/// If the database cannot be read; damage is part of the report.
pub fn verify(
    store: &Store,
    org: i64,
    chain_only: bool,
    head: Option<&SignedHead>,
    progress: &mut dyn FnMut(Progress),
) -> Result<VerifyReport, StoreError> {
    let walked = chain::walk(&mut chain::Stored { store, org }, progress)?;
    let mut report = walked.report();
    if walked.problem.is_some() {
        // Behind the first damage nothing can be told apart any more.
        report.first_problem = walked.problem;
        return Ok(report);
    }
    let mut found = Vec::new();
    if let Some(head) = head {
        found.extend(head::check(store, org, head, &walked)?);
    }
    if !chain_only {
        found.extend(walked.unsealed());
    }
    let states = fold::check(store, org, walked, chain_only, progress)?;
    report.orders = states.folded;
    found.extend(states.problem);
    report.first_problem = found.into_iter().min_by_key(|problem| problem.seq);
    Ok(report)
}
