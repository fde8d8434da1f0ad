//! What an order waits for, in words.

use super::finding::message;
use super::person::{AssigneeView, PersonView, actor, assignee, user};
use crate::words::{Text, named, text};
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::case::{Case, Task};
use ordain_app::query::waiting::{Waiting, WaitingFor, waiting};
use ordain_domain::actor::Actor;
use ordain_flow::doc::Party;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WaitingOn)]
pub struct WaitingView {
    /// `sender`, `task`, `step`, `customer`, `notice` or `hold`.
    pub kind: &'static str,
    pub node_id: Option<String>,
    pub node_name: Option<Text>,
    pub task_id: Option<String>,
    pub who: Option<AssigneeView>,
    pub since: String,
    pub due_at: Option<String>,
    pub overdue: bool,
    /// What would release it.
    pub releases: Text,
    pub because: Vec<BecauseView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Because)]
pub struct BecauseView {
    pub finding_code: Option<&'static str>,
    pub text: Text,
    pub facts: BTreeMap<String, String>,
}

fn plain(text: Text) -> BecauseView {
    BecauseView { finding_code: None, text, facts: BTreeMap::new() }
}

pub fn views(case: &Case, house: &House, now_ms: i64) -> Vec<WaitingView> {
    waiting(case, house).iter().map(|found| view(found, case, house, now_ms)).collect()
}

fn view(waiting: &Waiting<'_>, case: &Case, house: &House, now_ms: i64) -> WaitingView {
    let (task, node) = match &waiting.what {
        WaitingFor::Task { task, node } => (Some(*task), *node),
        WaitingFor::Step { node } => (None, Some(*node)),
        _ => (None, None),
    };
    let who = match (&waiting.what, task) {
        (_, Some(task)) => Some(holder(task, house)),
        (WaitingFor::Sender { .. }, _) => Some(sender(case, house)),
        _ => None,
    };
    let name = who.as_ref().map(|who| who.name.clone()).unwrap_or_default();
    WaitingView {
        kind: waiting.kind(),
        node_id: task.map(|task| task.node.clone()).or_else(|| node.map(|node| node.id.clone())),
        node_name: node.map(|node| Text::from(&node.name)).or_else(|| own_name(waiting)),
        task_id: task.map(|task| task.id.to_string()),
        who,
        since: house.calendar.text(waiting.since_ms),
        due_at: waiting.due_ms.map(|due| house.calendar.text(due)),
        overdue: waiting.due_ms.is_some_and(|due| due < now_ms),
        releases: text(&format!("releases.{}", waiting.releases()), &[("who", name)]),
        because: because(waiting, house),
    }
}

fn own_name(waiting: &Waiting<'_>) -> Option<Text> {
    match &waiting.what {
        WaitingFor::Sender { .. } => Some(named("status", "incomplete")),
        WaitingFor::Hold => Some(named("sentence", "on_hold")),
        _ => None,
    }
}

/// Who a task lies with: the person who claimed it, else its holder.
fn holder(task: &Task, house: &House) -> AssigneeView {
    let claimed = task.claimed_by.and_then(|id| house.people.users.get(&id));
    match claimed {
        Some(user) => one(user),
        None => assignee(&house.people, &task.holder),
    }
}

fn one(found: &User) -> AssigneeView {
    let person =
        PersonView { id: found.id.to_string(), login: found.login.clone(), name: found.name.clone() };
    let name = Text::plain(&found.name);
    AssigneeView { kind: "user", key: found.login.clone(), name, persons: vec![person] }
}

/// Who has to complete an order: the person who received it, else sales.
fn sender(case: &Case, house: &House) -> AssigneeView {
    if let Actor::Person { id, .. } = &case.order.receiver
        && let Some(found) = house.people.users.get(id).filter(|_| user(&house.people, *id).is_some())
    {
        return one(found);
    }
    assignee(&house.people, &Party::Department("sales".to_owned()))
}

fn because(waiting: &Waiting<'_>, house: &House) -> Vec<BecauseView> {
    let mut reasons = Vec::new();
    match &waiting.what {
        WaitingFor::Sender { returned: Some(returned) } => {
            let who = Text::plain(actor(&house.people, &returned.by).name);
            let reason = Text::plain(&returned.reason);
            reasons.push(plain(text("why.returned", &[("who", who), ("reason", reason)])));
        }
        WaitingFor::Task { .. } if waiting.findings.is_empty() => {
            reasons.push(plain(text("why.always", &[])));
        }
        WaitingFor::Notice { notice } => {
            let args = [("notice", named("template", &notice.template)), ("to", Text::plain(&notice.to))];
            reasons.push(plain(text("why.notice", &args)));
        }
        WaitingFor::Hold => reasons.push(plain(text("why.hold", &[]))),
        WaitingFor::Customer => reasons.push(plain(text("why.customer", &[]))),
        _ => {}
    }
    reasons.extend(waiting.findings.iter().map(|finding| BecauseView {
        finding_code: Some(finding.code.name()),
        text: message(finding),
        facts: finding.facts_for_all(),
    }));
    reasons
}
