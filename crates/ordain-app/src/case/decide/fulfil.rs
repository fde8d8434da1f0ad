//! What is recorded of an order after its confirmation: money that comes in, complaints. Each is checked whole before
//! anything of it is recorded.

use super::Story;
use super::ship::ShipLine;
use crate::case::refusal::Refusal;
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_domain::decimal::{Currency, DecimalText, money_text};
use ordain_domain::order::fulfilment::{
    COMPLAINT_KINDS, Complaint, ComplaintState, Payment, Reversal, ReversalKind,
};
use ordain_domain::order::{CreditHeld, Event as OrderEvent, Status};
use ordain_domain::terms::PAYMENT_METHODS;

/// Largest amount of money, in minor units.
const MONEY_MAX: i64 = 1_000_000_000_000_000;
const TEXT_MAX: usize = 4_000;

/// What can be recorded of an order that is being carried out. Numbers are text, so that each fault is named with its place.
#[derive(Clone, Debug)]
pub enum Fulfil {
    Ship {
        revision: u32,
        lines: Vec<ShipLine>,
        carrier: Option<String>,
        note: Option<String>,
    },
    Pay {
        reference: String,
        amount: Option<DecimalText>,
        on: Option<Date>,
        method: Option<String>,
    },
    /// Takes money out of the books again. Without an amount: all that is left of the payment.
    ReversePayment {
        reference: String,
        amount: Option<DecimalText>,
        kind: String,
        reason: String,
        on: Option<Date>,
    },
    /// Without a number the invoice is asked for; with one it is issued. Without an amount: all that is left.
    Invoice {
        number: Option<String>,
        amount: Option<DecimalText>,
    },
    /// Takes an invoice back. Without an amount: all that is left of it.
    CorrectInvoice {
        id: u32,
        kind: String,
        amount: Option<DecimalText>,
        number: Option<String>,
        reason: String,
    },
    Complain {
        kind: String,
        text: String,
        from: Option<String>,
    },
    AnswerComplaint {
        id: u32,
        answer: String,
    },
    CloseComplaint {
        id: u32,
        outcome: String,
    },
}

/// Which orders goods leave for.
pub(in crate::case) fn ships(status: Status) -> bool {
    matches!(status, Status::Confirmed | Status::InFulfilment)
}

/// Which orders money comes in for, deposits before their confirmation included.
pub(in crate::case) fn is_paid_for(status: Status) -> bool {
    status.holds_credit() || status == Status::Completed
}

/// Which orders somebody can complain about.
pub(in crate::case) fn is_complained_of(status: Status) -> bool {
    status != Status::Draft
}

impl Story<'_> {
    pub(super) fn fulfil(&mut self, act: &Fulfil) -> Result<(), Refusal> {
        match act {
            Fulfil::Ship { revision, lines, carrier, note } => {
                self.ship(*revision, lines, carrier.as_deref(), note.as_deref())
            }
            Fulfil::Pay { reference, amount, on, method } => {
                self.record_payment(reference, amount.as_ref(), *on, method.as_deref())
            }
            Fulfil::ReversePayment { reference, amount, kind, reason, on } => {
                self.reverse_payment(reference, amount.as_ref(), (kind, reason), *on)
            }
            Fulfil::Invoice { number, amount } => self.record_invoice(number.as_deref(), amount.as_ref()),
            Fulfil::CorrectInvoice { id, kind, amount, number, reason } => {
                self.correct_invoice(*id, (kind, reason), amount.as_ref(), number.as_deref())
            }
            Fulfil::Complain { kind, text, from } => self.complain(kind, text, from.as_deref()),
            Fulfil::AnswerComplaint { id, answer } => {
                self.settle_complaint(*id, answer, ComplaintState::Answered)
            }
            Fulfil::CloseComplaint { id, outcome } => {
                self.settle_complaint(*id, outcome, ComplaintState::Closed)
            }
        }
    }

    pub(super) fn today(&self) -> Date {
        self.world.house.calendar.date_at(self.by.at_ms)
    }

    pub(super) fn currency(&self) -> Currency {
        self.case
            .order
            .checked
            .totals
            .as_ref()
            .map_or(self.world.house.rules.currency, |totals| totals.currency)
    }

    pub(super) fn must_be(&self, fits: impl Fn(Status) -> bool) -> Result<(), Refusal> {
        let status = self.case.order.status;
        if fits(status) { Ok(()) } else { Err(Refusal::WrongStatus(status)) }
    }

    /// A day on which something has come about.
    fn past_day(&self, on: Option<Date>, faults: &mut Vec<Fault>) -> Option<Date> {
        if let Some(late) = on.filter(|on| *on > self.today()) {
            faults.push(Fault::new("in_future", "date").with("found", late.to_string()));
        }
        on
    }

    fn record_payment(
        &mut self,
        reference: &str,
        amount: Option<&DecimalText>,
        on: Option<Date>,
        method: Option<&str>,
    ) -> Result<(), Refusal> {
        self.must_be(is_paid_for)?;
        let (today, mut faults) = (self.today(), Vec::new());
        let reference = text(reference, "reference", &mut faults);
        let minor = money(amount, self.currency(), "amount", &mut faults);
        if minor.is_none() && amount.is_none() {
            faults.push(Fault::new("missing_field", "amount"));
        }
        let on = self.past_day(on, &mut faults).unwrap_or(today);
        let method = method.map(str::trim).filter(|method| !method.is_empty()).unwrap_or("bank_transfer");
        if !PAYMENT_METHODS.contains(&method) {
            faults.push(Fault::new("unknown_payment_method", "method").with("found", method));
        }
        let Some(minor) = minor.filter(|_| faults.is_empty()) else { return Err(Refusal::Invalid(faults)) };
        if let Some(number) = self.world.payments.get(&reference) {
            return Err(Refusal::PaymentKnown { reference, number: number.clone() });
        }
        let payment = Payment {
            reference,
            minor,
            on,
            method: method.to_owned(),
            by: self.by.actor.clone(),
            at_ms: self.by.at_ms,
        };
        self.order(OrderEvent::PaymentRecorded { payment: Box::new(payment) });
        self.hold_credit();
        self.hear();
        Ok(())
    }

    /// A record of its own beside the payment, which stays as it was recorded.
    fn reverse_payment(
        &mut self,
        reference: &str,
        amount: Option<&DecimalText>,
        (kind, reason): (&str, &str),
        on: Option<Date>,
    ) -> Result<(), Refusal> {
        // What stands beside a change is reckoned with what was paid when it began.
        if self.case.order.is_changing() {
            return Err(Refusal::ChangeUnderReview);
        }
        let (today, mut faults) = (self.today(), Vec::new());
        let reference = text(reference, "reference", &mut faults);
        let reason = text(reason, "reason", &mut faults);
        let known_kind = ReversalKind::ALL.into_iter().find(|known| known.name() == kind.trim());
        if known_kind.is_none() {
            faults.push(Fault::new("unknown_value", "kind").with("found", kind));
        }
        let on = self.past_day(on, &mut faults);
        let currency = self.currency();
        let asked = money(amount, currency, "amount", &mut faults);
        let fulfilment = &self.case.order.fulfilment;
        let booked = fulfilment.payments.iter().filter(|payment| payment.reference == reference);
        let booked = booked.map(|payment| payment.minor).reduce(|all, more| all + more);
        let own = booked.map(|booked| booked - fulfilment.reversed_minor(&reference, None));
        // What went with parts that were split off is theirs.
        let left = own.map(|own| own.min(fulfilment.paid_minor()).max(0));
        let minor = asked.or(left).unwrap_or(0);
        match left {
            None if !reference.is_empty() => {
                faults.push(Fault::new("unknown_payment", "reference").with("found", &reference));
            }
            Some(left) if minor > left || left == 0 => {
                let fault = Fault::new("more_than_paid", "amount").with("left", money_text(left, currency));
                faults.push(fault.with("asked", money_text(minor, currency)));
            }
            _ => {}
        }
        let Some(kind) = known_kind.filter(|_| faults.is_empty()) else {
            return Err(Refusal::Invalid(faults));
        };
        let by = self.by.actor.clone();
        let reversal =
            Reversal { reference, minor, kind, reason, on: on.unwrap_or(today), by, at_ms: self.by.at_ms };
        self.order(OrderEvent::PaymentReversed { reversal: Box::new(reversal) });
        if self.is_confirmed() {
            self.hold_credit();
        } else if is_paid_for(self.case.order.status) {
            // It may have fitted only with what was paid.
            self.own.set_paid(&self.case.order);
            self.look_again();
        }
        Ok(())
    }

    /// What is paid is no longer owed, so it frees the customer's credit. What is reviewed and does not fit takes none of
    /// it until it is let through: it would stand in the way of every order that does.
    pub(super) fn hold_credit(&mut self) {
        let order = &self.case.order;
        // A part owes what the whole owed before it.
        if !order.is_part() && !self.is_confirmed() && order.waits_for_credit() {
            if order.credit_held.is_some() {
                self.order(OrderEvent::CreditReleased);
            }
            return;
        }
        let customer = order.checked.customer.as_ref().zip(order.checked.totals.as_ref());
        let Some((customer, _)) = customer else { return };
        let held = CreditHeld { customer: customer.code.clone(), minor: order.unpaid_minor() };
        let paid = held.minor == 0 && order.fulfilment.paid_minor() > 0;
        match &order.credit_held {
            Some(before) if *before == held => {}
            Some(_) if paid => self.order(OrderEvent::CreditReleased),
            None if paid => {}
            _ => self.order(OrderEvent::CreditHeld(held)),
        }
    }

    fn complain(&mut self, kind: &str, what: &str, from: Option<&str>) -> Result<(), Refusal> {
        self.must_be(is_complained_of)?;
        let mut faults = Vec::new();
        if !COMPLAINT_KINDS.contains(&kind) {
            faults.push(Fault::new("unknown_complaint_kind", "kind").with("found", kind));
        }
        let what = text(what, "text", &mut faults);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        let known = self.case.order.fulfilment.complaints.len();
        let complaint = Complaint {
            id: u32::try_from(known).unwrap_or(u32::MAX).saturating_add(1),
            kind: kind.to_owned(),
            text: what,
            from: said(from),
            by: self.by.actor.clone(),
            at_ms: self.by.at_ms,
            state: ComplaintState::Open,
            answer: None,
            outcome: None,
        };
        self.order(OrderEvent::ComplaintRecorded { complaint: Box::new(complaint) });
        self.tell_owners("complaint_recorded");
        Ok(())
    }

    fn settle_complaint(&mut self, id: u32, words: &str, state: ComplaintState) -> Result<(), Refusal> {
        let known = self.case.order.fulfilment.complaints.iter().find(|complaint| complaint.id == id);
        match known.map(|complaint| complaint.state) {
            None => return Err(Refusal::ComplaintNotFound),
            Some(ComplaintState::Closed) => return Err(Refusal::ComplaintClosed),
            Some(ComplaintState::Open | ComplaintState::Answered) => {}
        }
        let mut faults = Vec::new();
        let field = if state == ComplaintState::Answered { "answer" } else { "outcome" };
        let text = text(words, field, &mut faults);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        self.order(OrderEvent::ComplaintSettled { id, state, text, by: self.by.actor.clone() });
        Ok(())
    }
}

pub(super) fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(|text| text.chars().take(TEXT_MAX).collect())
}

pub(super) fn text(text: &str, path: &str, faults: &mut Vec<Fault>) -> String {
    let text = text.trim();
    if text.is_empty() {
        faults.push(Fault::new("missing_field", path));
    } else if text.chars().nth(TEXT_MAX).is_some() {
        faults.push(Fault::new("too_long", path).with("limit", TEXT_MAX.to_string()));
    }
    text.to_owned()
}

/// Money above zero in the currency's own minor units.
pub(super) fn money(
    text: Option<&DecimalText>,
    currency: Currency,
    path: &str,
    faults: &mut Vec<Fault>,
) -> Option<i64> {
    let text = text?;
    let minor = text.scaled(currency.exponent(), MONEY_MAX).ok().filter(|minor| *minor > 0);
    if minor.is_none() {
        faults.push(Fault::new("not_positive", path).with("found", text.as_str()));
    }
    minor
}
