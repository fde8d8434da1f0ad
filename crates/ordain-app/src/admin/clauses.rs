//! Standard clauses: a changed text becomes a further version, and none is taken away.

use super::AdminDone;
use super::change::Change;
use super::document::{stored, write};
use super::reading::Reading;
use super::recheck::Touched;
use crate::case::decide::By;
use crate::gate::{Batch, CLAUSES, GateError};
use crate::problem::Fault;
use ordain_domain::clause::{Clause, ClauseText, Clauses};
use ordain_store::Keys;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// Clauses a company may have; every decision carries them along.
const CLAUSES_MAX: usize = 200;

/// What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClauseItem {
    pub code: String,
    pub zh: Option<String>,
    pub en: Option<String>,
    pub required: Option<bool>,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, CLAUSES.to_owned()));
}

pub(super) fn put(
    items: &[ClauseItem],
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let mut clauses: Clauses = stored(batch, org, CLAUSES)?;
    let (mut reading, mut seen, mut events) = (Reading::default(), BTreeSet::new(), Vec::new());
    let (mut created, mut updated) = (0, 0);
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        let before = clauses.0.get(&code).cloned();
        let old = before.as_ref().and_then(|clause| clause.versions.last()).cloned().unwrap_or_default();
        let text = ClauseText {
            zh: reading.required(item.zh.as_deref(), Some(&old.zh), at("zh")),
            en: reading.text(item.en.as_deref(), Some(&old.en), at("en")),
            since_ms: by.at_ms,
        };
        let mut clause = before.clone().unwrap_or_default();
        clause.required = item.required.unwrap_or(clause.required);
        if (&text.zh, &text.en) != (&old.zh, &old.en) {
            clause.versions.push(text);
        }
        let change = Change::between("clause", &code, before.as_ref().map(shown).as_ref(), &shown(&clause));
        if let Some(change) = change {
            events.push(change);
            *if before.is_some() { &mut updated } else { &mut created } += 1;
            clauses.0.insert(code, clause);
        }
    }
    if clauses.0.len() > CLAUSES_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", CLAUSES_MAX.to_string()));
    }
    reading.refuse()?;
    write(batch, org, by, "put_clauses", &events, (CLAUSES, &clauses))?;
    let unchanged = items.len() - created - updated;
    let (findings, touched) = (Vec::new(), Touched::default());
    Ok(AdminDone::Upserted { created, updated, unchanged, findings, touched })
}

/// The clause as the log shows it.
fn shown(clause: &Clause) -> serde_json::Value {
    let text = clause.versions.last();
    json!({ "version": clause.current(), "required": clause.required,
        "zh": text.map(|text| &text.zh), "en": text.map(|text| &text.en) })
}
