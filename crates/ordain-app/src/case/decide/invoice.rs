//! Invoices are asked for, issued and taken back. All that stand are never more than the order, and a number is never given
//! twice.

use super::Story;
use super::fulfil::{money, text};
use crate::case::refusal::Refusal;
use crate::problem::Fault;
use ordain_domain::decimal::{DecimalText, money_text};
use ordain_domain::order::fulfilment::{Correction, CorrectionKind, Invoice, Issued};
use ordain_domain::order::{Event as OrderEvent, Status};

impl Story<'_> {
    pub(super) fn record_invoice(
        &mut self,
        number: Option<&str>,
        amount: Option<&DecimalText>,
    ) -> Result<(), Refusal> {
        self.must_be(Status::is_firm)?;
        let (order, currency, mut faults) = (&self.case.order, self.currency(), Vec::new());
        if order.wants_no_invoice() {
            faults.push(Fault::new("no_invoice_wanted", "invoice.kind"));
        }
        let number = number.map(|number| text(number, "number", &mut faults));
        let asked = money(amount, currency, "amount", &mut faults);
        let fulfilment = &order.fulfilment;
        faults.extend(self.number_taken(number.as_deref()));
        let open = |known: &&Invoice| {
            known.issued.is_none()
                && fulfilment.left_of_invoice(known) > 0
                && asked.is_none_or(|asked| asked == known.minor)
        };
        let request = number.as_ref().and_then(|_| fulfilment.invoices.iter().find(open)).cloned();
        let left = order.total_minor() - fulfilment.invoiced_minor();
        let minor = request.as_ref().map_or(asked.unwrap_or(left), |request| request.minor);
        if request.is_none() && (minor > left || left <= 0) {
            let fault =
                Fault::new("more_than_total", "amount").with("left", money_text(left.max(0), currency));
            faults.push(fault.with("asked", money_text(minor, currency)));
        }
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        let by = self.by.actor.clone();
        let next = u32::try_from(fulfilment.invoices.len()).unwrap_or(u32::MAX).saturating_add(1);
        let id = request.as_ref().map_or(next, |request| request.id);
        if request.is_none() {
            let (requested_by, requested_ms) = (by.clone(), self.by.at_ms);
            let invoice = Invoice { id, minor, requested_by, requested_ms, issued: None };
            self.order(OrderEvent::InvoiceRequested { invoice: Box::new(invoice) });
        }
        if let Some(number) = number {
            let issued = Issued { number, by, at_ms: self.by.at_ms };
            self.order(OrderEvent::InvoiceIssued { id, issued: Box::new(issued) });
        }
        Ok(())
    }

    /// A record of its own beside the invoice, which stays as it was issued. What is taken back can be billed anew.
    pub(super) fn correct_invoice(
        &mut self,
        id: u32,
        (kind, reason): (&str, &str),
        amount: Option<&DecimalText>,
        number: Option<&str>,
    ) -> Result<(), Refusal> {
        let (fulfilment, currency, mut faults) = (&self.case.order.fulfilment, self.currency(), Vec::new());
        let invoice = fulfilment.invoices.iter().find(|invoice| invoice.id == id);
        let invoice = invoice.ok_or(Refusal::InvoiceNotFound)?;
        let reason = text(reason, "reason", &mut faults);
        let known = CorrectionKind::ALL.into_iter().find(|known| known.name() == kind.trim());
        let fits = known.filter(|known| known.is_of_issued() == invoice.issued.is_some());
        if known.is_none() {
            faults.push(Fault::new("unknown_value", "kind").with("found", kind));
        } else if fits.is_none() {
            faults.push(Fault::new("wrong_correction", "kind").with("found", kind));
        }
        let numbered = known == Some(CorrectionKind::RedLetter);
        let number = numbered.then(|| text(number.unwrap_or_default(), "number", &mut faults));
        faults.extend(self.number_taken(number.as_deref().filter(|number| !number.is_empty())));
        let left = fulfilment.left_of_invoice(invoice);
        let asked = money(amount, currency, "amount", &mut faults);
        let minor = asked.unwrap_or(left);
        // What is void never was; of what was taken back in part, only the rest can still be taken back.
        let whole = numbered || (minor == left && left == invoice.minor);
        if left == 0 || minor > left || !whole {
            let fault = Fault::new("not_of_invoice", "amount").with("left", money_text(left, currency));
            faults.push(fault.with("asked", money_text(minor, currency)));
        }
        let Some(kind) = fits.filter(|_| faults.is_empty()) else { return Err(Refusal::Invalid(faults)) };
        let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
        let correction = Correction { invoice: id, minor, kind, number, reason, by, at_ms };
        self.order(OrderEvent::InvoiceCorrected { correction: Box::new(correction) });
        Ok(())
    }

    /// A number that stands on an invoice already, of this order or of another one.
    fn number_taken(&self, number: Option<&str>) -> Option<Fault> {
        let (number, order) = (number?, &self.case.order);
        let own = || order.fulfilment.has_invoice_number(number).then_some(&order.number);
        let of = self.world.invoices.get(number).or_else(own)?;
        Some(Fault::new("number_known", "number").with("found", number).with("of", of))
    }
}
