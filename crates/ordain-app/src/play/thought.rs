//! An order that nobody has sent: made up so that its facts come out as they were asked for.
//!
//! Its customer and goods are made up with it, and so is what is free of them; everything else is the company's own.

use super::stage::Stage;
use crate::case::decide::Place;
use crate::case::people::User;
use crate::case::world::{House, World};
use jiff::civil::Date;
use ordain_domain::actor::Actor;
use ordain_domain::clause::OrderClause;
use ordain_domain::decimal::{Currency, DecimalText, price_text};
use ordain_domain::form::OrderForm;
use ordain_domain::master::{Contact, Customer, InvoiceProfile, Master, Product, ShipTo};
use ordain_domain::order::{Content, Line};
use ordain_domain::stock::Free;
use ordain_flow::doc::{FlowDoc, Party};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Its number, which no company gives.
const NUMBER: &str = "SIM-1";
const CUSTOMER: &str = "SIM";
/// Where mail to the customer would go: a name that is nobody's.
const ADDRESS: &str = "customer@example.invalid";
const TAX_RATE_E4: i64 = 1_300;
const ONE_MILLI: i64 = 1_000;
const LINES_MAX: i64 = 200;
/// What a fact is where nobody says: in the currency of the company.
const AMOUNT: i64 = 1_000;
const TERMS: [&str; 2] = ["NET30", "PREPAID"];

/// The facts that were asked for, by their names.
#[derive(Clone, Debug, Default)]
pub struct Thought {
    pub facts: Map<String, Value>,
}

impl Thought {
    fn text(&self, name: &str) -> Option<&str> {
        self.facts.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    fn is(&self, name: &str) -> bool {
        self.facts.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn number(&self, name: &str) -> Option<Decimal> {
        let text = match self.facts.get(name)? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Decimal::from_str_exact(text.trim()).ok().filter(|number| !number.is_sign_negative())
    }

    fn payment_terms(&self) -> &str {
        self.text("payment_terms").unwrap_or(TERMS[0])
    }

    /// How many lines, and the prices of the first and of all others, which come to the amount together.
    fn prices_e4(&self, currency: Currency) -> (i64, i64, i64) {
        let lines = self.number("line_count").and_then(|n| i64::try_from(n).ok());
        let lines = lines.unwrap_or(1).clamp(1, LINES_MAX);
        let amount = self.number("amount").unwrap_or(Decimal::from(AMOUNT));
        let minor = amount.round_dp(currency.exponent());
        let e4 = i64::try_from((minor * Decimal::from(10_000)).trunc()).unwrap_or(i64::MAX / 2);
        // In whole cents, so that no line is rounded.
        let unit = 10_i64.pow(4 - currency.exponent().min(4));
        let each = e4 / lines / unit * unit;
        (lines, e4 - each * (lines - 1), each)
    }
}

/// The order of a thought, sent now in this company by whoever could send it.
pub fn thought_out(thought: &Thought, doc: &FlowDoc, house: House, at_ms: i64) -> Stage {
    let sender = sender(doc, &house).map(|user| Actor::Person { id: user.id, name: user.name.clone() });
    let sender = sender.unwrap_or_else(|| Actor::system("play"));
    let currency = thought.text("currency").and_then(Currency::parse).unwrap_or(house.rules.currency);
    let content = content(thought, doc, &house, currency, at_ms);
    // What the company's form asks for is nobody's fact.
    let mut house = House { form: OrderForm::default(), ..house };
    // Nor does what is made up grow old while time passes.
    house.rules.stock_stale_hours = None;
    let house = Arc::new(house);
    let mut free = Free::new(house.warehouses.clone());
    for line in &content.lines {
        let short = thought.is("stock_short");
        let (product, warehouse) = (line.product.as_deref().unwrap_or_default(), house.warehouses.first());
        if let Some(warehouse) = warehouse.filter(|_| !short) {
            free.add(product, warehouse, ONE_MILLI);
        }
    }
    let master = Master {
        customer: Some(customer(thought, currency)),
        products: content.lines.iter().filter_map(|line| product(thought, line)).collect(),
        ..Master::default()
    };
    let channel = thought.text("channel").unwrap_or("form").to_owned();
    let mut world = World::around(house, master, free, None);
    world.first_order = thought.facts.get("first_order").and_then(Value::as_bool);
    NUMBER.clone_into(&mut world.next_number);
    let reasons = BTreeMap::new();
    let place = Place { channel, source: None, content, submit: true, reasons, entered_later: None };
    Stage::new(world, place, sender, at_ms)
}

/// Whoever may hand orders in here, else somebody in sales.
fn sender<'a>(doc: &FlowDoc, house: &'a House) -> Option<&'a User> {
    let starters = doc.start().map(|start| start.starters.clone()).unwrap_or_default();
    let sales = [Party::Department("sales".to_owned()), Party::Role("sales".to_owned())];
    starters.iter().chain(&sales).find_map(|party| house.people.members(party).into_iter().next())
}

fn content(thought: &Thought, doc: &FlowDoc, house: &House, currency: Currency, at_ms: i64) -> Content {
    let text = |name: &str| thought.text(name).map(str::to_owned);
    let today = house.calendar.date_at(at_ms);
    let soon = house.calendar.working_day(today, 10).unwrap_or(today);
    let extra = doc.fields.iter().filter(|field| !field.line);
    let extra =
        extra.filter_map(|field| Some((field.field.clone(), thought.facts.get(&field.field)?.clone())));
    let (lines, first, each) = thought.prices_e4(currency);
    let line = |id: i64| {
        let price = price_text(if id == 1 { first } else { each });
        Line {
            id: u32::try_from(id).unwrap_or(1),
            product: Some(format!("{CUSTOMER}-{id}")),
            quantity: DecimalText::try_from("1".to_owned()).ok(),
            unit: Some("pcs".to_owned()),
            unit_price: DecimalText::try_from(price).ok(),
            ..Line::default()
        }
    };
    let required = house.clauses.0.iter().filter(|(_, clause)| clause.required);
    let clauses = required.map(|(code, _)| OrderClause { code: code.clone(), ..OrderClause::default() });
    Content {
        clauses: clauses.collect(),
        customer: Some(text("customer").unwrap_or_else(|| CUSTOMER.to_owned())),
        order_type: text("order_type").unwrap_or_else(|| "standard".to_owned()),
        currency: Some(currency.code().to_owned()),
        requested_date: Some(text("requested_date").and_then(|day| day.parse::<Date>().ok()).unwrap_or(soon)),
        payment_terms: Some(thought.payment_terms().to_owned()),
        ship_to: ShipTo {
            name: Some(CUSTOMER.to_owned()),
            phone: Some("-".to_owned()),
            address: Some(text("region").unwrap_or_else(|| "-".to_owned())),
        },
        invoice: InvoiceProfile { kind: Some("none".to_owned()), ..InvoiceProfile::default() },
        special_requests: thought.is("special_request").then(|| "-".to_owned()),
        lines: (1..=lines).map(line).collect(),
        extra: extra.collect(),
        ..Content::default()
    }
}

fn customer(thought: &Thought, currency: Currency) -> Customer {
    let code = thought.text("customer").unwrap_or(CUSTOMER).to_owned();
    let asked = thought.payment_terms();
    let other = TERMS.into_iter().find(|terms| *terms != asked).unwrap_or(asked);
    let agreed = if thought.is("special_terms") { other } else { asked };
    Customer {
        name: code.clone(),
        code,
        level: thought.text("customer_level").map(str::to_owned),
        currency,
        credit_limit_minor: thought.is("credit_exceeded").then_some(0),
        credit_limit_until: None,
        temporary_limit: None,
        exposure_minor: 0,
        payment_terms: Some(agreed.to_owned()),
        payment_method: None,
        contacts: vec![Contact { email: Some(ADDRESS.to_owned()), ..Contact::default() }],
        owner: thought.text("salesperson").map(str::to_owned),
    }
}

/// What a line orders, at the price that it names, or at twice that where the prices are to differ.
fn product(thought: &Thought, line: &Line) -> Option<(String, Product)> {
    let code = line.product.clone()?;
    let price_e4 = line.unit_price.as_ref()?.scaled(4, i64::MAX).ok()?;
    let listed = if thought.is("price_differs") { price_e4.saturating_mul(2) } else { price_e4 };
    let product = Product {
        name: code.clone(),
        unit: line.unit.clone()?,
        tax_rate_e4: TAX_RATE_E4,
        list_price_e4: Some(listed),
        floor_e4: thought.is("below_floor").then(|| price_e4.saturating_mul(2)),
        code: code.clone(),
        ..Product::default()
    };
    Some((code, product))
}
