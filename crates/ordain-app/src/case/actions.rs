//! What somebody may do with an order or a task right now, with the reason where they may not.
//!
//! The pages hold no copy of these rules: they draw what this module says.

use super::attachment::ATTACHMENTS_MAX;
use super::choices::PeopleChoice;
use super::decide::{
    answer_recorder, awaits_signers, forbids_batch, is_complained_of, is_mergeable, is_paid_for,
    is_past_recall, is_too_late, is_urged_lately, is_with_sender, may_decide, opened_after, owes_receipt,
    owned_open, rebase, settles, ships,
};
use super::facts::{self, Around};
use super::loss::has_ended;
use super::refusal::Refusal;
use super::side_run::{MAIN, run_of};
use super::world::House;
use super::{Case, Exception, Task, TaskState, choices};
use crate::rights::{Caller, Permission};
use ordain_domain::actor::Actor;
use ordain_domain::finding::Code;
use ordain_domain::order::{Change, ChangeState, Order, Status};
use ordain_flow::doc::{Node, NodeKind, PersonSettings, TaskAction};
use ordain_flow::run::{Flow, Input, step};
use serde::Serialize;

/// One act and whether it is open to the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    pub name: &'static str,
    pub allowed: bool,
    /// Why not, as a code with words in `locales/`.
    pub reason_code: Option<&'static str>,
}

impl Action {
    pub(super) fn when(name: &'static str, obstacle: Option<&'static str>) -> Self {
        Self { name, allowed: obstacle.is_none(), reason_code: obstacle }
    }
}

/// Acts on an order as a whole. What can never be done with this order in its status is left out, beside the usual ones.
pub fn of_order(case: &Case, caller: &Caller, house: &House) -> Vec<Action> {
    let order = &case.order;
    let status = order.status;
    let right = (!caller.may(Permission::WriteOrders)).then_some("no_right");
    let first = |obstacles: [Option<&'static str>; 3]| obstacles.into_iter().flatten().next();
    let editable = (!status.is_editable()).then_some("wrong_status");
    let live =
        (!matches!(status, Status::Draft | Status::Incomplete | Status::InReview)).then_some("wrong_status");
    let held = order.on_hold.then_some("on_hold");
    let taken = case.is_taken_over().then_some("taken_over");
    let dead =
        matches!(status, Status::Rejected | Status::Cancelled | Status::Expired).then_some("wrong_status");
    let mut acts = vec![
        Action::when("edit", first([right, editable, None])),
        Action::when("submit", first([right, editable, held])),
        Action::when(
            "cancel",
            first([right, unfit(may_be_cancelled(status)), held.filter(|_| status == Status::InFulfilment)]),
        ),
        Action::when("hold", first([right, status.is_over().then_some("wrong_status"), held])),
        Action::when("resume", first([right, (!order.on_hold).then_some("not_on_hold"), taken])),
        Action::when("copy", right),
        Action::when("request_change", request_change(order, caller.may(Permission::ChangeOrders))),
        Action::when("split", request_change(order, caller.may(Permission::WriteOrders))),
        Action::when("merge", first([right, unfit(is_mergeable(status)), held])),
        Action::when("ask", live),
        Action::when("comment", None),
        Action::when("attach", full(case)),
        Action::when("report_issue", dead),
    ];
    acts.extend(of_fulfilment(order, caller));
    if has_ended(case) && caller.may(Permission::ReadReports) {
        acts.push(Action::when("explain_loss", case.loss.as_ref().map(|_| "loss_explained")));
    }
    if status == Status::InReview && !order.is_changing() {
        let past = is_past_recall(case, house).then_some("past_recall");
        acts.push(Action::when("recall", first([right, past, held])));
    }
    if let Some(recorder) = answer_recorder(case, house) {
        let records = caller.user().is_some_and(|user| user.belongs_to(&recorder));
        let other = (!records).then_some("not_the_recorder");
        acts.push(Action::when("record_answer", first([right, other, held])));
    }
    if caller.user().is_some_and(|user| owes_receipt(case, user.id)) {
        acts.push(Action::when("acknowledge", None));
    }
    let ahead = choices::people(case, house);
    if !ahead.is_empty() {
        let chooses =
            |choice: &PeopleChoice<'_>| choices::may_choose(case, house, caller.user(), choice.node);
        acts.push(Action::when("choose_people", right.filter(|_| !ahead.iter().any(chooses))));
    }
    if choices::notice(order).is_some() {
        acts.push(Action::when("send_notice", right));
    }
    acts
}

fn full(case: &Case) -> Option<&'static str> {
    (case.attachments.len() >= ATTACHMENTS_MAX).then_some("too_many_attachments")
}

fn unfit(fits: bool) -> Option<&'static str> {
    (!fits).then_some("wrong_status")
}

/// Of what has left in part, the rest is cancelled.
fn may_be_cancelled(status: Status) -> bool {
    status.may_become(Status::Cancelled) || status == Status::InFulfilment
}

fn not_paid(order: &Order) -> Option<&'static str> {
    let changing = order.is_changing().then_some("change_under_review");
    changing.or((order.fulfilment.paid_minor() == 0).then_some("nothing_paid"))
}

fn not_invoiced(order: &Order) -> Option<&'static str> {
    (order.fulfilment.invoiced_minor() == 0).then_some("nothing_invoiced")
}

/// What is recorded of an order by those whose work that is.
fn of_fulfilment(order: &Order, caller: &Caller) -> impl Iterator<Item = Action> {
    let held = order.on_hold.then_some("on_hold");
    let status = order.status;
    let acts = [
        ("ship", Permission::ShipOrders, held.or(unfit(ships(status)))),
        ("record_payment", Permission::KeepAccounts, unfit(is_paid_for(status))),
        ("reverse_payment", Permission::KeepAccounts, not_paid(order)),
        ("record_invoice", Permission::KeepAccounts, unfit(status.is_firm())),
        ("correct_invoice", Permission::KeepAccounts, not_invoiced(order)),
        ("record_complaint", Permission::WriteOrders, unfit(is_complained_of(status))),
    ];
    acts.into_iter().filter(|(_, right, _)| caller.may(*right)).map(|(name, _, why)| Action::when(name, why))
}

fn request_change(order: &Order, may_change: bool) -> Option<&'static str> {
    let under_way = order.is_in_review() || matches!(order.status, Status::Confirmed | Status::InFulfilment);
    if !may_change {
        Some("no_right")
    } else if !under_way {
        Some("wrong_status")
    } else if order.on_hold {
        Some("on_hold")
    } else {
        order.is_changing().then_some("change_under_review")
    }
}

/// Acts on a change that is not over. One that is under review is decided in the tasks of its reviewers.
pub fn of_change(case: &Case, change: &Change, actor: &Actor, may_write: bool, house: &House) -> Vec<Action> {
    let right = (!may_write).then_some("no_right");
    let own = (!may_write && change.by != *actor).then_some("no_right");
    let other = case.order.is_changing().then_some("change_under_review");
    let outdated = rebase(change, &case.order, &house.form).is_err().then_some("change_outdated");
    match change.state {
        ChangeState::Requested => vec![
            Action::when("take", right.or(other).or(outdated)),
            Action::when("reject", right),
            Action::when("withdraw", own),
        ],
        ChangeState::UnderReview => vec![Action::when("withdraw", own)],
        _ => Vec::new(),
    }
}

/// Acts on a task. What the step does not offer is left out, and so is what nobody but somebody else could do.
pub fn of_task(case: &Case, task: &Task, caller: &Caller, house: &House, at_ms: i64) -> Vec<Action> {
    let node = case.node_at(house, task.visit, &task.node);
    let settings = node.and_then(Node::person);
    let side = run_of(task.visit) != MAIN;
    // Its sender is asked by the run that leads to the confirmation; inside of it work goes back to earlier steps.
    let leads_back = !side || !choices::returns(case, task, house, at_ms).is_empty();
    // Work that is to be done is done, or goes back.
    let chore = node.is_some_and(|node| matches!(node.kind, NodeKind::Task(_)));
    let offered = |action: &TaskAction| {
        (leads_back || *action != TaskAction::Return)
            && !(chore && *action == TaskAction::Reject)
            && settings.is_none_or(|settings| !settings.without.contains(action))
    };
    let of = OfTask { case, task, caller, house, at_ms };
    let mut buttons: Vec<(TaskAction, Action)> =
        of.by_button().into_iter().filter(|(action, _)| offered(action)).collect();
    if let Some(settings) = settings.filter(|settings| !settings.order.is_empty()) {
        let place = |action: &TaskAction| settings.order.iter().position(|named| named == action);
        buttons.sort_by_key(|(action, _)| place(action).unwrap_or(usize::MAX));
    }
    let mut acts: Vec<Action> = buttons.into_iter().map(|(_, act)| act).collect();
    if task.is_open() {
        acts.extend(of.beside(settings, node));
        let mine = caller.user().is_some_and(|user| case.was_brought_by(task, user.id));
        if offered(&TaskAction::RemoveSigner) && mine {
            acts.push(Action::when("remove_signer", case.order.on_hold.then_some("on_hold")));
        }
    } else if offered(&TaskAction::Withdraw) {
        acts.extend(of.withdraw(settings));
    }
    acts
}

/// Why a button of the step's own cannot be pressed.
pub fn press_obstacle(
    case: &Case,
    task: &Task,
    button: &str,
    caller: &Caller,
    house: &House,
    at_ms: i64,
) -> Option<&'static str> {
    let of = OfTask { case, task, caller, house, at_ms };
    let told = || case.is_pressed(task.id, button).then_some("still_told");
    of.not_own().or_else(|| of.held()).or_else(told)
}

/// What keeps a task from being approved, whatever reasons are given.
pub fn standing(case: &Case, task: &Task, house: &House) -> Option<&'static str> {
    let open = owned_open(case, case.node_at(house, task.visit, &task.node));
    let standing = open.into_iter().find(|finding| !finding.code.acceptable())?;
    Some(if standing.code == Code::StockShort { "promise_not_backed" } else { "blocker_open" })
}

struct OfTask<'a> {
    case: &'a Case,
    task: &'a Task,
    caller: &'a Caller,
    house: &'a House,
    at_ms: i64,
}

impl OfTask<'_> {
    fn closed(&self) -> Option<&'static str> {
        (!self.task.is_open()).then_some("task_closed")
    }

    fn held(&self) -> Option<&'static str> {
        self.case.order.on_hold.then_some("on_hold")
    }

    /// Why the task is not the caller's to act on.
    fn not_own(&self) -> Option<&'static str> {
        let user = self.caller.user();
        let own = match user.map(|user| may_decide(user, self.task, self.case, self.house, self.at_ms)) {
            Some(Ok(())) => None,
            Some(Err(refusal)) => Some(obstacle(&refusal)),
            None => Some("not_your_task"),
        };
        self.closed().or(own)
    }

    /// Those that a flow can take away.
    fn by_button(&self) -> Vec<(TaskAction, Action)> {
        let (own, held) = (self.not_own(), self.held());
        let number = self.case.task(self.task.id).map(|(number, _)| number);
        let asked = number.is_some_and(|number| awaits_signers(self.case, number));
        let entrusted = self.task.entrusted_by.map(|_| "entrusted");
        let own_act = own.or(entrusted);
        let decide = own_act.or(held).or(asked.then_some("signers_pending"));
        let user = self.caller.user();
        let mine = user.filter(|user| self.task.claimed_by == Some(user.id)).map(|_| "already_claimed");
        let urged = is_urged_lately(self.task, self.at_ms).then_some("urged_lately");
        let approve = decide.or(standing(self.case, self.task, self.house));
        let mut buttons = vec![
            (TaskAction::Approve, Action::when("approve", approve)),
            (TaskAction::Return, Action::when("return", decide)),
            (TaskAction::Reject, Action::when("reject", decide)),
            (TaskAction::Claim, Action::when("claim", own.or(mine))),
            (TaskAction::Transfer, Action::when("transfer", own_act)),
            (TaskAction::Delegate, Action::when("delegate", own_act)),
            (TaskAction::AddSigner, Action::when("add_signer", own_act)),
            (TaskAction::Hold, self.hold(own_act.or(held))),
            (TaskAction::Cc, Action::when("cc", own)),
            (TaskAction::Urge, Action::when("urge", self.closed().or(urged))),
            (TaskAction::Print, Action::when("print", None)),
        ];
        if self.task.is_open() && self.task.entrusted_by.is_some() {
            let owner = user.is_some_and(|user| self.task.entrusted_by == Some(user.id));
            let back = if owner { None } else { own };
            buttons.push((TaskAction::Delegate, Action::when("give_back", back)));
        }
        buttons
    }

    /// Letting the task stand still, or going on with it.
    fn hold(&self, obstacle: Option<&'static str>) -> Action {
        if self.task.held.is_some() {
            return Action::when("resume", self.not_own());
        }
        let settings = self.case.node_at(self.house, self.task.visit, &self.task.node).and_then(Node::person);
        let most = settings.map_or(0, PersonSettings::holds_for);
        let spent = (self.task.held_minutes >= most).then_some("hold_spent");
        Action::when("hold", obstacle.or(spent))
    }

    fn beside(&self, settings: Option<&PersonSettings>, node: Option<&Node>) -> Vec<Action> {
        let (own, held) = (self.not_own(), self.held());
        let alone = forbids_batch(settings, self.case).then_some("not_in_batch");
        let mut acts = vec![Action::when(
            "batch",
            own.or(held)
                .or(self.task.entrusted_by.map(|_| "entrusted"))
                .or(alone)
                .or(standing(self.case, self.task, self.house)),
        )];
        acts.push(Action::when("attach", own.or(full(self.case))));
        if node.is_some_and(|node| !node.writable().is_empty()) {
            acts.push(Action::when("write_fields", own.or(held)));
        }
        if !node.map_or(&[][..], Node::checklist).is_empty() {
            acts.push(Action::when("tick", own));
        }
        if self.caller.may(Permission::Intervene) {
            acts.push(Action::when("reassign", None));
        }
        acts
    }

    /// Taking back a decision of the caller's own; others' are nobody else's.
    fn withdraw(&self, settings: Option<&PersonSettings>) -> Option<Action> {
        let TaskState::Done { at_ms, .. } = self.task.state else { return None };
        self.caller.user().filter(|user| self.task.decider() == Some(user.id))?;
        let rule = settings.map(|settings| settings.withdraw).unwrap_or_default();
        let (pin, run) = self.case.run_with(self.task.visit)?;
        let flow = self.house.flow(pin).map(AsRef::as_ref);
        let decided = run.visit(self.task.visit).is_some_and(|visit| visit.closed.is_some());
        let input = Input::Withdraw { visit: self.task.visit };
        let facts = |flow: &Flow| {
            let around = Around { house: self.house, at_ms: self.at_ms };
            facts::in_run(self.case, run_of(self.task.visit), flow, around)
        };
        let goes = |flow: &Flow| {
            let events = step(flow, run, &input, &facts(flow), self.at_ms);
            events.is_ok_and(|events| opened_after(self.case, self.task, rule, events.iter()).is_none())
        };
        let gone = is_too_late(rule, at_ms, self.at_ms) || is_with_sender(self.case, self.task.visit);
        let late = gone || (decided && !flow.is_some_and(goes));
        Some(Action::when("withdraw", self.held().or(late.then_some("too_late"))))
    }
}

/// Acts on an exception.
pub fn of_exception(exception: &Exception, caller: &Caller) -> Vec<Action> {
    let own = caller.may(Permission::SettleExceptions)
        && caller.user().is_some_and(|user| settles(user, exception));
    let right = (!own).then_some("not_your_exception");
    let closed = (!exception.is_open()).then_some("exception_closed");
    let taken = caller.user().is_some_and(|user| exception.taken_by == Some(user.id));
    let taken = taken.then_some("already_claimed");
    vec![Action::when("take", closed.or(right).or(taken)), Action::when("close_exception", closed.or(right))]
}

fn obstacle(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ClaimedByOther => "claimed_by_other",
        Refusal::FourEyes => "four_eyes",
        Refusal::AlreadyHeard => "already_heard",
        _ => "not_your_task",
    }
}
