//! Publishing of flows: only a document that passes every check and can be run becomes a version.

use super::AdminDone;
use super::flow_draft::read_document;
use super::unchecked::unchecked;
use crate::case::connector::{Connectors, Operation, is_carried, values_of};
use crate::case::decide::By;
use crate::case::facts::SCHEMA;
use crate::case::people::ROLES;
use crate::case::world::{House, STANDARD_FLOW};
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_connect::template::is_known;
use ordain_domain::finding::{Check, Code, Severity as FindingSeverity};
use ordain_flow::access::{bare, full};
use ordain_flow::check::{People, Problem, Severity, check};
use ordain_flow::doc::{
    Channel, ConnectorSettings, EndNotice, FlowDoc, HookSettings, Node, NodeKind, NotifyTo, OnFail, Purpose,
    SubflowPer, SubflowSettings, walk,
};
use ordain_flow::rule::{FieldType, Operand};
use ordain_flow::run::Flow;
use ordain_store::FlowRow;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

pub(super) fn publish(
    key: &str,
    doc: &str,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let before = batch.slice.active_flows.get(&(org, key.to_owned())).cloned();
    let version = before.as_ref().map_or(1, |row| row.version + 1);
    let row = published(key, doc, version, Some(&house), org, by)?;
    if before.as_ref().is_some_and(|before| before.doc == row.doc) {
        return Ok(AdminDone::Published { key: key.to_owned(), version: version - 1 });
    }
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    // The version before stands in the log already, in full.
    let event = json!([{ "put": "flow", "key": key, "version": version,
        "replaces": before.map(|row| row.version), "doc": value(&row.doc) }]);
    batch.record_admin(org, "publish_flow", by, &event, true)?;
    batch.slice.active_flows.insert((org, key.to_owned()), row.clone());
    batch.changes().flows.push(row);
    Ok(AdminDone::Published { key: key.to_owned(), version })
}

/// The row of a version, if the document may be published. Without a house, as in a company that is being founded,
/// the checks of owners are left to the process admin.
pub(super) fn published(
    key: &str,
    text: &str,
    version: i64,
    house: Option<&House>,
    org: i64,
    by: &By,
) -> Result<FlowRow, GateError> {
    let malformed = |error: serde_json::Error| {
        let at = format!("{}:{}", error.line(), error.column());
        GateError::Invalid(vec![Fault::new("malformed_json", "").with("at", at)])
    };
    let value: Value = serde_json::from_str(text).map_err(malformed)?;
    let people = house.map(known);
    let problems = |doc: &FlowDoc| {
        let checked = check(doc, &SCHEMA, people.as_ref()).problems.into_iter();
        checked.chain(unavailable(doc, house, by.at_ms)).chain(unfit(key, doc)).collect::<Vec<_>>()
    };
    let doc = read_document(&value, "", |doc| problems(&doc)).map_err(GateError::Invalid)?;
    let found = problems(&doc).into_iter().filter(|problem| problem.severity == Severity::Blocker);
    let blockers: Vec<Fault> = found.map(fault).collect();
    if !blockers.is_empty() {
        return Err(GateError::Invalid(blockers));
    }
    let stored = serde_json::to_string(&doc).map_err(|error| GateError::Bug(error.to_string()))?;
    Flow::compile(doc, &SCHEMA)
        .map_err(|problems| GateError::Invalid(problems.into_iter().map(fault).collect()))?;
    Ok(FlowRow {
        org,
        key: key.to_owned(),
        version,
        state: "active".to_owned(),
        doc: stored,
        published_at_ms: by.at_ms,
        published_by: by.actor.name().to_owned(),
    })
}

fn blocker(code: &'static str, node: Option<&str>, (name, value): (&str, &str)) -> Problem {
    let params = BTreeMap::from([(name.to_owned(), value.to_owned())]);
    Problem { code, severity: Severity::Blocker, node: node.map(str::to_owned), params }
}

/// How many of the steps of a flow nothing here could carry out now.
pub fn faults(doc: &FlowDoc, house: &House, now_ms: i64) -> usize {
    let found = unavailable(doc, Some(house), now_ms);
    found.iter().filter(|problem| problem.severity == Severity::Blocker).count()
}

/// Steps that nothing here could carry out: calls of connectors that are not ready, and flows that cannot run inside.
pub(super) fn unavailable(doc: &FlowDoc, house: Option<&House>, now_ms: i64) -> Vec<Problem> {
    let of = |node: &Node| match &node.kind {
        NodeKind::ConnectorCall(call) => {
            match ready((&call.connector, &call.operation), &node.id, house, now_ms) {
                Ok(operation) => unmapped(doc, &node.id, call, &operation),
                Err(problem) => vec![problem],
            }
        }
        NodeKind::Subflow(subflow) => {
            let pin = house.and_then(|house| house.in_force(&subflow.flow, Purpose::Subflow));
            let inner = pin.and_then(|pin| house?.flow(&pin));
            let circle = || Some(circle(doc, &subflow.flow, house?)?.join(" → "));
            match (inner, circle()) {
                (None, _) => vec![blocker("F-098", Some(&node.id), ("flow", &subflow.flow))],
                (Some(_), Some(chain)) => vec![blocker("F-093", Some(&node.id), ("chain", &chain))],
                (Some(inner), None) => unmatched(doc, &node.id, subflow, inner.doc()),
            }
        }
        _ => node.hooks().flat_map(|hook| unhooked(doc, node, hook, house, now_ms)).collect(),
    };
    let all = walk(doc);
    let unwritten = all.iter().filter_map(|place| unwritten(place.node));
    let unwritten = unwritten.collect::<Vec<_>>();
    let shut = all.iter().flat_map(|place| not_set_up(place.node, house)).collect::<Vec<_>>();
    let unnamed = all.iter().flat_map(|place| unnamed(place.node)).collect::<Vec<_>>();
    let strays = all.iter().flat_map(|place| strays(place.node)).collect::<Vec<_>>();
    let returning = all.iter().flat_map(|place| vain_returns(place.node)).collect::<Vec<_>>();
    let found = all.iter().flat_map(|place| of(place.node)).chain(shut).chain(unwritten);
    found.chain(unnamed).chain(strays).chain(returning).chain(unchecked(doc)).collect()
}

/// The operation that a step calls, or why it cannot be called.
fn ready(
    (connector, operation): (&str, &str),
    node: &str,
    house: Option<&House>,
    now_ms: i64,
) -> Result<Operation, Problem> {
    let none = Connectors::default();
    let known = house.map_or(&none, |house| &house.connectors);
    let found = known.operation((connector, operation), now_ms);
    found.map(|(_, operation)| operation.clone()).map_err(|unfit| {
        let mut problem = blocker("F-050", Some(node), ("connector", connector));
        problem.params.insert("operation".to_owned(), operation.to_owned());
        problem.params.insert("connector_state".to_owned(), unfit.name().to_owned());
        problem
    })
}

/// What keeps a call from being made that nobody waits for.
fn unhooked(
    doc: &FlowDoc,
    node: &Node,
    hook: &HookSettings,
    house: Option<&House>,
    now_ms: i64,
) -> Vec<Problem> {
    match ready((&hook.connector, &hook.operation), &node.id, house, now_ms) {
        Ok(_) => {
            let unknown = hook.request.values().filter(|field| !is_carried(doc, field));
            unknown.map(|field| warning_of_field(&node.id, field)).collect()
        }
        Err(problem) => vec![problem],
    }
}

/// Checks that are none, and notices to people that have no words.
fn unnamed(node: &Node) -> Vec<Problem> {
    let owned = node.person().map(|person| person.owns.as_slice()).unwrap_or_default();
    let owned = owned.iter().map(|check| ("owns", check.as_str()));
    let run = match &node.kind {
        NodeKind::AutoCheck { checks, .. } => checks.as_slice(),
        _ => &[],
    };
    let before = match &node.kind {
        NodeKind::Start(start) => start.must_pass.as_slice(),
        _ => &[],
    };
    let before = before.iter().map(|check| ("must_pass", check.as_str()));
    let named = owned.chain(before).chain(run.iter().map(|rule| ("checks", rule.check.as_str())));
    let unknown = named.filter(|(_, name)| !Check::ALL.iter().any(|check| check.name() == *name));
    let unknown = unknown.map(|(setting, check)| {
        let mut problem = blocker("F-122", Some(&node.id), ("check", check));
        problem.params.insert("setting".to_owned(), setting.to_owned());
        problem
    });
    let mut told: Vec<&str> = node
        .person()
        .into_iter()
        .flat_map(|person| person.notices.values())
        .filter_map(|rule| rule.template.as_deref())
        .collect();
    match &node.kind {
        NodeKind::Notify { template, to, .. } if !to.contains(&NotifyTo::Customer) => told.push(template),
        NodeKind::End { notices, .. } => {
            let to_people = notices.iter().filter(|notice| !notice.to.contains(&NotifyTo::Customer));
            told.extend(to_people.map(|notice| notice.template.as_str()));
        }
        _ => {}
    }
    let wordless = told.into_iter().filter(|template| !is_known(template) && !has_words("notice", template));
    // People are told all the same, if not of what.
    let wordless = wordless.map(|template| Problem {
        severity: Severity::Warning,
        ..blocker("F-123", Some(&node.id), ("template", template))
    });
    unknown.chain(wordless).collect()
}

/// Checks that are to send the order back and find nothing that its sender could mend.
fn vain_returns(node: &Node) -> Vec<Problem> {
    let NodeKind::AutoCheck { checks, .. } = &node.kind else { return Vec::new() };
    let mended = |check: &str| {
        Code::ALL
            .iter()
            .any(|code| code.check().name() == check && code.severity() == FindingSeverity::Blocker)
    };
    let known = |check: &str| Check::ALL.iter().any(|known| known.name() == check);
    let vain = checks.iter().filter(|rule| rule.on_fail == OnFail::Return);
    let vain = vain.map(|rule| rule.check.as_str()).filter(|check| known(check) && !mended(check));
    let problem = |check| blocker("F-134", Some(&node.id), ("check", check));
    vain.map(|check| Problem { severity: Severity::Warning, ..problem(check) }).collect()
}

/// Paths below what an order holds by itself where it holds nothing.
fn strays(node: &Node) -> Vec<Problem> {
    let Some(person) = node.person() else { return Vec::new() };
    let first = person.looks_at.iter().map(|path| ("looks_at", path));
    let named = person.fields.keys().map(|path| ("fields", path));
    let asked = person.requires.iter().map(|path| ("requires", path));
    let stray = first.chain(named).chain(asked).filter(|(_, path)| !is_held(path));
    let problem = |(setting, path): (&str, &String)| {
        let mut problem = blocker("F-124", Some(&node.id), ("field", path));
        problem.params.insert("setting".to_owned(), setting.to_owned());
        Problem { severity: Severity::Warning, ..problem }
    };
    stray.map(problem).collect()
}

/// Whether an order may hold something at a path, by the words that people are shown for it; custom fields are no
/// matter here.
fn is_held(path: &str) -> bool {
    let path = bare(path);
    let inner = |name: &str| has_words("field", name);
    let custom = full(&path) != path || path.starts_with("extra") || path.starts_with("lines.extra");
    let sums = ["totals", "totals.net", "totals.tax", "totals.gross"].contains(&path.as_str());
    let line = path.strip_prefix("lines.").map(|name| format!("line.{name}"));
    custom || sums || inner(line.as_deref().unwrap_or(&path))
}

/// What has words of a kind: templates of notices, fields of orders.
fn has_words(kind: &str, name: &str) -> bool {
    static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let words: BTreeMap<String, Value> =
            serde_json::from_str(include_str!("../../../../locales/en.json")).unwrap_or_default();
        words.into_keys().collect()
    });
    KNOWN.contains(&format!("{kind}.{name}"))
}

/// What customers are to be sent and nobody has written.
fn unwritten(node: &Node) -> Option<Problem> {
    let template = match &node.kind {
        NodeKind::CustomerConfirmation(customer) => &customer.template,
        NodeKind::Notify { template, to, .. } if to.contains(&NotifyTo::Customer) => template,
        NodeKind::End { notices, .. } => {
            let to_customer = |notice: &&EndNotice| notice.to.contains(&NotifyTo::Customer);
            &notices.iter().filter(to_customer).find(|notice| !is_known(&notice.template))?.template
        }
        _ => return None,
    };
    (!is_known(template)).then(|| blocker("F-054", Some(&node.id), ("template", template)))
}

/// Ways to the customer that nothing carries.
fn not_set_up(node: &Node, house: Option<&House>) -> Vec<Problem> {
    let carried = |way: &Channel| {
        house.is_some_and(|house| house.channels.carries(*way)) || (house.is_none() && *way == Channel::Mail)
    };
    let shut = node.channels().iter().filter(|way| !carried(way));
    let problem = |way: &Channel| blocker("F-053", Some(&node.id), ("channel", way.name()));
    shut.map(|way| Problem { severity: Severity::Warning, ..problem(way) }).collect()
}

/// Fields that a call cannot send because the order has none of that name, and fields that what the system is known to
/// answer does not fit.
fn unmapped(doc: &FlowDoc, node: &str, call: &ConnectorSettings, operation: &Operation) -> Vec<Problem> {
    let sent = call.request.values().filter(|field| !is_carried(doc, field)).cloned();
    let misfit = |(field, at): (&String, &String)| {
        let one = ConnectorSettings { response: [(field.clone(), at.clone())].into(), ..call.clone() };
        let sample = operation.sample.as_ref()?;
        values_of(&one, doc, sample).err()
    };
    let answered = call.response.iter().filter_map(misfit);
    sent.chain(answered).map(|field| warning_of_field(node, &field)).collect()
}

fn warning_of_field(node: &str, field: &str) -> Problem {
    Problem { severity: Severity::Warning, ..blocker("F-051", Some(node), ("field", field)) }
}

/// Fields that a subflow is given, or gives back, and that the one flow or the other does not know; or knows with
/// another type.
fn unmatched(doc: &FlowDoc, node: &str, subflow: &SubflowSettings, inner: &FlowDoc) -> Vec<Problem> {
    let unknown = |field: &str| blocker("F-102", Some(node), ("field", field));
    let declared = |name: &str| inner.fields.iter().find(|custom| custom.field == name && !custom.line);
    // A run about a line reads of the order too, and writes into its line alone.
    let outer = |name: &str, back: bool| {
        let line = subflow.per == SubflowPer::Line;
        let fits = |of_line: bool| if line { of_line || !back } else { !of_line };
        let custom = doc.fields.iter().find(|custom| custom.field == name && fits(custom.line));
        custom.map(|custom| FieldType::from(&custom.kind)).or_else(|| {
            let own = SCHEMA.fields().iter().find(|field| field.name == name && !field.line);
            own.map(|field| field.kind.clone())
        })
    };
    let differs = |one: &FieldType, two: &FieldType| {
        let alike = (one.is_numeric() && two.is_numeric()) || (one.is_textual() && two.is_textual());
        one.word() != two.word() && !alike
    };
    let misfit = |field: &str| warning_of_field(node, field);
    let compare = |field: &str, name: &str, back: bool| match (declared(field), outer(name, back)) {
        (None, _) => Some(unknown(field)),
        (_, None) => Some(unknown(name)),
        (Some(custom), Some(kind)) => differs(&FieldType::from(&custom.kind), &kind).then(|| misfit(field)),
    };
    let given = |(field, value): (&String, &Operand)| match (value, declared(field)) {
        (Operand::Field(name), _) => compare(field, name, false),
        (_, None) => Some(unknown(field)),
        (constant, Some(custom)) => {
            let fits = constant.value().is_some_and(|value| custom.takes_constant(&value));
            (!fits).then(|| misfit(field))
        }
    };
    let back = subflow.output.iter().filter_map(|(field, to)| compare(field, to, true));
    subflow.input.iter().filter_map(given).chain(back).collect()
}

/// What a new version of a flow would break in one that runs it inside.
pub(super) fn breaks(outer: &FlowDoc, inner: &FlowDoc) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in walk(outer).into_iter().map(|place| place.node).filter(|_| outer.key != inner.key) {
        let NodeKind::Subflow(subflow) = &node.kind else { continue };
        if subflow.flow != inner.key {
            continue;
        }
        if inner.purpose != Purpose::Subflow {
            problems.push(blocker("F-143", None, ("flow", &outer.key)));
            continue;
        }
        let lost = unmatched(outer, &node.id, subflow, inner).into_iter();
        problems.extend(lost.map(|mut problem| {
            problem.params.insert("flow".to_owned(), outer.key.clone());
            Problem { code: "F-144", node: None, ..problem }
        }));
    }
    problems
}

/// The flow that takes what no other does must lead to a confirmation.
pub(super) fn unfit(key: &str, doc: &FlowDoc) -> Option<Problem> {
    let other = key == STANDARD_FLOW && doc.purpose != Purpose::Confirmation;
    other.then(|| blocker("F-099", doc.steps.first().map(|node| node.id.as_str()), ("what", "purpose")))
}

/// The way from a flow over those that run inside it back to itself.
fn circle(doc: &FlowDoc, inner: &str, house: &House) -> Option<Vec<String>> {
    let (mut seen, mut ways) = (BTreeSet::new(), vec![vec![doc.key.clone(), inner.to_owned()]]);
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        if *last == doc.key {
            return Some(way);
        }
        let flow = house.in_force(last, Purpose::Subflow).and_then(|pin| house.flow(&pin));
        for node in flow.filter(|_| seen.insert(last.clone())).into_iter().flat_map(|flow| flow.nodes()) {
            if let NodeKind::Subflow(subflow) = &node.kind {
                ways.push(way.iter().cloned().chain([subflow.flow.clone()]).collect());
            }
        }
    }
    None
}

pub(super) fn fault(problem: Problem) -> Fault {
    Fault { code: problem.code.to_owned(), path: problem.node.unwrap_or_default(), facts: problem.params }
}

/// The directory as the checks of flows know it.
pub(super) fn known(house: &House) -> People {
    let directory = &house.people;
    let sets = house.sets.keys().cloned().collect();
    let rosters = house.organisation.rosters.keys().cloned().collect();
    let mut people = People { sla: house.sla.clone(), sets, rosters, ..People::default() };
    let own = directory.own_roles.items.iter().map(|role| role.code.clone());
    people
        .roles
        .extend(ROLES.iter().map(|role| (*role).to_owned()).chain(own).map(|role| (role, Vec::new())));
    for code in directory.departments.keys() {
        people.departments.entry(code.clone()).or_default();
    }
    for user in directory.users.values() {
        people.users.insert(user.login.clone(), !user.disabled);
        if !directory.may_decide(user) {
            people.barred.insert(user.login.clone());
        }
        if let Some(department) = &user.department {
            people.departments.entry(department.clone()).or_default().push(user.login.clone());
        }
        for role in &user.roles {
            people.roles.entry(role.clone()).or_default().push(user.login.clone());
        }
    }
    people
}
