//! The orders against their entries: as many as the version says, ending in the stored head, and folding to the
//! stored state, from which the rows around the order follow.

use super::chain::{Link, Walked};
use super::totals::Totals;
use super::{Problem, ProblemKind, Progress, derived};
use crate::case::Case;
use crate::case::event::{Event, apply};
use crate::case::world::House;
use crate::gate::{HouseError, load_house};
use ordain_store::{Id, LogRow, OrderFilter, OrderRow, Store, StoreError};
use uuid::Uuid;

/// Orders listed and entries of an order read at a time.
const ORDERS: usize = 200;
const ENTRIES: usize = 500;
/// How often an order that changes while it is looked at is looked at again.
const LOOKS: usize = 5;

#[derive(Default)]
pub(super) struct States {
    pub folded: i64,
    /// The one that comes first in the log.
    pub problem: Option<Problem>,
}

/// What the states are checked with, and the sums that grow on the way.
struct Full<'a> {
    house: &'a House,
    totals: Totals,
}

pub(super) fn check(
    store: &Store,
    org: i64,
    mut walked: Walked,
    chain_only: bool,
    progress: &mut dyn FnMut(Progress),
) -> Result<States, StoreError> {
    let mut states = States::default();
    let house = match chain_only {
        true => None,
        false => states.house(store, org, walked.last_seq)?,
    };
    let mut full = house.as_ref().map(|house| Full { house, totals: Totals::after(walked.last_seq) });
    let (filter, mut after) = (OrderFilter::default(), None);
    loop {
        let page = store.list_orders(org, &filter, after, ORDERS)?;
        for row in &page {
            let link = walked.orders.remove(&row.id);
            states.keep(of_order(store, row, link, walked.last_seq, full.as_mut())?);
            states.folded += i64::from(full.is_some());
        }
        progress(Progress::Orders(states.folded));
        after = page.last().map(OrderRow::cursor);
        if page.len() < ORDERS {
            break;
        }
    }
    for (id, link) in walked.orders {
        // Received while the list was read: then it is there now.
        if store.order_by_id(org, id)?.is_none() {
            let kind = ProblemKind::Missing;
            states.keep(Some(Problem::new(link.seq, subject(id), kind, "order_is_gone")));
        }
    }
    if let (None, Some(full)) = (&states.problem, full) {
        // An order that is damaged itself does not add up.
        states.keep(full.totals.check(store, org)?);
    }
    Ok(states)
}

impl States {
    fn keep(&mut self, found: Option<Problem>) {
        let problems = self.problem.take().into_iter().chain(found);
        self.problem = problems.min_by_key(|problem| problem.seq);
    }

    /// The house; one that cannot be used is damage too.
    fn house(&mut self, store: &Store, org: i64, last_seq: i64) -> Result<Option<House>, StoreError> {
        match load_house(store, org) {
            Ok(house) => Ok(Some(house)),
            Err(HouseError::Store(error)) => Err(error),
            Err(_) => {
                let kind = ProblemKind::State;
                self.keep(Some(Problem::new(last_seq + 1, "house", kind, "house_cannot_be_used")));
                Ok(None)
            }
        }
    }
}

pub(super) fn subject(id: Id) -> String {
    format!("order:{}", Uuid::from_bytes(id))
}

/// Looks at one order; again if it moved on meanwhile.
fn of_order(
    store: &Store,
    listed: &OrderRow,
    link: Option<Link>,
    last_seq: i64,
    mut full: Option<&mut Full<'_>>,
) -> Result<Option<Problem>, StoreError> {
    let mut found = None;
    for look in 0..LOOKS {
        let Some(row) = store.order_by_id(listed.org, listed.id)? else { return Ok(None) };
        let end = match link.filter(|link| look == 0 && row.version == link.count) {
            Some(link) => Some(link),
            None => store.log_of_order(row.org, row.id, None, 1)?.first().map(Link::of),
        };
        found = ends(&row, end.or(link), last_seq);
        if let (None, Some(full)) = (&found, full.as_deref_mut()) {
            found = folds(store, &row, end.map_or(last_seq, |end| end.seq), full)?;
        }
        if found.is_none() {
            break;
        }
    }
    Ok(found)
}

impl Link {
    fn of(row: &LogRow) -> Self {
        Self { count: row.subject_seq, hash: row.hash, seq: row.seq }
    }
}

/// Whether the order's last entry is the one the order says it is.
fn ends(row: &OrderRow, end: Option<Link>, last_seq: i64) -> Option<Problem> {
    let problem = |seq, kind, detail| Some(Problem::new(seq, subject(row.id), kind, detail));
    match end {
        None => problem(last_seq + 1, ProblemKind::Missing, "no_entry_of_the_order"),
        Some(end) if end.count < row.version => problem(last_seq + 1, ProblemKind::Missing, "entry_is_gone"),
        Some(end) if end.count > row.version => problem(end.seq, ProblemKind::State, "version_is_behind"),
        Some(end) if end.hash != row.head => problem(end.seq, ProblemKind::State, "head_differs"),
        Some(_) => None,
    }
}

/// Whether the order's entries make the stored state and the rows around it. A sound order is added to the sums.
fn folds(
    store: &Store,
    row: &OrderRow,
    seq: i64,
    full: &mut Full<'_>,
) -> Result<Option<Problem>, StoreError> {
    let problem = |seq, kind, detail| Ok(Some(Problem::new(seq, subject(row.id), kind, detail)));
    let entries = entries(store, row.org, row.id, row.version)?;
    let case = match replay(&entries) {
        Ok(Some(case)) => case,
        Ok(None) => return problem(seq, ProblemKind::State, "order_was_never_received"),
        Err(seq) => return problem(seq, ProblemKind::Altered, "events_cannot_be_read"),
    };
    if let Some(seq) = signs_otherwise(&entries) {
        return problem(seq, ProblemKind::AttachmentsDiffer, "signs_something_else");
    }
    if serde_json::from_str::<Case>(&row.body).ok().as_ref() != Some(&case) {
        return problem(seq, ProblemKind::State, "state_differs");
    }
    if !shows(row, &case) {
        return problem(seq, ProblemKind::State, "columns_differ");
    }
    let found = derived::check(store, full.house, row, &case, seq)?;
    if found.is_none() {
        full.totals.add(&case, &entries);
    }
    Ok(found)
}

/// The entries of an order up to a version, in order.
pub(crate) fn entries(store: &Store, org: i64, order: Id, version: i64) -> Result<Vec<LogRow>, StoreError> {
    let mut found = Vec::new();
    let mut before = Some(version + 1);
    loop {
        let page = store.log_of_order(org, order, before, ENTRIES)?;
        let full = page.len() == ENTRIES;
        before = page.last().map(|row| row.subject_seq);
        found.extend(page);
        if !full {
            found.reverse();
            return Ok(found);
        }
    }
}

/// The case that an order's entries make.
///
/// # Errors
/// The number of the entry that cannot be read.
pub(crate) fn replay(entries: &[LogRow]) -> Result<Option<Case>, i64> {
    let mut case = None;
    for entry in entries {
        let events: Vec<Event> = serde_json::from_str(&entry.events).map_err(|_| entry.seq)?;
        for event in &events {
            apply(&mut case, event, entry.at_ms);
        }
        if let Some(case) = &mut case {
            case.version = entry.subject_seq;
        }
    }
    Ok(case)
}

/// The first entry with a signature under something else than what was decided then.
fn signs_otherwise(entries: &[LogRow]) -> Option<i64> {
    if !entries.iter().any(|entry| entry.events.contains("\"signs\"")) {
        return None;
    }
    let mut case: Option<Case> = None;
    for entry in entries {
        let events: Vec<Event> = serde_json::from_str(&entry.events).ok()?;
        for event in &events {
            if let (Event::Attached { attachment }, Some(case)) = (event, &case)
                && let Some(signs) = &attachment.signs
                && case.signed(signs.task, signs.decision).as_ref() != Some(signs)
            {
                return Some(entry.seq);
            }
            apply(&mut case, event, entry.at_ms);
        }
    }
    None
}

/// Whether what lists and searches show of the order is what it is.
fn shows(row: &OrderRow, case: &Case) -> bool {
    let order = &case.order;
    row.number == order.number
        && row.status == order.status.name()
        && row.revision == i64::from(order.revision)
        && row.channel == order.channel
        && row.customer == order.content.customer
        && row.customer_po == order.content.customer_po
        && row.total_minor == order.checked.totals.as_ref().map(|totals| totals.gross)
        && row.created_at_ms == order.created_ms
        && row.submitted_at_ms == order.submitted_ms
        && row.confirmed_at_ms == order.confirmed_ms
}
