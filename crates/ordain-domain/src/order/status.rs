//! The status of an order and the transitions it may take.

use serde::{Deserialize, Serialize};

/// Exactly one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    /// Something the sender must mend.
    Incomplete,
    InReview,
    AwaitingCustomer,
    Confirmed,
    InFulfilment,
    Completed,
    Cancelled,
    Rejected,
    Expired,
}

impl Status {
    pub const ALL: [Status; 10] = [
        Status::Draft,
        Status::Incomplete,
        Status::InReview,
        Status::AwaitingCustomer,
        Status::Confirmed,
        Status::InFulfilment,
        Status::Completed,
        Status::Cancelled,
        Status::Rejected,
        Status::Expired,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Incomplete => "incomplete",
            Status::InReview => "in_review",
            Status::AwaitingCustomer => "awaiting_customer",
            Status::Confirmed => "confirmed",
            Status::InFulfilment => "in_fulfilment",
            Status::Completed => "completed",
            Status::Cancelled => "cancelled",
            Status::Rejected => "rejected",
            Status::Expired => "expired",
        }
    }

    /// Whether the order may go from this status to `next`.
    pub fn may_become(self, next: Status) -> bool {
        use Status::{
            AwaitingCustomer, Cancelled, Completed, Confirmed, Draft, Expired, InFulfilment, InReview,
            Incomplete, Rejected,
        };
        match self {
            Draft => matches!(next, Incomplete | InReview | Cancelled | Expired),
            Incomplete => matches!(next, InReview | Cancelled | Expired),
            InReview => matches!(next, Incomplete | AwaitingCustomer | Confirmed | Rejected | Cancelled),
            AwaitingCustomer => {
                matches!(next, Incomplete | InReview | Confirmed | Rejected | Expired | Cancelled)
            }
            Confirmed => matches!(next, InFulfilment | Cancelled),
            InFulfilment => next == Completed,
            Completed | Cancelled | Rejected | Expired => false,
        }
    }

    /// Whether the order takes of the customer's credit: until it is paid, however long ago the goods have left.
    pub fn holds_credit(self) -> bool {
        self.is_firm() || matches!(self, Status::InReview | Status::AwaitingCustomer)
    }

    /// Whether the order was confirmed and is not taken back, so that nobody else gets what it holds.
    pub fn is_firm(self) -> bool {
        matches!(self, Status::Confirmed | Status::InFulfilment | Status::Completed)
    }

    /// Whether nothing follows any more.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Completed | Status::Cancelled | Status::Rejected | Status::Expired)
    }

    /// Whether the sender may still change the order as a whole.
    pub fn is_editable(self) -> bool {
        matches!(self, Status::Draft | Status::Incomplete)
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn s023_exactly_the_stated_transitions_are_possible() {
        let table = "draft: incomplete in_review cancelled expired
            incomplete: in_review cancelled expired
            in_review: incomplete awaiting_customer confirmed rejected cancelled
            awaiting_customer: incomplete in_review confirmed rejected expired cancelled
            confirmed: in_fulfilment cancelled
            in_fulfilment: completed
            completed:
            cancelled:
            rejected:
            expired:";
        for row in table.lines() {
            let (from, allowed) = row.trim().split_once(':').unwrap();
            let allowed: Vec<&str> = allowed.split_whitespace().collect();
            let from = Status::ALL.into_iter().find(|s| s.name() == from).unwrap();
            for next in Status::ALL {
                assert_eq!(from.may_become(next), allowed.contains(&next.name()), "{from:?} -> {next:?}");
            }
        }
    }
}
