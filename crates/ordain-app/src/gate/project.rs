//! From a case to its rows: the order with its list columns, its tasks, timers and notices.

use super::command::GateError;
use crate::case::deadline::due_by;
use crate::case::decide::{By, OrderCommand};
use crate::case::receivables::{self, receivables};
use crate::case::timers::{self, TimerKind};
use crate::case::world::House;
use crate::case::{Case, Event, Exception, Task, TaskState};
use crate::outbox::{CALL, MAIL};
use ordain_domain::finding::Code;
use ordain_domain::order::fulfilment::{Payment, Receivable, ReversalKind};
use ordain_domain::order::{Change, Event as OrderEvent, Status};
use ordain_flow::doc::{Channel, Party, Stage};
use ordain_store::{
    AttachmentRow, ChangeRequestRow, ExceptionRow, Hash, Id, InvoiceRow, NoticeRow, OrderRow, OutboxRow,
    PaymentRow, ReceivableRow, StageRow, TaskRow, UnmatchedKind,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What the outbox keeps of a message: enough to write it, from the order as it was at that version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMessage {
    pub template: String,
    pub to: String,
    pub version: i64,
    /// By which way other than mail it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Channel>,
}

impl OutboxMessage {
    /// The channel of the outbox that the message lies in: what no carrier of mail takes is a call.
    pub(super) fn outbox_channel(&self) -> &'static str {
        if self.by.is_some() { CALL } else { MAIL }
    }
}

/// A row that is found again by what it is for has an id made of that.
fn id_of(order: Id, kind: &str, key: &str) -> Id {
    let mut digest = Sha256::new();
    digest.update(order);
    digest.update(kind);
    digest.update([0]);
    digest.update(key);
    let mut id = [0; 16];
    id.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    id
}

pub(super) fn timer_id(order: Id, kind: TimerKind, key: &str) -> Id {
    id_of(order, kind.name(), key)
}

/// A message or call that leaves behind the commit.
pub(super) fn outbox_row(
    org: i64,
    case: &Case,
    id: Id,
    (channel, message): (&str, String),
    by: &By,
) -> OutboxRow {
    let order = Some(case.order.id.into_bytes());
    queued((org, id), order, (channel, message), by)
}

/// A message that waits to leave, tried for the first time at once.
fn queued(
    (org, id): (i64, Id),
    order_id: Option<Id>,
    (channel, message): (&str, String),
    by: &By,
) -> OutboxRow {
    OutboxRow {
        org,
        id,
        order_id,
        channel: channel.to_owned(),
        message,
        state: "queued".to_owned(),
        attempts: 0,
        next_at_ms: by.at_ms,
        lease_until_ms: 0,
        lease_token: 0,
        created_at_ms: by.at_ms,
        sent_at_ms: None,
        last_error: None,
    }
}

/// A mail that is about no order: what it says is fixed when it is decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureMail {
    pub template: String,
    pub to: String,
    pub lang: String,
    pub data: serde_json::Value,
}

/// A mail that leaves behind the commit, found again by what it is.
pub fn figure_mail_row(org: i64, what: &str, mail: &FigureMail, by: &By) -> Result<OutboxRow, GateError> {
    let message = serde_json::to_string(mail).map_err(|error| GateError::Bug(error.to_string()))?;
    Ok(queued((org, id_of([0; 16], &mail.template, what)), None, (MAIL, message), by))
}

/// A call of another system: what is sent stands in the order, under the stay that waits.
pub(super) fn call_row(org: i64, case: &Case, visit: u32, by: &By) -> OutboxRow {
    let id = call_id(case.order.id.into_bytes(), visit);
    outbox_row(org, case, id, (CALL, visit.to_string()), by)
}

/// A call that nobody waits for: found again by its own id.
pub(super) fn hook_row(org: i64, case: &Case, id: Uuid, by: &By) -> OutboxRow {
    outbox_row(org, case, id.into_bytes(), (CALL, format!("{HOOK}{id}")), by)
}

/// What the message of a call begins with that nobody waits for.
pub const HOOK: &str = "hook:";

pub fn call_id(order: Id, visit: u32) -> Id {
    id_of(order, CALL, &visit.to_string())
}

pub(super) fn notice_row(
    org: i64,
    case: &Case,
    id: Uuid,
    template: &str,
    to: &str,
    by: &By,
) -> Option<NoticeRow> {
    let user = Uuid::parse_str(to).ok()?;
    let body = serde_json::json!({
        "number": case.order.number,
        "customer": case.order.checked.customer.as_ref().map(|customer| &customer.name),
        "by": by.actor.name(),
    });
    Some(NoticeRow {
        org,
        user_id: user.into_bytes(),
        id: id.into_bytes(),
        at_ms: by.at_ms,
        kind: template.to_owned(),
        order_id: Some(case.order.id.into_bytes()),
        task_id: None,
        body: body.to_string(),
        read: false,
    })
}

pub(super) fn short_products(case: &Case) -> BTreeSet<String> {
    let bare = case.order.broken.iter().filter(|broken| broken.instead.is_empty());
    let bare = bare.map(|broken| broken.product.clone());
    if case.order.status != Status::InReview && !case.order.is_changing() {
        return bare.collect();
    }
    // Who waits for goods, or for a newer figure, is looked at again when one comes.
    let waits = [Code::StockShort, Code::StockStale, Code::PromisedLate];
    let short = case.order.checked.findings.iter().filter(|finding| waits.contains(&finding.code));
    short.filter_map(|finding| finding.facts.get("product").cloned()).chain(bare).collect()
}

pub(super) fn unmatched_codes(case: &Case) -> BTreeSet<(UnmatchedKind, String)> {
    let order = &case.order;
    if order.status == Status::InReview || order.is_changing() {
        let customer = order.content.customer.clone().filter(|_| order.waits_for_credit());
        return customer.map(|code| (UnmatchedKind::Credit, code)).into_iter().collect();
    }
    if !matches!(order.status, Status::Draft | Status::Incomplete) {
        return BTreeSet::new();
    }
    let kind = |code: Code| match code {
        Code::UnknownCustomer => Some(UnmatchedKind::Customer),
        Code::UnknownProduct => Some(UnmatchedKind::Product),
        _ => None,
    };
    let findings = order.checked.findings.iter();
    findings.filter_map(|finding| Some((kind(finding.code)?, finding.facts.get("asked")?.clone()))).collect()
}

/// The department of a task: its holder's, else the one that the step belongs to.
pub(crate) fn department_of(case: &Case, house: &House, task: &Task) -> Option<String> {
    if let Party::Department(code) = &task.holder {
        return Some(code.clone());
    }
    case.node_at(house, task.visit, &task.node)?.department.clone()
}

pub(super) fn task_row(org: i64, case: &Case, house: &House, task: &Task) -> Result<TaskRow, GateError> {
    let (role, assignee) = match &task.holder {
        Party::Department(_) => (None, None),
        Party::Role(role) => (Some(role.clone()), None),
        Party::User(login) => (None, house.people.by_login(login).map(|user| user.id.into_bytes())),
    };
    let (state, decided_at_ms, decided_by, decision) = match &task.state {
        TaskState::Open => ("open", None, None, None),
        TaskState::Closed { at_ms, .. } => ("closed", Some(*at_ms), None, None),
        TaskState::Done { by, decision, at_ms, .. } => {
            let word = serde_json::to_value(decision).map_err(|error| GateError::Bug(error.to_string()))?;
            ("done", Some(*at_ms), by.person(), word.as_str().map(str::to_owned))
        }
    };
    Ok(TaskRow {
        org,
        id: task.id.into_bytes(),
        order_id: case.order.id.into_bytes(),
        node: task.node.clone(),
        visit: i64::from(task.visit),
        department: department_of(case, house, task),
        role,
        assignee,
        claimed_by: task.claimed_by.map(Uuid::into_bytes),
        state: state.to_owned(),
        opened_at_ms: task.opened_ms,
        due_at_ms: due_by(task, case, house),
        decided_at_ms,
        decided_by: decided_by.map(Uuid::into_bytes),
        decision,
        body: String::new(),
        flow: case.run_with(task.visit).map(|(pin, _)| pin.key.clone()),
    })
}

/// A party as rows keep it: its kind and its key.
pub fn party_key(party: &Party) -> String {
    let kind = match party {
        Party::Department(_) => "department",
        Party::Role(_) => "role",
        Party::User(_) => "user",
    };
    format!("{kind}:{}", party.key())
}

pub(super) fn exception_row(org: i64, case: &Case, exception: &Exception) -> ExceptionRow {
    ExceptionRow {
        org,
        id: exception.id.into_bytes(),
        order_id: case.order.id.into_bytes(),
        kind: exception.kind.name().to_owned(),
        node: exception.node.clone(),
        owner: party_key(&exception.owner),
        taken_by: exception.taken_by.map(Uuid::into_bytes),
        state: if exception.is_open() { "open" } else { "closed" }.to_owned(),
        opened_at_ms: exception.opened_ms,
        due_at_ms: exception.due_ms,
        closed_at_ms: exception.closed.as_ref().map(|closed| closed.at_ms),
    }
}

pub(super) fn change_request_row(org: i64, case: &Case, change: &Change) -> ChangeRequestRow {
    ChangeRequestRow {
        org,
        id: change.id.into_bytes(),
        order_id: case.order.id.into_bytes(),
        origin: change.origin.name().to_owned(),
        state: change.state.name().to_owned(),
        requested_at_ms: change.at_ms,
    }
}

/// The stage of the five-stage bar an order is in.
pub fn stage(case: &Case, house: &House) -> Stage {
    match case.order.status {
        Status::Draft => Stage::Receive,
        Status::Incomplete => Stage::Check,
        Status::AwaitingCustomer => Stage::Customer,
        Status::Confirmed | Status::InFulfilment | Status::Completed => Stage::Execute,
        Status::InReview | Status::Cancelled | Status::Rejected | Status::Expired => case
            .open_tasks()
            .next()
            .and_then(|(_, task)| case.node_at(house, task.visit, &task.node))
            .map_or(Stage::Review, |node| node.stage),
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Receive => "receive",
        Stage::Check => "check",
        Stage::Review => "review",
        Stage::Customer => "customer",
        Stage::Execute => "execute",
    }
}

fn flags(case: &Case) -> String {
    let order = &case.order;
    let late = case.notices.iter().any(|notice| notice.late && notice.sent_ms.is_none());
    let overdue = case.reminded.keys().any(|key| {
        case.open_tasks()
            .any(|(_, task)| *key == timers::reminder_key(TimerKind::TaskDue, &task.id.to_string()))
    });
    let exception = case.open_exceptions().next().is_some();
    let overdue = overdue || late || receivables::is_chased(case);
    let flags = [
        (order.is_changing(), "changing"),
        (order.entered_later.is_some(), "entered_later"),
        (exception, "exception"),
        (order.on_hold, "on_hold"),
        (overdue, "overdue"),
    ];
    let set: Vec<&str> = flags.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
    set.join(",")
}

/// What an order is found by beside the beginning of its number, lower case.
fn search_text(case: &Case) -> String {
    let order = &case.order;
    let customer = order.checked.customer.as_ref();
    let parts = [
        // People know an order of the day by its last digits.
        order.number.rsplit('-').next(),
        order.content.customer.as_deref(),
        customer.map(|customer| customer.name.as_str()),
        order.content.customer_po.as_deref(),
        order.content.ship_to.phone.as_deref(),
    ];
    let products = order.content.lines.iter().take(20).filter_map(|line| line.product.as_deref());
    let words: Vec<&str> = parts.into_iter().flatten().chain(products).collect();
    words.join(" ").chars().take(2_000).collect::<String>().to_lowercase()
}

/// The payments that a command recorded or reversed. What was entered wrong is not among what came in: a payment of which
/// nothing is left gives its reference back.
pub(super) fn payment_rows(org: i64, case: &Case, events: &[Event]) -> Vec<PaymentRow> {
    let order = &case.order;
    let recorded = events.iter().filter_map(|event| match event {
        Event::Order(OrderEvent::PaymentRecorded { payment }) => Some(&**payment),
        Event::Order(OrderEvent::PaymentReversed { reversal }) => {
            order.fulfilment.payments.iter().rfind(|payment| payment.reference == reversal.reference)
        }
        _ => None,
    });
    let wrong =
        |reference: &str| order.fulfilment.reversed_minor(reference, Some(ReversalKind::EnteredWrong));
    let booked = |reference: &str| {
        let own = order.fulfilment.payments.iter().filter(|payment| payment.reference == *reference);
        own.map(|payment| payment.minor).sum::<i64>()
    };
    let row = |payment: &Payment| PaymentRow {
        org,
        reference: payment.reference.clone(),
        order_id: order.id.into_bytes(),
        number: order.number.clone(),
        customer: order.content.customer.clone().unwrap_or_default(),
        currency: order.content.currency.clone().unwrap_or_default(),
        minor: booked(&payment.reference) - wrong(&payment.reference),
        paid_on: payment.on.to_string(),
        method: payment.method.clone(),
        at_ms: payment.at_ms,
    };
    recorded.map(row).collect()
}

/// The invoices that a command issued, to bill or to take back.
pub(super) fn invoice_rows(org: i64, case: &Case, events: &[Event]) -> Vec<InvoiceRow> {
    let issued = events.iter().filter_map(|event| match event {
        Event::Order(OrderEvent::InvoiceIssued { issued, .. }) => Some((&issued.number, issued.at_ms)),
        Event::Order(OrderEvent::InvoiceCorrected { correction }) => {
            Some((correction.number.as_ref()?, correction.at_ms))
        }
        _ => None,
    });
    let row = |(number, at_ms): (&String, i64)| InvoiceRow {
        org,
        number: number.clone(),
        order_id: case.order.id.into_bytes(),
        order_number: case.order.number.clone(),
        at_ms,
    };
    issued.map(row).collect()
}

/// The bytes of a file that came with a command.
pub(super) fn attachment_row(
    org: i64,
    case: &Case,
    events: &[Event],
    command: &OrderCommand,
) -> Option<AttachmentRow> {
    let (OrderCommand::Attach { file, .. } | OrderCommand::DecideSigned { drawn: file, .. }) = command else {
        return None;
    };
    let kept = events.iter().find_map(|event| match event {
        Event::Attached { attachment } => Some(attachment),
        _ => None,
    })?;
    let (id, order_id) = (kept.id.into_bytes(), case.order.id.into_bytes());
    Some(AttachmentRow { org, id, order_id, content: file.content.0.to_vec() })
}

/// What the order owes, as rows keep it.
pub fn receivable_rows(org: i64, case: &Case, house: &House) -> Vec<ReceivableRow> {
    let order = &case.order;
    let row = |owed: Receivable| ReceivableRow {
        org,
        order_id: order.id.into_bytes(),
        due_on: owed.due_on.to_string(),
        number: order.number.clone(),
        customer: order.content.customer.clone().unwrap_or_default(),
        currency: order.content.currency.clone().unwrap_or_default(),
        minor: owed.minor,
    };
    receivables(case, house).into_iter().map(row).collect()
}

/// What of an unpaid order has been shipped and billed; nothing of one that is ordered only.
pub fn stage_row(org: i64, case: &Case) -> Option<StageRow> {
    let order = &case.order;
    let (shipped_minor, billed_minor) = order.open_by_stage();
    (order.status.is_firm() && (shipped_minor, billed_minor) != (0, 0)).then(|| StageRow {
        org,
        order_id: order.id.into_bytes(),
        customer: order.content.customer.clone().unwrap_or_default(),
        shipped_minor,
        billed_minor,
    })
}

/// As much of a text as a list shows; the whole of it stays in the order.
fn listed(text: Option<&String>) -> Option<String> {
    text.map(|text| text.chars().take(200).collect())
}

pub(super) fn order_row(org: i64, case: &Case, house: &House, head: Hash) -> Result<OrderRow, GateError> {
    let order = &case.order;
    let due = |task: &Task| due_by(task, case, house);
    let first = case.open_tasks().min_by_key(|(number, task)| (due(task).unwrap_or(i64::MAX), *number));
    let waiting = first.map(|(_, task)| task);
    let sender = order.status == Status::Incomplete;
    let department = waiting.map(|task| department_of(case, house, task).unwrap_or_default());
    let totals = order.checked.totals.as_ref();
    let customer = order.checked.customer.as_ref();
    Ok(OrderRow {
        org,
        id: order.id.into_bytes(),
        number: order.number.clone(),
        revision: i64::from(order.revision),
        version: case.version,
        status: order.status.name().to_owned(),
        flags: flags(case),
        stage: stage_name(stage(case, house)).to_owned(),
        channel: order.channel.clone(),
        customer: listed(order.content.customer.as_ref()),
        customer_name: customer.map(|customer| customer.name.clone()),
        customer_po: listed(order.content.customer_po.as_ref()),
        currency: order.content.currency.clone(),
        total_minor: totals.map(|totals| totals.gross),
        requested_date: order.content.requested_date.map(|date| date.to_string()),
        receiver: order.receiver.person().map(|id| id.to_string()),
        waiting_department: department.or_else(|| sender.then(|| "sender".to_owned())),
        waiting_node: waiting.map(|task| task.node.clone()),
        waiting_who: waiting.map(|task| task.holder.key().to_owned()),
        waiting_since_ms: waiting.map(|task| task.opened_ms).or(case.incomplete_since_ms),
        due_at_ms: waiting.and_then(due),
        created_at_ms: order.created_ms,
        submitted_at_ms: order.submitted_ms,
        confirmed_at_ms: order.confirmed_ms,
        updated_at_ms: order.updated_ms,
        head,
        search: search_text(case),
        body: serde_json::to_string(case).map_err(|error| GateError::Bug(error.to_string()))?,
    })
}
