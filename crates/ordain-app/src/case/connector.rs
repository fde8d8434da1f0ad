//! Other systems that steps of flows call: where they are, what they can be asked, and how their answers are read.
//! Secrets lie beside them, so that nothing which shows a connector, or logs a change of it, can show one.

use ordain_flow::access::{full, path_of};
use ordain_flow::doc::{ConnectorSettings, CustomField, CustomType, FlowDoc, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The connectors of a company, by key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Connectors(pub BTreeMap<String, Connector>);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connector {
    pub name: Text,
    pub base_url: String,
    /// By name, in lower case; one without a value is a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Option<String>>,
    /// When a secret was last put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets_ms: Option<i64>,
    #[serde(default)]
    pub operations: BTreeMap<String, Operation>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// When its credentials lapse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// In capitals.
    pub method: String,
    /// Behind the base address, with parts such as `{number}` that the call fills.
    pub path: String,
    /// What an answer says that is a success, where the status alone does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Success>,
    /// An answer as the system gives it: what the mappings of flows are tried on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Success {
    pub at: String,
    pub is: String,
}

/// Secret header values of a company, by connector and header.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secrets(pub BTreeMap<String, BTreeMap<String, String>>);

/// Why an operation cannot be called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Unknown,
    NoSuchOperation,
    Disabled,
    Expired,
}

impl Unfit {
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NoSuchOperation => "no_such_operation",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
        }
    }
}

impl Connectors {
    /// # Errors
    /// Why it cannot be called now.
    pub fn operation(
        &self,
        (connector, operation): (&str, &str),
        now_ms: i64,
    ) -> Result<(&Connector, &Operation), Unfit> {
        let connector = self.0.get(connector).ok_or(Unfit::Unknown)?;
        let operation = connector.operations.get(operation).ok_or(Unfit::NoSuchOperation)?;
        match connector.state(now_ms) {
            "disabled" => Err(Unfit::Disabled),
            "expired" => Err(Unfit::Expired),
            _ => Ok((connector, operation)),
        }
    }
}

impl Connector {
    pub fn state(&self, now_ms: i64) -> &'static str {
        match self.expires_ms {
            _ if self.disabled => "disabled",
            Some(expires_ms) if expires_ms <= now_ms => "expired",
            _ => "ready",
        }
    }
}

impl Operation {
    /// Whether an answer says that what was asked is done.
    pub fn succeeded(&self, answer: &Value) -> bool {
        let said = |success: &Success| found(answer, &success.at).map(spoken);
        self.success.as_ref().is_none_or(|success| said(success).as_deref() == Some(success.is.as_str()))
    }
}

fn spoken(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What lies at a path: names, and numbers of items.
pub fn found<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.try_fold(value, |at, step| match at {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

/// Puts a value at a path of names, making what is missing on the way.
pub fn put(into: &mut Value, path: &str, value: Value) {
    let mut at = into;
    for step in path.split('.').filter(|step| !step.is_empty()) {
        if !at.is_object() {
            *at = Value::Object(serde_json::Map::new());
        }
        let Value::Object(fields) = at else { return };
        at = fields.entry(step).or_insert(Value::Null);
    }
    *at = value;
}

/// The custom field of the order that a flow declares under a name.
pub fn declared<'a>(doc: &'a FlowDoc, field: &str) -> Option<&'a CustomField> {
    doc.custom(&path_of(field))
}

/// The values that an answer brings, by the path of their field.
///
/// # Errors
/// The first field for which it brings nothing that fits.
pub fn values_of(
    settings: &ConnectorSettings,
    doc: &FlowDoc,
    answer: &Value,
) -> Result<BTreeMap<String, Value>, String> {
    let mut values = BTreeMap::new();
    for (field, at) in &settings.response {
        let value = found(answer, at).and_then(|value| fitting(declared(doc, field), value));
        values.insert(path_of(field), value.ok_or_else(|| field.clone())?);
    }
    Ok(values)
}

/// The value as the field takes it: other systems number what is text here, and put times behind dates.
fn fitting(custom: Option<&CustomField>, value: &Value) -> Option<Value> {
    let Some(custom) = custom else {
        return (!value.is_object() && !value.is_array()).then(|| value.clone());
    };
    let turned = match (&custom.kind, value) {
        (CustomType::Text | CustomType::Choice(_), Value::Number(number)) => {
            Value::String(number.to_string())
        }
        (CustomType::Date, Value::String(text)) => Value::String(text.chars().take(10).collect()),
        _ => value.clone(),
    };
    custom.takes(&turned).then_some(turned)
}

/// Whether the order has a field of this name that a call can carry.
pub fn is_carried(doc: &FlowDoc, field: &str) -> bool {
    const BESIDE: [&str; 5] = ["number", "id", "payment_method", "delivery_terms", "clauses"];
    let head = field.split(['.', '[']).next().unwrap_or_default();
    let fact = super::facts::SCHEMA.order_index(field).is_some();
    BESIDE.contains(&head) || fact || full(field) == field || declared(doc, field).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_read_where_the_mapping_says() {
        let answer =
            json!({ "data": { "id": 4711, "rows": [{ "on": "2026-12-01T08:00:00Z" }] }, "errcode": "0" });
        assert_eq!(found(&answer, "data.rows[0].on"), Some(&json!("2026-12-01T08:00:00Z")));
        assert_eq!(found(&answer, "data.rows.1.on"), None);
        let success = |at: &str, is: &str| Operation {
            success: Some(Success { at: at.into(), is: is.into() }),
            ..Operation::default()
        };
        assert!(success("errcode", "0").succeeded(&answer) && success("data.id", "4711").succeeded(&answer));
        assert!(!success("errcode", "1").succeeded(&answer) && !success("gone", "0").succeeded(&answer));
        let mut body = json!({});
        put(&mut body, "head.no", json!("SO-1"));
        put(&mut body, "head.amount", json!("12.50"));
        assert_eq!(body, json!({ "head": { "no": "SO-1", "amount": "12.50" } }));
    }

    #[test]
    fn values_are_turned_only_where_nothing_is_lost() {
        let field = |kind| CustomField { field: "f".into(), name: Text::default(), kind, line: false };
        let fits = |kind, value: Value| fitting(Some(&field(kind)), &value);
        assert_eq!(fits(CustomType::Text, json!(4711)), Some(json!("4711")));
        assert_eq!(fits(CustomType::Date, json!("2026-12-01T08:00:00Z")), Some(json!("2026-12-01")));
        assert_eq!(fits(CustomType::Number, json!("twelve")), None);
        assert_eq!(fits(CustomType::Text, json!({ "a": 1 })), None);
        assert_eq!(fitting(None, &json!([1])), None);
    }
}
