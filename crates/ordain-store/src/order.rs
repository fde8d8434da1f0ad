//! Orders: one row each, with what lists need in columns and everything else in `body`. A new order is
//! inserted, a known one updated under its expected version; both keep the search index and the counts
//! in step.

use std::collections::{BTreeMap, BTreeSet};

use crate::row::{all, each, first, row};
use crate::sql::Connection;
use crate::{Hash, Id, Store, StoreError, TwinKey, postgres, sqlite};

row! {
    /// `flags` is a list with commas, `search` lower-case text to be found by, `body` the state as JSON,
    /// `head` the hash of the order's last log entry, `version` the number of its log entries.
    OrderRow in "orders"
    key { id: Id, }
    rest {
        number: String,
        revision: i64,
        version: i64,
        status: String,
        flags: String,
        stage: String,
        channel: String,
        customer: Option<String>,
        customer_name: Option<String>,
        customer_po: Option<String>,
        currency: Option<String>,
        total_minor: Option<i64>,
        requested_date: Option<String>,
        receiver: Option<String>,
        waiting_department: Option<String>,
        waiting_node: Option<String>,
        waiting_who: Option<String>,
        waiting_since_ms: Option<i64>,
        due_at_ms: Option<i64>,
        created_at_ms: i64,
        submitted_at_ms: Option<i64>,
        confirmed_at_ms: Option<i64>,
        updated_at_ms: i64,
        head: Hash,
        search: String,
        body: String,
    }
}

/// Refused as `Stale` if the stored version is not `expected_version`.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdatedOrder {
    pub expected_version: i64,
    pub row: OrderRow,
}

pub(crate) fn write(
    connection: &Connection<'_>,
    new: &[OrderRow],
    updated: &[UpdatedOrder],
) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(connection) => sqlite::order::write(connection, new, updated),
        Connection::Postgres(session) => postgres::order::write(session, new, updated),
    }
}

/// Of each key the orders that are still meant, the oldest of them: one more than a batch of commands can end.
pub(crate) fn twins<'k>(
    connection: &Connection<'_>,
    keys: impl IntoIterator<Item = &'k TwinKey>,
) -> Result<BTreeMap<TwinKey, BTreeMap<Id, String>>, StoreError> {
    let sql = "SELECT ?, id, number FROM orders INDEXED BY order_by_customer
        WHERE org_id = ? AND customer = ? AND customer_po = ?
            AND status NOT IN ('cancelled', 'rejected', 'expired')
        ORDER BY created_at_ms, id LIMIT 257";
    let keys: Vec<&TwinKey> = keys.into_iter().collect();
    let asked = (0..).zip(&keys).map(|(n, key): (i64, _)| (n, key.org, &key.customer, &key.customer_po));
    let mut found: BTreeMap<TwinKey, BTreeMap<Id, String>> = BTreeMap::new();
    connection.each(sql, asked, |row| {
        let key = usize::try_from(row.get::<i64>(0)?).ok().and_then(|n| keys.get(n));
        if let Some(key) = key {
            found.entry((*key).clone()).or_default().insert(row.get(1)?, row.get(2)?);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Of each customer that was asked about, at most two orders that were confirmed to it.
pub(crate) fn buyers(
    connection: &Connection<'_>,
    asked: &BTreeSet<(i64, String)>,
) -> Result<BTreeMap<(i64, String), BTreeSet<Id>>, StoreError> {
    let sql = "SELECT org_id, customer, id FROM orders INDEXED BY order_by_customer
        WHERE org_id = ? AND customer = ? AND status IN ('confirmed', 'in_fulfilment', 'completed') LIMIT 2";
    let mut found: BTreeMap<_, BTreeSet<Id>> =
        asked.iter().map(|key| (key.clone(), BTreeSet::new())).collect();
    connection.each(sql, asked.iter().map(|(org, customer)| (*org, customer)), |row| {
        found.entry((row.get(0)?, row.get(1)?)).or_default().insert(row.get(2)?);
        Ok(())
    })?;
    Ok(found)
}

impl Store {
    /// Whether an order but this one was confirmed to the customer.
    pub fn has_bought(&self, org: i64, customer: &str, but: Option<Id>) -> Result<bool, StoreError> {
        let key = (org, customer.to_owned());
        let found = self.read(|c| buyers(c, &BTreeSet::from([key.clone()])))?;
        Ok(found.values().flatten().any(|id| Some(*id) != but))
    }

    /// The orders of a customer under one purchase order number that are still meant, the oldest of them.
    pub fn twins(&self, key: &TwinKey) -> Result<BTreeMap<Id, String>, StoreError> {
        self.read(|c| Ok(twins(c, [key])?.remove(key).unwrap_or_default()))
    }

    pub fn order_by_id(&self, org: i64, id: Id) -> Result<Option<OrderRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND id = ?", (org, id)))
    }

    /// The orders among these that there are, in one read.
    pub fn orders_by_ids(&self, org: i64, ids: &[Id]) -> Result<Vec<OrderRow>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        self.read(|c| {
            each(c, "WHERE org_id = ? AND id = ?", ids.iter().map(|id| (org, *id)), |row| found.push(row))
        })?;
        Ok(found)
    }

    pub fn order_by_number(&self, org: i64, number: &str) -> Result<Option<OrderRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND number = ?", (org, number)))
    }

    /// Orders received since, oldest first, after a (creation, id) already seen: for reading many in steps.
    pub fn orders_since(
        &self,
        org: i64,
        since_ms: i64,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let (at_ms, id) = after.unwrap_or((since_ms, [0; 16]));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = "WHERE org_id = ? AND (created_at_ms, id) > (?, ?) ORDER BY created_at_ms, id LIMIT ?";
        self.read(|c| all(c, sql, (org, at_ms, id, limit)))
    }

    /// Orders of a status, oldest first, after a (creation, id) already seen.
    pub fn orders_in(
        &self,
        org: i64,
        status: &str,
        after: (i64, Id),
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = "WHERE org_id = ? AND status = ? AND (created_at_ms, id) > (?, ?) \
            ORDER BY created_at_ms, id LIMIT ?";
        self.read(|c| all(c, sql, (org, status, after.0, after.1, limit)))
    }
}
