//! The facts of an order that flow rules may use: one schema, filled from the order and its checks.

use ordain_domain::finding::{Check, Code, Severity};
use ordain_domain::order::Order;
use ordain_flow::rule::{FactSchema, Facts, FieldDef, FieldType, FindingFact, Value};
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

/// The schema that every flow document is compiled against.
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

/// The facts of an order as its checks left it.
pub fn of(order: &Order) -> Facts {
    let checked = &order.checked;
    let has = |code: Code| Value::Bool(checked.findings.iter().any(|finding| finding.code == code));
    let money = |pick: fn(&ordain_domain::check::Totals) -> i64| {
        checked.totals.as_ref().map_or(Value::Null, |totals| {
            Value::Number(Decimal::new(pick(totals), totals.currency.exponent()))
        })
    };
    let customer = checked.customer.as_ref();
    let special = |finding: &ordain_domain::finding::Finding| {
        matches!(finding.code, Code::TermsDiffer | Code::ClauseMissing | Code::ClauseDeparts)
    };
    let special_terms = Value::Bool(checked.findings.iter().any(special));
    let fields = vec![
        money(|totals| totals.gross),
        money(|totals| totals.net),
        text(order.content.currency.as_deref()),
        text(Some(&order.channel)),
        text(Some(&order.content.order_type)),
        text(customer.map(|customer| customer.code.as_str())),
        text(customer.and_then(|customer| customer.level.as_deref())),
        text(order.content.payment_terms.as_deref()),
        special_terms,
        has(Code::SpecialRequest),
        has(Code::PriceDiffers),
        has(Code::StockShort),
        has(Code::CreditExceeded),
        Value::Number(Decimal::from(order.content.lines.len())),
        Value::Number(Decimal::from(order.revision)),
        has(Code::BelowFloor),
    ];
    Facts { fields, lines: lines(order), findings: findings(order) }
}

/// The facts as they were when the order came in: whatever was said about it is open again, and nobody is waited for
/// to complete it.
pub fn as_received(order: &Order) -> Facts {
    let mut facts = of(order);
    for (fact, finding) in facts.findings.iter_mut().zip(&order.checked.findings) {
        fact.open = finding.code.severity() != Severity::Info;
        fact.sender = false;
    }
    facts
}

fn lines(order: &Order) -> Vec<Vec<Value>> {
    let exponent = order.checked.totals.as_ref().map_or(2, |totals| totals.currency.exponent());
    let row = |(asked, checked): (&ordain_domain::order::Line, &ordain_domain::check::CheckedLine)| {
        let short =
            checked.qty_milli.is_some_and(|qty| checked.available_milli.is_some_and(|free| free < qty));
        vec![
            text(asked.product.as_deref()),
            scaled(checked.qty_milli, 3),
            scaled(checked.price_e4, 4),
            scaled(checked.amount_minor, exponent),
            Value::Bool(short),
        ]
    };
    order.content.lines.iter().zip(&order.checked.lines).map(row).collect()
}

fn findings(order: &Order) -> Vec<FindingFact> {
    let fact = |finding: &ordain_domain::finding::Finding| FindingFact {
        check: shared(&CHECKS, finding.code.check() as usize),
        code: shared(&CODES, finding.code as usize),
        open: order.is_open(finding),
        sender: finding.code.severity() == Severity::Blocker,
    };
    let findings = order.checked.findings.iter().map(fact);
    // An unanswered question keeps the order from its end like a finding that no review owns.
    let question = order.open_questions().next().map(|_| FindingFact {
        check: Arc::from("question"),
        code: Arc::from("question"),
        open: true,
        sender: false,
    });
    findings.chain(question).collect()
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
