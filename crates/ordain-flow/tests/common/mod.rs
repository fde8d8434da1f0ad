//! The facts, flows and orders the tests of this crate share.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]
#![allow(dead_code, reason = "each test binary uses a part")]

use ordain_flow::rule::{FieldDef, FieldType};
use ordain_flow::{Event, FactSchema, Facts, FindingFact, Flow, FlowDoc, Run, Value, apply};
use rust_decimal::Decimal;

pub const STANDARD: &str = include_str!("../../../../flows/standard.json");

pub fn field(name: &str, kind: FieldType, line: bool, may_be_empty: bool) -> FieldDef {
    FieldDef { name: name.to_owned(), kind, zh: name.to_owned(), en: name.to_owned(), line, may_be_empty }
}

/// The fact fields of the standard flow.
pub fn schema() -> FactSchema {
    let open = || FieldType::Choice(Vec::new());
    let order_types = ["standard", "special"].map(str::to_owned).to_vec();
    FactSchema::new(vec![
        field("amount", FieldType::Money, false, false),
        field("currency", open(), false, false),
        field("channel", open(), false, false),
        field("order_type", FieldType::Choice(order_types), false, false),
        field("customer", open(), false, false),
        field("customer_level", open(), false, true),
        field("special_terms", FieldType::Bool, false, false),
        field("line_count", FieldType::Number, false, false),
        field("region", FieldType::Text, false, true),
        field("revision", FieldType::Number, false, false),
        field("requested_date", FieldType::Date, false, true),
        field("salesperson", FieldType::Member, false, true),
        field("tags", FieldType::Tags, false, false),
        field("returns", FieldType::Number, false, false),
        field("product", FieldType::Text, true, false),
        field("quantity", FieldType::Number, true, false),
        field("amount", FieldType::Money, true, false),
        field("short", FieldType::Bool, true, false),
    ])
}

pub fn standard() -> FlowDoc {
    serde_json::from_str(STANDARD).unwrap()
}

pub fn standard_flow() -> Flow {
    Flow::compile(standard(), &schema()).unwrap()
}

pub fn number(text: &str) -> Value {
    Value::Number(Decimal::from_str_exact(text).unwrap())
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn facts(amount: &str, special_terms: bool) -> Facts {
    Facts {
        fields: vec![
            number(amount),
            text("CNY"),
            text("api"),
            text("standard"),
            text("C001"),
            Value::Null,
            Value::Bool(special_terms),
            number("2"),
            Value::Null,
            number("1"),
            Value::Null,
        ],
        lines: vec![
            vec![text("SKU-1"), number("10"), number("125.00"), Value::Bool(false)],
            vec![text("SKU-2"), number("3"), number("80.5"), Value::Bool(true)],
        ],
        ..Facts::default()
    }
}

pub fn finding(check: &str, sender: bool) -> FindingFact {
    FindingFact { check: check.into(), code: "x".into(), open: true, sender }
}

pub fn with(mut facts: Facts, findings: &[FindingFact]) -> Facts {
    facts.findings = findings.to_vec();
    facts
}

pub fn follow(run: &mut Run, events: &[Event]) {
    events.iter().for_each(|event| apply(run, event));
}

/// A document from a list of steps, each given as JSON.
pub fn flow_of(steps: serde_json::Value) -> FlowDoc {
    let doc = serde_json::json!({"key": "t", "name": {"zh": "测", "en": "t"}, "steps": steps});
    serde_json::from_value(doc).unwrap()
}

pub fn node(id: &str, kind: serde_json::Value) -> serde_json::Value {
    serde_json::json!({"id": id, "name": {"zh": id, "en": id}, "stage": "review", "kind": kind})
}

pub fn start() -> serde_json::Value {
    node("start", serde_json::json!({"type": "start"}))
}

pub fn end() -> serde_json::Value {
    node("end", serde_json::json!({"type": "end", "outcome": "confirmed"}))
}

pub fn review(id: &str) -> serde_json::Value {
    let sop = serde_json::json!({"zh": "看", "en": "look"});
    let kind = serde_json::json!({
        "type": "review", "assignee": {"role": id}, "deadline_minutes": 60, "sop": sop
    });
    node(id, kind)
}
