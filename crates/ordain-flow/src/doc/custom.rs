//! Custom fields: what orders and lines carry beside their own fields, and the type that a flow reads it with.
//!
//! A flow declares those that its rules read, so that a version always means the same by a name. What an order holds
//! under it and is not of that type counts as empty.

use super::Text;
use crate::rule::{FieldDef, FieldType, Value};
use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomField {
    /// Its key in `extra`; letters, digits and underscores, so that rules can be written as text.
    pub field: String,
    pub name: Text,
    #[serde(rename = "type")]
    pub kind: CustomType,
    /// Each line has one of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub line: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomType {
    Text,
    Number,
    Money,
    Bool,
    Date,
    /// One of these.
    Choice(Vec<String>),
}

impl From<&CustomType> for FieldType {
    fn from(kind: &CustomType) -> Self {
        match kind {
            CustomType::Text => Self::Text,
            CustomType::Number => Self::Number,
            CustomType::Money => Self::Money,
            CustomType::Bool => Self::Bool,
            CustomType::Date => Self::Date,
            CustomType::Choice(options) => Self::Choice(options.clone()),
        }
    }
}

impl CustomField {
    /// What an order holds, as rules see it. Decimals may come as text, as everywhere.
    pub fn value(&self, held: Option<&serde_json::Value>) -> Value {
        let Some(held) = held else { return Value::Null };
        let text = held.as_str();
        let read = match &self.kind {
            CustomType::Text => text.filter(|text| !text.is_empty()).map(|text| Value::Text(text.into())),
            CustomType::Choice(options) => text
                .filter(|text| options.iter().any(|known| known == text))
                .map(|text| Value::Text(text.into())),
            CustomType::Bool => held.as_bool().map(Value::Bool),
            CustomType::Date => text.and_then(|text| text.parse::<Date>().ok()).map(Value::Date),
            CustomType::Number | CustomType::Money => match (text, held.as_number()) {
                (Some(text), _) => Decimal::from_str_exact(text).ok(),
                (None, Some(number)) => Decimal::from_str_exact(&number.to_string()).ok(),
                (None, None) => None,
            }
            .map(Value::Number),
        };
        read.unwrap_or_default()
    }

    /// Whether the field may hold this. Empty it may always be.
    pub fn takes(&self, value: &serde_json::Value) -> bool {
        value.is_null() || value.as_str() == Some("") || self.value(Some(value)) != Value::Null
    }

    /// Whether a rule's constant is of its type.
    pub fn takes_constant(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (_, Value::Null)
            | (CustomType::Text, Value::Text(_))
            | (CustomType::Bool, Value::Bool(_))
            | (CustomType::Date, Value::Date(_))
            | (CustomType::Number | CustomType::Money, Value::Number(_)) => true,
            (CustomType::Choice(options), Value::Text(text)) => options.iter().any(|known| **known == **text),
            _ => false,
        }
    }
}

impl From<&CustomField> for FieldDef {
    fn from(custom: &CustomField) -> Self {
        let (name, kind) = (custom.field.clone(), FieldType::from(&custom.kind));
        let (zh, en) = (custom.name.zh.clone(), custom.name.en.clone());
        Self { name, kind, zh, en, line: custom.line, may_be_empty: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_of_the_type_is_empty() {
        let field = |kind| CustomField { field: "f".into(), name: Text::default(), kind, line: false };
        let number = field(CustomType::Number);
        assert_eq!(number.value(Some(&json!("12.50"))), Value::Number(Decimal::new(1250, 2)));
        assert_eq!(number.value(Some(&json!(7))), Value::Number(Decimal::from(7)));
        for wrong in [json!("twelve"), json!(true), json!({"a": 1}), json!(null)] {
            assert_eq!(number.value(Some(&wrong)), Value::Null, "{wrong}");
        }
        let choice = field(CustomType::Choice(vec!["red".into()]));
        assert!(choice.takes(&json!("red")) && choice.takes(&json!(null)) && !choice.takes(&json!("blue")));
        assert!(
            field(CustomType::Date).takes(&json!("2026-12-01"))
                && !field(CustomType::Date).takes(&json!("soon"))
        );
    }
}
