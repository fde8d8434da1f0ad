//! Reads a document from JSON and names everything in it that cannot be read, each with its step and its path.
//!
//! The published schema is the measure. Of several forms that a value may have the one that it means is chosen by its
//! tag, and only that one is looked into: a validator that tries them all takes time without bound on nested lanes, and
//! says of a wrong setting no more than that no form fits.

use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Faults named in one answer; a document with more is no less refused.
const FAULTS_MAX: usize = 200;
/// Longest piece of a value that a fault repeats, in characters.
const SHOWN: usize = 60;

/// A part of a document that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    pub code: &'static str,
    /// The step that it is in.
    pub node: Option<String>,
    pub path: String,
    pub facts: BTreeMap<&'static str, String>,
}

/// What is sent of a flow: its document, its saved cases, and what stands beside them.
pub trait Part: DeserializeOwned + JsonSchema {}

impl<T: DeserializeOwned + JsonSchema> Part for T {}

/// Reads a document, or a part of what is sent of one.
///
/// # Errors
/// Everything that is misspelt, missing or of the wrong kind.
pub fn read<T: Part>(value: &Value) -> Result<T, Vec<Misread>> {
    T::deserialize(value).map_err(|_| {
        let schema = schema_for!(T).to_value();
        let mut reader = Reader { root: &schema, found: Vec::new() };
        reader.check(&schema, value, &Place::default());
        if reader.found.is_empty() {
            // The schema allows what the types do not; a test looks for such gaps.
            reader.found.push(Misread::new("unreadable_flow", &Place::default()));
        }
        reader.found
    })
}

#[derive(Clone, Default)]
struct Place {
    path: String,
    node: Option<String>,
}

impl Place {
    fn field(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, node: self.node.clone() }
    }

    fn item(&self, index: usize) -> Self {
        Self { path: format!("{}[{index}]", self.path), node: self.node.clone() }
    }
}

impl Misread {
    fn new(code: &'static str, at: &Place) -> Self {
        Self { code, node: at.node.clone(), path: at.path.clone(), facts: BTreeMap::new() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.insert(name, value.into());
        self
    }
}

struct Reader<'s> {
    /// The whole schema, in which references are looked up.
    root: &'s Value,
    found: Vec<Misread>,
}

impl<'s> Reader<'s> {
    fn refuse(&mut self, misread: Misread) {
        if self.found.len() < FAULTS_MAX {
            self.found.push(misread);
        }
    }

    fn check(&mut self, schema: &'s Value, value: &Value, at: &Place) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let id = value.get("id").and_then(Value::as_str).filter(|_| name.ends_with("/Node"));
            let node = id.map(shown).or_else(|| at.node.clone());
            return self.check(self.resolved(schema), value, &Place { path: at.path.clone(), node });
        }
        if let Some(forms) = forms(schema) {
            return self.check_form(forms, value, at);
        }
        if !has_type(schema, value) {
            return self.refuse(wrong_type(&[schema], value, at));
        }
        match value {
            Value::Object(map) => self.check_object(schema, map, at),
            Value::Array(items) => {
                let of = schema.get("items").into_iter();
                let each = of.flat_map(|of| items.iter().enumerate().map(move |item| (of, item)));
                each.for_each(|(of, (index, item))| self.check(of, item, &at.item(index)));
            }
            Value::String(text) => self.check_text(schema, text, at),
            Value::Number(_) => self.check_number(schema, value, at),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn check_object(&mut self, schema: &'s Value, map: &Map<String, Value>, at: &Place) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        for (name, value) in map {
            let at = at.field(&shown(name));
            match (known.and_then(|known| known.get(name)), others) {
                (Some(schema), _) => self.check(schema, value, &at),
                (None, Some(Value::Bool(false))) => self.refuse(Misread::new("unknown_setting", &at)),
                (None, Some(schema @ Value::Object(_))) => self.check(schema, value, &at),
                (None, _) => {}
            }
        }
        for name in required(schema).filter(|name| !map.contains_key(*name)) {
            self.refuse(Misread::new("missing", &at.field(name)));
        }
    }

    fn check_text(&mut self, schema: &'s Value, text: &str, at: &Place) {
        let allowed = words(schema);
        if !allowed.is_empty() && !allowed.contains(&text) {
            let misread = Misread::new("invalid_value", at).with("found", shown(text));
            return self.refuse(misread.with("allowed", allowed.join(", ")));
        }
        let code = match schema.get("format").and_then(Value::as_str) {
            Some("decimal") if Decimal::from_str_exact(text).is_err() => "invalid_number",
            Some("date") if text.parse::<Date>().is_err() => "invalid_date",
            Some("time") if super::DayTime::try_from(text.to_owned()).is_err() => "invalid_time_of_day",
            _ => return,
        };
        self.refuse(Misread::new(code, at).with("found", shown(text)));
    }

    fn check_number(&mut self, schema: &'s Value, value: &Value, at: &Place) {
        let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        let Some(number) = number else { return };
        let limit = |name: &str| schema.get(name).and_then(Value::as_i64).map(i128::from);
        let (least, most) = match schema.get("format").and_then(Value::as_str) {
            Some("uint8") => (0, i128::from(u8::MAX)),
            Some("uint16") => (0, i128::from(u16::MAX)),
            Some("uint32") => (0, i128::from(u32::MAX)),
            Some("int32") => (i128::from(i32::MIN), i128::from(i32::MAX)),
            _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
        };
        let (least, most) = (limit("minimum").unwrap_or(least), limit("maximum").unwrap_or(most));
        if !(least..=most).contains(&number) {
            let misread = Misread::new("not_in_range", at).with("found", number.to_string());
            self.refuse(misread.with("min", least.to_string()).with("max", most.to_string()));
        }
    }

    /// The one form that the value means.
    fn check_form(&mut self, forms: &'s [Value], value: &Value, at: &Place) {
        let forms: Vec<&'s Value> = forms.iter().flat_map(|form| self.flat(form)).collect();
        let of_type: Vec<&'s Value> = forms.iter().copied().filter(|form| has_type(form, value)).collect();
        match of_type.as_slice() {
            [] => self.refuse(wrong_type(&forms, value, at)),
            [only] => self.check(only, value, at),
            several => match several.iter().find(|form| means(form, value)) {
                Some(form) => self.check(form, value, at),
                None => self.refuse(no_form(several, value, at)),
            },
        }
    }
}

impl<'s> Reader<'s> {
    /// A form with those that it consists of.
    fn flat(&self, form: &'s Value) -> Vec<&'s Value> {
        let form = self.resolved(form);
        match forms(form) {
            Some(inner) => inner.iter().flat_map(|form| self.flat(form)).collect(),
            None => vec![form],
        }
    }

    fn resolved(&self, schema: &'s Value) -> &'s Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
        name.and_then(|name| self.root.pointer(name)).unwrap_or(schema)
    }
}

fn wrong_type(forms: &[&Value], value: &Value, at: &Place) -> Misread {
    Misread::new("wrong_type", at).with("expected", wanted(forms)).with("found", type_name(value))
}

/// Why none of several forms is meant: by its tag, by its one field, or by the word that it is.
fn no_form(forms: &[&Value], value: &Value, at: &Place) -> Misread {
    if let Some(tag) = forms.iter().find_map(|form| tag(form)).map(|(name, _)| name) {
        let at = at.field(tag);
        let allowed: Vec<&str> = forms.iter().filter_map(|form| Some(self::tag(form)?.1)).collect();
        return match value.get(tag) {
            None => Misread::new("missing", &at),
            Some(found) => {
                let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                let misread = Misread::new("invalid_value", &at).with("found", shown(&found));
                misread.with("allowed", allowed.join(", "))
            }
        };
    }
    let found = match value {
        Value::Object(map) => map.keys().map(|key| shown(key)).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let allowed = forms.iter().flat_map(|form| match form.get("properties") {
        Some(_) => required(form).collect(),
        None => words(form),
    });
    let allowed = allowed.collect::<Vec<_>>().join(", ");
    Misread::new("invalid_value", at).with("found", shown(&found)).with("allowed", allowed)
}

/// Whether a value is meant to have this form, right or wrong.
fn means(form: &Value, value: &Value) -> bool {
    match (value, tag(form)) {
        (Value::Object(map), Some((name, word))) => map.get(name).and_then(Value::as_str) == Some(word),
        (Value::Object(map), None) => required(form).all(|name| map.contains_key(name)),
        (Value::String(text), _) => {
            let words = words(form);
            words.is_empty() || words.contains(&text.as_str())
        }
        _ => true,
    }
}

fn forms(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()
}

/// The field with one possible word that tells a form from the others.
fn tag(form: &Value) -> Option<(&str, &str)> {
    let properties = form.get("properties")?.as_object()?;
    properties.iter().find_map(|(name, schema)| Some((name.as_str(), schema.get("const")?.as_str()?)))
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The words that a text may be; none where it is free.
fn words(schema: &Value) -> Vec<&str> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    listed.chain(schema.get("const")).filter_map(Value::as_str).collect()
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn wanted(forms: &[&Value]) -> String {
    let mut found: Vec<&str> = Vec::new();
    let named = forms.iter().flat_map(|form| {
        let format =
            form.get("format").and_then(Value::as_str).filter(|format| ["decimal", "date"].contains(format));
        format.map_or_else(|| types(form), |format| vec![format])
    });
    for name in named {
        if name != "null" && !found.contains(&name) {
            found.push(name);
        }
    }
    found.join(" / ")
}

fn has_type(schema: &Value, value: &Value) -> bool {
    let types = types(schema);
    let found = type_name(value);
    types.is_empty() || types.contains(&found) || (found == "integer" && types.contains(&"number"))
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

macro_rules! text_of {
    ($($(#[$doc:meta])* $name:ident is $format:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    )*};
}

text_of! {
    /// A decimal number as text.
    DecimalText is "decimal";
    /// A day as text.
    DateText is "date";
    /// A time of day as text.
    TimeText is "time";
}
