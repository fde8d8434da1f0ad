//! The gate invariant, in one place.
//!
//! [`Confirmation`] cannot be made anywhere else: its field is private and [`confirm`] is its only maker, so no door can
//! confirm an order past an open blocker, an open question, a pending task, an unbacked line or an older revision.

use super::{Order, Status};
use serde::{Deserialize, Serialize};

/// What the flow engine says of the run, given as plain facts.
#[derive(Clone, Copy, Debug)]
pub struct RunEvidence {
    /// The run is at an end that confirms.
    pub reached_confirming_end: bool,
    /// Review tasks still open.
    pub pending_tasks: usize,
    /// The revision whose checks and reviews led here.
    pub reviewed_revision: u32,
}

/// Proof that the order may be confirmed, kept in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    revision: u32,
}

impl Confirmation {
    /// The revision that was confirmed.
    pub fn revision(&self) -> u32 {
        self.revision
    }
}

/// What stands between an order and its confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Status(Status),
    OnHold,
    RunNotAtConfirmingEnd,
    PendingTasks(usize),
    OpenFinding(String),
    OpenQuestion(u32),
    Unbacked(Vec<u32>),
    SupersededRevision { reviewed: u32, latest: u32 },
    NoTotals,
}

/// Confirms an order, or names every obstacle.
///
/// # Errors
/// All obstacles at once.
pub fn confirm(order: &Order, run: RunEvidence) -> Result<Confirmation, Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    // What was confirmed is confirmed again with the change that was reviewed.
    if !order.status.may_become(Status::Confirmed) && !order.is_changing() {
        obstacles.push(Obstacle::Status(order.status));
    }
    if order.on_hold {
        obstacles.push(Obstacle::OnHold);
    }
    if !run.reached_confirming_end {
        obstacles.push(Obstacle::RunNotAtConfirmingEnd);
    }
    if run.pending_tasks > 0 {
        obstacles.push(Obstacle::PendingTasks(run.pending_tasks));
    }
    obstacles.extend(order.open_findings().map(|finding| Obstacle::OpenFinding(finding.id())));
    obstacles.extend(order.open_questions().map(|question| Obstacle::OpenQuestion(question.id)));
    let unbacked = order.unbacked_lines();
    if !unbacked.is_empty() {
        obstacles.push(Obstacle::Unbacked(unbacked));
    }
    if run.reviewed_revision != order.revision {
        obstacles
            .push(Obstacle::SupersededRevision { reviewed: run.reviewed_revision, latest: order.revision });
    }
    if order.checked.totals.is_none() {
        obstacles.push(Obstacle::NoTotals);
    }
    if obstacles.is_empty() { Ok(Confirmation { revision: order.revision }) } else { Err(obstacles) }
}
