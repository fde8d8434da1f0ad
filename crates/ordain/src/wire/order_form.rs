//! The order form as it is shown and put, and as a JSON Schema for whoever sends orders.

use super::reader::{Kind, Shape, WORDS};
use crate::words::Text;
use ordain_domain::form::{FieldKind, FormField, OrderForm, Words};
use ordain_domain::formula::Formula;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

const WHEN: Shape = &[("field", Kind::Text), ("is", Kind::List(&Kind::Text))];
const FIELD: Shape = &[
    ("field", Kind::Text),
    ("name", WORDS),
    ("type", Kind::Text),
    ("options", Kind::List(&Kind::Text)),
    ("line", Kind::Bool),
    ("group", WORDS),
    ("hint", WORDS),
    ("required", Kind::Bool),
    ("required_when", Kind::List(&Kind::Object(WHEN))),
    ("default", Kind::Any),
    ("formula", Kind::Text),
    ("visible_to", Kind::List(&Kind::Text)),
];
pub const ORDER_FORM: Shape = &[("items", Kind::List(&Kind::Object(FIELD)))];

/// What is left out is not asked for afterwards; what orders hold of it stays with them.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderFormBody {
    pub items: Vec<FormFieldView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderForm)]
pub struct OrderFormView {
    pub items: Vec<FormFieldView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FormField)]
pub struct FormFieldView {
    /// Its key in `extra`: small letters, digits and `_`.
    pub field: String,
    pub name: Text,
    /// `text`, `long_text`, `number`, `money`, `date`, `bool`, `choice`, `choices`, `email` or `phone`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Of `choice` and `choices`.
    pub options: Vec<String>,
    /// Each line has one of its own.
    pub line: bool,
    /// Under which heading it stands.
    pub group: Text,
    pub hint: Text,
    /// Without it an order cannot be handed in, where all of `required_when` hold.
    pub required: bool,
    pub required_when: Vec<WhenView>,
    /// What an order has that says nothing.
    pub default: Value,
    /// A sum of products that works out a `number` or `money` field: `quantity * weight - 5`. It counts with decimals and
    /// with number fields above it; of a line also `quantity` and `unit_price`, of the order also the sum over its lines,
    /// `lines.weight`. Such a field is nobody's to write, and empty while a part is missing.
    #[serde(default)]
    pub formula: Option<String>,
    /// The roles that see it; none at all means everybody. Whoever takes an order in sees it whole, and what a step of the
    /// flow says of the field goes before for its people.
    #[serde(default)]
    pub visible_to: Vec<String>,
}

/// That a field holds one of these: `order_type`, `customer`, `currency`, `payment_terms`, `payment_method`,
/// `invoice.kind`, or one of the form.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FormCondition)]
pub struct WhenView {
    pub field: String,
    pub is: Vec<String>,
}

fn text(words: &Words) -> Text {
    Text { zh: words.zh.clone(), en: words.en.clone() }
}

fn kind(kind: &FieldKind) -> (&'static str, &[String]) {
    match kind {
        FieldKind::Text => ("text", &[]),
        FieldKind::LongText => ("long_text", &[]),
        FieldKind::Number => ("number", &[]),
        FieldKind::Money => ("money", &[]),
        FieldKind::Date => ("date", &[]),
        FieldKind::Bool => ("bool", &[]),
        FieldKind::Choice(options) => ("choice", options),
        FieldKind::Choices(options) => ("choices", options),
        FieldKind::Email => ("email", &[]),
        FieldKind::Phone => ("phone", &[]),
    }
}

pub fn order_form(form: &OrderForm) -> OrderFormView {
    let view = |field: &FormField| {
        let (name, options) = kind(&field.kind);
        let conditions = field.required.iter().flatten();
        FormFieldView {
            field: field.field.clone(),
            name: text(&field.name),
            kind: name.to_owned(),
            options: options.to_vec(),
            line: field.line,
            group: text(&field.group),
            hint: text(&field.hint),
            required: field.required.is_some(),
            required_when: conditions
                .map(|when| WhenView { field: when.field.clone(), is: when.is.clone() })
                .collect(),
            default: field.default.clone().unwrap_or_default(),
            formula: field.formula.as_ref().map(|formula| formula.text().to_owned()),
            visible_to: field.visible_to.clone(),
        }
    };
    OrderFormView { items: form.fields.iter().map(view).collect() }
}

/// The custom fields of an order as JSON Schema (2020-12), with what a form needs to show them under `x-ordain`.
pub fn json_schema(form: &OrderForm) -> Value {
    let of = |line: bool| {
        let fields = form.fields.iter().filter(|field| field.line == line);
        let always = fields.clone().filter(|field| field.required.as_ref().is_some_and(Vec::is_empty));
        let required: Vec<&str> = always.map(|field| field.field.as_str()).collect();
        let properties: Map<String, Value> =
            fields.map(|field| (field.field.clone(), property(field))).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "extra": of(false),
            "lines": { "type": "array", "items": { "type": "object", "properties": { "extra": of(true) } } },
        },
    })
}

fn property(field: &FormField) -> Value {
    let mut shape = match &field.kind {
        FieldKind::Text | FieldKind::Phone => json!({ "type": "string" }),
        FieldKind::LongText => json!({ "type": "string" }),
        FieldKind::Number | FieldKind::Money => json!({ "type": ["string", "number"] }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Choice(options) => json!({ "enum": options }),
        FieldKind::Choices(options) => json!({ "type": "array", "items": { "enum": options } }),
        FieldKind::Email => json!({ "type": "string", "format": "email" }),
    };
    if let Some(shape) = shape.as_object_mut() {
        shape.insert("title".into(), json!(field.name.en));
        if let Some(default) = &field.default {
            shape.insert("default".into(), default.clone());
        }
        if field.formula.is_some() {
            shape.insert("readOnly".into(), json!(true));
        }
        let hints = json!({
            "type": kind(&field.kind).0, "name": text(&field.name), "group": text(&field.group),
            "hint": text(&field.hint), "required_when": field.required,
            "formula": field.formula.as_ref().map(Formula::text), "visible_to": field.visible_to,
        });
        shape.insert("x-ordain".into(), hints);
    }
    shape
}
