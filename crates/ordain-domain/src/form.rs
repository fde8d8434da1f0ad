//! The order form of a company: what orders and their lines are asked for beside their own fields.
//!
//! The form asks and flows read: a flow declares what it reads by itself, so that its versions keep their meaning. A field
//! is asked of what is handed in since it is in the form. Orders that run already go on without it.

use crate::decimal::DecimalText;
use crate::formula::Formula;
use crate::order::{Content, Line};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Most characters of a short text, and of a long one.
const TEXT_MAX: usize = 500;
const LONG_TEXT_MAX: usize = 4_000;
/// Digits of numbers, before and behind the point together.
const DIGITS_MAX: usize = 30;

/// The fields in the order in which they are shown. They are replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderForm {
    pub fields: Vec<FormField>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Its key in `extra`.
    pub field: String,
    pub name: Words,
    pub kind: FieldKind,
    /// Each line has one of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub line: bool,
    /// Under which heading it stands.
    #[serde(default, skip_serializing_if = "Words::is_blank")]
    pub group: Words,
    #[serde(default, skip_serializing_if = "Words::is_blank")]
    pub hint: Words,
    /// Without it an order cannot be handed in, where all of these hold; none at all always hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Vec<When>>,
    /// What an order has that says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// What works it out; nobody else writes it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
    /// The roles that see it; none at all means everybody. Whoever takes an order in sees it whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visible_to: Vec<String>,
    /// From when on it is asked for as it is now.
    pub since_ms: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    pub fn is_blank(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    LongText,
    Number,
    Money,
    Date,
    Bool,
    /// One of these.
    Choice(Vec<String>),
    /// Any of these.
    Choices(Vec<String>),
    Email,
    Phone,
}

/// That a field of the order holds one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// One of [`CONDITIONS`], or a field of the form.
    pub field: String,
    pub is: Vec<String>,
}

/// Fields of the order itself that decide whether something is asked for.
pub const CONDITIONS: [&str; 6] =
    ["order_type", "customer", "currency", "payment_terms", "payment_method", "invoice.kind"];

impl OrderForm {
    pub fn find(&self, field: &str, line: bool) -> Option<&FormField> {
        self.fields.iter().find(|known| known.field == field && known.line == line)
    }

    /// Fills in what the sender has left out and the form knows.
    pub fn fill_in(&self, content: &mut Content) {
        for field in &self.fields {
            let Some(default) = &field.default else { continue };
            let fill = |extra: &mut BTreeMap<String, Value>| {
                extra.entry(field.field.clone()).or_insert_with(|| default.clone());
            };
            if field.line {
                content.lines.iter_mut().for_each(|line| fill(&mut line.extra));
            } else {
                fill(&mut content.extra);
            }
        }
    }

    /// Works out the fields that have a formula, of an order that was handed in then. Those of the lines come first, and
    /// each sees those above it.
    pub fn work_out(&self, content: &mut Content, handed_in_ms: i64) {
        let asked = |field: &&FormField| field.since_ms <= handed_in_ms;
        let worked_out =
            |line: bool| self.fields.iter().filter(asked).filter(move |field| field.line == line);
        for (field, formula) in worked_out(true).filter_map(|field| Some((field, field.formula.as_ref()?))) {
            for line in &mut content.lines {
                let value = formula.of_line(line, field.kind.digits());
                put(&mut line.extra, &field.field, value);
            }
        }
        for (field, formula) in worked_out(false).filter_map(|field| Some((field, field.formula.as_ref()?))) {
            let value = formula.of_order(content, field.kind.digits());
            put(&mut content.extra, &field.field, value);
        }
    }

    /// Whether a path leads to a field that is worked out: `extra.weight`, `lines[0].extra.weight`.
    pub fn works_out(&self, path: &str) -> bool {
        let Some((before, name)) = path.rsplit_once("extra.") else { return false };
        self.find(name, !before.is_empty()).is_some_and(|field| field.formula.is_some())
    }
}

fn put(extra: &mut BTreeMap<String, Value>, field: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(extra.insert(field.to_owned(), value)),
        None => drop(extra.remove(field)),
    }
}

impl FieldKind {
    /// Digits behind the point of what is worked out.
    fn digits(&self) -> u32 {
        if *self == Self::Money { 2 } else { 6 }
    }
}

impl FormField {
    /// Where orders hold it: `extra.project`, `lines.extra.batch_no`.
    pub fn path(&self) -> String {
        let of_line = if self.line { "lines." } else { "" };
        format!("{of_line}extra.{}", self.field)
    }

    /// Whether the order, or one of its lines, has to have it.
    pub fn is_required(&self, content: &Content, line: Option<&Line>) -> bool {
        self.required.as_ref().is_some_and(|all| all.iter().all(|when| when.holds(content, line)))
    }

    /// Whether it may hold this.
    pub fn takes(&self, value: &Value) -> bool {
        let text = value.as_str();
        match &self.kind {
            FieldKind::Text => text.is_some_and(|text| fits(text, TEXT_MAX)),
            FieldKind::LongText => text.is_some_and(|text| fits(text, LONG_TEXT_MAX)),
            FieldKind::Number | FieldKind::Money => is_number(value),
            FieldKind::Date => text.is_some_and(|text| text.parse::<Date>().is_ok()),
            FieldKind::Bool => value.is_boolean(),
            FieldKind::Choice(options) => text.is_some_and(|text| options.iter().any(|known| known == text)),
            FieldKind::Choices(options) => value.as_array().is_some_and(|chosen| {
                chosen.iter().all(|one| options.iter().any(|known| Some(known.as_str()) == one.as_str()))
            }),
            FieldKind::Email => text.is_some_and(is_email),
            FieldKind::Phone => text.is_some_and(is_phone),
        }
    }
}

impl When {
    fn holds(&self, content: &Content, line: Option<&Line>) -> bool {
        let own = match self.field.as_str() {
            "order_type" => Some(content.order_type.as_str()),
            "customer" => content.customer.as_deref(),
            "currency" => content.currency.as_deref(),
            "payment_terms" => content.payment_terms.as_deref(),
            "payment_method" => content.payment_method.as_deref(),
            "invoice.kind" => content.invoice.kind.as_deref(),
            custom => {
                let of_line = line.and_then(|line| line.extra.get(custom));
                return of_line.or_else(|| content.extra.get(custom)).is_some_and(|held| self.names(held));
            }
        };
        own.is_some_and(|own| self.is.iter().any(|wanted| wanted == own))
    }

    fn names(&self, held: &Value) -> bool {
        match held {
            Value::String(text) => self.is.contains(text),
            Value::Array(chosen) => chosen.iter().any(|one| self.names(one)),
            Value::Null | Value::Object(_) => false,
            plain => self.is.contains(&plain.to_string()),
        }
    }
}

/// Whether nothing is said.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(chosen) => chosen.is_empty(),
        _ => false,
    }
}

fn fits(text: &str, most: usize) -> bool {
    // Counting stops where it is enough.
    text.chars().nth(most).is_none()
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

fn is_number(value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return false,
    };
    text.len() <= DIGITS_MAX && DecimalText::try_from(text).is_ok()
}

/// Something before the one `@` and something with a point behind it. Whether anybody is there only mail can tell.
fn is_email(text: &str) -> bool {
    let Some((before, behind)) = text.split_once('@') else { return false };
    let inner = behind.trim_matches('.');
    fits(text, 254)
        && !text.contains(char::is_whitespace)
        && !before.is_empty()
        && !behind.contains('@')
        && inner == behind
        && inner.contains('.')
}

/// Digits as people write them, with an extension perhaps.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '/' | '#' | 'x'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(kind: FieldKind) -> FormField {
        FormField {
            field: "f".into(),
            name: Words::default(),
            kind,
            line: false,
            group: Words::default(),
            hint: Words::default(),
            required: None,
            default: None,
            formula: None,
            visible_to: Vec::new(),
            since_ms: 0,
        }
    }

    #[test]
    fn each_kind_takes_its_own_and_nothing_else() {
        let options = || vec!["red".to_owned(), "blue".to_owned()];
        let cases = [
            (FieldKind::Text, json!("a"), json!(1)),
            (FieldKind::Text, json!("x".repeat(500)), json!("x".repeat(501))),
            (FieldKind::LongText, json!("x\ny".repeat(1_000)), json!("\u{1}")),
            (FieldKind::Number, json!("12.50"), json!("twelve")),
            (FieldKind::Number, json!(7), json!("1".repeat(31))),
            (FieldKind::Money, json!("0.01"), json!(true)),
            (FieldKind::Date, json!("2026-12-01"), json!("2026-02-30")),
            (FieldKind::Bool, json!(false), json!("yes")),
            (FieldKind::Choice(options()), json!("red"), json!("green")),
            (FieldKind::Choices(options()), json!(["red", "blue"]), json!(["red", "green"])),
            (FieldKind::Choices(options()), json!([]), json!("red")),
            (FieldKind::Email, json!("li@example.cn"), json!("li@example")),
            (FieldKind::Email, json!("a.b@c.d.e"), json!("a b@c.de")),
            (FieldKind::Phone, json!("+86 (10) 6552-9988"), json!("call me")),
        ];
        for (kind, sound, wrong) in cases {
            let field = field(kind);
            assert!(field.takes(&sound), "{:?} takes {sound}", field.kind);
            assert!(!field.takes(&wrong), "{:?} takes {wrong}", field.kind);
        }
    }

    #[test]
    fn what_is_asked_for_depends_on_all_its_conditions() {
        let when = |field: &str, is: &[&str]| When {
            field: field.into(),
            is: is.iter().map(|one| (*one).to_owned()).collect(),
        };
        let asked = FormField {
            required: Some(vec![when("order_type", &["export"]), when("cold", &["true"])]),
            ..field(FieldKind::Text)
        };
        let order = |order_type: &str, cold: Value| Content {
            order_type: order_type.into(),
            extra: BTreeMap::from([("cold".to_owned(), cold)]),
            ..Content::default()
        };
        assert!(asked.is_required(&order("export", json!(true)), None));
        assert!(!asked.is_required(&order("export", json!(false)), None));
        assert!(!asked.is_required(&order("standard", json!(true)), None));
        // A line is asked by what it holds itself.
        let line = Line { extra: BTreeMap::from([("cold".to_owned(), json!(true))]), ..Line::default() };
        assert!(asked.is_required(&order("export", json!(false)), Some(&line)));
        assert!(!field(FieldKind::Text).is_required(&order("export", json!(true)), None));
    }

    #[test]
    fn lines_are_worked_out_before_the_order_and_only_for_orders_that_came_later() {
        let worked = |name: &str, line: bool, formula: &str| FormField {
            field: name.into(),
            line,
            formula: Formula::try_from(formula.to_owned()).ok(),
            since_ms: 5,
            ..field(FieldKind::Number)
        };
        let form = OrderForm {
            fields: vec![worked("total", false, "lines.weight"), worked("weight", true, "quantity * each")],
        };
        let line = |quantity: &str| Line {
            quantity: DecimalText::try_from(quantity.to_owned()).ok(),
            extra: BTreeMap::from([("each".to_owned(), json!("0.25"))]),
            ..Line::default()
        };
        let mut content = Content {
            lines: vec![line("4"), line("6")],
            extra: BTreeMap::from([("total".to_owned(), json!("made up"))]),
            ..Content::default()
        };
        let before = content.clone();
        form.work_out(&mut content, 4);
        assert_eq!(content, before, "it runs on without what came after it");
        form.work_out(&mut content, 5);
        assert_eq!(
            (&content.extra["total"], &content.lines[1].extra["weight"]),
            (&json!("2.5"), &json!("1.5"))
        );
        content.lines[0].quantity = None;
        form.work_out(&mut content, 5);
        assert!(!content.extra.contains_key("total"), "nothing is guessed");
        let paths = ["extra.total", "lines[0].extra.weight", "extra.weight", "lines[0].quantity"];
        assert_eq!(paths.map(|path| form.works_out(path)), [true, true, false, false]);
    }

    #[test]
    fn what_is_left_out_gets_its_default_and_what_is_said_stays() {
        let form = OrderForm {
            fields: vec![
                FormField { default: Some(json!("sea")), field: "route".into(), ..field(FieldKind::Text) },
                FormField {
                    default: Some(json!(1)),
                    field: "layers".into(),
                    line: true,
                    ..field(FieldKind::Number)
                },
            ],
        };
        let mut content = Content {
            extra: BTreeMap::from([("route".to_owned(), json!("air"))]),
            lines: vec![Line::default()],
            ..Content::default()
        };
        form.fill_in(&mut content);
        assert_eq!((&content.extra["route"], &content.lines[0].extra["layers"]), (&json!("air"), &json!(1)));
    }
}
