//! Whom or what an order waits for, since when, and what would release it.

use crate::case::waits::{Wait, waits};
use crate::case::world::House;
use crate::case::{Case, Notice, Returned, Task, deadline};
use ordain_domain::finding::{Code, Finding, Severity};
use ordain_domain::order::Status;
use ordain_flow::doc::{Node, NodeKind};
use ordain_flow::run::{Visit, VisitKind};

/// The kind of a wait, with what it is about.
#[derive(Clone, Debug)]
pub enum WaitingFor<'a> {
    /// The sender has to complete the order.
    Sender { returned: Option<&'a Returned> },
    /// Somebody has to decide.
    Task { task: &'a Task, node: Option<&'a Node> },
    /// A step that nobody of the house decides: a time, an event, the answer of another system.
    Step { node: &'a Node },
    /// The customer's answer.
    Customer,
    /// A message that has not left.
    Notice { notice: &'a Notice },
    /// Somebody put it on hold.
    Hold,
}

/// One wait.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    pub what: WaitingFor<'a>,
    pub since_ms: i64,
    pub due_ms: Option<i64>,
    /// The findings that cause it.
    pub findings: Vec<&'a Finding>,
}

impl Waiting<'_> {
    pub fn kind(&self) -> &'static str {
        match self.what {
            WaitingFor::Sender { .. } => "sender",
            WaitingFor::Task { .. } => "task",
            WaitingFor::Step { .. } => "step",
            WaitingFor::Customer => "customer",
            WaitingFor::Notice { .. } => "notice",
            WaitingFor::Hold => "hold",
        }
    }

    /// Code of what would release it.
    pub fn releases(&self) -> &'static str {
        let short = || self.findings.iter().any(|finding| finding.code == Code::StockShort);
        match &self.what {
            WaitingFor::Sender { returned: Some(_) } => "resubmission",
            WaitingFor::Sender { returned: None } => "completion",
            WaitingFor::Task { .. } if short() => "goods",
            WaitingFor::Task { .. } if self.findings.is_empty() => "decision",
            WaitingFor::Task { .. } => "decision_with_reason",
            WaitingFor::Step { node } => match node.kind {
                NodeKind::Delay(_) => "time",
                NodeKind::WaitEvent(_) => "event",
                _ => "system",
            },
            WaitingFor::Customer => "answer",
            WaitingFor::Notice { .. } => "delivery",
            WaitingFor::Hold => "resume",
        }
    }
}

/// Everything the order waits for, the one due first at the front.
pub fn waiting<'a>(case: &'a Case, house: &'a House) -> Vec<Waiting<'a>> {
    let order = &case.order;
    let mut found = Vec::new();
    if order.on_hold {
        let since_ms = order.updated_ms;
        found.push(Waiting { what: WaitingFor::Hold, since_ms, due_ms: None, findings: Vec::new() });
    }
    if order.status == Status::Incomplete {
        found.push(sender(case));
    }
    let mut tasks: Vec<&Task> = case.open_tasks().map(|(_, task)| task).collect();
    let due = |task: &Task| deadline::due_by(task, case, house);
    tasks.sort_by_key(|task| (due(task).unwrap_or(i64::MAX), task.id));
    for task in tasks {
        let node = case.node_at(house, task.visit, &task.node);
        found.push(Waiting {
            what: WaitingFor::Task { task, node },
            since_ms: task.opened_ms,
            due_ms: due(task),
            findings: owned_open(case, node),
        });
    }
    found.extend(steps(case, house));
    if order.status == Status::AwaitingCustomer {
        let since_ms = order.updated_ms;
        let of_customer = |wait: &Wait| matches!(wait, Wait::Due(visit) if case.asks_customer(*visit));
        let due = waits(case, house).into_iter().filter(|(wait, _)| of_customer(wait));
        let due_ms = due.map(|(_, at_ms)| at_ms).min();
        found.push(Waiting { what: WaitingFor::Customer, since_ms, due_ms, findings: Vec::new() });
    }
    let unsent = |notice: &&Notice| notice.channel != "in_app" && notice.sent_ms.is_none();
    for notice in case.notices.iter().filter(unsent) {
        found.push(Waiting {
            what: WaitingFor::Notice { notice },
            since_ms: notice.queued_ms,
            due_ms: notice.late_ms,
            findings: Vec::new(),
        });
    }
    found
}

/// Steps in which the runs of an order stand without asking anybody.
fn steps<'a>(case: &Case, house: &'a House) -> Vec<Waiting<'a>> {
    let dues = waits(case, house);
    let open = case.runs().flat_map(|(_, run)| run.open_visits());
    let silent =
        open.filter(|visit| matches!(visit.kind, VisitKind::Delay | VisitKind::Event | VisitKind::Call));
    let waiting = |visit: &Visit| {
        let due = dues.iter().filter(|(wait, _)| wait.visit() == visit.visit).map(|(_, at_ms)| *at_ms).min();
        let what = WaitingFor::Step { node: case.node_at(house, visit.visit, &visit.node)? };
        Some(Waiting { what, since_ms: visit.since_ms, due_ms: due, findings: Vec::new() })
    };
    silent.filter_map(waiting).collect()
}

fn sender(case: &Case) -> Waiting<'_> {
    let blockers = case.order.open_findings().filter(|finding| finding.code.severity() == Severity::Blocker);
    let returned = case.returned.as_ref();
    Waiting {
        what: WaitingFor::Sender { returned },
        since_ms: case.incomplete_since_ms.unwrap_or(case.order.updated_ms),
        due_ms: None,
        findings: blockers.collect(),
    }
}

/// The open findings that a step answers for; a step that owns nothing is shown all of them.
pub fn owned_open<'a>(case: &'a Case, node: Option<&Node>) -> Vec<&'a Finding> {
    owned(case, node).into_iter().filter(|finding| case.order.is_open(finding)).collect()
}

/// The findings that a step answers for, accepted ones included.
pub fn owned<'a>(case: &'a Case, node: Option<&Node>) -> Vec<&'a Finding> {
    let mine = |finding: &&Finding| node.is_none_or(|node| node.answers_for(finding.code.check().name()));
    case.order.checked.findings.iter().filter(mine).collect()
}
