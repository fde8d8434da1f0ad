//! Tasks as queues and pages show them.

use super::action::{ActionView, actions, of_step};
use super::brief::{FactView, summary, title};
use super::change::DifferenceView;
use super::choice::{AddedView, PointView, ReturnView, added, checklist, returns};
use super::finding::{FindingView, finding, message};
use super::person::{AssigneeView, PersonView, actor, assignee, party_name, user};
use super::route::rows;
use crate::words::{Text, list, named, text};
use ordain_app::case::actions::{of_task, press_obstacle, standing};
use ordain_app::case::decide::{lacks_file, signs, unseen};
use ordain_app::case::side_run::{MAIN, run_of};
use ordain_app::case::world::House;
use ordain_app::case::{Case, HandOverWhy, Passage, Task, TaskState, deadline, facts};
use ordain_app::query::route::{StepState, route};
use ordain_app::query::sight::Sight;
use ordain_app::query::waiting::{owned, owned_open};
use ordain_app::rights::Caller;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::money_text;
use ordain_flow::doc::{ButtonSettings, Node, Party, PersonSettings};
use ordain_flow::run::{CloseReason, Decision, Flow};
use serde::Serialize;
use utoipa::ToSchema;

/// Departments that see to goods.
const GOODS: [&str; 3] = ["warehouse", "planning", "production"];

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskView {
    pub id: String,
    /// `review`, or `completion` for an order that waits for its sender.
    pub kind: &'static str,
    pub order_id: String,
    pub order_number: String,
    pub customer_name: Option<String>,
    /// What the flow heads its tasks with.
    pub title: Option<String>,
    /// Facts of the order that the flow shows in lists.
    pub summary: Vec<FactView>,
    pub total: Option<String>,
    pub currency: String,
    /// The run that asks for it; 0 for the one that leads to the confirmation.
    pub run: u32,
    pub node_id: String,
    pub node_name: Text,
    /// What the step is about.
    pub description: Text,
    pub tags: Vec<String>,
    pub department: Option<String>,
    pub assignee: Option<AssigneeView>,
    pub claimed_by: Option<PersonView>,
    /// `open`, `done` or `closed`.
    pub state: &'static str,
    pub why: Text,
    pub opened_at: String,
    /// Nobody knows while its clock stands still.
    pub due_at: Option<String>,
    /// Since when its clock stands still: it is on hold, its order is, or the customer is waited for.
    pub stands_since: Option<String>,
    pub remind_at: Option<String>,
    pub overdue: bool,
    pub findings: Vec<FindingView>,
    pub sop: Text,
    pub decided_by: Option<PersonView>,
    /// In whose place they decided.
    pub decided_for: Option<Text>,
    /// How it ended without a decision of its own, where that is known.
    pub closed: Option<ClosedView>,
    pub decided_at: Option<String>,
    /// `approve`, `reject` or `return`.
    pub decision: Option<&'static str>,
    pub reason: Option<String>,
    pub next: Option<Text>,
    pub looks_at: Vec<String>,
    /// Fields that the caller has to have seen before an approval, and has not.
    pub unseen: Vec<String>,
    /// What a decision is signed with: `none` or `drawn`.
    pub signature: &'static str,
    /// An approval needs a file that is not there yet.
    pub lacks_attachment: bool,
    /// Comments to pick from.
    pub phrases: Vec<Text>,
    /// Earlier steps that the caller can return the order to, beside its sender.
    pub returns: Vec<ReturnView>,
    /// Paths that the step may write.
    pub writes: Vec<String>,
    /// Whether stock, plan load and lead time of the lines are looked at here.
    pub shows_supply: bool,
    pub checklist: Vec<PointView>,
    /// Whether somebody asked for the task beside what the flow says.
    pub added: Option<AddedView>,
    /// Who has delegated it, and decides once it comes back.
    pub entrusted_by: Option<PersonView>,
    /// Until when it stands still, where somebody has put it on hold.
    pub held_until: Option<String>,
    /// Working minutes for which it may still be put on hold.
    pub hold_minutes: u32,
    pub urged_at: Option<String>,
    /// The hands through which it went, the first first: when it was sent, received and taken on.
    pub passages: Vec<PassageView>,
    pub actions: Vec<ActionView>,
    /// Buttons of the step's own, while the task is open.
    pub buttons: Vec<ButtonView>,
    pub task_version: i64,
    /// What is different since the step last decided, or the caller last looked at what it was asked before; told of a
    /// task that is read by itself.
    pub changed_since: Option<ChangedSinceView>,
}

/// Work on its way to one party.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Passage)]
pub struct PassageView {
    pub to: AssigneeView,
    /// Why it did not stay with whoever had it before; nothing for the first.
    pub why: Option<&'static str>,
    pub sent_at: String,
    /// When they first opened it.
    pub received_at: Option<String>,
    /// When they claimed or decided it.
    pub taken_at: Option<String>,
}

fn passage(found: &Passage<'_>, house: &House) -> PassageView {
    let at = |ms: i64| house.calendar.text(ms);
    PassageView {
        to: assignee(&house.people, found.to),
        why: found.why.map(HandOverWhy::name),
        sent_at: at(found.sent_ms),
        received_at: found.received_ms.map(at),
        taken_at: found.taken_ms.map(at),
    }
}

/// The revision that was decided on or looked at, and what is different since.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChangedSince)]
pub struct ChangedSinceView {
    pub revision: u32,
    pub differences: Vec<DifferenceView>,
}

/// Everything a task is shown with.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// As it may be shown to the caller.
    pub case: &'a Case,
    /// As it is: the way through the flow follows from all of it.
    pub whole: &'a Case,
    pub sight: &'a Sight,
    pub flow: Option<&'a Flow>,
    pub house: &'a House,
    pub caller: &'a Caller,
    pub now_ms: i64,
}

impl<'a> Around<'a> {
    /// Beside what the facts of the order are seen.
    pub fn beside(&self) -> facts::Around<'a> {
        facts::Around { house: self.house, at_ms: self.now_ms }
    }
}

pub fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approve",
        Decision::Reject => "reject",
        Decision::Return => "return",
    }
}

pub fn total(case: &Case) -> (Option<String>, String) {
    let totals = case.order.checked.totals.as_ref();
    let currency = case.order.content.currency.clone().unwrap_or_else(|| "CNY".to_owned());
    (totals.map(|totals| money_text(totals.gross, totals.currency)), currency)
}

pub fn task(around: &Around<'_>, task: &Task) -> TaskView {
    let Around { case, house, .. } = *around;
    let at = |ms: i64| house.calendar.text(ms);
    let node = case.node_at(house, task.visit, &task.node);
    let review = node.and_then(Node::person);
    let (state, decided) = state(task);
    let (total, currency) = total(case);
    let due = deadline::due_by(task, case, house);
    let stands = deadline::stands(task, case, house).filter(|_| task.is_open());
    let acts = of_step(of_task(around.whole, task, around.caller, house, around.now_ms), review);
    TaskView {
        id: task.id.to_string(),
        kind: "review",
        order_id: case.order.id.to_string(),
        order_number: case.order.number.clone(),
        customer_name: customer_name(case),
        title: title(around),
        summary: summary(around),
        total,
        currency,
        run: run_of(task.visit),
        node_id: task.node.clone(),
        node_name: node.map_or_else(|| Text::plain(&task.node), |node| Text::from(&node.name)),
        description: node.map(|node| Text::from(&node.description)).unwrap_or_default(),
        tags: node.map(|node| node.tags.clone()).unwrap_or_default(),
        department: node.and_then(|node| node.department.clone()).or_else(|| department(&task.holder)),
        assignee: Some(assignee(&house.people, &task.holder)),
        claimed_by: task.claimed_by.and_then(|id| user(&house.people, id)),
        state,
        why: why(around, task),
        opened_at: at(task.opened_ms),
        due_at: due.map(at),
        stands_since: stands.map(at),
        remind_at: task.remind_ms.filter(|_| stands.is_none()).map(at),
        overdue: task.is_open() && due.is_some_and(|due| due < around.now_ms),
        findings: owned(case, node)
            .into_iter()
            .map(|found| finding(found, case, house, around.caller))
            .collect(),
        sop: review.map(|review| Text::from(&review.sop)).unwrap_or_default(),
        decided_for: decided_for(task).map(|party| party_name(&house.people, party)),
        closed: closed(task, house),
        decided_by: decided.map(|(by, ..)| actor(&house.people, by)),
        decided_at: decided.map(|(_, _, at_ms, _)| at(at_ms)),
        decision: decided.map(|(_, made, ..)| decision(made)),
        reason: decided.and_then(|(.., reason)| reason.clone()),
        next: next(around, task),
        looks_at: review.map(|review| review.looks_at.clone()).unwrap_or_default(),
        unseen: unseen(task, case, house, around.caller.user().map(|user| user.id)),
        signature: if review.is_some_and(signs) { "drawn" } else { "none" },
        lacks_attachment: review.is_some_and(|review| lacks_file(review, case, task)),
        phrases: review.map(|review| review.phrases.iter().map(Text::from).collect()).unwrap_or_default(),
        returns: returns(around, task, &acts),
        writes: node.map(Node::writable).unwrap_or_default(),
        shows_supply: node.is_some_and(looks_after_goods),
        checklist: checklist(node, task),
        added: task.added.as_ref().map(|by| added(by, house)),
        entrusted_by: task.entrusted_by.and_then(|id| user(&house.people, id)),
        held_until: task.held.as_ref().map(|held| at(held.until_ms)),
        hold_minutes: review.map_or(0, PersonSettings::holds_for).saturating_sub(task.held_minutes),
        urged_at: task.urged_ms.last().copied().map(at),
        passages: task.passages().iter().map(|found| passage(found, house)).collect(),
        actions: acts,
        buttons: buttons(around, task, review),
        task_version: case.version,
        changed_since: None,
    }
}

/// Who decided what, when and why.
type Decided<'t> = (&'t Actor, Decision, i64, &'t Option<String>);

/// Where it stands, with its decision.
fn state(task: &Task) -> (&'static str, Option<Decided<'_>>) {
    match &task.state {
        TaskState::Open => ("open", None),
        TaskState::Closed { .. } => ("closed", None),
        TaskState::Done { by, decision, at_ms, reason, .. } => {
            ("done", Some((by, *decision, *at_ms, reason)))
        }
    }
}

/// How a task ended that nobody needs to decide any more.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClosedTask)]
pub struct ClosedView {
    /// Whose act it was.
    pub by: PersonView,
    pub at: String,
    pub why: Text,
}

fn closed(task: &Task, house: &House) -> Option<ClosedView> {
    match &task.state {
        TaskState::Closed { at_ms, by: Some(by), reason } => Some(ClosedView {
            by: actor(&house.people, by),
            at: house.calendar.text(*at_ms),
            // What runs inside is stopped, and the order may go on.
            why: match reason {
                Some(CloseReason::Cancelled) if run_of(task.visit) != MAIN => {
                    named("close_reason", "inside_stopped")
                }
                reason => close_reason(*reason),
            },
        }),
        _ => None,
    }
}

/// Why a task is over without a decision of its own; without a reason, because others have decided.
pub fn close_reason(reason: Option<CloseReason>) -> Text {
    named("close_reason", reason.map_or("answered", CloseReason::name))
}

fn decided_for(task: &Task) -> Option<&Party> {
    match &task.state {
        TaskState::Done { on_behalf, .. } => on_behalf.as_ref(),
        TaskState::Open | TaskState::Closed { .. } => None,
    }
}

/// A button by which the holder of a task tells another system.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskButton)]
pub struct ButtonView {
    pub id: String,
    pub name: Text,
    /// What it asks first.
    pub confirm: Option<Text>,
    pub allowed: bool,
    /// Why it cannot be pressed.
    pub reason_code: Option<&'static str>,
}

fn buttons(around: &Around<'_>, task: &Task, settings: Option<&PersonSettings>) -> Vec<ButtonView> {
    let settings = settings.filter(|_| task.is_open());
    let own = settings.into_iter().flat_map(|settings| &settings.buttons);
    let view = |button: &ButtonSettings| {
        let reason_code =
            press_obstacle(around.whole, task, &button.id, around.caller, around.house, around.now_ms);
        ButtonView {
            id: button.id.clone(),
            name: Text::from(&button.name),
            confirm: button.confirm.as_ref().map(Text::from),
            allowed: reason_code.is_none(),
            reason_code,
        }
    };
    own.map(view).collect()
}

pub fn customer_name(case: &Case) -> Option<String> {
    let known = case.order.checked.customer.as_ref().map(|customer| customer.name.clone());
    known.or_else(|| case.order.content.customer.clone())
}

fn department(party: &Party) -> Option<String> {
    match party {
        Party::Department(code) => Some(code.clone()),
        _ => None,
    }
}

/// Whether a step is the warehouse's or production's, by its department or by what it answers for.
fn looks_after_goods(node: &Node) -> bool {
    let department = node.department.as_deref().is_some_and(|code| GOODS.contains(&code));
    let owns = node.person().is_some_and(|settings| settings.owns.iter().any(|check| check == "stock"));
    department || owns
}

/// Why somebody is asked: what the step has to settle, or the condition that led there.
fn why(around: &Around<'_>, task: &Task) -> Text {
    let Around { case, flow, house, .. } = *around;
    let node = case.node_at(house, task.visit, &task.node);
    let owns = node.and_then(Node::person).is_some_and(|settings| !settings.owns.is_empty());
    let open = if owns { owned_open(case, node) } else { Vec::new() };
    if !open.is_empty() {
        let texts: Vec<Text> = open.iter().take(3).map(|finding| message(finding)).collect();
        return list(&texts);
    }
    let lane = flow.and_then(|flow| {
        let step =
            route(around.whole, flow, around.house).into_iter().find(|step| step.node.id == task.node)?;
        rows(&step.because, around.sight, flow.schema())
    });
    lane.unwrap_or_else(|| text("why.always", &[]))
}

/// Where the order goes when this task is approved.
fn next(around: &Around<'_>, task: &Task) -> Option<Text> {
    if !task.is_open() || standing(around.whole, task, around.house).is_some() {
        return None;
    }
    let flow = around.flow?;
    let steps = route(around.whole, flow, around.house);
    let others = steps
        .iter()
        .any(|step| step.state == StepState::Open && step.task.is_some_and(|other| other.id != task.id));
    let own = steps.iter().position(|step| step.node.id == task.node)?;
    let ahead = steps
        .iter()
        .skip(own + 1)
        .find(|step| step.state == StepState::Waiting && !step.by_rule && step.node.person().is_some());
    let Some(ahead) = ahead else {
        return (!others).then(|| text("why.next_confirmed", &[]));
    };
    let key = if others { "why.next_parallel" } else { "why.next" };
    Some(text(key, &[("node", Text::from(&ahead.node.name))]))
}

/// An order of which somebody was told in copy, shaped like a task.
pub fn copy(around: &Around<'_>) -> TaskView {
    TaskView {
        kind: "copy",
        node_name: text("why.copied", &[]),
        why: super::sentence::of_order(around.case, around.house, around.now_ms),
        ..completion(around)
    }
}

/// An order that waits for its sender, shaped like a task.
pub fn completion(around: &Around<'_>) -> TaskView {
    let Around { case, house, .. } = *around;
    let (total, currency) = total(case);
    let wait = super::waiting::views(case, house, around.now_ms).into_iter().next();
    let blockers = case.order.checked.findings.iter().filter(|finding| case.order.is_open(finding));
    let because: Vec<Text> =
        wait.iter().flat_map(|wait| &wait.because).take(3).map(|reason| reason.text.clone()).collect();
    let created = house.calendar.text(case.order.created_ms);
    TaskView {
        id: case.order.id.to_string(),
        kind: "completion",
        order_id: case.order.id.to_string(),
        order_number: case.order.number.clone(),
        customer_name: customer_name(case),
        title: title(around),
        summary: summary(around),
        total,
        currency,
        run: MAIN,
        node_id: "completion".to_owned(),
        node_name: text("why.completion", &[]),
        description: Text::default(),
        tags: Vec::new(),
        department: None,
        assignee: wait.as_ref().and_then(|wait| wait.who.clone()),
        claimed_by: None,
        state: if case.order.status.is_editable() { "open" } else { "done" },
        why: if because.is_empty() {
            super::sentence::of_order(case, house, around.now_ms)
        } else {
            list(&because)
        },
        opened_at: wait.as_ref().map_or(created, |wait| wait.since.clone()),
        due_at: None,
        stands_since: None,
        remind_at: None,
        overdue: false,
        findings: blockers.map(|found| finding(found, case, house, around.caller)).collect(),
        sop: Text::default(),
        decided_for: None,
        closed: None,
        decided_by: None,
        decided_at: None,
        decision: None,
        reason: case.returned.as_ref().map(|returned| returned.reason.clone()),
        next: None,
        looks_at: Vec::new(),
        unseen: Vec::new(),
        signature: "none",
        lacks_attachment: false,
        phrases: Vec::new(),
        returns: Vec::new(),
        writes: Vec::new(),
        shows_supply: false,
        checklist: Vec::new(),
        added: None,
        entrusted_by: None,
        held_until: None,
        hold_minutes: 0,
        urged_at: None,
        passages: Vec::new(),
        actions: actions(ordain_app::case::actions::of_order(around.whole, around.caller, house)),
        buttons: Vec::new(),
        task_version: case.version,
        changed_since: None,
    }
}
