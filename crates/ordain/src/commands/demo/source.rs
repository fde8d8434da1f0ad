//! An order of the source as the company's own.

use super::data::SourceOrder;
use crate::commands::Failed;
use jiff::Span;
use jiff::civil::Date;
use ordain_app::app::App;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::gate::{CustomerBody, GateError};
use ordain_domain::actor::Actor;
use ordain_domain::decimal::DecimalText;
use ordain_domain::order::{Content, Line};
use ordain_store::CustomerRow;
use serde_json::json;
use std::collections::BTreeMap;

/// What orders leave to the customer's and product's own data, and who types them in.
pub(super) struct Defaults {
    customers: BTreeMap<String, CustomerRow>,
    units: BTreeMap<String, String>,
    clerks: Vec<Actor>,
}

impl Defaults {
    pub(super) fn load(app: &App, org: i64) -> Result<Self, Failed> {
        let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
        let (mut customers, mut units) = (BTreeMap::new(), BTreeMap::new());
        for row in app.store.list_customers(org, "", "", 5_000)? {
            customers.insert(row.code.clone(), row);
        }
        for row in app.store.list_products(org, "", "", 5_000)? {
            units.insert(row.code, row.unit);
        }
        let clerks = ["sales1", "sales2"].iter().filter_map(|login| house.people.by_login(login));
        let clerks = clerks.map(|user| Actor::Person { id: user.id, name: user.name.clone() }).collect();
        Ok(Self { customers, units, clerks })
    }

    /// Who hands in the n-th order: a clerk what comes on paper or by phone, else the way it came.
    pub(super) fn sender(&self, n: usize, order: &SourceOrder) -> Actor {
        let clerk = self.clerks.get(n % self.clerks.len().max(1)).filter(|_| order.is_typed());
        clerk.cloned().unwrap_or_else(|| Actor::system(&order.ch))
    }

    /// The order as it comes on a day, at a time that is told.
    pub(super) fn place(
        &self,
        order: &SourceOrder,
        (today, at): (Date, Option<String>),
        submit: bool,
    ) -> OrderCommand {
        let name = order.source.as_ref().unwrap_or(&order.po);
        OrderCommand::Place(Box::new(Place {
            channel: order.ch.clone(),
            source: Some(json!({ "kind": "demo", "name": name, "at": at })),
            content: self.content(order, today),
            submit,
            reasons: BTreeMap::new(),
            entered_later: None,
        }))
    }

    fn content(&self, order: &SourceOrder, today: Date) -> Content {
        let faulty = |name: &str| order.fault.as_deref() == Some(name);
        let line = |(id, (product, quantity, price)): (u32, &(String, String, String))| Line {
            id,
            product: Some(product.clone()),
            quantity: DecimalText::try_from(quantity.clone()).ok(),
            unit: self.units.get(product).cloned(),
            unit_price: DecimalText::try_from(price.clone()).ok(),
            ..Line::default()
        };
        let mut content = Content {
            customer: order.c.clone(),
            customer_po: Some(order.po.clone()),
            order_type: "standard".to_owned(),
            requested_date: today.checked_add(Span::new().days(order.d.max(1))).ok(),
            payment_terms: order.terms.clone(),
            special_requests: order.note.clone(),
            lines: (1..).zip(&order.l).map(line).collect(),
            ..Content::default()
        };
        self.complete(&mut content);
        if faulty("no_ship_to") {
            content.ship_to = Default::default();
        }
        if faulty("no_invoice") {
            content.invoice = Default::default();
        }
        content
    }

    /// What an order leaves open, as its customer usually has it.
    pub(super) fn complete(&self, content: &mut Content) {
        let customer = content.customer.as_ref().and_then(|code| self.customers.get(code));
        let Some(row) = customer else { return };
        let body: CustomerBody = serde_json::from_str(&row.body).unwrap_or_default();
        let empty = Content::default();
        if content.ship_to == empty.ship_to {
            content.ship_to = body.ship_to.into_iter().next().unwrap_or_default();
        }
        if content.invoice == empty.invoice {
            content.invoice = body.invoice;
        }
        content.currency = content.currency.take().or(Some(row.currency.clone()));
        let terms = Some(row.payment_terms.clone()).filter(|terms| !terms.is_empty());
        content.payment_terms = content.payment_terms.take().or(terms);
    }

    /// The n-th customer, counted round and round.
    pub(super) fn customer(&self, n: u64) -> Option<String> {
        let n = usize::try_from(n).ok()? % self.customers.len().max(1);
        self.customers.keys().nth(n).cloned()
    }
}
