//! What followed the confirmation: shipments, payments, invoices and complaints, and what is still open of each.

use super::person::{PersonView, actor};
use crate::server::refusal::release_obstacle;
use crate::words::Text;
use ordain_app::case::Case;
use ordain_app::case::decide::release_obstacles;
use ordain_app::case::receivables::receivables;
use ordain_app::case::world::House;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{Currency, money_text, qty_text};
use ordain_domain::order::Status;
use ordain_domain::order::fulfilment::{
    Complaint, Fulfilment, Invoice, Payment, Reversal, Shipment, ShippedLine,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Amounts are in the order's currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Fulfilment)]
pub struct FulfilmentView {
    pub paid: String,
    /// What was paid beside that and went with parts that were split off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<String>,
    /// What is still to be paid of the whole order.
    pub unpaid: String,
    /// What invoices were issued for.
    pub billed: String,
    pub deposit: DepositView,
    /// Why goods may not leave, once the order is confirmed.
    pub obstacles: Vec<Text>,
    pub shipments: Vec<ShipmentView>,
    /// What is owed and not paid, the oldest first.
    pub receivables: Vec<OwedView>,
    pub payments: Vec<PaymentView>,
    /// What was taken out of the books again, the oldest first.
    pub reversals: Vec<ReversalView>,
    pub invoices: Vec<InvoiceOfOrder>,
    pub complaints: Vec<ComplaintView>,
}

/// What must arrive before goods leave.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Deposit)]
pub struct DepositView {
    pub due: String,
    pub arrived: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Shipment)]
pub struct ShipmentView {
    pub id: String,
    pub revision: u32,
    pub lines: Vec<ShippedLineView>,
    pub carrier: Option<String>,
    pub note: Option<String>,
    pub value: String,
    #[schema(format = Date)]
    pub date: String,
    pub by: PersonView,
    pub at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShippedLine)]
pub struct ShippedLineView {
    pub line: String,
    pub quantity: String,
    /// Days after the promised day; null if in time.
    pub late_days: Option<u32>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Owed)]
pub struct OwedView {
    #[schema(format = Date)]
    pub due_on: String,
    pub amount: String,
    pub overdue: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    pub reference: String,
    pub amount: String,
    /// What of it was not taken out of the books again.
    pub left: String,
    #[schema(format = Date)]
    pub date: String,
    pub method: String,
    pub by: PersonView,
    pub at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reversal)]
pub struct ReversalView {
    /// Of the payment.
    pub reference: String,
    pub amount: String,
    /// `refunded` or `entered_wrong`.
    pub kind: &'static str,
    pub reason: String,
    #[schema(format = Date)]
    pub date: String,
    pub by: PersonView,
    pub at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InvoiceOfOrder)]
pub struct InvoiceOfOrder {
    pub id: String,
    /// `requested`, `issued`, or `corrected` where nothing of it is left.
    pub state: &'static str,
    pub number: Option<String>,
    pub amount: String,
    /// What of it was not taken back.
    pub left: String,
    /// What was, the oldest first.
    pub corrections: Vec<CorrectionView>,
    pub requested_by: PersonView,
    pub requested_at: String,
    pub issued_by: Option<PersonView>,
    pub issued_at: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Correction)]
pub struct CorrectionView {
    pub amount: String,
    /// `withdrawn`, `void` or `red_letter`.
    pub kind: &'static str,
    /// Of the red-letter invoice.
    pub number: Option<String>,
    pub reason: String,
    pub by: PersonView,
    pub at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Complaint)]
pub struct ComplaintView {
    pub id: String,
    pub kind: String,
    pub text: String,
    pub from: Option<String>,
    /// `open`, `answered` or `closed`.
    pub state: &'static str,
    pub answer: Option<String>,
    pub outcome: Option<String>,
    pub by: PersonView,
    pub at: String,
}

pub fn fulfilment(case: &Case, house: &House, now_ms: i64) -> FulfilmentView {
    let order = &case.order;
    let currency = order.checked.totals.as_ref().map_or(house.rules.currency, |totals| totals.currency);
    let money = |minor: i64| money_text(minor, currency);
    let (at, who) = (|ms: i64| house.calendar.text(ms), |by: &Actor| actor(&house.people, by));
    let today = house.calendar.date_at(now_ms);
    let payment = |(payment, left): (&Payment, i64)| PaymentView {
        reference: payment.reference.clone(),
        amount: money(payment.minor),
        left: money(left),
        date: payment.on.to_string(),
        method: payment.method.clone(),
        by: who(&payment.by),
        at: at(payment.at_ms),
    };
    let left = |line: &ShippedLine| ShippedLineView {
        line: line.line.to_string(),
        quantity: qty_text(line.qty_milli),
        late_days: line.late_days,
    };
    let shipment = |shipment: &Shipment| ShipmentView {
        id: shipment.id.to_string(),
        revision: shipment.revision,
        lines: shipment.lines.iter().map(left).collect(),
        carrier: shipment.carrier.clone(),
        note: shipment.note.clone(),
        value: money(shipment.value_minor),
        date: shipment.on.to_string(),
        by: who(&shipment.by),
        at: at(shipment.at_ms),
    };
    let owed = receivables(case, house).into_iter().map(|owed| OwedView {
        due_on: owed.due_on.to_string(),
        amount: money(owed.minor),
        overdue: owed.due_on < today,
    });
    let done = &order.fulfilment;
    let waits = matches!(order.status, Status::Confirmed | Status::InFulfilment);
    let obstacles = if waits { release_obstacles(order) } else { Vec::new() };
    FulfilmentView {
        paid: money(done.paid_minor()),
        passed_on: (done.passed_on_minor > 0).then(|| money(done.passed_on_minor)),
        unpaid: money(order.unpaid_minor()),
        billed: money(done.billed_minor()),
        deposit: DepositView {
            due: money(order.deposit_minor()),
            arrived: order.deposit_obstacle().is_none(),
        },
        obstacles: obstacles.iter().map(|obstacle| release_obstacle(obstacle, currency)).collect(),
        shipments: done.shipments.iter().map(shipment).collect(),
        receivables: owed.collect(),
        payments: done.left_of_payments().map(payment).collect(),
        reversals: done.reversals.iter().map(|reversal| of_reversal(reversal, currency, house)).collect(),
        invoices: done.invoices.iter().map(|invoice| of_invoice(invoice, done, currency, house)).collect(),
        complaints: done.complaints.iter().map(|complaint| of_complaint(complaint, house)).collect(),
    }
}

fn of_invoice(invoice: &Invoice, done: &Fulfilment, currency: Currency, house: &House) -> InvoiceOfOrder {
    let (at, who) = (|ms: i64| house.calendar.text(ms), |by: &Actor| actor(&house.people, by));
    let left = done.left_of_invoice(invoice);
    let own = done.corrections.iter().filter(|correction| correction.invoice == invoice.id);
    let corrections = own.map(|correction| CorrectionView {
        amount: money_text(correction.minor, currency),
        kind: correction.kind.name(),
        number: correction.number.clone(),
        reason: correction.reason.clone(),
        by: who(&correction.by),
        at: at(correction.at_ms),
    });
    InvoiceOfOrder {
        id: invoice.id.to_string(),
        state: done.state_of(invoice),
        number: invoice.issued.as_ref().map(|issued| issued.number.clone()),
        amount: money_text(invoice.minor, currency),
        left: money_text(left, currency),
        corrections: corrections.collect(),
        requested_by: who(&invoice.requested_by),
        requested_at: at(invoice.requested_ms),
        issued_by: invoice.issued.as_ref().map(|issued| who(&issued.by)),
        issued_at: invoice.issued.as_ref().map(|issued| at(issued.at_ms)),
    }
}

fn of_reversal(reversal: &Reversal, currency: Currency, house: &House) -> ReversalView {
    ReversalView {
        reference: reversal.reference.clone(),
        amount: money_text(reversal.minor, currency),
        kind: reversal.kind.name(),
        reason: reversal.reason.clone(),
        date: reversal.on.to_string(),
        by: actor(&house.people, &reversal.by),
        at: house.calendar.text(reversal.at_ms),
    }
}

fn of_complaint(complaint: &Complaint, house: &House) -> ComplaintView {
    ComplaintView {
        id: complaint.id.to_string(),
        kind: complaint.kind.clone(),
        text: complaint.text.clone(),
        from: complaint.from.clone(),
        state: complaint.state.name(),
        answer: complaint.answer.clone(),
        outcome: complaint.outcome.clone(),
        by: actor(&house.people, &complaint.by),
        at: house.calendar.text(complaint.at_ms),
    }
}
