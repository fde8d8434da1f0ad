//! What an order must say before anybody can work on it.

use super::Against;
use crate::decimal::Currency;
use crate::finding::{Code, Finding};
use crate::master::InvoiceProfile;
use crate::order::Content;
use crate::tax_number::{self, TaxNumberFault};
use crate::terms::{INVOICE_KINDS, is_payment_term};
use jiff::{ToSpan, civil::Date};

pub(super) fn check(content: &Content, against: &Against<'_>, findings: &mut Vec<Finding>) {
    let required = [
        ("customer", content.customer.is_some()),
        ("currency", content.currency.is_some()),
        ("payment_terms", content.payment_terms.is_some()),
        ("ship_to.name", content.ship_to.name.is_some()),
        ("ship_to.phone", content.ship_to.phone.is_some()),
        ("ship_to.address", content.ship_to.address.is_some()),
        ("invoice.kind", content.invoice.kind.is_some()),
    ];
    let missing = required.iter().filter(|(_, present)| !present).map(|(path, _)| *path);
    findings.extend(missing.map(|path| Finding::new(Code::MissingField, path)));
    texts(content, findings);
    invoice(&content.invoice, findings);
    named(content, against, findings);
    dates(content, against, findings);
    if content.lines.is_empty() {
        findings.push(Finding::new(Code::NoLines, "lines"));
    }
}

/// Text that no list, document or mail could carry: far too long, or with control characters in it.
fn texts(content: &Content, findings: &mut Vec<Finding>) {
    let (ship_to, invoice) = (&content.ship_to, &content.invoice);
    let texts = [
        ("customer", &content.customer, 100),
        ("customer_po", &content.customer_po, 100),
        ("ship_to.name", &ship_to.name, 200),
        ("ship_to.phone", &ship_to.phone, 100),
        ("ship_to.address", &ship_to.address, 500),
        ("invoice.title", &invoice.title, 200),
        ("invoice.tax_no", &invoice.tax_no, 100),
        ("invoice.bank_name", &invoice.bank_name, 200),
        ("invoice.bank_account", &invoice.bank_account, 100),
        ("special_requests", &content.special_requests, 4_000),
    ];
    for (path, text, most) in texts {
        text_fits(path, text.as_deref(), most, findings);
    }
    for (index, line) in content.lines.iter().enumerate() {
        text_fits(&format!("lines[{index}].product"), line.product.as_deref(), 100, findings);
    }
}

fn text_fits(path: &str, text: Option<&str>, most: usize, findings: &mut Vec<Finding>) {
    let Some(text) = text else { return };
    // Counting stops where it is enough.
    if text.chars().nth(most).is_some() {
        findings.push(Finding::new(Code::TextTooLong, path).with("most", most.to_string()));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        findings.push(Finding::new(Code::BadCharacter, path));
    }
}

/// Fewest and most digits of a bank account.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 6..=34;

/// What an invoice is made out with; nothing of it is needed, or judged, where none is wanted.
pub(super) fn invoice(invoice: &InvoiceProfile, findings: &mut Vec<Finding>) {
    let kind = invoice.kind.as_deref();
    if let Some(kind) = kind.filter(|kind| !INVOICE_KINDS.contains(kind)) {
        findings.push(Finding::new(Code::UnknownInvoiceKind, "invoice.kind").with("asked", kind));
    }
    if kind == Some("none") {
        return;
    }
    let banked = invoice.bank_name.is_some() || invoice.bank_account.is_some();
    let needed = [
        ("invoice.title", invoice.title.is_none()),
        ("invoice.tax_no", invoice.tax_no.is_none()),
        ("invoice.bank_name", banked && invoice.bank_name.is_none()),
        ("invoice.bank_account", banked && invoice.bank_account.is_none()),
    ];
    let missing = needed.iter().filter(|(_, missing)| *missing).map(|(path, _)| *path);
    findings.extend(missing.map(|path| Finding::new(Code::MissingField, path)));
    if let Some((text, fault)) = invoice.tax_no.as_deref().and_then(|no| Some((no, tax_number::fault(no)?))) {
        let code = match fault {
            TaxNumberFault::Length => Code::TaxNoLength,
            TaxNumberFault::Character => Code::TaxNoCharacter,
            TaxNumberFault::CheckDigit => Code::TaxNoCheckDigit,
        };
        findings.push(Finding::new(code, "invoice.tax_no").with("asked", text));
    }
    if let Some(account) = invoice.bank_account.as_deref().filter(|account| !is_account(account)) {
        findings
            .push(Finding::new(Code::BankAccountUnreadable, "invoice.bank_account").with("asked", account));
    }
}

/// Accounts are written with blanks and hyphens between their digits; those abroad begin with letters.
fn is_account(text: &str) -> bool {
    let kept = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
    ACCOUNT_DIGITS.contains(&kept.clone().count()) && kept.clone().all(|byte| byte.is_ascii_alphanumeric())
}

fn named(content: &Content, against: &Against<'_>, findings: &mut Vec<Finding>) {
    if let (Some(code), None) = (&content.customer, &against.master.customer) {
        findings.push(Finding::new(Code::UnknownCustomer, "customer").with("asked", code));
    }
    if let Some(terms) = content.payment_terms.as_deref().filter(|terms| !is_payment_term(terms)) {
        findings.push(Finding::new(Code::UnknownPaymentTerms, "payment_terms").with("asked", terms));
    }
    let Some(code) = content.currency.as_deref() else { return };
    match (Currency::parse(code), &against.master.customer) {
        (None, _) => findings.push(Finding::new(Code::UnknownCurrency, "currency").with("asked", code)),
        (Some(asked), Some(customer)) if asked != customer.currency => findings.push(
            Finding::new(Code::CurrencyDiffers, "currency")
                .with("asked", code)
                .with("agreed", customer.currency.code()),
        ),
        _ => {}
    }
}

fn dates(content: &Content, against: &Against<'_>, findings: &mut Vec<Finding>) {
    if let Some(date) = content.requested_date {
        date_in_reach("requested_date", date, against, findings);
    } else if content.lines.iter().any(|line| line.requested_date.is_none()) || content.lines.is_empty() {
        findings.push(Finding::new(Code::MissingField, "requested_date"));
    }
}

/// A date that is over, or further away than the company plans.
pub(super) fn date_in_reach(path: &str, date: Date, against: &Against<'_>, findings: &mut Vec<Finding>) {
    if against.agreed_dates.contains(&date) {
        return;
    }
    let today = against.asked_on;
    let last = today.checked_add(against.rules.horizon_days.days()).unwrap_or(Date::MAX);
    let code = if date < today {
        Code::DatePast
    } else if date > last {
        Code::DateTooFar
    } else {
        return;
    };
    let bound = if code == Code::DatePast { today } else { last };
    findings.push(Finding::new(code, path).with("asked", date.to_string()).with("bound", bound.to_string()));
}
