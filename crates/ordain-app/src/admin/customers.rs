//! Customers with their terms, addresses and contacts. What a customer owes is not touched: orders move that.

use super::change::Change;
use super::items::{CustomerItem, LimitGrant};
use super::known::Known;
use super::reading::{MONEY_MAX, Reading};
use super::upsert::Upsert;
use crate::case::Refusal;
use crate::gate::{Batch, CustomerBody, GateError};
use crate::problem::Fault;
use ordain_domain::decimal::{Currency, money_text};
use ordain_domain::master::Contact;
use ordain_domain::terms::{INVOICE_KINDS, PAYMENT_METHODS, is_payment_term};
use ordain_store::{CustomerRow, Keys};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn keys(items: &[CustomerItem], org: i64, keys: &mut Keys) {
    keys.customers.extend(items.iter().map(|item| (org, item.code.trim().to_owned())));
    if items.iter().any(|item| item.owner.is_some()) {
        keys.directories.insert(org);
    }
}

pub(super) fn put(items: &[CustomerItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    let currency = batch.house(org)?.rules.currency;
    let mut upsert = Upsert::new("put_customers");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let known = Known::of(batch, org);
    for (index, item) in items.iter().enumerate() {
        let path = format!("items[{index}]");
        let code = reading.code(&item.code, format!("{path}.code"));
        reading.once(&mut seen, code.clone(), format!("{path}.code"));
        let stored = batch.slice.customers.get(&(org, code.clone()));
        let row = read(item, stored, currency, &path, &mut reading);
        if let Some(owner) = item.owner.as_deref().map(str::trim).filter(|owner| !owner.is_empty()) {
            known.check_login(owner, format!("{path}.owner"), &mut reading);
        }
        let row = CustomerRow { org, code, updated_at_ms: batch.now_ms, ..row };
        let before = stored.map(shown);
        let change = Change::between("customer", &row.code, before.as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.touched.customers.push(row.code.clone());
            upsert.rows.customers.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

pub(super) fn grant_keys(grant: &LimitGrant, org: i64, keys: &mut Keys) {
    keys.customers.insert((org, grant.customer.clone()));
}

/// Lets a customer owe more for a time: for a reason, and by whoever keeps the accounts.
pub(super) fn grant(grant: &LimitGrant, batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    if !batch.slice.customers.contains_key(&(org, grant.customer.clone())) {
        return Err(Refusal::NotFound.into());
    }
    let said = |text: &Option<String>| Some(text.clone().unwrap_or_default());
    let item = CustomerItem {
        code: grant.customer.clone(),
        temporary_limit: said(&grant.limit),
        temporary_limit_until: said(&grant.until),
        ..CustomerItem::default()
    };
    let own = |fault: Fault| {
        let name = fault.path.strip_prefix("items[0].temporary_").unwrap_or(&fault.path).to_owned();
        Fault { path: name.strip_prefix("limit_").map_or(name.clone(), str::to_owned), ..fault }
    };
    let mut faults = Vec::new();
    if grant.reason.trim().is_empty() {
        faults.push(Fault::new("missing_field", "reason"));
    }
    match put(&[item], batch, org) {
        Ok(upsert) if faults.is_empty() => Ok(upsert.because("grant_limit", grant.reason.trim())),
        Ok(_) => Err(GateError::Invalid(faults)),
        Err(GateError::Invalid(found)) => {
            faults.splice(0..0, found.into_iter().map(own));
            Err(GateError::Invalid(faults))
        }
        Err(error) => Err(error),
    }
}

fn read(
    item: &CustomerItem,
    stored: Option<&CustomerRow>,
    default: Currency,
    path: &str,
    reading: &mut Reading,
) -> CustomerRow {
    let at = |field: &str| format!("{path}.{field}");
    let old = stored.and_then(|row| Currency::parse(&row.currency)).unwrap_or(default);
    let currency = reading.currency(item.currency.as_deref(), old, at("currency"));
    if currency != old && stored.is_some_and(|row| row.exposure_minor != 0) {
        // What the customer owes is an amount of the old currency.
        reading.fault(Fault::new("currency_in_use", at("currency")).with("stored", old.code()));
    }
    let terms = stored.map(|row| row.payment_terms.as_str());
    let payment_terms = reading.text(item.payment_terms.as_deref(), terms, at("payment_terms"));
    if !payment_terms.is_empty() && !is_payment_term(&payment_terms) {
        reading.fault(
            Fault::new("unknown_payment_terms", at("payment_terms")).with("found", payment_terms.clone()),
        );
    }
    let level = reading.text(item.level.as_deref(), stored.and_then(|row| row.level.as_deref()), at("level"));
    let limit = stored.and_then(|row| row.credit_limit_minor);
    let scale = (currency.exponent(), MONEY_MAX);
    CustomerRow {
        org: 0,
        code: String::new(),
        name: reading.required(item.name.as_deref(), stored.map(|row| row.name.as_str()), at("name")),
        level: Some(level).filter(|level| !level.is_empty()),
        credit_limit_minor: reading.number(item.credit_limit.as_deref(), limit, scale, at("credit_limit")),
        exposure_minor: stored.map_or(0, |row| row.exposure_minor),
        currency: currency.code().to_owned(),
        payment_terms,
        body: body(item, stored, scale, path, reading),
        version: stored.map_or(1, |row| row.version + 1),
        updated_at_ms: 0,
    }
}

fn body(
    item: &CustomerItem,
    stored: Option<&CustomerRow>,
    scale: (u32, i64),
    path: &str,
    reading: &mut Reading,
) -> String {
    let mut body: CustomerBody =
        stored.and_then(|row| serde_json::from_str(&row.body).ok()).unwrap_or_default();
    if let Some(ship_to) = &item.ship_to {
        body.ship_to.clone_from(ship_to);
    }
    if let Some(invoice) = &item.invoice {
        body.invoice = invoice.clone();
    }
    let kind = body.invoice.kind.as_deref().filter(|kind| !INVOICE_KINDS.contains(kind));
    if let Some(kind) = kind {
        reading.fault(Fault::new("unknown_invoice_kind", format!("{path}.invoice.kind")).with("found", kind));
    }
    if let Some(contacts) = &item.contacts {
        body.contacts.clone_from(contacts);
    }
    for (index, contact) in body.contacts.iter().enumerate() {
        if !reachable(contact) {
            let path = format!("{path}.contacts[{index}].email");
            reading.fault(Fault::new("invalid_email", path));
        }
    }
    let at = |field: &str| format!("{path}.{field}");
    let until = item.credit_limit_until.as_deref();
    body.credit_limit_until = reading.day(until, body.credit_limit_until, at("credit_limit_until"));
    let (limit, until) = (item.temporary_limit.as_deref(), item.temporary_limit_until.as_deref());
    body.temporary_limit_minor =
        reading.number(limit, body.temporary_limit_minor, scale, at("temporary_limit"));
    body.temporary_limit_until = reading.day(until, body.temporary_limit_until, at("temporary_limit_until"));
    if body.temporary_limit_minor.is_some() && body.temporary_limit_until.is_none() {
        // What is for a time must end.
        reading.fault(Fault::new("missing_field", at("temporary_limit_until")));
    }
    if let Some(method) = &item.payment_method {
        let method = method.trim();
        if !method.is_empty() && !PAYMENT_METHODS.contains(&method) {
            let fault = Fault::new("unknown_payment_method", format!("{path}.payment_method"));
            reading.fault(fault.with("found", method));
        }
        body.payment_method = Some(method.to_owned()).filter(|method| !method.is_empty());
    }
    if let Some(owner) = &item.owner {
        body.owner = Some(owner.trim().to_owned()).filter(|owner| !owner.is_empty());
    }
    // A struct of texts always becomes JSON.
    serde_json::to_string(&body).unwrap_or_default()
}

fn reachable(contact: &Contact) -> bool {
    contact.email.as_deref().is_none_or(super::people::is_address)
}

/// The row as the log shows it.
fn shown(row: &CustomerRow) -> Value {
    let currency = Currency::parse(&row.currency).unwrap_or(Currency::Cny);
    let mut shown = json!({
        "name": row.name,
        "level": row.level,
        "credit_limit": row.credit_limit_minor.map(|limit| money_text(limit, currency)),
        "currency": row.currency,
        "payment_terms": row.payment_terms,
    });
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    if let (Some(shown), Value::Object(body)) = (shown.as_object_mut(), body) {
        shown.extend(body);
    }
    shown
}
