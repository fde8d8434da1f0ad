//! Orders checked as they would be on receipt, without a trace: for dry runs and for filling in what a customer's
//! or product's master data say anyway. It reads through the Gate, so it sees what the next command would see.

use super::AdminDone;
use crate::case::decide::{By, examine};
use crate::gate::{Batch, CustomerBody, GateError, keys};
use ordain_domain::check::Checked;
use ordain_domain::decimal::{DecimalText, price_text};
use ordain_domain::master::InvoiceProfile;
use ordain_domain::order::Content;
use ordain_store::Keys;
use uuid::Uuid;

/// One order as it would be received.
#[derive(Clone, Debug)]
pub struct Preview {
    /// As given, or filled in.
    pub content: Content,
    pub checked: Checked,
    /// The oldest live order of the same customer and customer PO.
    pub twin: Option<(Uuid, String)>,
}

pub(super) fn keys(orders: &[Content], org: i64, keys: &mut Keys) {
    for content in orders {
        let customer = content.customer.clone().unwrap_or_default();
        if !customer.is_empty() {
            keys.customers.insert((org, customer.clone()));
            keys.twins.extend(keys::twin_key(org, content));
        }
        for product in content.lines.iter().filter_map(|line| line.product.as_ref()) {
            keys.products.insert((org, product.clone()));
            keys.prices.insert((org, product.clone(), customer.clone()));
            keys.stock.insert((org, product.clone()));
        }
    }
}

pub(super) fn preview(
    orders: &[Content],
    fill: bool,
    batch: &Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let mut previews = Vec::with_capacity(orders.len());
    for content in orders {
        let mut content = content.clone();
        let world = batch.world(org, &house, Some(&content), None);
        if fill {
            fill_from_master(&mut content, batch, org);
        }
        let mut checked = examine(&content, None, &world, by).checked;
        if fill && fill_prices(&mut content, &checked) {
            checked = examine(&content, None, &world, by).checked;
        }
        let twins = keys::twin_key(org, &content).and_then(|key| batch.slice.twins.get(&key));
        let twin = twins.and_then(|twins| twins.first_key_value());
        let twin = twin.map(|(id, number)| (Uuid::from_bytes(*id), number.clone()));
        previews.push(Preview { content, checked, twin });
    }
    Ok(AdminDone::Previewed(previews))
}

/// What the order leaves open and the customer's or the product's master data say.
fn fill_from_master(content: &mut Content, batch: &Batch<'_>, org: i64) {
    for line in &mut content.lines {
        let product = line.product.as_ref().and_then(|code| batch.slice.products.get(&(org, code.clone())));
        line.unit = line.unit.take().or_else(|| product.map(|product| product.unit.clone()));
    }
    let code = content.customer.clone().unwrap_or_default();
    let Some(customer) = batch.slice.customers.get(&(org, code)) else { return };
    content.currency.get_or_insert_with(|| customer.currency.clone());
    if content.payment_terms.is_none() && !customer.payment_terms.is_empty() {
        content.payment_terms = Some(customer.payment_terms.clone());
    }
    let body: CustomerBody = serde_json::from_str(&customer.body).unwrap_or_default();
    if let Some(stored) = body.ship_to.into_iter().next() {
        let asked = &mut content.ship_to;
        // Parts of two addresses do not make one.
        if asked.address.is_none() {
            asked.address = stored.address;
            asked.name = asked.name.take().or(stored.name);
            asked.phone = asked.phone.take().or(stored.phone);
        }
    }
    let (asked, stored) = (&mut content.invoice, body.invoice);
    if asked.title.is_none() && asked.tax_no.is_none() {
        let kind = asked.kind.take().or(stored.kind.clone());
        *asked = InvoiceProfile { kind, ..stored };
    }
}

/// The agreed price where the order names none; says whether one was filled in.
fn fill_prices(content: &mut Content, checked: &Checked) -> bool {
    let mut filled = false;
    for line in content.lines.iter_mut().filter(|line| line.unit_price.is_none()) {
        let agreed = checked.lines.iter().find(|checked| checked.line == line.id);
        let price = agreed.and_then(|checked| checked.agreed_e4).map(price_text);
        line.unit_price = price.and_then(|price| DecimalText::try_from(price).ok());
        filled |= line.unit_price.is_some();
    }
    filled
}
