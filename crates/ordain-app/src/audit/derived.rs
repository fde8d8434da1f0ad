//! The rows that follow from an order: what it holds of the stock, its tasks, its timers, its mail and calls.

use super::{Differs, Problem, ProblemKind, fold::subject};
use crate::case::attachment::sha256;
use crate::case::timers::{TimerKind, wanted};
use crate::case::world::House;
use crate::case::{Case, Task, TaskState};
use crate::gate::{call_id, receivable_rows, record_rows, shortage, stage_row};
use ordain_domain::promise::Incoming;
use ordain_flow::doc::Party;
use ordain_store::{OrderRecordRow, OrderRow, ReceivableRow, StageRow, Store, StoreError, TaskRow};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Whether the rows of an order are what its state makes of them.
pub(super) fn check(
    store: &Store,
    house: &House,
    row: &OrderRow,
    case: &Case,
    seq: i64,
) -> Result<Option<Problem>, StoreError> {
    let found = match reservations(store, row, case)? {
        None => tasks(store, row, case)?,
        found => found,
    };
    let found = match found {
        None => timers(store, house, row, case)?,
        found => found,
    };
    let found = match found {
        None => outbox(store, row, case)?,
        found => found,
    };
    let found = match found {
        None => change_requests(store, row, case)?,
        found => found,
    };
    let found = match found {
        None => receivables(store, house, row, case)?,
        found => found,
    };
    let found = match found {
        None => records(store, house, row, case, seq)?,
        found => found,
    };
    let found = match found {
        None => incoming(store, row, case)?,
        found => found,
    };
    let found = match found {
        None => requests(store, row, case)?,
        found => found,
    };
    let found = match found {
        None => attachments(store, row, case)?,
        found => found,
    };
    Ok(found.map(|(kind, detail, differs)| Problem {
        differs: Some(differs),
        ..Problem::new(seq, subject(row.id), kind, detail)
    }))
}

type Found = Option<(ProblemKind, &'static str, Differs)>;

/// The first key under which two maps do not say the same.
fn compare<K: Ord + Clone, V: PartialEq>(
    expected: &BTreeMap<K, V>,
    stored: &BTreeMap<K, V>,
    text: impl Fn(&K, &V) -> String,
) -> Option<(&'static str, Differs)> {
    let keys: BTreeSet<&K> = expected.keys().chain(stored.keys()).collect();
    keys.into_iter().find_map(|key| {
        let (wants, has) = (expected.get(key), stored.get(key));
        let say = |value: Option<&V>| value.map_or_else(|| "-".to_owned(), |value| text(key, value));
        let detail = match (wants, has) {
            _ if wants == has => return None,
            (_, None) => "row_is_gone",
            (None, _) => "row_too_many",
            _ => "row_differs",
        };
        Some((detail, Differs { expected: say(wants), stored: say(has) }))
    })
}

fn reservations(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    let kind = if case.order.status.is_firm() { "hard" } else { "soft" };
    let taken = case.order.stock_taken();
    let held = taken.iter();
    let expected: BTreeMap<_, _> = held
        .map(|of| {
            let key = (i64::from(of.line), of.product.clone(), of.warehouse.clone());
            (key, (of.qty_milli, kind.to_owned()))
        })
        .collect();
    let rows = store.reservations_of_order(row.org, row.id)?.into_iter();
    let stored =
        rows.map(|row| ((row.line, row.product, row.warehouse), (row.qty_milli, row.kind))).collect();
    let text = |(line, product, warehouse): &(i64, String, String), (qty, kind): &(i64, String)| {
        format!("{line} {product} {warehouse} {qty} {kind}")
    };
    let found = compare(&expected, &stored, text);
    Ok(found.map(|(detail, differs)| (ProblemKind::ReservationsDiffer, detail, differs)))
}

/// What a task's row says that follows from the case alone.
type Work = (String, i64, &'static str, [Option<i64>; 3], [Option<Uuid>; 2], [Option<String>; 2]);

fn tasks(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    let expected: BTreeMap<Uuid, Work> = case.tasks.values().map(|task| (task.id, work(task))).collect();
    // Whether a clock that may stand still does hangs on the settings of the step: its row may tell no time then.
    let order_stands = case.held_ms.is_some() || case.asked_ms().is_some();
    let may_stand = case.open_tasks().filter(|(_, task)| order_stands || task.held.is_some());
    let untold: BTreeMap<Uuid, Option<i64>> = may_stand.map(|(_, task)| (task.id, task.due_ms)).collect();
    let rows = store.tasks_of_order(row.org, row.id)?.into_iter();
    let stored: BTreeMap<Uuid, Work> = rows
        .map(|row| {
            let id = Uuid::from_bytes(row.id);
            let due_at_ms = row.due_at_ms.or_else(|| untold.get(&id).copied().flatten());
            (id, shown(TaskRow { due_at_ms, ..row }))
        })
        // A row of work that is over and that the case no longer knows may stay.
        .filter(|(id, work)| work.2 == "open" || expected.contains_key(id))
        .collect();
    let text = |id: &Uuid, (node, visit, state, ..): &Work| format!("{id} {node} {visit} {state}");
    let found = compare(&expected, &stored, text);
    Ok(found.map(|(detail, differs)| (ProblemKind::TasksDiffer, detail, differs)))
}

fn work(task: &Task) -> Work {
    let role = match &task.holder {
        Party::Role(role) => Some(role.clone()),
        Party::Department(_) | Party::User(_) => None,
    };
    let (state, decided, by, decision) = match &task.state {
        TaskState::Open => ("open", None, None, None),
        TaskState::Closed { at_ms, .. } => ("closed", Some(*at_ms), None, None),
        TaskState::Done { by, decision, at_ms, .. } => {
            let word = serde_json::to_value(decision).ok();
            let word = word.and_then(|word| word.as_str().map(str::to_owned));
            ("done", Some(*at_ms), by.person(), word)
        }
    };
    let times = [Some(task.opened_ms), task.due_ms, decided];
    (task.node.clone(), i64::from(task.visit), state, times, [task.claimed_by, by], [role, decision])
}

fn shown(row: TaskRow) -> Work {
    let state = match row.state.as_str() {
        "open" => "open",
        "done" => "done",
        _ => "closed",
    };
    let times = [Some(row.opened_at_ms), row.due_at_ms, row.decided_at_ms];
    let people = [row.claimed_by, row.decided_by].map(|id| id.map(Uuid::from_bytes));
    (row.node, row.visit, state, times, people, [row.role, row.decision])
}

fn change_requests(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    if case.order.changes.is_empty() {
        return Ok(None);
    }
    let expected: BTreeMap<Uuid, String> =
        case.order.changes.iter().map(|change| (change.id, change.state.name().to_owned())).collect();
    let rows = store.change_requests_of_order(row.org, row.id)?.into_iter();
    let stored = rows.map(|row| (Uuid::from_bytes(row.id), row.state)).collect();
    let found = compare(&expected, &stored, |id, state| format!("{id} {state}"));
    Ok(found.map(|(detail, differs)| (ProblemKind::ChangesDiffer, detail, differs)))
}

fn timers(store: &Store, house: &House, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    // A gap's instant was computed with the calendar of its day, which may have been changed since.
    let due = |kind: &str, due: i64| (kind != TimerKind::Gap.name()).then_some(due);
    let expected: BTreeMap<_, _> = wanted(case, house)
        .into_iter()
        .map(|((kind, key), at)| ((kind.name().to_owned(), key), due(kind.name(), at)))
        .collect();
    let rows = store.timers_of_order(row.org, row.id)?.into_iter();
    let stored = rows.map(|row| {
        let at = due(&row.kind, row.due_at_ms);
        ((row.kind, row.key), at)
    });
    let text = |(kind, key): &(String, String), at: &Option<i64>| match at {
        Some(at) => format!("{kind} {key} {at}"),
        None => format!("{kind} {key}"),
    };
    let found = compare(&expected, &stored.collect(), text);
    Ok(found.map(|(detail, differs)| (ProblemKind::TimersDiffer, detail, differs)))
}

fn receivables(store: &Store, house: &House, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    let by_day = |rows: Vec<ReceivableRow>| -> BTreeMap<String, i64> {
        rows.into_iter().map(|row| (row.due_on, row.minor)).collect()
    };
    let with_stage = |mut rows: BTreeMap<String, i64>, stage: Option<StageRow>| {
        let stage = stage.map(|stage| [("shipped", stage.shipped_minor), ("billed", stage.billed_minor)]);
        rows.extend(stage.into_iter().flatten().map(|(name, minor)| (name.to_owned(), minor)));
        rows
    };
    let expected = with_stage(by_day(receivable_rows(row.org, case, house)), stage_row(row.org, case));
    let stored = by_day(store.receivables_of_order(row.org, row.id)?);
    let stored = with_stage(stored, store.stage_of_order(row.org, row.id)?);
    let found = compare(&expected, &stored, |day, minor| format!("{day} {minor}"));
    Ok(found.map(|(detail, differs)| (ProblemKind::ReceivablesDiffer, detail, differs)))
}

/// What lists over the whole company say of the order's shipments, payments, invoices and complaints.
fn records(store: &Store, house: &House, row: &OrderRow, case: &Case, seq: i64) -> Result<Found, StoreError> {
    let told = |row: OrderRecordRow| {
        let money = [row.minor, row.left_minor];
        let key = (row.kind, row.n);
        // The day of an instant is counted with the calendar, which may have been changed since.
        (key, (row.number, row.reference, row.customer, row.currency, money, row.state, row.at_ms))
    };
    let mut expected: BTreeMap<_, _> = record_rows(row.org, case, house).into_iter().map(told).collect();
    let stored: BTreeMap<_, _> = store.records_of_order(row.org, row.id)?.into_iter().map(told).collect();
    if expected != stored && store.facts_upto(row.org)? < seq {
        // Rows of a program that knew no records are still being made.
        expected.retain(|key, _| stored.contains_key(key));
    }
    let found = compare(&expected, &stored, |(kind, n), (number, _, _, _, [minor, left], state, _)| {
        let [minor, left] = [minor, left].map(|of| of.map_or_else(String::new, |of| of.to_string()));
        format!("{kind} {number}/{n} {minor} {left} {state}")
    });
    Ok(found.map(|(detail, differs)| (ProblemKind::RecordsDiffer, detail, differs)))
}

fn incoming(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    let key = |kind: &str, number: &str, n: i64, line: i64| (kind.to_owned(), number.to_owned(), n, line);
    let taken = case.order.coming_taken();
    let of = |part: &Incoming| {
        let source = &part.source;
        let key = key(source.kind(), source.number(), source.line(), i64::from(part.line));
        (key, (part.qty_milli, part.date.to_string()))
    };
    let expected: BTreeMap<_, _> = taken.iter().map(of).collect();
    let rows = store.incoming_of_order(row.org, row.id)?.into_iter();
    let stored = rows
        .map(|row| (key(&row.kind, &row.number, row.n, row.line), (row.qty_milli, row.due_date)))
        .collect();
    let text = |(kind, number, n, line): &(String, String, i64, i64), (qty, date): &(i64, String)| {
        format!("{line} {kind} {number}/{n} {qty} {date}")
    };
    let found = compare(&expected, &stored, text);
    Ok(found.map(|(detail, differs)| (ProblemKind::SupplyDiffers, detail, differs)))
}

/// What purchasing is asked for, as far as nobody has ordered it. An order that lacks nothing asks for nothing; whether
/// one that does asks at all is the company's rule of that day.
fn requests(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    let short = shortage::of(case);
    let wants = shortage::requests(row.org, case, &short, None).into_iter();
    let wants: BTreeMap<_, _> = wants.map(|row| ((row.number, row.line), row.qty_milli)).collect();
    let rows = store.purchases_of_order(row.org, row.id)?.into_iter().filter(|row| row.state == "requested");
    let stored: BTreeMap<_, _> = rows.map(|row| ((row.number, row.line), row.qty_milli)).collect();
    // What purchasing has taken up is its own.
    let expected = wants.into_iter().filter(|(key, _)| stored.contains_key(key)).collect();
    let found = compare(&expected, &stored, |(number, line), qty| format!("{number}/{line} {qty}"));
    Ok(found.map(|(detail, differs)| (ProblemKind::RequestsDiffer, detail, differs)))
}

/// The bytes of every file are those whose hash stands in the log.
fn attachments(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    if case.attachments.is_empty() {
        return Ok(None);
    }
    let expected: BTreeMap<Uuid, String> =
        case.attachments.iter().map(|file| (file.id, file.sha256.clone())).collect();
    let mut stored = BTreeMap::new();
    for id in store.attachments_of_order(row.org, row.id)? {
        let content = store.attachment(row.org, id)?.map(|found| sha256(&found.content));
        stored.insert(Uuid::from_bytes(id), content.unwrap_or_default());
    }
    let found = compare(&expected, &stored, |id, sha256| format!("{id} {sha256}"));
    Ok(found.map(|(detail, differs)| (ProblemKind::AttachmentsDiffer, detail, differs)))
}

/// A message that was decided lies in the outbox, and so does a call that a step waits for, or that nobody waits
/// for, until it is made.
fn outbox(store: &Store, row: &OrderRow, case: &Case) -> Result<Found, StoreError> {
    let mails = case.notices.iter().filter(|notice| notice.channel != "in_app" && notice.failed.is_none());
    let mails = mails.map(|notice| (notice.id, format!("{} {}", notice.template, notice.to), false));
    let calls = case.calls.iter().filter(|(visit, _)| case.open_call(**visit).is_some());
    let calls = calls.map(|(visit, call)| {
        let id = Uuid::from_bytes(call_id(row.id, *visit));
        (id, format!("{} {}", call.connector, call.operation), true)
    });
    let hooks = case.hooks.iter();
    let hooks = hooks.map(|(id, hook)| (*id, format!("{} {}", hook.connector, hook.operation), true));
    let mut wanted = mails.chain(calls).chain(hooks).peekable();
    if wanted.peek().is_none() {
        return Ok(None);
    }
    let rows = store.outbox_of_order(row.org, row.id)?.into_iter();
    let stored: BTreeMap<Uuid, String> = rows.map(|row| (Uuid::from_bytes(row.id), row.state)).collect();
    let lacks = |(id, _, queued): &(Uuid, String, bool)| match stored.get(id) {
        None => true,
        Some(state) => *queued && state != "queued",
    };
    Ok(wanted.find(lacks).map(|(id, what, _)| {
        let is = stored.get(&id).cloned();
        let detail = if is.is_none() { "row_is_gone" } else { "row_differs" };
        let stored = is.unwrap_or_else(|| "-".to_owned());
        (ProblemKind::OutboxMissing, detail, Differs { expected: format!("{id} {what}"), stored })
    }))
}
