//! The facts of an order that flow rules may use: one schema, filled from the order and its checks.

use super::Case;
use super::side_run::{About, MAIN, run_of};
use ordain_domain::check::CheckedLine;
use ordain_domain::finding::{Check, Code, Finding, Severity};
use ordain_domain::order::{Content, Line, Order};
use ordain_flow::doc::{CustomField, FlowDoc};
use ordain_flow::rule::{FactSchema, Facts, FieldDef, FieldType, FindingFact, Operand, Value};
use ordain_flow::run::Flow;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::{Arc, LazyLock};

/// The fields with their labels; the order is the index in [`Facts`], order fields and line fields counted apart.
const FIELDS: &str = include_str!("../../data/facts.json");

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    zh: String,
    en: String,
    line: bool,
    may_be_empty: bool,
    /// The field of the order that it tells of.
    #[serde(default)]
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Money,
    Number,
    Text,
    Bool,
    Choice,
}

// The file is part of the program; a test reads it.
static KNOWN: LazyLock<Vec<Field>> = LazyLock::new(|| serde_json::from_str(FIELDS).unwrap_or_default());

impl From<&Field> for FieldDef {
    fn from(field: &Field) -> Self {
        let kind = match field.kind {
            Kind::Money => FieldType::Money,
            Kind::Number => FieldType::Number,
            Kind::Text => FieldType::Text,
            Kind::Bool => FieldType::Bool,
            // Open: customers and channels come and go.
            Kind::Choice => FieldType::Choice(Vec::new()),
        };
        let (name, zh, en) = (field.name.clone(), field.zh.clone(), field.en.clone());
        FieldDef { name, kind, zh, en, line: field.line, may_be_empty: field.may_be_empty }
    }
}

/// The fields of an order that a fact tells of; an order and its lines may have facts of one name.
pub fn paths(fact: &str) -> impl Iterator<Item = &'static str> {
    let known = KNOWN.iter().filter(move |field| field.name == fact && !field.path.is_empty());
    known.map(|field| field.path.as_str())
}

/// What every flow's rules may name; a flow adds its custom fields behind it.
pub static SCHEMA: LazyLock<FactSchema> =
    LazyLock::new(|| FactSchema::new(KNOWN.iter().map(FieldDef::from).collect()));

/// Names of checks and codes, shared so that facts are built without copying text.
static CHECKS: LazyLock<Vec<Arc<str>>> =
    LazyLock::new(|| Check::ALL.iter().map(|c| Arc::from(c.name())).collect());
static CODES: LazyLock<Vec<Arc<str>>> =
    LazyLock::new(|| Code::ALL.iter().map(|c| Arc::from(c.name())).collect());

fn shared(names: &[Arc<str>], at: usize) -> Arc<str> {
    names.get(at).cloned().unwrap_or_else(|| Arc::from(""))
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, |text| Value::Text(Arc::from(text)))
}

fn scaled(value: Option<i64>, places: u32) -> Value {
    value.map_or(Value::Null, |value| Value::Number(Decimal::new(value, places)))
}

/// The facts of an order as its checks left it, as this flow may name them.
pub fn of(order: &Order, flow: &Flow) -> Facts {
    Part::whole(order).facts(flow.doc(), |custom| custom.value(order.content.extra.get(&custom.field)))
}

/// The facts as one of the runs of a case sees them: a run about one line or warehouse sees the order as if it had no
/// other, and a flow that runs inside reads the fields that it was given.
pub fn in_run(case: &Case, number: u32, flow: &Flow) -> Facts {
    let Some(side) = case.side_run(number) else { return of(&case.order, flow) };
    let part = Part::of(&case.order, side.about.as_ref());
    let base = if side.input.is_empty() { Vec::new() } else { part.fields() };
    part.facts(flow.doc(), |custom| given(case, number, custom, &base))
}

/// The facts as they were when the order came in: whatever was said about it is open again, and nobody is waited for
/// to complete it.
pub fn as_received(order: &Order, flow: &Flow) -> Facts {
    let mut facts = of(order, flow);
    for (fact, finding) in facts.findings.iter_mut().zip(&order.checked.findings) {
        fact.open = finding.code.severity() != Severity::Info;
        fact.sender = false;
    }
    facts
}

/// The value of a custom field in a run: a constant or field that the run was given, else what the order holds.
fn given(case: &Case, number: u32, custom: &CustomField, base: &[Value]) -> Value {
    let side = case.side_run(number);
    let held = held(&case.order.content, &case.place_of(number, &format!("extra.{}", custom.field)));
    let written = side.is_some_and(|side| side.output.contains_key(&custom.field));
    if written && custom.value(held) != Value::Null {
        return custom.value(held);
    }
    match side.and_then(|side| side.input.get(&custom.field)) {
        None => custom.value(held.or_else(|| case.order.content.extra.get(&custom.field))),
        Some(Operand::Field(outer)) => match SCHEMA.order_index(outer) {
            Some(slot) => {
                base.get(slot).cloned().filter(|value| custom.takes_constant(value)).unwrap_or_default()
            }
            None => {
                let outer = CustomField { field: outer.clone(), ..custom.clone() };
                given(case, side.and_then(|side| side.parent).map_or(MAIN, run_of), &outer, base)
            }
        },
        Some(constant) => constant.value().filter(|value| custom.takes_constant(value)).unwrap_or_default(),
    }
}

/// The custom field at a path of an order or of one of its lines.
fn held<'a>(content: &'a Content, path: &str) -> Option<&'a serde_json::Value> {
    let Some(rest) = path.strip_prefix("lines[") else {
        return content.extra.get(path.strip_prefix("extra.")?);
    };
    let (at, field) = rest.split_once("].extra.")?;
    content.lines.get(at.parse::<usize>().ok()?)?.extra.get(field)
}

/// What is over what the customer, or all that owe with it, may owe.
const CREDIT: [Code; 2] = [Code::CreditExceeded, Code::GroupCreditExceeded];
/// What departs from what was agreed with the customer, or from the company's clauses.
const TERMS: [Code; 3] = [Code::TermsDiffer, Code::ClauseMissing, Code::ClauseDeparts];

/// Of an order what a run is about: all of it, one line, or what one warehouse gives.
struct Part<'a> {
    order: &'a Order,
    warehouse: Option<&'a str>,
    /// The lines by their place; all of them where there is none.
    lines: Option<Vec<usize>>,
}

impl<'a> Part<'a> {
    fn whole(order: &'a Order) -> Self {
        Self { order, warehouse: None, lines: None }
    }

    fn of(order: &'a Order, about: Option<&'a About>) -> Self {
        let held =
            |id: u32, code: &str| order.held.iter().any(|held| held.line == id && held.warehouse == code);
        let places = |wanted: &dyn Fn(u32) -> bool| {
            let lines = order.content.lines.iter().enumerate().filter(|(_, line)| wanted(line.id));
            Some(lines.map(|(at, _)| at).collect())
        };
        match about {
            None => Self::whole(order),
            Some(About::Line(id)) => Self { lines: places(&|line| line == *id), ..Self::whole(order) },
            Some(About::Warehouse(code)) => {
                let lines = places(&|line| held(line, code));
                Self { order, warehouse: Some(code), lines }
            }
        }
    }

    fn facts(&self, doc: &FlowDoc, custom: impl Fn(&CustomField) -> Value) -> Facts {
        let mut fields = self.fields();
        fields.extend(doc.fields.iter().filter(|field| !field.line).map(custom));
        let own: Vec<&CustomField> = doc.fields.iter().filter(|field| field.line).collect();
        Facts { fields, lines: self.lines(&own), findings: self.findings() }
    }

    /// Whether a path of the order lies in what the run is about.
    fn covers(&self, path: &str) -> bool {
        let Some(lines) = &self.lines else { return true };
        let place = path.strip_prefix("lines[").and_then(|rest| rest.split_once(']'));
        place.is_none_or(|(at, _)| at.parse().is_ok_and(|at| lines.contains(&at)))
    }

    /// The order's own facts, in the order of the schema.
    fn fields(&self) -> Vec<Value> {
        let (order, checked) = (self.order, &self.order.checked);
        let has = |code: Code| {
            let found = |finding: &Finding| finding.code == code && self.covers(&finding.path);
            Value::Bool(checked.findings.iter().any(found))
        };
        let any = |codes: &[Code]| Value::Bool(codes.iter().any(|code| has(*code) == Value::Bool(true)));
        let customer = checked.customer.as_ref();
        let (gross, net) = self.amounts();
        vec![
            gross,
            net,
            text(order.content.currency.as_deref()),
            text(Some(&order.channel)),
            text(Some(&order.content.order_type)),
            text(customer.map(|customer| customer.code.as_str())),
            text(customer.and_then(|customer| customer.level.as_deref())),
            text(order.content.payment_terms.as_deref()),
            any(&TERMS),
            has(Code::SpecialRequest),
            has(Code::PriceDiffers),
            has(Code::StockShort),
            any(&CREDIT),
            Value::Number(Decimal::from(self.lines.as_ref().map_or(order.content.lines.len(), Vec::len))),
            Value::Number(Decimal::from(order.revision)),
            has(Code::BelowFloor),
        ]
    }

    /// With tax and without.
    fn amounts(&self) -> (Value, Value) {
        let Some(totals) = &self.order.checked.totals else { return (Value::Null, Value::Null) };
        let money = |minor| Value::Number(Decimal::new(minor, totals.currency.exponent()));
        // The whole order weighs what it was parted from as well.
        let weight = self.order.weight_minor().unwrap_or(totals.gross);
        let Some(lines) = &self.lines else { return (money(weight), money(totals.net)) };
        let checked = lines.iter().filter_map(|at| self.order.checked.lines.get(*at));
        let sums = checked.fold((0_i64, 0_i64), |(gross, tax), line| {
            let (amount, of_it) = (line.amount_minor.unwrap_or(0), line.tax_minor.unwrap_or(0));
            (gross.saturating_add(amount), tax.saturating_add(of_it))
        });
        (money(sums.0), money(sums.0.saturating_sub(sums.1)))
    }

    fn lines(&self, custom: &[&CustomField]) -> Vec<Vec<Value>> {
        let exponent = self.order.checked.totals.as_ref().map_or(2, |totals| totals.currency.exponent());
        let shipped = self.order.fulfilment.shipped_milli();
        let row = |asked: &Line, checked: &CheckedLine| {
            let needed = checked.qty_milli.map(|qty| qty - shipped.get(&asked.id).copied().unwrap_or(0));
            let short = needed.zip(checked.available_milli).is_some_and(|(needed, free)| free < needed);
            let mut row = vec![
                text(asked.product.as_deref()),
                scaled(self.quantity(asked.id, checked.qty_milli), 3),
                scaled(checked.price_e4, 4),
                scaled(checked.amount_minor, exponent),
                Value::Bool(short),
            ];
            row.extend(custom.iter().map(|field| field.value(asked.extra.get(&field.field))));
            row
        };
        let all = self.order.content.lines.iter().zip(&self.order.checked.lines).enumerate();
        let meant = all.filter(|(at, _)| self.lines.as_ref().is_none_or(|lines| lines.contains(at)));
        meant.map(|(_, (asked, checked))| row(asked, checked)).collect()
    }

    /// What is asked, or what of it the warehouse gives.
    fn quantity(&self, line: u32, asked_milli: Option<i64>) -> Option<i64> {
        let Some(code) = self.warehouse else { return asked_milli };
        let held = self.order.held.iter().filter(|held| held.line == line && held.warehouse == code);
        Some(held.map(|held| held.qty_milli).sum())
    }

    fn findings(&self) -> Vec<FindingFact> {
        let order = self.order;
        let fact = |finding: &Finding| FindingFact {
            check: shared(&CHECKS, finding.code.check() as usize),
            code: shared(&CODES, finding.code as usize),
            open: order.is_open(finding),
            sender: finding.code.severity() == Severity::Blocker,
        };
        let findings = order.checked.findings.iter().filter(|finding| self.covers(&finding.path)).map(fact);
        // An unanswered question keeps the order from its end like a finding that no review owns.
        let question = order.open_questions().next().map(|_| FindingFact {
            check: Arc::from("question"),
            code: Arc::from("question"),
            open: true,
            sender: false,
        });
        findings.chain(question).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_its_field() {
        let count = |line| SCHEMA.fields().iter().filter(|field| field.line == line).count();
        assert_eq!((count(false), count(true)), (16, 5));
        assert_eq!(SCHEMA.order_index("amount"), Some(0));
        assert_eq!(SCHEMA.order_index("below_floor"), Some(15));
        assert_eq!(SCHEMA.line_index("short"), Some(4));
    }

    #[test]
    fn shared_names_stand_where_the_enums_say() {
        assert!(Check::ALL.iter().all(|check| &*shared(&CHECKS, *check as usize) == check.name()));
        assert!(Code::ALL.iter().all(|code| &*shared(&CODES, *code as usize) == code.name()));
    }
}
