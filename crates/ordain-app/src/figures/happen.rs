//! What happened to an order, each thing a row: exceptions, changes, promised lines, notices, and faults that the checks caught
//! before anybody was asked.

use crate::case::notice_text::IN_APP;
use crate::case::world::House;
use crate::case::{Case, Event};
use ordain_domain::finding::Severity;
use ordain_domain::order::{ChangeState, Event as OrderEvent};
use ordain_store::{HappeningRow, LogRow};
use std::collections::BTreeSet;

/// What of an order can be told from what it has become.
pub fn happenings(org: i64, case: &Case, house: &House) -> Vec<HappeningRow> {
    let row = |kind: &str, subject: String, about: String, state: &str, at_ms: i64, until_ms: Option<i64>| {
        let minutes = |until: i64| house.calendar.working_ms_between(at_ms, until) / 60_000;
        HappeningRow {
            org,
            order_id: case.order.id.into_bytes(),
            kind: kind.to_owned(),
            subject,
            version: case.version,
            number: case.order.number.clone(),
            about,
            state: state.to_owned(),
            at_ms,
            minutes: until_ms.map(minutes),
        }
    };
    let mut rows = Vec::new();
    for known in &case.exceptions {
        let closed = known.closed.as_ref().map(|closed| closed.at_ms);
        let state = if known.is_open() { "open" } else { "closed" };
        let about = known.kind.name().to_owned();
        rows.push(row("exception", known.id.to_string(), about, state, known.opened_ms, closed));
    }
    for change in &case.order.changes {
        let applied = match change.state {
            ChangeState::Applied { at_ms } => Some(at_ms),
            _ => None,
        };
        let (about, state) = (change.origin.name().to_owned(), change.state.name());
        rows.push(row("change", change.id.to_string(), about, state, change.at_ms, applied));
    }
    for notice in case.notices.iter().filter(|notice| notice.channel != IN_APP) {
        let state = match (&notice.failed, notice.sent_ms) {
            (Some(_), _) => "failed",
            (None, Some(_)) => "sent",
            (None, None) => "queued",
        };
        let about = notice.channel.clone();
        rows.push(row("notice", notice.id.to_string(), about, state, notice.queued_ms, notice.sent_ms));
    }
    for (line, product, day_ms, state) in promises(case, house) {
        rows.push(row("promise", line.to_string(), product, state, day_ms, None));
    }
    rows
}

/// Lines of a confirmed order with the day they were promised for, and whether all of them left by then. Whoever cancels
/// is promised nothing any more.
fn promises(case: &Case, house: &House) -> Vec<(u32, String, i64, &'static str)> {
    let order = &case.order;
    if order.confirmed_ms.is_none() || !order.status.is_firm() {
        return Vec::new();
    }
    let left = order.unshipped_milli();
    let promise = |line: &ordain_domain::order::Line| {
        let day = order.promised_on(line.id)?;
        let shipments = order.fulfilment.shipments.iter();
        let of_line = shipments.filter(|one| one.lines.iter().any(|part| part.line == line.id));
        let last = of_line.map(|one| one.on).max();
        let state = match (left.get(&line.id), last) {
            (Some(0), Some(on)) if on <= day => "kept",
            (Some(0), Some(_)) => "late",
            _ => "open",
        };
        Some((line.id, line.product.clone()?, house.calendar.instant(day, 0), state))
    };
    order.content.lines.iter().filter_map(promise).collect()
}

/// Faults that one entry of the log found in an order that was not handed in yet. Whoever sent it had to mend them.
pub fn catches(case: &Case, entry: &LogRow) -> Vec<HappeningRow> {
    let order = &case.order;
    // Most entries check nothing: they are not read.
    let before = order.submitted_ms.is_none_or(|at_ms| entry.at_ms <= at_ms);
    if !before || entry.order_id != Some(order.id.into_bytes()) || !entry.events.contains("\"checked\"") {
        return Vec::new();
    }
    let events: Vec<Event> = serde_json::from_str(&entry.events).unwrap_or_default();
    let checked = events.iter().filter_map(|event| match event {
        Event::Order(OrderEvent::Checked { checked }) => Some(checked),
        _ => None,
    });
    let blockers = checked.flat_map(|checked| &checked.findings);
    let blockers = blockers.filter(|finding| finding.code.severity() == Severity::Blocker);
    let codes: BTreeSet<&str> = blockers.map(|finding| finding.code.name()).collect();
    let row = |code: &str| HappeningRow {
        org: entry.org,
        order_id: order.id.into_bytes(),
        kind: ordain_store::CATCH.to_owned(),
        subject: code.to_owned(),
        version: entry.subject_seq,
        number: order.number.clone(),
        about: code.to_owned(),
        state: "mended".to_owned(),
        at_ms: entry.at_ms,
        minutes: None,
    };
    codes.into_iter().map(row).collect()
}
