//! A change of an order that is under way: who asked for it and why, what differs, whom it concerns, and what became of
//! it. While the change of a confirmed order is reviewed, the revision that stands is kept whole beside the one that is
//! looked at: it comes back byte for byte if the change is not made, and what it holds stays held.

use super::content::{Content, Difference};
use super::family::Part;
use super::state::{Acceptance, CreditHeld, Order};
use super::status::Status;
use crate::actor::Actor;
use crate::check::Checked;
use crate::promise::Incoming;
use crate::stock::Allocation;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most changes one order may have; beyond that it is another order.
pub const CHANGES_MAX: usize = 100;

/// Where the wish for a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Customer,
    Sales,
    Finance,
    Warehouse,
    Planning,
    Service,
}

impl Origin {
    pub const ALL: [Origin; 6] = [
        Origin::Customer,
        Origin::Sales,
        Origin::Finance,
        Origin::Warehouse,
        Origin::Planning,
        Origin::Service,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Origin::Customer => "customer",
            Origin::Sales => "sales",
            Origin::Finance => "finance",
            Origin::Warehouse => "warehouse",
            Origin::Planning => "planning",
            Origin::Service => "service",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

/// Where a change stands. Only the first two may become another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ChangeState {
    /// Nothing has moved: somebody who may write orders has to take it up.
    Requested,
    UnderReview,
    /// The order is what the change asked for.
    Applied {
        at_ms: i64,
    },
    Rejected {
        by: Actor,
        at_ms: i64,
        reason: String,
    },
    Withdrawn {
        by: Actor,
        at_ms: i64,
        reason: String,
    },
}

impl ChangeState {
    pub fn name(&self) -> &'static str {
        match self {
            ChangeState::Requested => "requested",
            ChangeState::UnderReview => "under_review",
            ChangeState::Applied { .. } => "applied",
            ChangeState::Rejected { .. } => "rejected",
            ChangeState::Withdrawn { .. } => "withdrawn",
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self, ChangeState::Requested | ChangeState::UnderReview)
    }
}

/// A step of the flow that looks again, and the paths or findings that make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAgain {
    pub node: String,
    pub because: Vec<String>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub id: Uuid,
    /// Counted for each order.
    pub number: u32,
    pub by: Actor,
    pub at_ms: i64,
    pub reason: String,
    pub origin: Origin,
    /// Of the company's reasons for cancelling, where the rest of an order is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_code: Option<String>,
    /// The revision that it was asked of.
    pub base: u32,
    pub differences: Vec<Difference>,
    /// What was asked for, while nobody has taken it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Box<Content>>,
    /// What becomes an order of its own once the change is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Box<Part>>,
    /// What was asked for and not taken up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Difference>,
    /// Why that was not taken up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out_reason: Option<String>,
    /// How it was taken up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    pub state: ChangeState,
}

/// A change that was taken up: the revision it made and whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub by: Actor,
    pub at_ms: i64,
    pub revision: u32,
    pub again: Vec<AskedAgain>,
    /// Steps whose approval stands: the change touches nothing that they look at.
    pub kept: Vec<String>,
}

/// What is taken up of a change, and what is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowed {
    pub content: Content,
    pub differences: Vec<Difference>,
    pub left_out: Vec<Difference>,
    pub reason: String,
}

/// A change that is asked of a later revision than it was, without what others changed meanwhile being undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebased {
    pub base: u32,
    pub content: Content,
    pub differences: Vec<Difference>,
}

/// The confirmed revision while another one is reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub revision: u32,
    pub content: Content,
    pub checked: Checked,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Allocation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Incoming>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_held: Option<CreditHeld>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accepted: BTreeMap<String, Acceptance>,
}

impl Order {
    /// Whether a change of the confirmed order is under review.
    pub fn is_changing(&self) -> bool {
        self.standing.is_some()
    }

    /// Whether people are reviewing the order, or a change of it.
    pub fn is_in_review(&self) -> bool {
        self.is_changing() || matches!(self.status, Status::InReview | Status::AwaitingCustomer)
    }

    pub fn change(&self, id: Uuid) -> Option<&Change> {
        self.changes.iter().find(|change| change.id == id)
    }

    pub fn change_under_review(&self) -> Option<&Change> {
        self.changes.iter().find(|change| change.state == ChangeState::UnderReview)
    }

    /// The number of the next revision: none is given twice, also where a change was not made.
    pub fn next_revision(&self) -> u32 {
        let made = self.changes.iter().filter_map(|change| Some(change.taken.as_ref()?.revision));
        made.chain([self.revision]).max().unwrap_or_default().saturating_add(1)
    }

    /// When the present content was asked for.
    pub fn asked_ms(&self) -> Option<i64> {
        let taken = |change: &Change| match change.state {
            ChangeState::UnderReview | ChangeState::Applied { .. } => change.taken.as_ref().map(|t| t.at_ms),
            _ => None,
        };
        self.changes.iter().filter_map(taken).chain(self.handed_in_ms).max()
    }

    /// The order as it was confirmed, while a change of it is reviewed; else as it is.
    pub fn as_it_stands(&self) -> Cow<'_, Order> {
        match self.standing {
            None => Cow::Borrowed(self),
            Some(_) => {
                let mut order = self.clone();
                order.stand_again();
                Cow::Owned(order)
            }
        }
    }

    /// What the order takes of its customer's credit: while a change is reviewed, the larger of the two revisions.
    pub fn credit_taken(&self) -> Option<&CreditHeld> {
        let standing = self.standing.as_ref().and_then(|standing| standing.credit_held.as_ref());
        self.credit_held.as_ref().into_iter().chain(standing).max_by_key(|held| held.minor)
    }

    /// Begins the review of a change. The confirmed revision stands until it is over.
    pub(super) fn take_change(&mut self, id: Uuid, content: &Content, taken: &Taken, dropped: &[String]) {
        if matches!(self.status, Status::Confirmed | Status::InFulfilment) && self.standing.is_none() {
            self.standing = Some(Box::new(Standing {
                revision: self.revision,
                content: self.content.clone(),
                checked: self.checked.clone(),
                held: self.held.clone(),
                coming: self.coming.clone(),
                credit_held: self.credit_held.clone(),
                accepted: self.accepted.clone(),
            }));
        }
        self.content = content.clone();
        self.revision = taken.revision;
        self.accepted.retain(|finding, _| !dropped.contains(finding));
        if let Some(change) = self.changes.iter_mut().find(|change| change.id == id) {
            change.taken = Some(taken.clone());
            change.proposed = None;
            change.state = ChangeState::UnderReview;
        }
    }

    /// Less of a change is taken up than was asked for.
    pub(super) fn narrow_change(&mut self, id: Uuid, narrowed: &Narrowed) {
        let Some(change) = self.changes.iter_mut().find(|change| change.id == id) else { return };
        change.proposed = Some(Box::new(narrowed.content.clone()));
        change.differences.clone_from(&narrowed.differences);
        change.left_out.clone_from(&narrowed.left_out);
        change.left_out_reason = Some(narrowed.reason.clone());
    }

    pub(super) fn rebase_change(&mut self, id: Uuid, rebased: &Rebased) {
        let Some(change) = self.changes.iter_mut().find(|change| change.id == id) else { return };
        change.base = rebased.base;
        change.proposed = Some(Box::new(rebased.content.clone()));
        change.differences.clone_from(&rebased.differences);
    }

    pub(super) fn close_change(&mut self, id: Uuid, state: &ChangeState) {
        let Some(change) = self.changes.iter_mut().find(|change| change.id == id) else { return };
        let reviewed = change.state == ChangeState::UnderReview;
        change.state = state.clone();
        (change.proposed, change.part) = (None, None);
        if !reviewed {
            return;
        }
        if matches!(state, ChangeState::Applied { .. }) {
            self.standing = None;
        } else {
            self.stand_again();
        }
    }

    /// A payment frees credit of the revision that stands, too, and not only of the change that is reviewed.
    pub(super) fn standing_is_paid(&mut self) {
        let unpaid = self.as_it_stands().unpaid_minor();
        let Some(standing) = &mut self.standing else { return };
        if unpaid == 0 {
            standing.credit_held = None;
        } else if let Some(held) = &mut standing.credit_held {
            held.minor = unpaid;
        }
    }

    fn stand_again(&mut self) {
        let Some(standing) = self.standing.take() else { return };
        let Standing { revision, content, checked, held, coming, credit_held, accepted } = *standing;
        (self.revision, self.content, self.checked) = (revision, content, checked);
        (self.held, self.coming) = (held, coming);
        (self.credit_held, self.accepted) = (credit_held, accepted);
    }
}

/// What a change of an order that is under way may not touch: it would be another order.
pub fn fixed_paths(before: &Content, after: &Content) -> Vec<String> {
    let fixed = [
        ("customer", before.customer != after.customer),
        ("currency", before.currency != after.currency),
        ("order_type", before.order_type != after.order_type),
    ];
    fixed.into_iter().filter(|(_, differs)| *differs).map(|(path, _)| path.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::event::Received;

    fn order(held: &[(u32, &str, i64)], standing: &[(u32, &str, i64)]) -> Order {
        let rows = |rows: &[(u32, &str, i64)]| {
            let row = |(line, product, qty): &(u32, &str, i64)| Allocation {
                line: *line,
                product: (*product).to_owned(),
                warehouse: "SH".to_owned(),
                qty_milli: *qty,
            };
            rows.iter().map(row).collect::<Vec<_>>()
        };
        let received = Received {
            id: Uuid::nil(),
            number: String::new(),
            channel: String::new(),
            source: None,
            receiver: Actor::system("test"),
            content: Content::default(),
            family: None,
            entered_later: None,
            editors: Default::default(),
        };
        let mut order = received.order(0);
        order.held = rows(held);
        order.standing = Some(Box::new(Standing {
            revision: 1,
            content: Content::default(),
            checked: Checked::default(),
            held: rows(standing),
            coming: Vec::new(),
            credit_held: None,
            accepted: BTreeMap::new(),
        }));
        order
    }

    fn taken(order: &Order) -> Vec<(u32, String, i64)> {
        let rows = order.stock_taken();
        rows.iter().map(|held| (held.line, held.product.clone(), held.qty_milli)).collect()
    }

    #[test]
    fn the_larger_of_both_revisions_is_taken_once() {
        let text = |rows: &[(u32, &str, i64)]| {
            rows.iter().map(|(line, product, qty)| (*line, (*product).to_owned(), *qty)).collect::<Vec<_>>()
        };
        let more = order(&[(1, "P", 120)], &[(1, "P", 100)]);
        assert_eq!(taken(&more), text(&[(1, "P", 120)]));
        let less = order(&[(1, "P", 60)], &[(1, "P", 100)]);
        assert_eq!(taken(&less), text(&[(1, "P", 100)]));
        // From one line to another: the same goods serve both.
        let moved = order(&[(2, "P", 100)], &[(1, "P", 100)]);
        assert_eq!(taken(&moved), text(&[(2, "P", 100)]));
        let swapped = order(&[(1, "Q", 5)], &[(1, "P", 100)]);
        assert_eq!(taken(&swapped), text(&[(1, "Q", 5), (1, "P", 100)]));
        let short = order(&[], &[(1, "P", 30), (2, "P", 70)]);
        assert_eq!(taken(&short), text(&[(1, "P", 30), (2, "P", 70)]));
    }
}
