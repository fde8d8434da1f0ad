//! Which orders wait for something that may arrive: stock of a product, or master data under a code.
//! A stock feed or a new customer finds here whom to look at again, without reading all open orders.

use std::collections::BTreeSet;

use crate::sql::{Connection, Params, any_number, insert_all, run_each};
use crate::{Id, Store, StoreError};

/// The products an order is short of from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortLines {
    pub org: i64,
    pub order_id: Id,
    pub products: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnmatchedKind {
    Customer,
    Product,
    /// Credit of the customer with this code.
    Credit,
}

impl UnmatchedKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Product => "product",
            Self::Credit => "credit",
        }
    }
}

/// The codes an order names and nobody knows, and the customer whose credit it waits for, from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmatched {
    pub org: i64,
    pub order_id: Id,
    pub codes: BTreeSet<(UnmatchedKind, String)>,
}

pub(crate) fn replace_short_lines(
    connection: &Connection<'_>,
    orders: &[ShortLines],
) -> Result<(), StoreError> {
    let sql = "DELETE FROM short_line WHERE org_id = ? AND order_id = ?";
    run_each(connection, sql, orders.iter().map(|of| (of.org, of.order_id)), any_number)?;
    let sql = "INSERT INTO short_line (org_id, product, order_id) VALUES (?, ?, ?)";
    let rows = orders.iter().flat_map(|of| of.products.iter().map(|p| (of.org, p, of.order_id)));
    insert_all(connection, sql, rows)
}

pub(crate) fn replace_unmatched(connection: &Connection<'_>, orders: &[Unmatched]) -> Result<(), StoreError> {
    let sql = "DELETE FROM unmatched WHERE org_id = ? AND order_id = ?";
    run_each(connection, sql, orders.iter().map(|of| (of.org, of.order_id)), any_number)?;
    let sql = "INSERT INTO unmatched (org_id, kind, code, order_id) VALUES (?, ?, ?, ?)";
    let rows = orders
        .iter()
        .flat_map(|of| of.codes.iter().map(|(kind, code)| (of.org, kind.as_str(), code, of.order_id)));
    insert_all(connection, sql, rows)
}

impl Store {
    /// Oldest order first: who came first is served first.
    pub fn orders_waiting_for_stock(&self, org: i64, products: &[String]) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT order_id FROM short_line WHERE org_id = ? AND product = ?";
        self.read(|c| order_ids(c, sql, products.iter().map(|product| (org, product))))
    }

    /// Every live order that holds goods of a product, waits for some to come or is short of them, the oldest first.
    pub fn orders_with_product(&self, org: i64, product: &str) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT order_id FROM reservation WHERE org_id = ?1 AND product = ?2
            UNION SELECT order_id FROM incoming WHERE org_id = ?1 AND product = ?2
            UNION SELECT order_id FROM short_line WHERE org_id = ?1 AND product = ?2";
        self.read(|c| order_ids(c, sql, std::iter::once((org, product))))
    }

    pub fn orders_waiting_for_code(
        &self,
        org: i64,
        kind: UnmatchedKind,
        codes: &[String],
    ) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT order_id FROM unmatched WHERE org_id = ? AND kind = ? AND code = ?";
        self.read(|c| order_ids(c, sql, codes.iter().map(|code| (org, kind.as_str(), code))))
    }

    /// Every order with a timer and without an open task.
    pub fn orders_with_timers_alone(&self, org: i64) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT order_id FROM timer WHERE org_id = ?1 AND order_id IS NOT NULL
                   EXCEPT SELECT order_id FROM task WHERE org_id = ?1 AND state = 'open'";
        self.read(|c| order_ids(c, sql, std::iter::once((org,))))
    }

    /// Every order that waits for goods or for a code, whichever.
    pub fn orders_waiting(&self, org: i64) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT order_id FROM short_line WHERE org_id = ?1
                   UNION SELECT order_id FROM unmatched WHERE org_id = ?1";
        self.read(|c| order_ids(c, sql, std::iter::once((org,))))
    }
}

fn order_ids<P: Params>(
    connection: &Connection<'_>,
    sql: &str,
    keys: impl Iterator<Item = P>,
) -> Result<Vec<Id>, StoreError> {
    let mut found = BTreeSet::new();
    connection.each(sql, keys, |row| {
        found.insert(row.get::<Id>(0)?);
        Ok(())
    })?;
    Ok(found.into_iter().collect())
}
