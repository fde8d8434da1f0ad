//! Drafts of flows: one per flow, one editor at a time. A draft is saved as it is typed, whole or not at all, and binds
//! nobody until it is published; so it stands in no log.

use super::AdminDone;
use crate::case::Refusal;
use crate::case::decide::By;
use crate::case::facts::SCHEMA;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_flow::check::{Problem, Severity, lower_texts, too_large};
use ordain_flow::doc::{FlowDoc, Misread, Part, read, salvage};
use ordain_flow::replay::TestCase;
use ordain_store::FlowDraftRow;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// How long an editor may be away before somebody else can take over.
pub const IDLE_MS: i64 = 5 * 60 * 1000;
/// Longest key of a flow.
const KEY_MAX: usize = 64;
/// Most saved cases of one flow.
const CASES_MAX: usize = 200;

/// What a draft holds.
#[derive(Clone, Debug)]
pub struct DraftText {
    pub doc: FlowDoc,
    pub cases: Vec<TestCase>,
}

#[derive(Clone, Debug)]
pub struct SaveDraft {
    pub key: String,
    /// The revision the editor has seen; 0 before there is a draft.
    pub expected: i64,
    pub text: DraftText,
}

pub(super) fn save(
    save: &SaveDraft,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let at = (org, save.key.clone());
    let known = batch.slice.flow_drafts.get(&at).cloned();
    let revision = known.as_ref().map_or(0, |row| row.revision);
    let editor = by.actor.name().to_owned();
    known.iter().try_for_each(|row| must_be_free(row, by))?;
    if save.expected != revision {
        return Err(Refusal::Stale { current: revision }.into());
    }
    must_fit(save)?;
    let mut doc = save.text.doc.clone();
    doc.key.clone_from(&save.key);
    // What cannot be lowered stays as typed; the checks say why.
    lower_texts(&mut doc, &SCHEMA);
    let bug = |error: serde_json::Error| GateError::Bug(error.to_string());
    let mut authors = known.as_ref().map(authors_of).unwrap_or_default();
    authors.extend(by.actor.person());
    let row = FlowDraftRow {
        org,
        key: save.key.clone(),
        revision: revision + 1,
        doc: serde_json::to_string(&doc).map_err(bug)?,
        cases: serde_json::to_string(&save.text.cases).map_err(bug)?,
        base_version: known.map_or_else(|| house.active.get(&save.key).copied(), |row| row.base_version),
        editor,
        edited_at_ms: by.at_ms,
        authors: serde_json::to_string(&authors).map_err(bug)?,
    };
    batch.slice.flow_drafts.insert(at, row.clone());
    batch.changes().flow_drafts.push(row);
    Ok(AdminDone::DraftSaved { revision: revision + 1 })
}

/// Nobody else has been writing the draft until a moment ago.
pub(super) fn must_be_free(row: &FlowDraftRow, by: &By) -> Result<(), GateError> {
    let busy = row.editor != by.actor.name() && by.at_ms - row.edited_at_ms < IDLE_MS;
    if busy { Err(Refusal::DraftLocked { by: row.editor.clone() }.into()) } else { Ok(()) }
}

/// The people who have written a draft.
pub(super) fn authors_of(row: &FlowDraftRow) -> BTreeSet<Uuid> {
    serde_json::from_str(&row.authors).unwrap_or_default()
}

/// Reads a part of what is sent about a flow; `under` is where it stands there.
///
/// # Errors
/// Everything in it that cannot be read, each with its step.
pub fn read_flow<T: Part>(value: &Value, under: &str) -> Result<T, Vec<Fault>> {
    read(value).map_err(|found| found.into_iter().map(|misread| misfit(misread, under)).collect())
}

/// Reads the document of a flow; `problems` is what the checks say of one.
///
/// # Errors
/// Everything in it that cannot be read, and what keeps its other steps from being published.
pub fn read_document(
    value: &Value,
    under: &str,
    problems: impl FnOnce(FlowDoc) -> Vec<Problem>,
) -> Result<FlowDoc, Vec<Fault>> {
    read(value).map_err(|found: Vec<Misread>| {
        let misread: BTreeSet<String> = found.iter().filter_map(|misread| misread.node.clone()).collect();
        let beside = salvage(value, &found).map(problems).unwrap_or_default();
        let of_others = beside.into_iter().filter_map(|problem| {
            let step = problem.node.clone().filter(|step| !misread.contains(step))?;
            let blocks = problem.severity == Severity::Blocker;
            blocks.then(|| super::flows::fault(problem).with("step", step))
        });
        let of_others: Vec<Fault> = of_others.collect();
        found.into_iter().map(|misread| misfit(misread, under)).chain(of_others).collect()
    })
}

fn misfit(misread: Misread, under: &str) -> Fault {
    let path = match (under, misread.path.as_str()) {
        (under, "") => under.to_owned(),
        ("", path) => path.to_owned(),
        (under, path) if path.starts_with('[') => format!("{under}{path}"),
        (under, path) => format!("{under}.{path}"),
    };
    let fault = misread.node.iter().fold(Fault::new(misread.code, path), |fault, id| fault.with("step", id));
    misread.facts.into_iter().fold(fault, |fault, (name, value)| fault.with(name, value))
}

fn must_fit(save: &SaveDraft) -> Result<(), GateError> {
    let key = &save.key;
    let plain = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    let mut faults = Vec::new();
    if key.is_empty() || key.len() > KEY_MAX || !plain {
        faults.push(Fault::new("bad_flow_key", "key"));
    }
    if save.text.cases.len() > CASES_MAX {
        faults.push(Fault::new("too_many_items", "cases").with("most", CASES_MAX.to_string()));
    }
    faults.extend(too_large(&save.text.doc).map(super::flows::fault));
    if faults.is_empty() { Ok(()) } else { Err(GateError::Invalid(faults)) }
}
