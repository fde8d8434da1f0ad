//! What can happen to an order, and the one function that changes it.

use super::change::{Change, ChangeState, Narrowed, Rebased, Taken};
use super::confirm::Confirmation;
use super::family::Family;
use super::fulfilment::{
    Complaint, ComplaintState, Correction, Fulfilment, Invoice, Issued, Payment, Reversal, Shipment,
};
use super::state::{Acceptance, CreditHeld, EnteredLater, Order, Question, QuestionState};
use super::{Content, Status};
use crate::actor::Actor;
use crate::check::Checked;
use crate::promise::{BrokenPromise, Incoming, Promise, Source, put_in, take_out};
use crate::stock::Allocation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// One thing that happened to an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Received(Box<Received>),
    /// The order was changed before it was confirmed. `version` of the content is in `content`.
    Edited {
        content: Box<Content>,
        revision: u32,
        /// Older entries name nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Actor>,
    },
    /// The checks ran; their whole result replaces the earlier one.
    Checked {
        checked: Box<Checked>,
    },
    Submitted,
    /// Something the sender must mend keeps the order from review.
    Incomplete,
    /// A reviewer sent the order back to its sender.
    Returned,
    StockHeld {
        held: Vec<Allocation>,
        /// What of goods that are still to come was promised to the order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        coming: Vec<Incoming>,
    },
    StockReleased,
    /// Nobody decided while the goods were reserved: others may have them until somebody does.
    ReservationExpired,
    /// Goods that the order was promised lie in a warehouse now, and are held there.
    GoodsArrived {
        source: Source,
        warehouse: String,
        qty_milli: i64,
    },
    /// What comes by a source is left for the order to `left_milli`, and comes on `date` where it is told. What was
    /// promised to a confirmed order and is not kept is `broken`.
    SupplyMoved {
        source: Source,
        left_milli: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<Date>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        broken: Vec<BrokenPromise>,
    },
    /// A count found fewer goods in a warehouse than were promised: `left_milli` of them is left for the order. What was
    /// promised to a confirmed order and is not kept is `broken`.
    GoodsGone {
        product: String,
        warehouse: String,
        left_milli: i64,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        broken: Vec<BrokenPromise>,
    },
    /// Something was found that could stand behind a broken promise; it is held until somebody decides.
    PromiseProposed {
        line: u32,
        source: Source,
        instead: Promise,
    },
    /// Somebody decided about the broken promises of a line: by what was held `instead`, or by the new day.
    PromiseSettled {
        line: u32,
        instead: bool,
    },
    /// It has exchanged goods on the shelf for goods to come, or the other way round, with the order of that number.
    PromiseExchanged {
        with: String,
        gives: Promise,
        takes: Promise,
    },
    /// Goods that the order held left the warehouses; see [`crate::stock::pick`]. `reference` names the shipment.
    GoodsShipped {
        reference: String,
        parts: Vec<Allocation>,
    },
    CreditHeld(CreditHeld),
    CreditReleased,
    FindingAccepted {
        finding: String,
        acceptance: Acceptance,
    },
    Confirmed(Confirmation),
    Rejected,
    Cancelled {
        /// Why, as a code of the company's list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// The customer did not answer in time.
    Expired,
    /// The customer was asked to accept what is about to be confirmed.
    CustomerAsked,
    /// The run has left the question to the customer without an answer: by hand, by a return, or as a lane was left.
    CustomerLetGo,
    /// The customer's answer, as it came or as somebody recorded it.
    CustomerAnswered {
        accepted: bool,
        by: Actor,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<String>,
        /// What shows that it was the customer who answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<AnswerProof>,
    },
    /// An order that was over is worked on again, as a new revision.
    Reopened {
        revision: u32,
    },
    /// A step of the flow, or a person in one, changed the fields that it may write.
    FieldsWritten {
        content: Box<Content>,
        paths: Vec<String>,
    },
    Tagged {
        tags: Vec<String>,
    },
    Held,
    Resumed,
    Commented {
        text: String,
    },
    QuestionAsked {
        question: Box<Question>,
    },
    QuestionClosed {
        id: u32,
        outcome: QuestionState,
    },
    /// A message was put into the outbox, in the same commit.
    NoticeQueued {
        id: Uuid,
        template: String,
        channel: String,
        to: String,
        /// The change that it tells of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Uuid>,
        /// The ways that are tried if this one fails for good.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<Way>,
    },
    NoticeSent {
        id: Uuid,
    },
    NoticeFailed {
        id: Uuid,
        why: String,
    },
    /// The notice to the customer is not out in time.
    NoticeLate {
        id: Uuid,
    },
    /// Goods left. What left from where is in [`Event::GoodsShipped`].
    Shipped {
        shipment: Box<Shipment>,
    },
    /// Everything that was promised has left.
    Completed,
    PaymentRecorded {
        payment: Box<Payment>,
    },
    PaymentReversed {
        reversal: Box<Reversal>,
    },
    InvoiceRequested {
        invoice: Box<Invoice>,
    },
    InvoiceIssued {
        id: u32,
        issued: Box<Issued>,
    },
    InvoiceCorrected {
        correction: Box<Correction>,
    },
    ComplaintRecorded {
        complaint: Box<Complaint>,
    },
    /// The complaint was answered or closed.
    ComplaintSettled {
        id: u32,
        state: ComplaintState,
        text: String,
        by: Actor,
    },
    /// Somebody was reminded of a gap, an open task or an open question.
    Reminded {
        what: String,
        whom: String,
    },
    ChangeRequested {
        change: Box<Change>,
    },
    /// The order is reviewed as the change wants it. What was accepted of `dropped` findings holds no longer.
    ChangeTaken {
        id: Uuid,
        content: Box<Content>,
        taken: Box<Taken>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dropped: Vec<String>,
    },
    ChangeClosed {
        id: Uuid,
        outcome: ChangeState,
    },
    /// Less of a change is taken up than was asked for.
    ChangeNarrowed {
        id: Uuid,
        narrowed: Box<Narrowed>,
    },
    /// A change is asked of a later revision than it was.
    ChangeRebased {
        id: Uuid,
        rebased: Box<Rebased>,
    },
    /// A part of the order became one of its own, under this number and in the same commit.
    SplitOff {
        /// Of which the ids of the new order are made.
        id: Uuid,
        number: String,
        content: Box<Content>,
        /// What the part comes to with tax, in minor units.
        minor: i64,
        /// What the part knows of where it comes from.
        family: Family,
        /// What of the money that was paid goes with the part, in minor units.
        #[serde(default)]
        paid_minor: i64,
    },
    /// The lines of another order were taken over; it was cancelled in the same commit.
    MergedIn {
        id: Uuid,
        number: String,
        /// People who entered what it held. Older entries name nobody.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        authors: BTreeSet<Uuid>,
    },
}

/// What shows that it was the customer who answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerProof {
    /// The code that was sent there; most of the address is left out.
    Code {
        channel: String,
        to: String,
    },
    Signature,
}

/// A channel with the address of whoever is to have a message; nothing where none is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub channel: String,
    pub to: String,
}

/// The birth of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received {
    pub id: Uuid,
    pub number: String,
    pub channel: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<serde_json::Value>,
    pub receiver: Actor,
    pub content: Content,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_later: Option<EnteredLater>,
    /// People beside the receiver who entered what it holds, where it is a part of another order.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub editors: BTreeSet<Uuid>,
}

impl Received {
    /// The order as it is right after its receipt: a draft that nothing was checked of.
    pub fn order(&self, at_ms: i64) -> Order {
        Order {
            id: self.id,
            number: self.number.clone(),
            revision: 1,
            status: Status::Draft,
            on_hold: false,
            notice_late: false,
            channel: self.channel.clone(),
            source: self.source.clone(),
            receiver: self.receiver.clone(),
            editors: self.editors.clone(),
            content: self.content.clone(),
            checked: Checked::default(),
            held: Vec::new(),
            coming: Vec::new(),
            promised: std::collections::BTreeMap::new(),
            broken: Vec::new(),
            delivery_moved: false,
            reservation_expired_ms: None,
            shipped: Vec::new(),
            credit_held: None,
            accepted: std::collections::BTreeMap::new(),
            fulfilment: Fulfilment::default(),
            questions: Vec::new(),
            tags: BTreeSet::new(),
            created_ms: at_ms,
            updated_ms: at_ms,
            submitted_ms: None,
            handed_in_ms: None,
            confirmed_ms: None,
            changes: Vec::new(),
            standing: None,
            family: self.family.clone(),
            cancel_code: None,
            entered_later: self.entered_later.clone(),
        }
    }
}

/// Changes the order. Total: it cannot fail, whatever the event.
pub fn apply(order: &mut Order, event: &Event, at_ms: i64) {
    order.updated_ms = at_ms;
    match event {
        Event::Received(received) => *order = received.order(at_ms),
        Event::Edited { content, revision, by } => {
            order.editors.extend(by.as_ref().and_then(Actor::person));
            order.content = (**content).clone();
            order.revision = *revision;
            // A reason was given for the order as it was; what it meant for another one nobody has said.
            order.accepted.clear();
        }
        Event::Checked { checked } => order.checked = (**checked).clone(),
        Event::Submitted => submitted(order, at_ms),
        Event::Incomplete | Event::Returned => order.status = Status::Incomplete,
        Event::StockHeld { .. }
        | Event::StockReleased
        | Event::ReservationExpired
        | Event::GoodsShipped { .. }
        | Event::GoodsArrived { .. }
        | Event::SupplyMoved { .. }
        | Event::GoodsGone { .. }
        | Event::PromiseProposed { .. }
        | Event::PromiseSettled { .. }
        | Event::PromiseExchanged { .. } => keep_promises(order, event, at_ms),
        Event::CreditHeld(held) => order.credit_held = Some(held.clone()),
        Event::CreditReleased => order.credit_held = None,
        Event::FindingAccepted { finding, acceptance } => {
            order.accepted.insert(finding.clone(), acceptance.clone());
        }
        Event::Confirmed(_) => confirmed(order, at_ms),
        Event::Rejected => end(order, Status::Rejected),
        Event::Cancelled { code } => {
            order.cancel_code.clone_from(code);
            end(order, Status::Cancelled);
        }
        Event::Expired => end(order, Status::Expired),
        Event::CustomerAsked => order.status = Status::AwaitingCustomer,
        Event::CustomerAnswered { .. } if order.is_changing() => {}
        Event::CustomerAnswered { .. } | Event::CustomerLetGo => order.status = Status::InReview,
        Event::ChangeRequested { .. }
        | Event::ChangeNarrowed { .. }
        | Event::ChangeRebased { .. }
        | Event::ChangeTaken { .. }
        | Event::ChangeClosed { .. }
        | Event::SplitOff { .. } => change_order(order, event),
        Event::Reopened { revision } => reopen(order, *revision, at_ms),
        Event::FieldsWritten { content, .. } => order.content = (**content).clone(),
        Event::Tagged { tags } => order.tags.extend(tags.iter().cloned()),
        Event::MergedIn { authors, .. } => order.editors.extend(authors),
        Event::Held => order.on_hold = true,
        Event::Resumed => order.on_hold = false,
        Event::QuestionAsked { question } => order.questions.push((**question).clone()),
        Event::QuestionClosed { id, outcome } => close_question(order, *id, outcome),
        Event::Shipped { shipment } => {
            order.status = Status::InFulfilment;
            order.fulfilment.shipments.push((**shipment).clone());
        }
        Event::Completed => order.status = Status::Completed,
        Event::PaymentRecorded { .. }
        | Event::PaymentReversed { .. }
        | Event::InvoiceRequested { .. }
        | Event::InvoiceIssued { .. }
        | Event::InvoiceCorrected { .. }
        | Event::ComplaintRecorded { .. }
        | Event::ComplaintSettled { .. } => fulfil(order, event),
        Event::NoticeLate { .. } => order.notice_late = true,
        Event::NoticeSent { .. } => order.notice_late = false,
        Event::NoticeQueued { template, .. } => order.delivery_moved &= template != "delivery_changed",
        Event::Commented { .. } | Event::NoticeFailed { .. } | Event::Reminded { .. } => {}
    }
}

fn submitted(order: &mut Order, at_ms: i64) {
    order.status = Status::InReview;
    order.submitted_ms.get_or_insert(at_ms);
    order.handed_in_ms = Some(at_ms);
}

fn confirmed(order: &mut Order, at_ms: i64) {
    order.promise_dates();
    // A change keeps the status, and the order has been confirmed since the first time.
    if !order.is_changing() {
        order.status = Status::Confirmed;
        order.confirmed_ms = Some(at_ms);
    }
}

/// What stands behind the lines.
fn keep_promises(order: &mut Order, event: &Event, at_ms: i64) {
    match event {
        Event::StockHeld { held, coming } => {
            order.held.clone_from(held);
            order.coming.clone_from(coming);
            order.reservation_expired_ms = None;
        }
        Event::StockReleased => {
            order.held.clear();
            order.coming.clear();
            order.broken.clear();
            order.reservation_expired_ms = None;
        }
        Event::ReservationExpired => {
            order.held.clear();
            order.coming.clear();
            order.reservation_expired_ms = Some(at_ms);
        }
        Event::GoodsShipped { parts, .. } => {
            take_out(&mut order.held, parts);
            put_in(&mut order.shipped, parts);
        }
        Event::GoodsArrived { source, warehouse, qty_milli } => {
            order.goods_arrive(source, warehouse, *qty_milli);
        }
        Event::SupplyMoved { source, left_milli, date, broken } => {
            // What was late by it before is judged anew.
            order.broken.retain(|of| of.now.is_none() || of.source != *source);
            order.supply_moves(source, *left_milli, *date);
            order.broken.extend(broken.iter().cloned());
            order.delivery_moved |= !broken.is_empty();
        }
        Event::GoodsGone { product, warehouse, left_milli, broken } => {
            order.goods_gone((product, warehouse), *left_milli);
            order.broken.extend(broken.iter().cloned());
            order.delivery_moved |= !broken.is_empty();
        }
        Event::PromiseProposed { line, source, instead } => {
            let bare = |of: &BrokenPromise| of.line == *line && of.source == *source && of.instead.is_empty();
            let same = |of: &&mut BrokenPromise| bare(of);
            if let Some(broken) = order.broken.iter_mut().find(same) {
                broken.instead.clone_from(instead);
            }
        }
        Event::PromiseSettled { line, instead } => order.settle_promises(*line, *instead),
        Event::PromiseExchanged { gives, takes, .. } => order.exchanged(gives, takes),
        _ => {}
    }
}

/// What was said of an order that was over, nobody has said of the one that begins anew.
fn reopen(order: &mut Order, revision: u32, at_ms: i64) {
    order.status = Status::InReview;
    order.handed_in_ms = Some(at_ms);
    order.revision = revision;
    order.accepted.clear();
    order.cancel_code = None;
}

fn change_order(order: &mut Order, event: &Event) {
    match event {
        Event::ChangeRequested { change } => order.changes.push((**change).clone()),
        Event::ChangeNarrowed { id, narrowed } => order.narrow_change(*id, narrowed),
        Event::ChangeRebased { id, rebased } => order.rebase_change(*id, rebased),
        Event::ChangeTaken { id, content, taken, dropped } => order.take_change(*id, content, taken, dropped),
        Event::ChangeClosed { id, outcome } => order.close_change(*id, outcome),
        Event::SplitOff { number, minor, paid_minor, .. } => order.split_off(number, *minor, *paid_minor),
        _ => {}
    }
}

fn close_question(order: &mut Order, id: u32, outcome: &QuestionState) {
    if let Some(question) = order.questions.iter_mut().find(|question| question.id == id) {
        question.state = outcome.clone();
    }
}

fn fulfil(order: &mut Order, event: &Event) {
    let fulfilment = &mut order.fulfilment;
    match event {
        Event::PaymentRecorded { payment } => {
            fulfilment.payments.push((**payment).clone());
            order.standing_is_paid();
        }
        Event::PaymentReversed { reversal } => fulfilment.reversals.push((**reversal).clone()),
        Event::InvoiceRequested { invoice } => fulfilment.invoices.push((**invoice).clone()),
        Event::InvoiceIssued { id, issued } => {
            if let Some(invoice) = fulfilment.invoices.iter_mut().find(|invoice| invoice.id == *id) {
                invoice.issued = Some((**issued).clone());
            }
        }
        Event::InvoiceCorrected { correction } => fulfilment.corrections.push((**correction).clone()),
        Event::ComplaintRecorded { complaint } => fulfilment.complaints.push((**complaint).clone()),
        Event::ComplaintSettled { id, state, text, .. } => {
            if let Some(complaint) = fulfilment.complaints.iter_mut().find(|complaint| complaint.id == *id) {
                complaint.state = *state;
                match state {
                    ComplaintState::Closed => complaint.outcome = Some(text.clone()),
                    _ => complaint.answer = Some(text.clone()),
                }
            }
        }
        _ => {}
    }
}

/// A hold ends with the order it held, so that nothing is left standing if the order is taken up again.
fn end(order: &mut Order, status: Status) {
    order.status = status;
    order.on_hold = false;
}
