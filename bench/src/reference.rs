//! The reference: the same final rows and indices of all tables, written bare. One thread, prepared statements, no
//! reads, no decisions, no hashing, committed in groups of the size that the measured run had.

use crate::company::{ORG, company};
use crate::site::size;
use ordain_store::{Changes, OrderFilter, Reservations, Store};
use ordain_testkit::home::Home;
use std::time::{Duration, Instant};

/// The bare run and what one order costs in rows and bytes.
pub struct Bare {
    pub orders: usize,
    pub took: Duration,
    pub rows_per_order: f64,
    pub bytes_per_order: f64,
}

impl Bare {
    pub fn per_second(&self) -> f64 {
        self.orders as f64 / self.took.as_secs_f64()
    }
}

/// Copies the orders of `from` and everything that belongs to them into a fresh database at `to`.
pub fn measure(from: &Home, to: &Home, group: f64) -> Result<Bare, Box<dyn std::error::Error>> {
    let store = Store::open_reader(from.database())?;
    let per_order = rows_of_orders(&store)?;
    let orders = per_order.len();
    let rows: usize = per_order.iter().map(Changes::row_count).sum();
    let groups: Vec<Changes> = per_order.chunks((group.round() as usize).max(1)).map(merged).collect();
    let (_target, mut writer) = Store::open(to.database())?;
    writer.commit(&company()?)?;
    let empty = size(to)?;
    let started = Instant::now();
    for changes in &groups {
        writer.commit(changes)?;
    }
    let took = started.elapsed();
    let bytes_per_order = (size(to)? - empty) / orders.max(1) as f64;
    Ok(Bare { orders, took, rows_per_order: rows as f64 / orders.max(1) as f64, bytes_per_order })
}

/// One change set per order, oldest first, with the rows that the order left behind.
fn rows_of_orders(store: &Store) -> Result<Vec<Changes>, Box<dyn std::error::Error>> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = store.list_orders(ORG, &OrderFilter::default(), after, 200)?;
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        for listed in &page {
            let Some(order) = store.order_by_id(ORG, listed.id)? else { continue };
            let mut changes = Changes {
                log: store.log_of_order(ORG, order.id, None, 200)?,
                outbox: store.outbox_of_order(ORG, order.id)?,
                timers: store.timers_of_order(ORG, order.id)?,
                tasks: store.tasks_of_order(ORG, order.id)?,
                ..Changes::default()
            };
            let rows = store.reservations_of_order(ORG, order.id)?;
            changes.reservations.push(Reservations { org: ORG, order_id: order.id, first: true, rows });
            changes.new_orders.push(order);
            found.push(changes);
        }
    }
    notices(store, &mut found)?;
    found.reverse();
    Ok(found)
}

/// Notices are kept per person; they are dealt out to the orders they are about.
fn notices(store: &Store, orders: &mut [Changes]) -> Result<(), Box<dyn std::error::Error>> {
    let mut by_order = std::collections::BTreeMap::new();
    for (at, changes) in orders.iter().enumerate() {
        by_order.extend(changes.new_orders.iter().map(|order| (order.id, at)));
    }
    for user in store.users(ORG)? {
        let mut before = None;
        loop {
            let page = store.notices_of_user(ORG, user.id, None, before, 200)?;
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            for notice in page {
                let at = notice.order_id.and_then(|order| by_order.get(&order));
                if let Some(changes) = at.and_then(|at| orders.get_mut(*at)) {
                    changes.notices.push(notice);
                }
            }
        }
    }
    Ok(())
}

fn merged(orders: &[Changes]) -> Changes {
    let mut all = Changes::default();
    for changes in orders {
        let changes = changes.clone();
        all.new_orders.extend(changes.new_orders);
        all.log.extend(changes.log);
        all.reservations.extend(changes.reservations);
        all.outbox.extend(changes.outbox);
        all.timers.extend(changes.timers);
        all.tasks.extend(changes.tasks);
        all.notices.extend(changes.notices);
    }
    all
}
