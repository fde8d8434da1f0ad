//! Shipments, payments, invoices and complaints of an order as rows of the lists over the whole company.

use crate::case::Case;
use crate::case::world::House;
use ordain_domain::actor::Actor;
use ordain_domain::order::Order;
use ordain_domain::order::fulfilment::{Complaint, Invoice, Payment, Shipment};
use ordain_store::{OrderRecordRow, RecordKind};

/// As much of what people wrote as a list shows; the whole of it stays in the order.
const SAID_MAX: usize = 200;

/// Rows of one order, all but what is different in each of them.
struct Records<'a> {
    org: i64,
    case: &'a Case,
    house: &'a House,
}

/// All records of the order, as rows keep them.
pub fn record_rows(org: i64, case: &Case, house: &House) -> Vec<OrderRecordRow> {
    let done = &case.order.fulfilment;
    if done.is_empty() {
        return Vec::new();
    }
    let of = Records { org, case, house };
    let shipments = done.shipments.iter().map(|shipment| of.shipment(shipment));
    let invoices = done.invoices.iter().map(|invoice| of.invoice(invoice));
    let payments = (1..).zip(done.left_of_payments());
    let payments = payments.map(|(n, (payment, left_minor))| of.payment(n, payment, left_minor));
    let complaints = done.complaints.iter().map(|complaint| of.complaint(complaint));
    shipments.chain(invoices).chain(payments).chain(complaints).collect()
}

/// Money that came in for the order that this one was split off: it is listed there, as it came in.
fn is_carried(order: &Order, payment: &Payment) -> bool {
    order.is_part() && payment.reference.ends_with(&format!(" > {}", order.number))
}

impl Records<'_> {
    fn row(&self, kind: RecordKind, n: i64, at_ms: i64, by: &Actor) -> OrderRecordRow {
        let order = &self.case.order;
        let totals = order.checked.totals.as_ref().map(|totals| totals.currency.code().to_owned());
        OrderRecordRow {
            org: self.org,
            order_id: order.id.into_bytes(),
            kind: kind.name().to_owned(),
            n,
            version: self.case.version,
            number: order.number.clone(),
            reference: None,
            customer: order.content.customer.clone().unwrap_or_default(),
            customer_name: order.checked.customer.as_ref().map(|customer| customer.name.clone()),
            currency: totals.or_else(|| order.content.currency.clone()).unwrap_or_default(),
            minor: None,
            left_minor: None,
            state: String::new(),
            about: None,
            said: None,
            day: self.house.calendar.date_at(at_ms).to_string(),
            at_ms,
            actor: serde_json::to_string(by).unwrap_or_default(),
        }
    }

    fn shipment(&self, shipment: &Shipment) -> OrderRecordRow {
        let row = self.row(RecordKind::Shipment, i64::from(shipment.id), shipment.at_ms, &shipment.by);
        OrderRecordRow {
            // As the movements of its goods name it.
            reference: Some(format!("{}/{}", self.case.order.number, shipment.id)),
            minor: Some(shipment.value_minor),
            about: listed(shipment.carrier.as_deref()),
            said: listed(shipment.note.as_deref()),
            day: shipment.on.to_string(),
            ..row
        }
    }

    /// By the day on which it was issued, and asked for until then.
    fn invoice(&self, invoice: &Invoice) -> OrderRecordRow {
        let issued = invoice.issued.as_ref();
        let (at_ms, by) =
            issued.map_or((invoice.requested_ms, &invoice.requested_by), |issued| (issued.at_ms, &issued.by));
        let left_minor = self.case.order.fulfilment.left_of_invoice(invoice);
        OrderRecordRow {
            reference: issued.map(|issued| issued.number.clone()),
            minor: Some(invoice.minor),
            left_minor: Some(left_minor),
            state: self.case.order.fulfilment.state_of(invoice).to_owned(),
            ..self.row(RecordKind::Invoice, i64::from(invoice.id), at_ms, by)
        }
    }

    fn payment(&self, n: i64, payment: &Payment, left_minor: i64) -> OrderRecordRow {
        let carried = is_carried(&self.case.order, payment);
        OrderRecordRow {
            reference: Some(payment.reference.clone()),
            minor: Some(payment.minor),
            left_minor: Some(left_minor),
            state: if carried { "carried" } else { "received" }.to_owned(),
            about: Some(payment.method.clone()),
            day: payment.on.to_string(),
            ..self.row(RecordKind::Payment, n, payment.at_ms, &payment.by)
        }
    }

    fn complaint(&self, complaint: &Complaint) -> OrderRecordRow {
        OrderRecordRow {
            state: complaint.state.name().to_owned(),
            about: Some(complaint.kind.clone()),
            said: listed(Some(&complaint.text)),
            ..self.row(RecordKind::Complaint, i64::from(complaint.id), complaint.at_ms, &complaint.by)
        }
    }
}

fn listed(text: Option<&str>) -> Option<String> {
    text.map(|text| text.chars().take(SAID_MAX).collect())
}
