//! Why an order was lost: proposed from where it stopped, and put right once by somebody who knows.

use super::{Case, ExceptionKind, Task};
use ordain_domain::actor::Actor;
use ordain_domain::finding::{Check, Code};
use ordain_domain::order::Status;
use serde::{Deserialize, Serialize};

/// Reasons for which an order is lost, by the codes of the list of reasons for cancelling. What was ordered twice, for a
/// test or merged into another order is not lost.
pub const LOST_REASONS: [&str; 10] = [
    "incomplete_data",
    "price_or_terms",
    "short_or_late",
    "review_timeout",
    "interface_failure",
    "credit_or_payment",
    "customer_cancelled",
    "customer_silent",
    "lost_to_competitor",
    "other",
];
const NOT_LOST: [&str; 3] = ["duplicate", "test", "merged"];

/// What somebody said of it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    pub reason: String,
    /// What it counted for before; nothing where it did not count as lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    pub by: Actor,
    pub at_ms: i64,
}

/// Whether somebody can say this of a loss. That the order was none is an answer too.
pub fn explains(reason: &str) -> bool {
    LOST_REASONS.contains(&reason) || (NOT_LOST.contains(&reason) && reason != super::decide::MERGED)
}

/// Whether the order ended before it was confirmed.
pub fn has_ended(case: &Case) -> bool {
    let order = &case.order;
    matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired)
        && order.confirmed_ms.is_none()
}

/// Why an order was lost that ended before it was confirmed: as somebody said who looked at it, as whoever cancelled it
/// said, or else by where it stopped.
pub fn lost_reason(case: &Case) -> Option<&'static str> {
    if !has_ended(case) {
        return None;
    }
    let said = case.loss.as_ref().map(|loss| loss.reason.as_str()).or(case.order.cancel_code.as_deref());
    if said.is_some_and(|code| NOT_LOST.contains(&code)) {
        return None;
    }
    let known = said.and_then(|code| LOST_REASONS.into_iter().find(|reason| *reason == code));
    Some(known.unwrap_or_else(|| by_where_it_stopped(case)))
}

fn by_where_it_stopped(case: &Case) -> &'static str {
    let order = &case.order;
    if order.status == Status::Expired {
        return "customer_silent";
    }
    let undone = |task: &&Task| task.decision().is_none();
    let late = |task: &Task| task.due_ms.is_some_and(|due| due < order.updated_ms);
    let raised = |kind: ExceptionKind| case.exceptions.iter().any(|exception| exception.kind == kind);
    let reasons = order.open_findings().filter_map(|finding| of_finding(finding.code));
    reasons.min().map_or_else(
        || {
            if raised(ExceptionKind::ConnectorFailed) {
                "interface_failure"
            } else if case.tasks.values().filter(undone).any(late) {
                "review_timeout"
            } else if order.status == Status::Cancelled {
                "customer_cancelled"
            } else {
                "other"
            }
        },
        |(_, reason)| reason,
    )
}

/// What an open finding says of a loss; the lower number weighs more.
fn of_finding(code: Code) -> Option<(u8, &'static str)> {
    match code.check() {
        Check::Stock => Some((0, "short_or_late")),
        Check::Credit | Check::Payment => Some((1, "credit_or_payment")),
        Check::Price | Check::Terms => Some((2, "price_or_terms")),
        Check::Required | Check::Catalogue | Check::Quantity | Check::Date | Check::Invoice => {
            Some((3, "incomplete_data"))
        }
        Check::Duplicate | Check::SpecialRequest => None,
    }
}
