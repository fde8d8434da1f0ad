//! From a case before and after a command to the rows that change, and from rows to what decisions look at.

use crate::case::decide::By;
use crate::case::decide::OrderCommand;
use crate::case::event::Event;
use crate::case::timers::{self, TimerKind};
use crate::case::world::House;
use crate::case::{Case, Task, TaskState};
use crate::gate::GateError;
use ordain_domain::audit;
use ordain_domain::decimal::Currency;
use ordain_domain::finding::Code;
use ordain_domain::master::{AgreedPrice, CompanyRules, Contact, Customer, Product};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_flow::doc::{Party, Stage};
use ordain_store::{
    Changes, CustomerRow, ExposureMove, Harden, Hash, Id, LogRow, NoticeRow, OrderRow, OutboxRow, PriceRow,
    ProductRow, ReservationRow, Reservations, ShortLines, Slice, StockMove, TaskRow, TimerClear, TimerRow,
    TwinKey, Unmatched, UnmatchedKind, UpdatedOrder,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// VAT rate of a product that states none, in 1/10,000.
const TAX_RATE_E4: i64 = 1_300;

/// The JSON part of a customer row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerBody {
    pub ship_to: Vec<ordain_domain::master::ShipTo>,
    pub invoice: ordain_domain::master::InvoiceProfile,
    pub contacts: Vec<Contact>,
}

pub(crate) fn customer(row: &CustomerRow, rules: &CompanyRules) -> Customer {
    // A body that cannot be read costs the contacts, not the order.
    let body: CustomerBody = serde_json::from_str(&row.body).unwrap_or_default();
    Customer {
        code: row.code.clone(),
        name: row.name.clone(),
        level: row.level.clone(),
        currency: Currency::parse(&row.currency).unwrap_or(rules.currency),
        credit_limit_minor: row.credit_limit_minor,
        exposure_minor: row.exposure_minor,
        payment_terms: Some(row.payment_terms.clone()).filter(|terms| !terms.is_empty()),
        contacts: body.contacts,
    }
}

pub(crate) fn product(row: &ProductRow) -> Product {
    Product {
        code: row.code.clone(),
        name: row.name.clone(),
        unit: row.unit.clone(),
        tax_rate_e4: row.tax_rate_e4.unwrap_or(TAX_RATE_E4),
        list_price_e4: row.list_price_e4,
    }
}

pub(super) fn prices(slice: &Slice, org: i64, product: &str, customer: &str) -> Vec<AgreedPrice> {
    let rows = |customer: &str| slice.prices.get(&(org, product.to_owned(), customer.to_owned()));
    let own = (!customer.is_empty()).then(|| rows(customer)).flatten();
    own.into_iter().chain(rows("")).flatten().map(agreed_price).collect()
}

pub(crate) fn agreed_price(row: &PriceRow) -> AgreedPrice {
    AgreedPrice {
        customer: Some(row.customer.clone()).filter(|code| !code.is_empty()),
        min_qty_milli: row.min_qty_milli,
        price_e4: row.price_e4,
    }
}

/// The fields of a log row that its hash covers.
pub fn covered(row: &LogRow) -> audit::Entry<'_> {
    audit::Entry {
        org: row.org,
        seq: row.seq,
        subject: &row.subject,
        subject_seq: row.subject_seq,
        at_ms: row.at_ms,
        actor: &row.actor,
        command: &row.command,
        reason: row.reason.as_deref(),
        events: &row.events,
    }
}

pub(super) fn command_name(command: &OrderCommand) -> &'static str {
    use crate::case::decide::QuestionOutcome;
    match command {
        OrderCommand::Place(_) => "place_order",
        OrderCommand::Edit { .. } => "edit_order",
        OrderCommand::Submit { .. } => "submit_order",
        OrderCommand::Cancel { .. } => "cancel_order",
        OrderCommand::Hold { .. } => "hold_order",
        OrderCommand::Resume => "resume_order",
        OrderCommand::Comment { .. } => "comment_order",
        OrderCommand::Ask { .. } => "ask_question",
        OrderCommand::CloseQuestion { outcome: QuestionOutcome::Answer { .. }, .. } => "answer_question",
        OrderCommand::CloseQuestion { outcome: QuestionOutcome::Withdraw { .. }, .. } => "withdraw_question",
        OrderCommand::Claim { .. } => "claim_task",
        OrderCommand::Decide { .. } => "decide_task",
        OrderCommand::Recheck => "recheck_order",
        OrderCommand::Fire { .. } => "fire_timer",
        OrderCommand::NoticeDelivered { .. } => "record_delivery",
    }
}

pub(super) fn reason(command: &OrderCommand) -> Option<String> {
    match command {
        OrderCommand::Cancel { reason } | OrderCommand::Hold { reason } => Some(reason.clone()),
        OrderCommand::Decide { reason, .. } => reason.clone(),
        _ => None,
    }
}

/// Carries what a command took and freed into the slice, so that the next command of the batch sees it.
pub(super) fn follow(slice: &mut Slice, org: i64, before: Option<&Case>, after: &Case) {
    for ((product, warehouse), delta) in stock_moves(before, after) {
        if let Some(row) = slice.stock.get_mut(&(org, product, warehouse)) {
            row.reserved_milli += delta;
        }
    }
    for (customer, delta) in exposure_moves(before, after) {
        if let Some(row) = slice.customers.get_mut(&(org, customer)) {
            row.exposure_minor += delta;
        }
    }
    let content = &after.order.content;
    let live = !matches!(after.order.status, Status::Cancelled | Status::Rejected | Status::Expired);
    if let Some(key) = super::keys::twin_key(org, content, None) {
        // Other commands of the batch look under the same key, an edit of this order under one that leaves it out.
        let found = (after.order.id.into_bytes(), after.order.number.clone());
        if live {
            slice.twins.entry(TwinKey { except: None, ..key }).or_insert(found);
        } else if slice.twins.get(&key) == Some(&found) {
            slice.twins.remove(&key);
        }
    }
}

type StockMoves = BTreeMap<(String, String), i64>;

fn stock_moves(before: Option<&Case>, after: &Case) -> StockMoves {
    let mut moves = StockMoves::new();
    let mut add = |case: &Case, sign: i64| {
        for held in &case.order.held {
            *moves.entry((held.product.clone(), held.warehouse.clone())).or_default() +=
                sign * held.qty_milli;
        }
    };
    if let Some(before) = before {
        add(before, -1);
    }
    add(after, 1);
    moves.retain(|_, delta| *delta != 0);
    moves
}

fn exposure_moves(before: Option<&Case>, after: &Case) -> BTreeMap<String, i64> {
    let mut moves = BTreeMap::new();
    let before = before.and_then(|case| case.order.credit_held.as_ref());
    for (held, sign) in [(before, -1), (after.order.credit_held.as_ref(), 1)] {
        if let Some(held) = held {
            *moves.entry(held.customer.clone()).or_default() += sign * held.minor;
        }
    }
    moves.retain(|_, delta| *delta != 0);
    moves
}

/// Rows of one batch, merged per key as commands are decided.
#[derive(Default)]
pub(super) struct Rows {
    pub changes: Changes,
    /// Version the row has in the database; `None` for an order that is not there yet.
    orders: BTreeMap<(i64, Id), (Option<i64>, OrderRow)>,
    stock: BTreeMap<(i64, String, String), i64>,
    exposure: BTreeMap<(i64, String), i64>,
    reservations: BTreeMap<(i64, Id), Reservations>,
    hardened: BTreeSet<(i64, Id)>,
    tasks: BTreeMap<(i64, Id), TaskRow>,
    timers: BTreeMap<(i64, Id, &'static str, String), Option<TimerRow>>,
    short_lines: BTreeMap<(i64, Id), ShortLines>,
    unmatched: BTreeMap<(i64, Id), Unmatched>,
}

impl Rows {
    pub fn new_orders(&self) -> impl Iterator<Item = &OrderRow> {
        self.orders.values().filter(|(version, _)| version.is_none()).map(|(_, row)| row)
    }

    /// Adds what one command changed of a case; says whether there is something to deliver.
    #[allow(clippy::too_many_arguments)] // one call, from the one place that has all of it
    pub fn of_case(
        &mut self,
        org: i64,
        before: Option<&Case>,
        after: &Case,
        events: &[Event],
        house: &House,
        head: Hash,
        by: &By,
    ) -> Result<bool, GateError> {
        let id = after.order.id.into_bytes();
        let row = order_row(org, after, house, head)?;
        let version = before.map(|case| case.version);
        self.orders.entry((org, id)).and_modify(|(_, old)| *old = row.clone()).or_insert((version, row));
        self.resources(org, before, after);
        self.waiting(org, before, after);
        self.tasks(org, before, after)?;
        self.timers(org, before, after, house);
        self.notices(org, after, events, by)
    }

    fn resources(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let id = after.order.id.into_bytes();
        for ((product, warehouse), delta) in stock_moves(before, after) {
            *self.stock.entry((org, product, warehouse)).or_default() += delta;
        }
        for (customer, delta) in exposure_moves(before, after) {
            *self.exposure.entry((org, customer)).or_default() += delta;
        }
        let held_before = before.map_or(&[][..], |case| &case.order.held);
        let confirmed = after.order.status == Status::Confirmed;
        let kind = if confirmed { "hard" } else { "soft" };
        if held_before != after.order.held {
            let row = |held: &ordain_domain::stock::Allocation| ReservationRow {
                org,
                order_id: id,
                line: i64::from(held.line),
                product: held.product.clone(),
                warehouse: held.warehouse.clone(),
                qty_milli: held.qty_milli,
                kind: kind.to_owned(),
            };
            let rows = after.order.held.iter().map(row).collect();
            let first = self.reservations.get(&(org, id)).map_or(held_before.is_empty(), |old| old.first);
            self.reservations.insert((org, id), Reservations { org, order_id: id, first, rows });
        } else if confirmed && before.is_some_and(|case| case.order.status != Status::Confirmed) {
            match self.reservations.get_mut(&(org, id)) {
                Some(pending) => pending.rows.iter_mut().for_each(|row| row.kind = kind.to_owned()),
                None => drop(self.hardened.insert((org, id))),
            }
        }
    }

    /// What the order waits for, so that a stock feed or new master data finds it.
    fn waiting(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let order_id = after.order.id.into_bytes();
        let (short_before, short) = (before.map(short_products).unwrap_or_default(), short_products(after));
        if short_before != short {
            self.short_lines.insert((org, order_id), ShortLines { org, order_id, products: short });
        }
        let (codes_before, codes) = (before.map(unmatched_codes).unwrap_or_default(), unmatched_codes(after));
        if codes_before != codes {
            self.unmatched.insert((org, order_id), Unmatched { org, order_id, codes });
        }
    }

    fn tasks(&mut self, org: i64, before: Option<&Case>, after: &Case) -> Result<(), GateError> {
        for (visit, task) in &after.tasks {
            let old = before.and_then(|case| case.tasks.get(visit));
            if old != Some(task) {
                let row = task_row(org, after, *visit, task)?;
                self.tasks.insert((org, row.id), row);
            }
        }
        Ok(())
    }

    fn timers(&mut self, org: i64, before: Option<&Case>, after: &Case, house: &House) {
        let order_id = after.order.id.into_bytes();
        let had = before.map(|case| timers::wanted(case, house)).unwrap_or_default();
        let wants = timers::wanted(after, house);
        for ((kind, key), _) in had.iter().filter(|(timer, _)| !wants.contains_key(*timer)) {
            self.timers.insert((org, order_id, kind.name(), key.clone()), None);
        }
        for ((kind, key), due) in wants.iter().filter(|(timer, due)| had.get(*timer) != Some(*due)) {
            let row = TimerRow {
                org,
                id: timer_id(order_id, *kind, key),
                order_id: Some(order_id),
                kind: kind.name().to_owned(),
                key: key.clone(),
                due_at_ms: *due,
                body: String::new(),
            };
            self.timers.insert((org, order_id, kind.name(), key.clone()), Some(row));
        }
    }

    fn notices(&mut self, org: i64, after: &Case, events: &[Event], by: &By) -> Result<bool, GateError> {
        let mut outbox = false;
        let failed = |id: &Uuid| {
            events
                .iter()
                .any(|event| matches!(event, Event::Order(OrderEvent::NoticeFailed { id: f, .. }) if f == id))
        };
        for event in events {
            let Event::Order(OrderEvent::NoticeQueued { id, template, channel, to }) = event else {
                continue;
            };
            if channel == "in_app" {
                self.changes.notices.extend(notice_row(org, after, *id, template, to, by));
            } else if !failed(id) {
                outbox = true;
                let message =
                    OutboxMessage { template: template.clone(), to: to.clone(), version: after.version };
                self.changes.outbox.push(OutboxRow {
                    org,
                    id: id.into_bytes(),
                    order_id: Some(after.order.id.into_bytes()),
                    channel: channel.clone(),
                    message: serde_json::to_string(&message)
                        .map_err(|error| GateError::Bug(error.to_string()))?,
                    state: "queued".to_owned(),
                    attempts: 0,
                    next_at_ms: by.at_ms,
                    lease_until_ms: 0,
                    lease_token: 0,
                    created_at_ms: by.at_ms,
                    sent_at_ms: None,
                    last_error: None,
                });
            }
        }
        Ok(outbox)
    }

    pub fn into_changes(mut self) -> Changes {
        for (_, (version, row)) in self.orders {
            match version {
                None => self.changes.new_orders.push(row),
                Some(expected_version) => {
                    self.changes.updated_orders.push(UpdatedOrder { expected_version, row })
                }
            }
        }
        let moved = self.stock.into_iter().filter(|(_, delta)| *delta != 0);
        self.changes.stock_moves.extend(moved.map(|((org, product, warehouse), delta_milli)| StockMove {
            org,
            product,
            warehouse,
            delta_milli,
        }));
        let moved = self.exposure.into_iter().filter(|(_, delta)| *delta != 0);
        self.changes.exposure_moves.extend(moved.map(|((org, customer), delta_minor)| ExposureMove {
            org,
            customer,
            delta_minor,
        }));
        self.changes.reservations.extend(self.reservations.into_values());
        self.changes
            .hardened
            .extend(self.hardened.into_iter().map(|(org, order_id)| Harden { org, order_id }));
        self.changes.tasks.extend(self.tasks.into_values());
        for ((org, order, kind, key), timer) in self.timers {
            let (order_id, kind) = (Some(order), kind.to_owned());
            match timer {
                Some(row) => self.changes.timers.push(row),
                None => self.changes.timers_cleared.push(TimerClear::Key { org, order_id, kind, key }),
            }
        }
        self.changes.short_lines.extend(self.short_lines.into_values());
        self.changes.unmatched.extend(self.unmatched.into_values());
        self.changes
    }
}

/// What the outbox keeps of a message: enough to write it, from the order as it was at that version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMessage {
    pub template: String,
    pub to: String,
    pub version: i64,
}

/// A timer's row is found again by what it is for, so its id is made of that.
fn timer_id(order: Id, kind: TimerKind, key: &str) -> Id {
    let mut digest = Sha256::new();
    digest.update(order);
    digest.update(kind.name());
    digest.update([0]);
    digest.update(key);
    let mut id = [0; 16];
    id.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    id
}

fn notice_row(org: i64, case: &Case, id: Uuid, template: &str, to: &str, by: &By) -> Option<NoticeRow> {
    let user = Uuid::parse_str(to).ok()?;
    let body = serde_json::json!({
        "number": case.order.number,
        "customer": case.order.checked.customer.as_ref().map(|customer| &customer.name),
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

fn short_products(case: &Case) -> BTreeSet<String> {
    if case.order.status != Status::InReview {
        return BTreeSet::new();
    }
    let short = case.order.checked.findings.iter().filter(|finding| finding.code == Code::StockShort);
    short.filter_map(|finding| finding.facts.get("product").cloned()).collect()
}

fn unmatched_codes(case: &Case) -> BTreeSet<(UnmatchedKind, String)> {
    if !matches!(case.order.status, Status::Draft | Status::Incomplete) {
        return BTreeSet::new();
    }
    let kind = |code: Code| match code {
        Code::UnknownCustomer => Some(UnmatchedKind::Customer),
        Code::UnknownProduct => Some(UnmatchedKind::Product),
        _ => None,
    };
    let findings = case.order.checked.findings.iter();
    findings.filter_map(|finding| Some((kind(finding.code)?, finding.facts.get("asked")?.clone()))).collect()
}

fn task_row(org: i64, case: &Case, visit: u32, task: &Task) -> Result<TaskRow, GateError> {
    let (department, role, assignee) = match &task.holder {
        Party::Department(code) => (Some(code.clone()), None, None),
        Party::Role(role) => (None, Some(role.clone()), None),
        Party::User(login) => (None, None, Some(login.clone())),
    };
    let (state, decided_at_ms, decided_by, decision) = match &task.state {
        TaskState::Open => ("open", None, None, None),
        TaskState::Closed { at_ms } => ("closed", Some(*at_ms), None, None),
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
        visit: i64::from(visit),
        department,
        role,
        assignee: None,
        claimed_by: task.claimed_by.map(Uuid::into_bytes),
        state: state.to_owned(),
        opened_at_ms: task.opened_ms,
        due_at_ms: task.due_ms,
        decided_at_ms,
        decided_by: decided_by.map(Uuid::into_bytes),
        decision,
        body: assignee.unwrap_or_default(),
    })
}

/// The stage of the five-stage bar an order is in.
pub fn stage(case: &Case, house: &House) -> Stage {
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    match case.order.status {
        Status::Draft => Stage::Receive,
        Status::Incomplete => Stage::Check,
        Status::AwaitingCustomer => Stage::Customer,
        Status::Confirmed | Status::InFulfilment | Status::Completed => Stage::Execute,
        Status::InReview | Status::Cancelled | Status::Rejected | Status::Expired => case
            .open_tasks()
            .next()
            .and_then(|(_, task)| flow?.node(&task.node))
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
    let flags = [(order.on_hold, "on_hold"), (overdue || late, "overdue")];
    let set: Vec<&str> = flags.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
    set.join(",")
}

/// Everything an order is found by, lower case.
fn search_text(case: &Case) -> String {
    let order = &case.order;
    let customer = order.checked.customer.as_ref();
    let parts = [
        Some(order.number.as_str()),
        order.content.customer.as_deref(),
        customer.map(|customer| customer.name.as_str()),
        order.content.customer_po.as_deref(),
        order.content.ship_to.phone.as_deref(),
    ];
    let products = order.content.lines.iter().take(20).filter_map(|line| line.product.as_deref());
    let words: Vec<&str> = parts.into_iter().flatten().chain(products).collect();
    words.join(" ").to_lowercase()
}

fn order_row(org: i64, case: &Case, house: &House, head: Hash) -> Result<OrderRow, GateError> {
    let order = &case.order;
    let first = case.open_tasks().min_by_key(|(visit, task)| (task.due_ms.unwrap_or(i64::MAX), *visit));
    let waiting = first.map(|(_, task)| task);
    let sender = order.status == Status::Incomplete;
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    let department = waiting.map(|task| match &task.holder {
        Party::Department(code) => code.clone(),
        _ => flow
            .and_then(|flow| flow.node(&task.node))
            .and_then(|node| node.department.clone())
            .unwrap_or_default(),
    });
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
        customer: order.content.customer.clone(),
        customer_name: customer.map(|customer| customer.name.clone()),
        customer_po: order.content.customer_po.clone(),
        currency: order.content.currency.clone(),
        total_minor: totals.map(|totals| totals.gross),
        requested_date: order.content.requested_date.map(|date| date.to_string()),
        receiver: order.receiver.person().map(|id| id.to_string()),
        waiting_department: department.or_else(|| sender.then(|| "sender".to_owned())),
        waiting_node: waiting.map(|task| task.node.clone()),
        waiting_who: waiting.map(|task| task.holder.key().to_owned()),
        waiting_since_ms: waiting.map(|task| task.opened_ms).or(case.incomplete_since_ms),
        due_at_ms: waiting.and_then(|task| task.due_ms),
        created_at_ms: order.created_ms,
        submitted_at_ms: order.submitted_ms,
        confirmed_at_ms: order.confirmed_ms,
        updated_at_ms: order.updated_ms,
        head,
        search: search_text(case),
        body: serde_json::to_string(case).map_err(|error| GateError::Bug(error.to_string()))?,
    })
}
