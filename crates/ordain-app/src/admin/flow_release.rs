//! Making a draft the version in force. Every check is asked again in the commit that publishes, against the people and
//! flows of that moment; a warning passes only if whoever publishes has acknowledged it, and that stands in the log.
//! What has to wait lies in [`flow_pending`].

use super::flow_draft::{DraftText, authors_of, must_be_free};
use super::flow_pending::Pending;
use super::reading::{Edge, Reading};
use super::{AdminDone, flow_pending, flow_scope, flows};
use crate::case::Refusal;
use crate::case::decide::By;
use crate::case::facts::{SCHEMA, look_up};
use crate::case::refusal::given;
use crate::case::world::{House, STANDARD_FLOW};
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_domain::actor::Actor;
use ordain_domain::finding::Check;
use ordain_flow::check::{Problem, Report, Severity, check};
use ordain_flow::diff::{ChangeKind, diff};
use ordain_flow::doc::{FlowDoc, NodeKind};
use ordain_flow::replay::{TestCase, failing};
use ordain_flow::rule::{FactSchema, Facts};
use ordain_flow::run::Flow;
use ordain_flow::scope::contests;
use ordain_store::{FlowDraftRow, FlowReleaseRow, FlowRow, Keys};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Least characters of the note of a version.
pub const NOTE_MIN: usize = 5;

#[derive(Clone, Debug)]
pub struct Release {
    pub key: String,
    /// The revision of the draft that was looked at.
    pub expected: Option<i64>,
    pub note: String,
    /// Warnings that are accepted, as `F-012@step`.
    pub acknowledged: Vec<String>,
    /// An old version to be put in force again as a new one, in place of the draft.
    pub restore: Option<i64>,
    /// When it is to come into force: an instant, or a date in ISO 8601; at once without it.
    pub effective_at: Option<String>,
}

/// Everything that can be said against a document: the checks of the document itself, its place among the flows in
/// force, what it takes away, and its saved cases.
pub fn inspect(house: &House, text: &DraftText, now_ms: i64) -> Report {
    let doc = &text.doc;
    let mut report = check(doc, &SCHEMA, Some(&flows::known(house)));
    report.problems.extend(flows::unavailable(doc, Some(house), now_ms));
    report.problems.extend(flows::unfit(&doc.key, doc));
    report.problems.extend(flow_scope::strangers(doc, house));
    let others = house.active_flows().map(|(_, flow)| flow.doc().clone());
    let others: Vec<FlowDoc> = others.filter(|other| other.purpose == doc.purpose).collect();
    for contest in contests(doc, others.iter().filter(|other| !other.scope.is_everything())) {
        let params = BTreeMap::from([("flow".to_owned(), contest.wins)]);
        report.problems.push(Problem { code: "F-060", severity: Severity::Warning, node: None, params });
    }
    if let Some(before) = others.iter().find(|other| other.key == doc.key) {
        let asks = |change: &ordain_flow::diff::Change| {
            let kind =
                change.before.as_ref().and_then(|node| node.pointer("/kind/type")).and_then(Value::as_str);
            change.kind == ChangeKind::Removed && change.lane.is_none() && kind == Some("review")
        };
        let gone = diff(before, doc).iter().filter(|change| asks(change)).count();
        if gone > 0 {
            let version = house.active.get(&doc.key).copied().unwrap_or_default();
            let params = [("k".to_owned(), gone.to_string()), ("n".to_owned(), version.to_string())].into();
            report.problems.push(Problem { code: "F-062", severity: Severity::Warning, node: None, params });
        }
    }
    report.problems.extend(house.active_flows().flat_map(|(_, outer)| flows::breaks(outer.doc(), doc)));
    report.problems.extend(text.cases.iter().flat_map(|case| misfits(case, &doc.schema(&SCHEMA))));
    if let Ok(flow) = Flow::compile(doc.clone(), &SCHEMA) {
        let beside = |facts: &mut Facts, today: Option<Date>| {
            let today = today.unwrap_or_else(|| house.calendar.date_at(now_ms));
            look_up(facts, &flow, house, today);
        };
        report.problems.extend(failing(&flow, &text.cases, beside).into_iter().map(|failing| {
            let path = |steps: Vec<String>| steps.join(" > ");
            let params = [
                ("case".to_owned(), failing.case),
                ("expected".to_owned(), path(failing.expected)),
                ("found".to_owned(), path(failing.found)),
            ];
            Problem { code: "F-061", severity: Severity::Blocker, node: None, params: params.into() }
        }));
    }
    report
}

/// What a saved case says of an order that no order can be: it would gate nothing.
fn misfits(case: &TestCase, schema: &FactSchema) -> Vec<Problem> {
    let known = |check: &String| Check::ALL.iter().any(|known| known.name() == check);
    let checks = case.open.iter().filter(|check| !known(check)).map(|check| format!("open.{check}"));
    let named = case.misfits(schema).into_iter().chain(checks);
    let problem = |fact: String| {
        let params = [("case".to_owned(), case.name.clone()), ("fact".to_owned(), fact)].into();
        Problem { code: "F-145", severity: Severity::Blocker, node: None, params }
    };
    named.map(problem).collect()
}

/// A problem that refuses; a warning says that it can be acknowledged.
fn refusing(problem: Problem) -> Fault {
    let warning = problem.severity == Severity::Warning;
    let fault = flows::fault(problem);
    if warning { fault.with("severity", "warning") } else { fault }
}

/// How a warning is acknowledged.
pub fn mark(problem: &Problem) -> String {
    match &problem.node {
        Some(node) => format!("{}@{node}", problem.code),
        None => problem.code.to_owned(),
    }
}

pub(super) fn keys(release: &Release, org: i64, keys: &mut Keys) {
    flow_pending::keys(&release.key, org, keys);
    keys.flows.extend(release.restore.map(|version| (org, release.key.clone(), version)));
}

/// Refuses what is in the way: blockers, and warnings that nobody has acknowledged. A version that was in force has been
/// signed for; going back to it must not wait for warnings.
pub(super) fn must_pass(report: &Report, restores: bool, acknowledged: &[String]) -> Result<(), GateError> {
    let refuses = |problem: &&Problem| match problem.severity {
        Severity::Blocker => true,
        Severity::Warning => !restores && !acknowledged.contains(&mark(problem)),
        Severity::Hint => false,
    };
    let refused: Vec<Fault> = report.problems.iter().filter(refuses).cloned().map(refusing).collect();
    if refused.is_empty() { Ok(()) } else { Err(GateError::Invalid(refused)) }
}

pub(super) fn release(
    release: &Release,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let effective_ms = read(release, &house, by)?;
    let wanted = wanted(release, batch, org, by)?;
    must_pass(&inspect(&house, &wanted.text, by.at_ms), release.restore.is_some(), &release.acknowledged)?;
    let needs_approval = flow_pending::needs_approval(release, &wanted.text, &house, batch, org, by);
    let waits = needs_approval || effective_ms.is_some();
    if waits || release.restore.is_none() {
        flow_pending::must_be_alone(batch, org, &release.key)?;
    }
    if !waits {
        let in_force = InForce {
            key: &release.key,
            note: release.note.trim(),
            acknowledged: &release.acknowledged,
            restore: release.restore,
            revision: wanted.revision,
            asked_by: &by.actor,
            approved_by: None,
        };
        return put_in_force(&in_force, &wanted.text, batch, org, by);
    }
    let bug = |error: serde_json::Error| GateError::Bug(error.to_string());
    let pending = Pending {
        doc: serde_json::to_value(&wanted.text.doc).map_err(bug)?,
        cases: serde_json::to_value(&wanted.text.cases).map_err(bug)?,
        note: release.note.trim().to_owned(),
        acknowledged: release.acknowledged.clone(),
        restore: release.restore,
        revision: wanted.revision,
        asked_by: by.actor.clone(),
        asked_ms: by.at_ms,
        authors: wanted.authors,
        effective_ms,
        needs_approval,
        approved_by: None,
        failed: Vec::new(),
        late: false,
    };
    flow_pending::put(&release.key, &pending, batch, org, by)
}

/// When the release is to come into force, if not at once.
fn read(release: &Release, house: &House, by: &By) -> Result<Option<i64>, GateError> {
    let mut reading = Reading::default();
    if release.note.trim().chars().count() < NOTE_MIN {
        reading.fault(Fault::new("note_too_short", "note").with("least", NOTE_MIN.to_string()));
    }
    let path = || "effective_at".to_owned();
    let effective = release.effective_at.as_deref().filter(|text| !text.trim().is_empty());
    let effective_ms = effective.and_then(|text| reading.moment(text, Edge::Start, &house.calendar, path()));
    if effective_ms.is_some_and(|effective_ms| effective_ms <= by.at_ms) {
        reading.fault(Fault::new("not_in_future", path()));
    }
    reading.refuse()?;
    Ok(effective_ms)
}

/// A release that comes into force, with everything that was said about it.
pub(super) struct InForce<'a> {
    pub key: &'a str,
    pub note: &'a str,
    pub acknowledged: &'a [String],
    pub restore: Option<i64>,
    /// The revision of the draft that it is.
    pub revision: Option<i64>,
    pub asked_by: &'a Actor,
    pub approved_by: Option<&'a Actor>,
}

/// Makes a text that has passed its checks the version in force.
pub(super) fn put_in_force(
    release: &InForce<'_>,
    text: &DraftText,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let at = (org, release.key.to_owned());
    let active = batch.slice.active_flows.get(&at).map(|row| row.version);
    let known = house.flows.keys().filter(|pin| pin.key == release.key).map(|pin| pin.version);
    let version = known.chain(active).max().unwrap_or_default() + 1;
    let bug = |error: serde_json::Error| GateError::Bug(error.to_string());
    let stored = serde_json::to_string(&text.doc).map_err(bug)?;
    let row = FlowRow {
        org,
        key: release.key.to_owned(),
        version,
        state: "active".to_owned(),
        doc: stored,
        published_at_ms: by.at_ms,
        published_by: release.asked_by.name().to_owned(),
    };
    let told = FlowReleaseRow {
        org,
        key: release.key.to_owned(),
        version,
        note: release.note.to_owned(),
        acknowledged: serde_json::to_string(&release.acknowledged).map_err(bug)?,
        cases: serde_json::to_string(&text.cases).map_err(bug)?,
    };
    let event = json!([{ "put": "flow", "key": row.key, "version": version, "replaces": active, "note": told.note,
        "acknowledged": release.acknowledged, "restores": release.restore, "asked_by": release.asked_by,
        "approved_by": release.approved_by, "doc": text.doc }]);
    batch.record_admin(org, "publish_flow", by, &event, true)?;
    batch.slice.active_flows.insert(at.clone(), row.clone());
    // What was written since stays a draft.
    let published = |draft: &FlowDraftRow| Some(draft.revision) == release.revision;
    if batch.slice.flow_drafts.get(&at).is_some_and(published) {
        batch.slice.flow_drafts.remove(&at);
        batch.changes().flow_drafts.retain(|draft| (draft.org, draft.key.as_str()) != (org, release.key));
        batch.changes().flow_drafts_removed.push(at);
    }
    batch.changes().flows.push(row);
    batch.changes().flow_releases.push(told);
    Ok(AdminDone::Published { key: release.key.to_owned(), version })
}

/// What is to be put in force.
struct Wanted {
    text: DraftText,
    revision: Option<i64>,
    authors: BTreeSet<Uuid>,
}

/// The draft, or the old version that is to be put in force again.
fn wanted(release: &Release, batch: &Batch<'_>, org: i64, by: &By) -> Result<Wanted, GateError> {
    let unreadable = |error: serde_json::Error| GateError::Bug(error.to_string());
    if let Some(version) = release.restore {
        let row = batch.slice.flows.get(&(org, release.key.clone(), version));
        let row = row.ok_or(Refusal::UnknownVersion)?;
        let text = DraftText { doc: serde_json::from_str(&row.doc).map_err(unreadable)?, cases: Vec::new() };
        return Ok(Wanted { text, revision: None, authors: BTreeSet::new() });
    }
    let row = batch.slice.flow_drafts.get(&(org, release.key.clone())).ok_or(Refusal::NotFound)?;
    if release.expected.is_some_and(|expected| expected != row.revision) {
        return Err(Refusal::Stale { current: row.revision }.into());
    }
    // Whoever has not said which revision they have read must not publish what somebody is in the middle of.
    if release.expected.is_none() {
        must_be_free(row, by)?;
    }
    let text = DraftText {
        doc: serde_json::from_str(&row.doc).map_err(unreadable)?,
        cases: serde_json::from_str(&row.cases).map_err(unreadable)?,
    };
    Ok(Wanted { text, revision: Some(row.revision), authors: authors_of(row) })
}

/// Takes a flow out of force. The standard flow stays: it takes what no other flow does.
pub(super) fn disable(
    key: &str,
    reason: &str,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let reason = given(reason)?;
    if key == STANDARD_FLOW {
        return Err(GateError::Invalid(vec![Fault::new("standard_flow_needed", "key")]));
    }
    let house = batch.house(org)?;
    let outer: Vec<&str> = house
        .active_flows()
        .filter(|(_, flow)| runs(flow, key))
        .map(|(_, flow)| flow.doc().key.as_str())
        .collect();
    if !outer.is_empty() {
        return Err(GateError::Invalid(vec![
            Fault::new("flow_in_use", "key").with("flows", outer.join(", ")),
        ]));
    }
    let at = (org, key.to_owned());
    let row = batch.slice.active_flows.remove(&at).ok_or(Refusal::NotFound)?;
    let event = json!([{ "put": "flow", "key": key, "disabled": row.version, "reason": reason }]);
    batch.record_admin(org, "disable_flow", by, &event, true)?;
    batch.changes().flows_disabled.push(at);
    Ok(AdminDone::Nothing)
}

/// Whether a flow has a step inside which another one runs.
fn runs(flow: &Flow, inner: &str) -> bool {
    flow.nodes().any(|node| matches!(&node.kind, NodeKind::Subflow(subflow) if subflow.flow == inner))
}
