//! What other nodes commit, for the listeners of this one: read from the log, where every commit of every node stands,
//! and told as if it had been committed here.

use super::house::load_house;
use super::ledger::Ledger;
use super::{Committed, CommittedOrder, GateError, Houses};
use ordain_store::{Caller, LogRow, Nodes, Store, StoreError};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::WeakSender;
use uuid::Uuid;

/// Calls of other nodes may get lost: the log is looked at anyway.
const POLL: Duration = Duration::from_secs(1);
const PAGE: usize = 500;

/// What is told already of each company.
#[derive(Clone)]
pub(super) struct Told {
    orgs: Arc<Mutex<BTreeMap<i64, Upto>>>,
    /// None where this process commits nothing.
    caller: Option<Caller>,
}

#[derive(Default)]
struct Upto {
    /// Everything up to this number.
    seq: i64,
    /// Own entries beyond it, with entries of others between.
    ahead: BTreeSet<i64>,
}

impl Upto {
    fn own(&mut self, seq: i64) {
        if seq > self.seq {
            self.ahead.insert(seq);
        }
        while self.ahead.remove(&(self.seq + 1)) {
            self.seq += 1;
        }
    }

    /// Whether an entry is news; it is none from then on.
    fn is_news(&mut self, seq: i64) -> bool {
        let news = seq > self.seq && !self.ahead.contains(&seq);
        self.own(seq);
        news
    }
}

impl Told {
    /// Notes what this node has committed, and wakes the others.
    pub fn own<'c>(&self, committed: impl Iterator<Item = &'c Committed>) {
        let mut orgs = self.orgs.lock().unwrap_or_else(PoisonError::into_inner);
        for committed in committed {
            orgs.entry(committed.org).or_default().own(committed.seq);
        }
        if let Some(caller) = &self.caller {
            caller.call();
        }
    }

    fn upto(&self, org: i64) -> i64 {
        let orgs = self.orgs.lock().unwrap_or_else(PoisonError::into_inner);
        orgs.get(&org).map_or(0, |upto| upto.seq)
    }

    fn is_news(&self, row: &LogRow) -> bool {
        let mut orgs = self.orgs.lock().unwrap_or_else(PoisonError::into_inner);
        orgs.entry(row.org).or_default().is_news(row.seq)
    }
}

/// The reading side of it, on a thread of its own.
pub(super) struct Feed {
    /// None where nobody can be listened to: then the log is looked at now and then.
    nodes: Option<Nodes>,
    store: Store,
    houses: Houses,
    told: Told,
}

impl Feed {
    /// None where no other node can be.
    pub fn open(store: &Store, houses: &Houses, ledger: &Ledger) -> Result<Option<(Self, Told)>, StoreError> {
        let Some(nodes) = store.nodes()? else { return Ok(None) };
        let heads = ledger.0.log.iter().map(|(org, row)| (*org, Upto { seq: row.seq, ..Upto::default() }));
        let told = Told { orgs: Arc::new(Mutex::new(heads.collect())), caller: Some(nodes.caller()) };
        let feed =
            Self { nodes: Some(nodes), store: store.clone(), houses: houses.clone(), told: told.clone() };
        Ok(Some((feed, told)))
    }

    /// For a process that only reads, with the houses as they are now. On a standby nobody can listen.
    pub fn beside(store: Store, houses: &Houses) -> Result<Self, GateError> {
        let mut heads = BTreeMap::new();
        for org in store.orgs()?.into_iter().map(|row| row.org) {
            heads.insert(org, Upto { seq: store.last_seq(org)?, ..Upto::default() });
            let house = load_house(&store, org).map_err(|error| GateError::Bug(error.to_string()))?;
            houses.put(org, Arc::new(house));
        }
        let told = Told { orgs: Arc::new(Mutex::new(heads)), caller: None };
        Ok(Self { nodes: None, store, houses: houses.clone(), told })
    }

    /// Until nobody can listen any more.
    pub fn run(self, live: &WeakSender<Committed>) {
        while let Some(live) = live.upgrade() {
            let pass_on = |committed| drop(live.send(committed));
            if let Err(error) = self.look(pass_on) {
                tracing::warn!(%error, "what other nodes committed will be looked for again");
            }
            drop(live);
            match &self.nodes {
                Some(nodes) => nodes.wait(POLL),
                None => std::thread::sleep(POLL),
            }
        }
    }

    fn look(&self, mut pass_on: impl FnMut(Committed)) -> Result<(), StoreError> {
        for org in self.store.orgs()?.into_iter().map(|row| row.org) {
            loop {
                let rows = self.store.log_range(org, self.told.upto(org), PAGE)?;
                let news: Vec<LogRow> = rows.iter().filter(|row| self.told.is_news(row)).cloned().collect();
                if news.iter().any(|row| row.order_id.is_none()) {
                    self.furnish(org);
                }
                for row in news {
                    pass_on(self.committed(row)?);
                }
                if rows.len() < PAGE {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The company itself may have changed.
    fn furnish(&self, org: i64) {
        match load_house(&self.store, org) {
            Ok(house) => self.houses.put(org, Arc::new(house)),
            Err(error) => tracing::error!(%error, org, "settings could not be read again"),
        }
    }

    fn committed(&self, row: LogRow) -> Result<Committed, StoreError> {
        let order = match row.order_id {
            Some(id) => self.store.order_by_id(row.org, id)?,
            None => None,
        };
        let order = match order {
            None => None,
            Some(order) => {
                let tasks = self.store.tasks_of_order(row.org, order.id)?;
                let open = tasks.into_iter().filter(|task| task.state == "open");
                Some(CommittedOrder {
                    id: Uuid::from_bytes(order.id),
                    number: order.number,
                    status: Cow::Owned(order.status),
                    departments: open.filter_map(|task| task.department).collect(),
                })
            }
        };
        let furnishes = order.is_none();
        // Whoever committed it delivers it.
        Ok(Committed {
            org: row.org,
            seq: row.seq,
            command: Cow::Owned(row.command),
            order,
            outbox: false,
            furnishes,
            freed: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Upto;

    #[test]
    fn own_entries_are_no_news_and_those_between_are_once() {
        let mut upto = Upto { seq: 4, ..Upto::default() };
        upto.own(5);
        upto.own(8);
        assert_eq!(upto.seq, 5);
        let news: Vec<i64> = (4..=9).filter(|seq| upto.is_news(*seq)).collect();
        assert_eq!(news, [6, 7, 9]);
        assert_eq!((upto.seq, upto.ahead.len()), (9, 0));
        assert!(!upto.is_news(6));
    }
}
