//! The issue types as they are put: replaced as a whole, after everything in them that cannot be has been named.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::known::Known;
use super::reading::{Reading, shortened};
use super::roles;
use crate::case::ExceptionKind;
use crate::case::decide::By;
use crate::case::issue::{IssueType, IssueTypes, QUESTION_TO_CUSTOMER, QUESTION_TO_SALES};
use crate::gate::{Batch, GateError, ISSUE_TYPES};
use crate::own_roles::OwnRoles;
use crate::problem::Fault;
use ordain_flow::doc::{Party, Text};
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

const TYPES_MAX: usize = 100;
/// Longest time for an answer, in working minutes: about three months of working days.
const ANSWER_MAX: i64 = 28_800;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IssueTypeItem {
    pub code: String,
    pub name: TextItem,
    /// One of `user`, `department` and `role`.
    pub handler: BTreeMap<String, String>,
    pub answer_minutes: i64,
    pub guidance: TextItem,
    pub applies_to: Vec<String>,
}

/// Words in both languages, as they are put.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextItem {
    pub zh: Option<String>,
    pub en: Option<String>,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, ISSUE_TYPES.to_owned()));
    roles::keys(org, keys);
}

pub(super) fn put(
    items: &[IssueTypeItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: IssueTypes = unchanged(batch, org, ISSUE_TYPES, expected)?;
    let mut reading = Reading::default();
    let people = (Known::of(batch, org), roles::current(batch, org)?);
    let after = read(items, &people, &mut reading);
    reading.refuse()?;
    replace(batch, org, by, "put_issue_types", ISSUE_TYPES, (&before, &after))
}

fn read(items: &[IssueTypeItem], people: &(Known<'_>, OwnRoles), reading: &mut Reading) -> IssueTypes {
    if items.len() > TYPES_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", TYPES_MAX.to_string()));
        return IssueTypes { items: Vec::new() };
    }
    let (mut codes, mut occasions) = (BTreeSet::new(), BTreeSet::new());
    let mut read = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = |name: &str| format!("items[{index}].{name}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut codes, code.clone(), at("code"));
        for (nth, occasion) in item.applies_to.iter().enumerate() {
            let path = format!("{}[{nth}]", at("applies_to"));
            if !is_occasion(occasion) {
                reading
                    .fault(Fault::new("unknown_occasion", path.clone()).with("found", shortened(occasion)));
            }
            reading.once(&mut occasions, occasion.clone(), path);
        }
        read.push(IssueType {
            code,
            name: text(&item.name, &at("name"), true, reading),
            handler: handler(&item.handler, &at("handler"), people, reading),
            answer_minutes: reading.minutes(item.answer_minutes, ANSWER_MAX, at("answer_minutes")),
            guidance: text(&item.guidance, &at("guidance"), false, reading),
            applies_to: item.applies_to.clone(),
        });
    }
    IssueTypes { items: read }
}

fn is_occasion(name: &str) -> bool {
    let exception = |kind: &ExceptionKind| kind.name() == name && *kind != ExceptionKind::IssueReported;
    [QUESTION_TO_CUSTOMER, QUESTION_TO_SALES].contains(&name) || ExceptionKind::ALL.iter().any(exception)
}

pub(super) fn text(item: &TextItem, path: &str, needed: bool, reading: &mut Reading) -> Text {
    let mut one = |text: &Option<String>, lang: &str| {
        let path = format!("{path}.{lang}");
        match needed {
            true => reading.required(text.as_deref(), None, path),
            false => reading.text(text.as_deref(), None, path),
        }
    };
    Text { zh: one(&item.zh, "zh"), en: one(&item.en, "en") }
}

fn handler(
    item: &BTreeMap<String, String>,
    path: &str,
    (known, own): &(Known<'_>, OwnRoles),
    reading: &mut Reading,
) -> Party {
    let mut parties = item.iter();
    let (Some((kind, key)), None) = (parties.next(), parties.next()) else {
        reading.fault(Fault::new("one_party", path));
        return Party::default();
    };
    let (at, key) = (format!("{path}.{kind}"), key.trim().to_owned());
    match kind.as_str() {
        "department" => {
            known.check_department(&key, at, reading);
            Party::Department(key)
        }
        "user" => {
            known.check_login(&key, at, reading);
            Party::User(key)
        }
        "role" => {
            roles::check(&key, at, own, reading);
            Party::Role(key)
        }
        _ => {
            reading.fault(Fault::new("unknown_role", at).with("found", shortened(&key)));
            Party::Role(key)
        }
    }
}
