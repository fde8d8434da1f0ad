//! What was agreed with the customer: terms, credit, special requests, and whether the order came before.

use super::{Against, Totals};
use crate::decimal::money_text;
use crate::finding::{Code, Finding};
use crate::master::Customer;
use crate::order::Content;
use crate::terms::is_payment_term;

pub(super) fn check(
    content: &Content,
    against: &Against<'_>,
    totals: Option<&Totals>,
    findings: &mut Vec<Finding>,
) {
    if let Some(twin) = against.twin {
        findings.push(
            Finding::new(Code::DuplicateOrder, "customer_po")
                .with("number", twin)
                .with("asked", content.customer_po.as_deref().unwrap_or_default()),
        );
    }
    if let Some(request) = &content.special_requests {
        findings.push(Finding::new(Code::SpecialRequest, "special_requests").with("asked", request));
    }
    let Some(customer) = &against.master.customer else { return };
    terms(content, customer, findings);
    if let Some(totals) = totals {
        credit(customer, against, totals, findings);
    }
}

fn terms(content: &Content, customer: &Customer, findings: &mut Vec<Finding>) {
    let (Some(asked), Some(agreed)) = (&content.payment_terms, &customer.payment_terms) else { return };
    if asked != agreed && is_payment_term(asked) {
        findings.push(
            Finding::new(Code::TermsDiffer, "payment_terms").with("asked", asked).with("agreed", agreed),
        );
    }
}

fn credit(customer: &Customer, against: &Against<'_>, totals: &Totals, findings: &mut Vec<Finding>) {
    let Some(limit) = customer.limit_on(against.asked_on).filter(|_| customer.currency == totals.currency)
    else {
        return;
    };
    let others = customer.exposure_minor.saturating_sub(against.own_credit_minor);
    let unpaid = (totals.gross - against.paid_minor).max(0);
    let over = others.saturating_add(unpaid).saturating_sub(limit);
    if over > 0 {
        let text = |minor: i64| money_text(minor, totals.currency);
        findings.push(
            Finding::new(Code::CreditExceeded, "totals.gross")
                .with("limit", text(limit))
                .with("exposure", text(others))
                .with("order", text(unpaid))
                .with("over", text(over)),
        );
    }
}
