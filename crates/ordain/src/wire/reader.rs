//! Reads bodies against a shape and names every fault at once: unknown fields, wrong types, dates and numbers that do
//! not parse. What passes can be taken apart without looking back.

use jiff::Timestamp;
use jiff::civil::Date;
use ordain_app::problem::Fault;
use ordain_domain::decimal::DecimalText;
use serde_json::Value;

/// Faults named in one answer; a body with more is no less refused.
const FAULTS_MAX: usize = 200;
/// Most characters of a reason, a comment or an answer.
pub const WORDS_MAX: usize = 2_000;
/// Longest piece of a value that a fault repeats.
const SHOWN: usize = 60;

/// What a field may hold. Null and absent are the same everywhere.
#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    /// What people say to one another, at most [`WORDS_MAX`] characters.
    Words,
    /// A decimal number written as text.
    Decimal,
    /// A number, written as text or as a number; what it must be is judged later.
    Number,
    Date,
    Instant,
    Bool,
    /// A whole number, as text or as a number.
    Integer,
    OneOf(&'static [&'static str]),
    /// Anything at all.
    Any,
    Object(Shape),
    /// An object with any fields.
    Free,
    /// An object with any fields, each of which holds the same.
    Map(&'static Kind),
    List(&'static Kind),
    /// Given by the system.
    ReadOnly,
}

/// The fields of an object.
pub type Shape = &'static [(&'static str, Kind)];

/// Words in both languages.
pub const WORDS: Kind = Kind::Object(&[("zh", Kind::Text), ("en", Kind::Text)]);

/// Every fault of a value.
pub fn faults(value: &Value, shape: Shape) -> Vec<Fault> {
    let mut found = Vec::new();
    object("", value, shape, &mut found);
    found
}

fn fault(found: &mut Vec<Fault>, fault: Fault) {
    if found.len() < FAULTS_MAX {
        found.push(fault);
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn wrong(path: &str, expected: &str, value: &Value, found: &mut Vec<Fault>) {
    let made = Fault::new("wrong_type", path).with("expected", expected).with("found", type_name(value));
    fault(found, made);
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

fn object(path: &str, value: &Value, shape: Shape, found: &mut Vec<Fault>) {
    let Value::Object(map) = value else { return wrong(path, "object", value, found) };
    for (name, value) in map {
        let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match shape.iter().find(|(known, _)| known == name) {
            Some((_, kind)) => check(&at, value, *kind, found),
            None => fault(found, Fault::new("unknown_field", shown(&at))),
        }
    }
}

fn check(path: &str, value: &Value, kind: Kind, found: &mut Vec<Fault>) {
    match (kind, value) {
        (Kind::ReadOnly, _) => fault(found, Fault::new("read_only_field", path)),
        (_, Value::Null) | (Kind::Any, _) => {}
        (Kind::Text, Value::String(_)) | (Kind::Bool, Value::Bool(_)) | (Kind::Free, Value::Object(_)) => {}
        (Kind::Words, Value::String(text)) if text.chars().count() <= WORDS_MAX => {}
        (Kind::Words, Value::String(_)) => {
            fault(found, Fault::new("too_long", path).with("limit", WORDS_MAX.to_string()));
        }
        (Kind::Number, Value::String(_) | Value::Number(_)) => {}
        (Kind::Integer, Value::Number(number)) if number.is_i64() => {}
        (Kind::Integer, Value::String(text)) if text.trim().parse::<i64>().is_ok() => {}
        (Kind::Decimal, Value::String(text)) => {
            parsed(path, text, "invalid_number", found, |text| DecimalText::try_from(text.to_owned()).is_ok())
        }
        (Kind::Date, Value::String(text)) => {
            parsed(path, text, "invalid_date", found, |text| {
                text.parse::<Date>().is_ok() && text.len() == 10
            });
        }
        (Kind::Instant, Value::String(text)) => {
            parsed(path, text, "invalid_time", found, |text| text.parse::<Timestamp>().is_ok());
        }
        (Kind::OneOf(words), Value::String(text))
            if text.trim().is_empty() || words.contains(&text.trim()) => {}
        (Kind::OneOf(words), Value::String(text)) => {
            let made = Fault::new("invalid_value", path).with("found", shown(text));
            fault(found, made.with("allowed", words.join(", ")));
        }
        (Kind::Object(shape), _) => object(path, value, shape, found),
        (Kind::Map(kind), Value::Object(map)) => {
            for (name, value) in map {
                check(&format!("{path}.{}", shown(name)), value, *kind, found);
            }
        }
        (Kind::List(kind), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                item_of(&format!("{path}[{index}]"), item, *kind, found);
            }
        }
        (kind, value) => wrong(path, expected(kind), value, found),
    }
}

/// What of a list's object has no fault, so that the rest of it can still be judged.
pub fn sound_part(item: &Value, shape: Shape) -> Value {
    let Value::Object(map) = item else { return Value::Object(serde_json::Map::new()) };
    let sound = |name: &str, value: &Value| {
        let Some((_, kind)) = shape.iter().find(|(known, _)| *known == name) else { return false };
        let mut found = Vec::new();
        check(name, value, *kind, &mut found);
        found.is_empty()
    };
    let kept = map.iter().filter(|(name, value)| sound(name, value));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Null means absent in every body.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// The shape of the objects in a field that is a list of them.
pub fn shape_in(shape: Shape, name: &str) -> Shape {
    match shape.iter().find(|(known, _)| *known == name) {
        Some((_, Kind::List(Kind::Object(inner)))) => inner,
        _ => &[],
    }
}

/// In a list null is not the same as absent: it would shift what follows.
fn item_of(path: &str, value: &Value, kind: Kind, found: &mut Vec<Fault>) {
    match value {
        Value::Null => wrong(path, expected(kind), value, found),
        _ => check(path, value, kind, found),
    }
}

fn parsed(path: &str, text: &str, code: &str, found: &mut Vec<Fault>, sound: impl Fn(&str) -> bool) {
    let text = text.trim();
    if !text.is_empty() && !sound(text) {
        fault(found, Fault::new(code, path).with("found", shown(text)));
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Decimal | Kind::Number => "decimal",
        Kind::Date | Kind::Instant => "date",
        Kind::Bool => "boolean",
        Kind::Integer => "integer",
        Kind::Object(_) | Kind::Free | Kind::Map(_) => "object",
        Kind::List(_) => "array",
        Kind::Text | Kind::Words | Kind::OneOf(_) | Kind::Any | Kind::ReadOnly => "string",
    }
}

/// Text of a field, trimmed; blank is absent.
pub fn text(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub fn date(value: &Value, name: &str) -> Option<Date> {
    text(value, name)?.parse().ok()
}

pub fn decimal(value: &Value, name: &str) -> Option<DecimalText> {
    DecimalText::try_from(text(value, name)?).ok()
}

pub fn instant_ms(value: &Value, name: &str) -> Option<i64> {
    text(value, name)?.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

pub fn boolean(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// A whole number, as text or as a number.
pub fn integer(value: &Value, name: &str) -> Option<i64> {
    match value.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LINE: Kind = Kind::Object(&[("quantity", Kind::Decimal), ("date", Kind::Date)]);
    const SHAPE: Shape = &[("name", Kind::Text), ("id", Kind::ReadOnly), ("lines", Kind::List(&LINE))];

    #[test]
    fn every_fault_is_named_with_its_place() {
        let body =
            json!({ "name": 1, "id": "x", "else": 1, "lines": [{ "quantity": 5, "date": "soon" }, 7] });
        let mut found: Vec<String> =
            faults(&body, SHAPE).into_iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect();
        found.sort();
        let expected = [
            "invalid_date lines[0].date",
            "read_only_field id",
            "unknown_field else",
            "wrong_type lines[0].quantity",
            "wrong_type lines[1]",
            "wrong_type name",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn null_and_blank_are_absent() {
        let body = json!({ "name": null, "lines": [{ "quantity": "", "date": " " }] });
        assert!(faults(&body, SHAPE).is_empty());
        assert_eq!(decimal(&body["lines"][0], "quantity"), None);
    }
}
