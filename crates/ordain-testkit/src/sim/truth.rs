//! What is really the case in the company, kept in the plainest way, and an oracle that judges an order by it.
//!
//! Nothing here calls the product's checks: fields, numbers, prices, credit and stock are looked at anew, so that a
//! mistake in them is not repeated here.

use ordain_domain::decimal::Currency;
use ordain_domain::master::{AgreedPrice, Customer, Product};
use ordain_domain::order::{Content, Line};
use std::collections::BTreeMap;

/// Thousandths and ten-thousandths from text, without the product's parser.
pub fn scaled(text: &str, places: usize) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let kept = fraction.get(..places.min(fraction.len()))?;
    if fraction.get(kept.len()..)?.bytes().any(|digit| digit != b'0') {
        return None;
    }
    format!("{whole}{kept}{}", "0".repeat(places - kept.len())).parse().ok()
}

/// Whether the eighteen digits of a tax number, weighted with the powers of three, leave nothing over.
fn checks_out(tax_no: &str) -> bool {
    let digits = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let (Some(check), Some(body)) = (tax_no.chars().last(), tax_no.get(..17)) else { return false };
    let value = |digit: char| digits.find(digit).unwrap_or(999);
    let sum = body.chars().rev().fold(0, |sum, digit| sum * 3 % 31 + value(digit));
    tax_no.len() == 18 && (sum + value(check)) % 31 == 0
}

/// The company as it is at one moment.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    pub customers: BTreeMap<String, Customer>,
    pub products: BTreeMap<String, Product>,
    pub prices: BTreeMap<String, Vec<AgreedPrice>>,
    /// On hand by product and warehouse, in thousandths.
    pub on_hand: BTreeMap<(String, String), i64>,
    /// Not to be promised, of each product in each warehouse.
    pub kept_back_milli: i64,
}

/// A fault with what is needed to recognise the acceptance that sets it aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// As the product names findings: `code:path`.
    pub id: String,
    /// Facts that the acceptance must have been given for; `None` if no reason can set the flaw aside.
    pub accepted_for: Option<BTreeMap<&'static str, String>>,
}

impl Flaw {
    fn blocker(id: impl Into<String>) -> Self {
        Self { id: id.into(), accepted_for: None }
    }

    fn warning<const N: usize>(id: impl Into<String>, facts: [(&'static str, String); N]) -> Self {
        Self { id: id.into(), accepted_for: Some(facts.into_iter().collect()) }
    }
}

/// What an order is judged with besides the company.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// What other orders hold of the customer's credit.
    pub others_credit: i64,
    pub twin: Option<&'a str>,
    /// Day on which the sender last submitted.
    pub asked_on: String,
}

pub fn gross(content: &Content) -> Option<i128> {
    let places = Currency::parse(content.currency.as_deref()?)?.exponent();
    let mut sum = 0;
    for line in &content.lines {
        let amount = quantity(line)? * scaled(line.unit_price.as_ref()?.as_str(), 4)?;
        let unit = 10i128.pow(7 - places);
        // Half away from zero: amounts are not negative here.
        sum += (2 * amount + unit) / (2 * unit);
    }
    Some(sum)
}

pub fn quantity(line: &Line) -> Option<i128> {
    scaled(line.quantity.as_ref()?.as_str(), 3).filter(|milli| *milli > 0)
}

impl Truth {
    /// Everything that is wrong with an order, stock apart.
    pub fn flaws(&self, content: &Content, around: &Around<'_>) -> Vec<Flaw> {
        let mut flaws = self.form(content, around);
        for (index, line) in content.lines.iter().enumerate() {
            self.line(index, line, content, &mut flaws);
        }
        if let Some(twin) = around.twin {
            flaws.push(Flaw::warning("duplicate_order:customer_po", [("number", twin.to_owned())]));
        }
        if let Some(request) = &content.special_requests {
            flaws.push(Flaw::warning("special_request:special_requests", [("asked", request.clone())]));
        }
        let Some(customer) = content.customer.as_ref().and_then(|code| self.customers.get(code)) else {
            return flaws;
        };
        if self.special_terms(content) {
            let agreed = customer.payment_terms.clone().unwrap_or_default();
            flaws.push(Flaw::warning("terms_differ:payment_terms", [("agreed", agreed)]));
        }
        let taken = gross(content).unwrap_or(0) + i128::from(around.others_credit);
        if let Some(limit) = customer.credit_limit_minor.filter(|limit| taken > i128::from(*limit)) {
            let over = taken - i128::from(limit);
            let over = format!("{}.{:02}", over / 100, over % 100);
            flaws.push(Flaw::warning("credit_exceeded:totals.gross", [("over", over)]));
        }
        flaws
    }

    /// Whether the terms deviate from what was agreed with the customer.
    pub fn special_terms(&self, content: &Content) -> bool {
        let customer = content.customer.as_ref().and_then(|code| self.customers.get(code));
        let agreed = customer.and_then(|customer| customer.payment_terms.as_ref());
        content.payment_terms.is_some()
            && agreed.is_some_and(|agreed| content.payment_terms.as_ref() != Some(agreed))
    }

    fn form(&self, content: &Content, around: &Around<'_>) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let head = [
            ("customer", content.customer.is_none()),
            ("currency", content.currency.is_none()),
            ("payment_terms", content.payment_terms.is_none()),
            ("ship_to", content.ship_to.name.is_none() || content.ship_to.address.is_none()),
            ("ship_to.phone", content.ship_to.phone.is_none()),
            ("invoice.kind", content.invoice.kind.is_none()),
            ("lines", content.lines.is_empty()),
        ];
        flaws.extend(head.iter().filter(|(_, bad)| *bad).map(|(path, _)| Flaw::blocker(*path)));
        let known = |code: &String| self.customers.contains_key(code);
        if content.customer.as_ref().is_some_and(|code| !known(code)) {
            flaws.push(Flaw::blocker("unknown_customer"));
        }
        let kind = content.invoice.kind.as_deref().unwrap_or_default();
        let numbered = content.invoice.tax_no.as_deref().is_some_and(checks_out);
        let invoiced = content.invoice.title.is_some() && numbered;
        if !matches!(kind, "none" | "vat_special" | "vat_normal") || (kind != "none" && !invoiced) {
            flaws.push(Flaw::blocker("invoice"));
        }
        let terms = content.payment_terms.as_deref().unwrap_or_default();
        if !["NET", "EOM", "DEPOSIT", "PREPAID", "COD"].iter().any(|known| terms.starts_with(known)) {
            flaws.push(Flaw::blocker("unknown_payment_terms"));
        }
        let agreed = content.customer.as_ref().and_then(|code| self.customers.get(code));
        if agreed.is_some_and(|customer| Some(customer.currency.code()) != content.currency.as_deref()) {
            flaws.push(Flaw::blocker("currency_differs"));
        }
        // ISO dates compare as text.
        let dates = content.lines.iter().map(|line| line.requested_date.or(content.requested_date));
        if dates.into_iter().any(|date| date.is_none_or(|date| date.to_string() < around.asked_on)) {
            flaws.push(Flaw::blocker("date_past"));
        }
        flaws
    }

    fn line(&self, index: usize, line: &Line, content: &Content, flaws: &mut Vec<Flaw>) {
        let product = line.product.as_ref().and_then(|code| self.products.get(code));
        let price = line.unit_price.as_ref().and_then(|price| scaled(price.as_str(), 4));
        let (Some(product), Some(milli), Some(price)) = (product, quantity(line), price) else {
            flaws.push(Flaw::blocker(format!("lines[{index}]")));
            return;
        };
        if line.unit.as_deref() != Some(product.unit.as_str()) {
            flaws.push(Flaw::blocker(format!("lines[{index}].unit")));
        }
        let Some(agreed) = self.agreed(product, content.customer.as_deref(), milli) else {
            flaws.push(Flaw::warning(format!("no_list_price:lines[{index}].unit_price"), []));
            return;
        };
        let agreed = i128::from(agreed);
        if (price - agreed).abs() * 100 > agreed {
            let id = format!("price_differs:lines[{index}].unit_price");
            let cents = format!("{}.{:02}", agreed / 10_000, agreed % 10_000 / 100);
            flaws.push(Flaw::warning(id, [("agreed", cents)]));
        }
    }

    /// The customer's own price, else everybody's from a quantity on, else the list price.
    fn agreed(&self, product: &Product, customer: Option<&str>, milli: i128) -> Option<i64> {
        let rows = self.prices.get(&product.code).map(Vec::as_slice).unwrap_or_default();
        let best = |whose: Option<&str>| {
            let mut fitting: Vec<&AgreedPrice> = rows
                .iter()
                .filter(|row| row.customer.as_deref() == whose && i128::from(row.min_qty_milli) <= milli)
                .collect();
            fitting.sort_by_key(|row| row.min_qty_milli);
            fitting.last().map(|row| row.price_e4)
        };
        customer.and_then(|customer| best(Some(customer))).or_else(|| best(None)).or(product.list_price_e4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::{clean_order, customer, line};

    #[test]
    fn numbers_are_read_without_the_products_parser() {
        assert_eq!(scaled("12.5", 4), Some(125_000));
        assert_eq!(scaled("10", 3), Some(10_000));
        assert_eq!(scaled("1.0000", 3), Some(1_000));
        assert_eq!(scaled("1.0001", 3), None);
        assert_eq!(gross(&clean_order()), Some(18_750));
    }

    #[test]
    fn a_flaw_is_seen_and_a_clean_order_has_none() {
        let mut truth = Truth { customers: [("C001".to_owned(), customer())].into(), ..Truth::default() };
        truth.products = crate::company::world().master.products;
        let around = Around { others_credit: 0, twin: None, asked_on: "2026-11-23".into() };
        assert_eq!(truth.flaws(&clean_order(), &around), []);
        let mut order = clean_order();
        order.lines = vec![line(1, "P-1", "10", "11")];
        order.ship_to.phone = None;
        let ids: Vec<String> = truth.flaws(&order, &around).into_iter().map(|flaw| flaw.id).collect();
        assert_eq!(ids, ["ship_to.phone", "price_differs:lines[0].unit_price"]);
    }
}
