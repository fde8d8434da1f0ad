//! What follows a confirmation: goods that leave, money that comes in, invoices, complaints; and what they come to.
//!
//! Everything here is recorded, nothing is taken back: a correction is a record of its own. What is owed follows from the
//! terms, the confirmation and the shipments, so it can be counted anew at any time.

pub use super::invoice::{Correction, CorrectionKind, Invoice, Issued};
use super::{Order, Status};
use crate::actor::Actor;
use crate::terms;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that was recorded since the confirmation, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fulfilment {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reversals: Vec<Reversal>,
    /// What of it went with parts that were split off, in minor units.
    #[serde(skip_serializing_if = "is_nothing")]
    pub passed_on_minor: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shipments: Vec<Shipment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invoices: Vec<Invoice>,
    /// What was taken back of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub complaints: Vec<Complaint>,
}

/// Money that came in, in minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The bank's or the customer's own: no two payments of a company have the same.
    pub reference: String,
    pub minor: i64,
    /// The day on which it came in.
    pub on: Date,
    /// One of [`terms::PAYMENT_METHODS`].
    pub method: String,
    pub by: Actor,
    pub at_ms: i64,
}

/// Money that is taken out of the books again, all of a payment or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// Of the payment.
    pub reference: String,
    pub minor: i64,
    pub kind: ReversalKind,
    pub reason: String,
    /// The day on which it was paid back, or found to be wrong.
    pub on: Date,
    pub by: Actor,
    pub at_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalKind {
    /// The customer has it back.
    Refunded,
    /// It never came in for this order. A payment of which nothing is left can be recorded anew, for another order, too.
    EnteredWrong,
}

impl ReversalKind {
    pub const ALL: [ReversalKind; 2] = [ReversalKind::Refunded, ReversalKind::EnteredWrong];

    pub fn name(self) -> &'static str {
        match self {
            ReversalKind::Refunded => "refunded",
            ReversalKind::EnteredWrong => "entered_wrong",
        }
    }
}

/// Goods that left together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// From 1.
    pub id: u32,
    /// The confirmed revision that was shipped.
    pub revision: u32,
    pub lines: Vec<ShippedLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the goods cost the customer, in minor units.
    pub value_minor: i64,
    pub on: Date,
    pub by: Actor,
    pub at_ms: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippedLine {
    pub line: u32,
    pub qty_milli: i64,
    /// Days after the day it was asked for; absent if in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_days: Option<u32>,
}

/// What a complaint can be about.
pub const COMPLAINT_KINDS: [&str; 7] =
    ["late_delivery", "wrong_goods", "short_delivery", "quality", "damage", "invoice", "other"];

/// Something that the customer is not content with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// From 1.
    pub id: u32,
    /// One of [`COMPLAINT_KINDS`].
    pub kind: String,
    pub text: String,
    /// Who at the customer complained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub by: Actor,
    pub at_ms: i64,
    pub state: ComplaintState,
    /// What the customer was told, and why nothing more is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintState {
    Open,
    Answered,
    Closed,
}

impl ComplaintState {
    pub fn name(self) -> &'static str {
        match self {
            ComplaintState::Open => "open",
            ComplaintState::Answered => "answered",
            ComplaintState::Closed => "closed",
        }
    }
}

/// A sum that is owed from a day on, in minor units; what was paid is taken off the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receivable {
    pub due_on: Date,
    pub minor: i64,
}

/// What stands between a confirmed order and its goods leaving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseObstacle {
    DepositMissing {
        due_minor: i64,
        paid_minor: i64,
    },
    /// Invoice data that is wrong, by path.
    InvoiceData(String),
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_nothing(minor: &i64) -> bool {
    *minor == 0
}

impl Fulfilment {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is left of all payments.
    pub fn paid_minor(&self) -> i64 {
        let reversed = self.reversals.iter().map(|reversal| reversal.minor).sum::<i64>();
        self.payments.iter().map(|payment| payment.minor).sum::<i64>() - reversed - self.passed_on_minor
    }

    /// What of a payment was taken out of the books again, in one way or in any.
    pub fn reversed_minor(&self, reference: &str, kind: Option<ReversalKind>) -> i64 {
        let own = self.reversals.iter().filter(|reversal| reversal.reference == reference);
        own.filter(|own| kind.is_none_or(|kind| own.kind == kind)).map(|own| own.minor).sum()
    }

    /// What is left of each payment. A reference that was given back may have been recorded once more: what was reversed is
    /// taken off the older one.
    pub fn left_of_payments(&self) -> impl Iterator<Item = (&Payment, i64)> {
        let mut reversed: BTreeMap<&str, i64> = BTreeMap::new();
        for reversal in &self.reversals {
            *reversed.entry(&reversal.reference).or_default() += reversal.minor;
        }
        self.payments.iter().map(move |payment| {
            let own = reversed.get_mut(payment.reference.as_str()).map_or(0, |reversed| {
                let own = payment.minor.min(*reversed);
                *reversed -= own;
                own
            });
            (payment, payment.minor - own)
        })
    }

    pub fn shipped_minor(&self) -> i64 {
        self.shipments.iter().map(|shipment| shipment.value_minor).sum()
    }

    /// What has left of each line.
    pub fn shipped_milli(&self) -> BTreeMap<u32, i64> {
        let mut shipped = BTreeMap::new();
        for line in self.shipments.iter().flat_map(|shipment| &shipment.lines) {
            *shipped.entry(line.line).or_default() += line.qty_milli;
        }
        shipped
    }
}

impl Order {
    pub fn total_minor(&self) -> i64 {
        self.checked.totals.as_ref().map_or(0, |totals| totals.gross)
    }

    pub fn wants_no_invoice(&self) -> bool {
        self.content.invoice.kind.as_deref() == Some("none")
    }

    /// Whether invoices were issued for all of it, or none is wanted.
    pub fn is_billed(&self) -> bool {
        self.wants_no_invoice() || self.fulfilment.billed_minor() >= self.total_minor()
    }

    /// What is still to be paid of the whole order.
    pub fn unpaid_minor(&self) -> i64 {
        (self.total_minor() - self.fulfilment.paid_minor()).max(0)
    }

    /// What must have arrived before goods leave.
    pub fn deposit_minor(&self) -> i64 {
        let terms = self.content.payment_terms.as_deref().unwrap_or_default();
        terms::upfront_minor(terms, self.total_minor())
    }

    /// The deposit, if not all of it is there.
    pub fn deposit_obstacle(&self) -> Option<ReleaseObstacle> {
        let (due_minor, paid_minor) = (self.deposit_minor(), self.fulfilment.paid_minor());
        (paid_minor < due_minor).then_some(ReleaseObstacle::DepositMissing { due_minor, paid_minor })
    }

    /// What is owed and not paid, by day. `confirmed_on` is the day of the confirmation on the company's calendar.
    pub fn receivables(&self, confirmed_on: Date) -> Vec<Receivable> {
        if !self.status.is_firm() {
            return Vec::new();
        }
        let terms = self.content.payment_terms.as_deref().unwrap_or_default();
        let upfront = self.deposit_minor();
        let mut owed: BTreeMap<Date, i64> = BTreeMap::new();
        if upfront > 0 {
            owed.insert(confirmed_on, upfront);
        }
        // What was asked for in advance is not asked for again with the first goods.
        let (mut shipped, mut asked) = (0, upfront);
        for shipment in &self.fulfilment.shipments {
            shipped += shipment.value_minor;
            if shipped > asked {
                *owed.entry(terms::due_after(terms, shipment.on)).or_default() += shipped - asked;
                asked = shipped;
            }
        }
        // A change may have made the rest of the order out of nothing but a cent.
        if let Some(last) = self.fulfilment.shipments.last().filter(|_| self.is_shipped())
            && self.total_minor() > asked
        {
            *owed.entry(terms::due_after(terms, last.on)).or_default() += self.total_minor() - asked;
        }
        let mut paid = self.fulfilment.paid_minor();
        let mut open = Vec::new();
        for (due_on, minor) in owed {
            let covered = minor.min(paid);
            paid -= covered;
            if minor > covered {
                open.push(Receivable { due_on, minor: minor - covered });
            }
        }
        open
    }

    /// What is owed of goods that have left, billed and not yet billed, in minor units; the rest of what is unpaid is
    /// ordered only. Payments are taken off what is billed first.
    pub fn open_by_stage(&self) -> (i64, i64) {
        let (paid, billed) = (self.fulfilment.paid_minor(), self.fulfilment.billed_minor());
        let billed_open = (billed - paid).max(0);
        let reached = self.fulfilment.shipped_minor().max(billed);
        let shipped_open = (reached - billed.max(paid)).max(0);
        (shipped_open, billed_open)
    }

    /// What of each line was promised and has not left.
    pub fn unshipped_milli(&self) -> BTreeMap<u32, i64> {
        let shipped = self.fulfilment.shipped_milli();
        let of_line = |line: &crate::check::CheckedLine| {
            let left = line.qty_milli? - shipped.get(&line.line).copied().unwrap_or(0);
            Some((line.line, left))
        };
        self.checked.lines.iter().filter_map(of_line).collect()
    }

    pub fn is_shipped(&self) -> bool {
        self.status == Status::Completed || self.unshipped_milli().values().all(|left| *left == 0)
    }

    /// What a quantity of a line costs the customer: the last of a line takes what rounding has left.
    pub fn value_minor(&self, line: u32, qty_milli: i64) -> i64 {
        let Some(checked) = self.checked.lines.iter().find(|checked| checked.line == line) else { return 0 };
        let (Some(amount), Some(asked)) = (checked.amount_minor, checked.qty_milli.filter(|qty| *qty > 0))
        else {
            return 0;
        };
        let shipped = self.fulfilment.shipped_milli().get(&line).copied().unwrap_or(0);
        let share = |qty: i64| i128::from(amount) * i128::from(qty) / i128::from(asked);
        i64::try_from(share(shipped + qty_milli) - share(shipped)).unwrap_or(0)
    }
}
