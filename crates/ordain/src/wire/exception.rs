//! Exceptions as the exception centre and the order page show them: cause, evidence, owner, and what can be done.

use super::action::{ActionView, actions};
use super::finding::message;
use super::person::{AssigneeView, PersonView, actor, assignee, user};
use crate::words::{Text, list, named, text};
use ordain_app::case::actions::of_exception;
use ordain_app::case::world::House;
use ordain_app::case::{CAUSE_KIND, Case, Exception, ExceptionKind};
use ordain_app::query::sight::Sight;
use ordain_app::rights::Caller;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Exception)]
pub struct ExceptionView {
    pub id: String,
    pub order_id: String,
    pub order_number: String,
    pub customer_name: Option<String>,
    pub kind: &'static str,
    pub title: Text,
    pub cause: Text,
    pub node_id: Option<String>,
    pub node_name: Option<Text>,
    /// The stay in that step, where it is about one: what tells runs of the same step apart.
    pub visit: Option<u32>,
    pub state: &'static str,
    pub owner: AssigneeView,
    pub taken_by: Option<PersonView>,
    pub opened_at: String,
    pub due_at: String,
    pub overdue: bool,
    pub evidence: BTreeMap<String, String>,
    /// The type by which owner and due time were found.
    pub issue: Option<IssueOfException>,
    pub reported_by: Option<PersonView>,
    /// Acts that may settle it, the suggested one first.
    pub acts: Vec<ActView>,
    pub actions: Vec<ActionView>,
    pub closed_by: Option<PersonView>,
    pub closed_at: Option<String>,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IssueOfException {
    pub code: String,
    pub name: Text,
    /// How it is handled.
    pub guidance: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SuggestedAct)]
pub struct ActView {
    pub name: &'static str,
    pub label: Text,
}

pub fn exception(
    exception: &Exception,
    case: &Case,
    house: &House,
    caller: &Caller,
    now_ms: i64,
) -> ExceptionView {
    let node = exception.node.as_ref().and_then(|node| match exception.visit {
        Some(visit) => case.node_at(house, visit, node),
        None => case.named(house, node),
    });
    let at = |ms| house.calendar.text(ms);
    let node_name = node.map(|node| Text::from(&node.name));
    let mut args = vec![("node", node_name.clone().unwrap_or_default())];
    let said = |(name, value): (&'_ String, &String)| match (name.as_str(), &exception.asked) {
        ("act", Some(_)) => named("act", value),
        ("why", _) if exception.kind == ExceptionKind::MigrationFailed => {
            text(&format!("problem.{value}.title"), &[])
        }
        ("findings", _) => open_findings(value, case, house, caller),
        _ => Text::plain(value),
    };
    args.extend(exception.evidence.iter().map(|each| (each.0.as_str(), said(each))));
    let issue = exception.issue.as_deref().map(|code| issue(code, house));
    let act = |name: &&'static str| ActView { name, label: named("act", name) };
    ExceptionView {
        id: exception.id.to_string(),
        order_id: case.order.id.to_string(),
        order_number: case.order.number.clone(),
        customer_name: case.order.checked.customer.as_ref().map(|customer| customer.name.clone()),
        kind: exception.kind.name(),
        title: match (&issue, exception.kind) {
            (Some(issue), ExceptionKind::IssueReported) => issue.name.clone(),
            _ => named("exception", exception.kind.name()),
        },
        cause: text(&cause(exception), &args),
        node_id: exception.node.clone(),
        node_name,
        visit: exception.visit,
        state: if exception.is_open() { "open" } else { "closed" },
        owner: assignee(&house.people, &exception.owner),
        taken_by: exception.taken_by.and_then(|by| user(&house.people, by)),
        opened_at: at(exception.opened_ms),
        due_at: at(exception.due_ms),
        overdue: exception.is_open() && exception.due_ms < now_ms,
        evidence: exception.evidence.clone().into_iter().filter(|(name, _)| name != CAUSE_KIND).collect(),
        reported_by: exception.reported_by.as_ref().map(|by| actor(&house.people, by)),
        issue,
        acts: exception.kind.acts().iter().map(act).collect(),
        actions: actions(of_exception(exception, caller)),
        closed_by: exception.closed.as_ref().map(|closed| actor(&house.people, &closed.by)),
        closed_at: exception.closed.as_ref().map(|closed| at(closed.at_ms)),
        reason: exception.closed.as_ref().and_then(|closed| closed.reason.clone()),
    }
}

/// What was open then, in words as far as it still is.
fn open_findings(ids: &str, case: &Case, house: &House, caller: &Caller) -> Text {
    let sight = Sight::of_case(case, house, caller);
    let told = |id: &str| {
        let known = case.order.checked.findings.iter().find(|finding| finding.id() == id);
        known.map_or_else(|| Text::plain(id), |finding| message(&sight.finding(finding)))
    };
    let told: Vec<Text> = ids.split(", ").map(told).collect();
    list(&told)
}

/// The words for how it came about, with its kind where that is known: of a late task, what became of the rule that saw to
/// it; of a flow that cannot go on, why.
fn cause(exception: &Exception) -> String {
    let key = format!("exception_cause.{}", exception.kind.name());
    match exception.evidence.get(CAUSE_KIND) {
        Some(outcome) => format!("{key}.{outcome}"),
        None => key,
    }
}

/// A type that exists no more is shown by its code.
fn issue(code: &str, house: &House) -> IssueOfException {
    let known = house.issues.find(code);
    IssueOfException {
        code: code.to_owned(),
        name: known.map_or_else(|| Text::plain(code), |known| Text::from(&known.name)),
        guidance: known.map(|known| Text::from(&known.guidance)).unwrap_or_default(),
    }
}
