//! The order form as it is put: replaced as a whole, after everything in it that cannot be has been named.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::issues::TextItem;
use super::reading::{Reading, shortened};
use super::roles;
use crate::case::decide::By;
use crate::gate::{Batch, GateError, ORDER_FORM};
use crate::own_roles::OwnRoles;
use crate::problem::Fault;
use ordain_domain::form::{CONDITIONS, FieldKind, FormField, OrderForm, When, Words, is_blank};
use ordain_domain::formula::{Formula, NotAFormula, OF_LINE, OF_LINES};
use ordain_store::Keys;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

const FIELDS_MAX: usize = 100;
const OPTIONS_MAX: usize = 200;
const CONDITIONS_MAX: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormFieldItem {
    pub field: String,
    pub name: TextItem,
    #[serde(rename = "type")]
    pub kind: String,
    pub options: Vec<String>,
    pub line: bool,
    pub group: TextItem,
    pub hint: TextItem,
    pub required: bool,
    pub required_when: Vec<WhenItem>,
    pub default: Value,
    pub formula: Option<String>,
    pub visible_to: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WhenItem {
    pub field: String,
    pub is: Vec<String>,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, ORDER_FORM.to_owned()));
    roles::keys(org, keys);
}

pub(super) fn put(
    items: &[FormFieldItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: OrderForm = unchanged(batch, org, ORDER_FORM, expected)?;
    let mut reading = Reading::default();
    let mut after = read(items, &roles::current(batch, org)?, &mut reading);
    reading.refuse()?;
    for field in &mut after.fields {
        field.since_ms = since(field, &before, by.at_ms);
    }
    replace(batch, org, by, "put_order_form", ORDER_FORM, (&before, &after))
}

/// A field that asks for nothing new has been asked for as long as before.
fn since(field: &FormField, before: &OrderForm, now_ms: i64) -> i64 {
    let known = before.find(&field.field, field.line);
    let same = known.filter(|known| {
        let same_formula = known.formula == field.formula;
        same_formula && known.kind == field.kind && known.required == field.required
    });
    same.map_or(now_ms, |known| known.since_ms)
}

fn read(items: &[FormFieldItem], own: &OwnRoles, reading: &mut Reading) -> OrderForm {
    if items.len() > FIELDS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", FIELDS_MAX.to_string()));
        return OrderForm::default();
    }
    let names: BTreeSet<&str> = items.iter().map(|item| item.field.as_str()).collect();
    let mut seen = BTreeSet::new();
    let fields = items.iter().enumerate().map(|(index, item)| {
        let at = |name: &str| format!("items[{index}].{name}");
        reading.once(&mut seen, (item.field.clone(), item.line), at("field"));
        let mut read = field(item, &names, &at, reading);
        read.formula = formula(item, items.get(..index).unwrap_or_default(), items, &at, reading);
        read.visible_to = visible_to(item, own, &at, reading);
        read
    });
    OrderForm { fields: fields.collect() }
}

fn field(
    item: &FormFieldItem,
    names: &BTreeSet<&str>,
    at: &dyn Fn(&str) -> String,
    reading: &mut Reading,
) -> FormField {
    let key = reading.code(&item.field, at("field"));
    if !key.is_empty() && !is_key(&key) {
        reading.fault(Fault::new("bad_field_key", at("field")).with("found", shortened(&key)));
    }
    let read = FormField {
        field: key,
        name: words(&item.name, true, &at("name"), reading),
        kind: kind(item, at, reading),
        line: item.line,
        group: words(&item.group, false, &at("group"), reading),
        hint: words(&item.hint, false, &at("hint"), reading),
        required: required(item, names, at, reading),
        default: Some(item.default.clone()).filter(|value| !is_blank(value)),
        formula: None,
        visible_to: Vec::new(),
        since_ms: 0,
    };
    if let Some(default) = read.default.as_ref().filter(|default| !read.takes(default)) {
        reading
            .fault(Fault::new("unfit_default", at("default")).with("found", shortened(&default.to_string())));
    }
    read
}

/// What works the field out. It counts with numbers of the form that are not worked out later than itself.
fn formula(
    item: &FormFieldItem,
    above: &[FormFieldItem],
    all: &[FormFieldItem],
    at: &dyn Fn(&str) -> String,
    reading: &mut Reading,
) -> Option<Formula> {
    let text = item.formula.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    let fault = |code, found: &str| Fault::new(code, at("formula")).with("found", shortened(found));
    if !is_number(item) {
        reading.fault(fault("formula_of_no_number", &item.kind));
    }
    if item.required || !item.required_when.is_empty() || !is_blank(&item.default) {
        reading.fault(fault("formula_alone", text));
    }
    let read = match Formula::try_from(text.to_owned()) {
        Ok(read) => read,
        Err(NotAFormula(found)) => {
            reading.fault(fault("not_a_formula", &found));
            return None;
        }
    };
    let typed = |item: &&FormFieldItem| is_number(item) && item.formula.is_none();
    let among = |found: &str, line: bool| {
        let own = all.iter().filter(typed).chain(above).filter(|known| is_number(known));
        own.filter(|known| known.line == line).any(|known| known.field == found)
    };
    let of_line = |found: &str| OF_LINE.contains(&found) || among(found, true);
    // What lines come to is known before anything of the order is worked out.
    let of_lines = |found: &str| {
        let any = all.iter().any(|known| known.line && is_number(known) && known.field == found);
        OF_LINE.contains(&found) || any
    };
    for found in read.fields() {
        let known = match found.strip_prefix(OF_LINES) {
            Some(found) => !item.line && of_lines(found),
            None if item.line => of_line(found),
            None => among(found, false),
        };
        if !known {
            reading.fault(fault("unknown_formula_field", found));
        }
        let of_line = item.line || found.starts_with(OF_LINES);
        let name = found.strip_prefix(OF_LINES).unwrap_or(found);
        let counted = all.iter().find(|known| known.line == of_line && known.field == name);
        if counted.is_some_and(|counted| tells(item, counted)) {
            reading.fault(fault("formula_tells", found));
        }
    }
    Some(read)
}

/// Whether somebody would see what is worked out who does not see what it is worked out from.
fn tells(result: &FormFieldItem, counted: &FormFieldItem) -> bool {
    let all_see = result.visible_to.iter().all(|role| counted.visible_to.contains(role));
    !counted.visible_to.is_empty() && (result.visible_to.is_empty() || !all_see)
}

fn visible_to(
    item: &FormFieldItem,
    own: &OwnRoles,
    at: &dyn Fn(&str) -> String,
    reading: &mut Reading,
) -> Vec<String> {
    let mut seen = BTreeSet::new();
    for (index, role) in item.visible_to.iter().enumerate() {
        let path = format!("{}[{index}]", at("visible_to"));
        roles::check(role, path.clone(), own, reading);
        reading.once(&mut seen, role.as_str(), path);
    }
    item.visible_to.clone()
}

fn is_number(item: &FormFieldItem) -> bool {
    matches!(item.kind.as_str(), "number" | "money")
}

/// Rules name it as text.
fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn words(item: &TextItem, needed: bool, path: &str, reading: &mut Reading) -> Words {
    let text = super::issues::text(item, path, needed, reading);
    Words { zh: text.zh, en: text.en }
}

fn kind(item: &FormFieldItem, at: &dyn Fn(&str) -> String, reading: &mut Reading) -> FieldKind {
    match item.kind.as_str() {
        "text" => FieldKind::Text,
        "long_text" => FieldKind::LongText,
        "number" => FieldKind::Number,
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "bool" => FieldKind::Bool,
        "choice" => FieldKind::Choice(options(item, at, reading)),
        "choices" => FieldKind::Choices(options(item, at, reading)),
        "email" => FieldKind::Email,
        "phone" => FieldKind::Phone,
        other => {
            reading.fault(Fault::new("unknown_field_type", at("type")).with("found", shortened(other)));
            FieldKind::Text
        }
    }
}

fn options(item: &FormFieldItem, at: &dyn Fn(&str) -> String, reading: &mut Reading) -> Vec<String> {
    let options: Vec<String> = item.options.iter().map(|option| option.trim().to_owned()).collect();
    if options.is_empty() {
        reading.fault(Fault::new("missing_field", at("options")));
    } else if options.len() > OPTIONS_MAX {
        reading.fault(Fault::new("too_many_items", at("options")).with("most", OPTIONS_MAX.to_string()));
    }
    let mut seen = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        let path = format!("{}[{index}]", at("options"));
        reading.code(option, path.clone());
        reading.once(&mut seen, option.as_str(), path);
    }
    options
}

fn required(
    item: &FormFieldItem,
    names: &BTreeSet<&str>,
    at: &dyn Fn(&str) -> String,
    reading: &mut Reading,
) -> Option<Vec<When>> {
    if item.required_when.len() > CONDITIONS_MAX {
        let fault = Fault::new("too_many_items", at("required_when"));
        reading.fault(fault.with("most", CONDITIONS_MAX.to_string()));
    }
    let mut read = Vec::with_capacity(item.required_when.len());
    for (index, when) in item.required_when.iter().enumerate() {
        let path = format!("{}[{index}]", at("required_when"));
        let known = CONDITIONS.contains(&when.field.as_str()) || names.contains(when.field.as_str());
        if !known || when.field == item.field {
            let fault = Fault::new("unknown_condition_field", format!("{path}.field"));
            reading.fault(fault.with("found", shortened(&when.field)));
        }
        if when.is.is_empty() {
            reading.fault(Fault::new("missing_field", format!("{path}.is")));
        }
        read.push(When { field: when.field.clone(), is: when.is.clone() });
    }
    (item.required || !read.is_empty()).then_some(read)
}
