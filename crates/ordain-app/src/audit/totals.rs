//! The sums over all orders: what customers owe and what is reserved of every product.
//!
//! The sums are those after a certain entry, so they can be compared beside a running server: what was written
//! meanwhile is added, and a row that orders moved while it was read is read again.

use super::fold::entries;
use super::{Differs, Problem, ProblemKind};
use crate::case::Case;
use crate::case::event::{Event, apply};
use ordain_domain::promise::Source;
use ordain_store::{Id, LogRow, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Rows and entries read at a time.
const PAGE: usize = 1_000;
/// How often rows that orders move all the time are read again. What never stood still is not called damaged.
const ROUNDS: usize = 50;

/// What orders draw from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pool {
    Credit(String),
    Stock(String, String),
    Supply(Source),
}

type Sums = BTreeMap<Pool, i64>;

/// What the orders hold after the entry `at`.
pub(super) struct Totals {
    at: i64,
    sums: Sums,
}

fn holds(case: Option<&Case>) -> Sums {
    let mut sums = Sums::new();
    let Some(order) = case.map(|case| &case.order) else { return sums };
    for of in order.stock_taken().iter() {
        *sums.entry(Pool::Stock(of.product.clone(), of.warehouse.clone())).or_default() += of.qty_milli;
    }
    for of in order.coming_taken().iter() {
        *sums.entry(Pool::Supply(of.source.clone())).or_default() += of.qty_milli;
    }
    if let Some(held) = order.credit_taken() {
        *sums.entry(Pool::Credit(held.customer.clone())).or_default() += held.minor;
    }
    sums
}

impl Totals {
    pub fn after(at: i64) -> Self {
        Self { at, sums: Sums::new() }
    }

    /// Adds what an order held after the entry that the sums stand at.
    pub fn add(&mut self, case: &Case, entries: &[LogRow]) {
        if entries.last().is_some_and(|last| last.seq <= self.at) {
            self.take(&holds(Some(case)), 1);
        } else {
            let until = entries.partition_point(|entry| entry.seq <= self.at);
            let mut case = None;
            entries[..until].iter().for_each(|entry| step(&mut case, entry));
            self.take(&holds(case.as_ref()), 1);
        }
    }

    fn take(&mut self, holds: &Sums, sign: i64) {
        for (pool, held) in holds {
            *self.sums.entry(pool.clone()).or_default() += sign * held;
        }
    }

    fn expected(&self, pool: &Pool) -> i64 {
        self.sums.get(pool).copied().unwrap_or_default()
    }

    /// Follows the log to its end; gives what moved on the way.
    fn advance(&mut self, store: &Store, org: i64) -> Result<BTreeSet<Pool>, StoreError> {
        let mut moved = BTreeSet::new();
        loop {
            let page = store.log_range(org, self.at, PAGE)?;
            let mut stretches: BTreeMap<Id, (i64, i64)> = BTreeMap::new();
            for row in &page {
                if let Some(order) = row.order_id {
                    let stretch = stretches.entry(order).or_insert((row.subject_seq, row.subject_seq));
                    stretch.1 = row.subject_seq;
                }
                self.at = row.seq;
            }
            for (order, (from, to)) in stretches {
                let mut case = None;
                let mut before = Sums::new();
                for entry in entries(store, org, order, to)? {
                    step(&mut case, &entry);
                    let after = holds(case.as_ref());
                    if entry.subject_seq >= from && before != after {
                        self.take(&before, -1);
                        self.take(&after, 1);
                        moved.extend(before.into_keys().chain(after.keys().cloned()));
                    }
                    before = after;
                }
            }
            if page.len() < PAGE {
                return Ok(moved);
            }
        }
    }

    /// The first balance that is not the sum of its movements, or else the first pool of which the stored sum is not
    /// what the orders hold.
    pub fn check(mut self, store: &Store, org: i64) -> Result<Option<Problem>, StoreError> {
        if let Some((product, warehouse, moved, stored)) = store.stock_off_ledger(org)? {
            let detail = if stored < moved { "sum_is_less" } else { "sum_is_more" };
            let differs = Differs { expected: moved.to_string(), stored: stored.to_string() };
            let subject = format!("stock:{product}:{warehouse}");
            let problem = Problem::new(self.at + 1, subject, ProblemKind::MovementsDiffer, detail);
            return Ok(Some(Problem { differs: Some(differs), ..problem }));
        }
        self.advance(store, org)?;
        let mut stored = all(store, org)?;
        let mut suspects: Option<BTreeSet<Pool>> = None;
        for _ in 0..ROUNDS {
            let moved = self.advance(store, org)?;
            let pools = suspects.take();
            let pools = pools.unwrap_or_else(|| stored.keys().chain(self.sums.keys()).cloned().collect());
            let of = |pool: &Pool| stored.get(pool).copied().unwrap_or_default();
            let differing: BTreeSet<Pool> =
                pools.into_iter().filter(|pool| of(pool) != self.expected(pool)).collect();
            if let Some(pool) = differing.iter().find(|pool| !moved.contains(pool)) {
                return Ok(Some(self.problem(pool, of(pool))));
            }
            if differing.is_empty() {
                return Ok(None);
            }
            stored = some(store, org, &differing)?;
            suspects = Some(differing);
        }
        Ok(None)
    }

    fn problem(&self, pool: &Pool, stored: i64) -> Problem {
        let (kind, subject) = match pool {
            Pool::Credit(customer) => (ProblemKind::ExposureDiffers, format!("customer:{customer}")),
            Pool::Stock(product, warehouse) => {
                (ProblemKind::StockDiffers, format!("stock:{product}:{warehouse}"))
            }
            Pool::Supply(source) => (ProblemKind::SupplyDiffers, format!("{}:{source}", source.kind())),
        };
        let expected = self.expected(pool);
        let detail = if stored < expected { "sum_is_less" } else { "sum_is_more" };
        let differs = Differs { expected: expected.to_string(), stored: stored.to_string() };
        Problem { differs: Some(differs), ..Problem::new(self.at + 1, subject, kind, detail) }
    }
}

/// What cannot be read was named when its order was looked at.
fn step(case: &mut Option<Case>, entry: &LogRow) {
    let events: Vec<Event> = serde_json::from_str(&entry.events).unwrap_or_default();
    events.iter().for_each(|event| apply(case, event, entry.at_ms));
}

/// The stored sums, but for zeros.
fn all(store: &Store, org: i64) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    let mut after = String::new();
    loop {
        let page = store.list_customers(org, "", &after, PAGE)?;
        let full = page.len() == PAGE;
        for row in page {
            after.clone_from(&row.code);
            sums.insert(Pool::Credit(row.code), row.exposure_minor);
        }
        if !full {
            break;
        }
    }
    let mut after = (String::new(), String::new());
    loop {
        let page = store.list_stock(org, "", (&after.0, &after.1), PAGE)?;
        let full = page.len() == PAGE;
        for row in page {
            after = (row.product.clone(), row.warehouse.clone());
            sums.insert(Pool::Stock(row.product, row.warehouse), row.reserved_milli);
        }
        if !full {
            break;
        }
    }
    let mut after = (String::new(), 0);
    loop {
        let page = store.list_purchases(org, ("", ""), (&after.0, after.1), PAGE)?;
        let full = page.len() == PAGE;
        for row in page {
            after = (row.number.clone(), row.line);
            let source = Source::Purchase { number: row.number, line: row.line };
            sums.insert(Pool::Supply(source), row.promised_milli);
        }
        if !full {
            break;
        }
    }
    let mut after = String::new();
    loop {
        let page = store.list_work_orders(org, ("", ""), &after, PAGE)?;
        let full = page.len() == PAGE;
        for row in page {
            after.clone_from(&row.number);
            sums.insert(Pool::Supply(Source::Work { number: row.number }), row.promised_milli);
        }
        if !full {
            break;
        }
    }
    sums.retain(|_, sum| *sum != 0);
    Ok(sums)
}

fn some(store: &Store, org: i64, pools: &BTreeSet<Pool>) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    for pool in pools {
        let sum = match pool {
            Pool::Credit(code) => store.customer(org, code)?.map(|row| row.exposure_minor),
            Pool::Stock(product, warehouse) => {
                let rows = store.stock_of_product(org, product)?;
                rows.into_iter().find(|row| row.warehouse == *warehouse).map(|row| row.reserved_milli)
            }
            Pool::Supply(Source::Work { number }) => {
                store.work_order(org, number)?.map(|row| row.promised_milli)
            }
            Pool::Supply(source) => {
                store.purchase_line(org, source.number(), source.line())?.map(|row| row.promised_milli)
            }
        };
        sums.extend(sum.map(|sum| (pool.clone(), sum)));
    }
    Ok(sums)
}
