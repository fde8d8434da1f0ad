//! What was agreed with the customer: terms, credit, special requests, and whether the order came before.

use super::{Against, Totals};
use crate::clause::Clauses;
use crate::credit::GroupCredit;
use crate::decimal::money_text;
use crate::finding::{Code, Finding};
use crate::master::Customer;
use crate::order::Content;
use crate::order::content::DeliveryTerms;
use crate::rate::NoRate;
use crate::terms::{INCOTERMS, PAYMENT_METHODS, is_payment_term};

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
    delivery(&content.delivery_terms, findings);
    clauses(content, against.clauses, findings);
    if let Some(method) = content.payment_method.as_deref().filter(|method| !PAYMENT_METHODS.contains(method))
    {
        findings.push(Finding::new(Code::UnknownPaymentMethod, "payment_method").with("asked", method));
    }
    let Some(customer) = &against.master.customer else { return };
    terms(content, customer, findings);
    if let Some(totals) = totals {
        credit(customer, against, totals, findings);
        if let Some(group) = &against.master.group {
            group_credit(group, against, totals, findings);
        }
    }
}

/// A code of the Incoterms means something only with the place it is meant for.
fn delivery(terms: &DeliveryTerms, findings: &mut Vec<Finding>) {
    if terms.is_empty() {
        return;
    }
    match terms.code.as_deref() {
        None => findings.push(Finding::new(Code::MissingField, "delivery_terms.code")),
        Some(code) if !INCOTERMS.contains(&code) => {
            findings.push(Finding::new(Code::UnknownIncoterm, "delivery_terms.code").with("asked", code));
        }
        Some(_) => {}
    }
    if terms.place.is_none() {
        findings.push(Finding::new(Code::MissingField, "delivery_terms.place"));
    }
}

/// Clauses that must be there and are not, that nobody knows, and those whose words are not the standard ones.
fn clauses(content: &Content, standard: &Clauses, findings: &mut Vec<Finding>) {
    for (code, _) in standard.0.iter().filter(|(_, clause)| clause.required) {
        if !content.clauses.iter().any(|clause| clause.code == *code) {
            findings.push(Finding::new(Code::ClauseMissing, format!("clauses.{code}")).with("clause", code));
        }
    }
    for (index, clause) in content.clauses.iter().enumerate() {
        let known = standard.0.get(&clause.code).and_then(|known| known.version(clause.version?));
        let Some(known) = known else {
            let path = format!("clauses[{index}].code");
            findings.push(Finding::new(Code::UnknownClause, path).with("asked", &clause.code));
            continue;
        };
        if let Some(text) = clause.text.as_deref().filter(|_| clause.departs(known)) {
            findings.push(
                Finding::new(Code::ClauseDeparts, format!("clauses[{index}].text"))
                    .with("clause", &clause.code)
                    .with("version", clause.version.unwrap_or_default().to_string())
                    .with("asked", text.chars().take(200).collect::<String>()),
            );
        }
    }
}

fn terms(content: &Content, customer: &Customer, findings: &mut Vec<Finding>) {
    if let (Some(asked), Some(agreed)) = (&content.payment_method, &customer.payment_method)
        && asked != agreed
    {
        let finding = Finding::new(Code::PaymentMethodDiffers, "payment_method").with("asked", asked);
        findings.push(finding.with("agreed", agreed));
    }
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

/// What customers owe together. An amount that cannot be told in the group's currency is a finding, not a zero.
fn group_credit(of: &GroupCredit, against: &Against<'_>, totals: &Totals, findings: &mut Vec<Finding>) {
    let (home, day, currency) = (against.rules.currency, against.asked_on, of.group.currency);
    let convert = |minor| against.rates.convert(minor, (totals.currency, currency), home, day);
    let unpaid = (totals.gross - against.paid_minor).max(0);
    let sums = of.exposure(against.rates, home, day).and_then(|all| {
        // What the order holds already is among what its customer owes.
        Ok((all.saturating_sub(convert(against.own_credit_minor)?), convert(unpaid)?))
    });
    let (others, unpaid) = match sums {
        Ok(sums) => sums,
        Err(NoRate(missing)) => {
            let finding = Finding::new(Code::RateMissing, "currency").with("currency", missing.code());
            findings.push(finding.with("home", home.code()).with("group", &of.group.name));
            return;
        }
    };
    let limit = of.group.limit_on(day);
    let over = others.saturating_add(unpaid).saturating_sub(limit);
    if over > 0 {
        let text = |minor: i64| money_text(minor, currency);
        findings.push(
            Finding::new(Code::GroupCreditExceeded, "totals.gross")
                .with("group", &of.group.name)
                .with("currency", currency.code())
                .with("limit", text(limit))
                .with("exposure", text(others))
                .with("order", text(unpaid))
                .with("over", text(over)),
        );
    }
}
