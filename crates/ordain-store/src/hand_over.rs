//! How work went from hand to hand, for the figures: rows that follow the log like the facts of orders.

use crate::reader::page;
use crate::row::{Row, all, any_number, row, run_each};
use crate::sql::Connection;
use crate::{Id, Store, StoreError};

row! {
    /// One hand that a task came to, numbered from nought. `holder` is a party by kind and key.
    HandOverFactRow in "hand_over_fact"
    key { order_id: Id, task_id: Id, n: i64, }
    rest {
        version: i64,
        number: String,
        node: String,
        department: Option<String>,
        holder: String,
        why: Option<String>,
        sent_at_ms: i64,
        received_at_ms: Option<i64>,
        taken_at_ms: Option<i64>,
        ended_at_ms: Option<i64>,
    }
}

/// Which hand-overs are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOverSet {
    Sent,
    Received,
    /// Neither received nor over.
    Waiting,
}

impl HandOverSet {
    pub const ALL: [HandOverSet; 3] = [HandOverSet::Sent, HandOverSet::Received, HandOverSet::Waiting];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Waiting => "waiting",
        }
    }

    fn terms(self) -> &'static str {
        match self {
            Self::Sent => "",
            Self::Received => " AND received_at_ms IS NOT NULL",
            Self::Waiting => " AND received_at_ms IS NULL AND ended_at_ms IS NULL",
        }
    }
}

/// A row of an older state never takes the place of one of a newer; what is no longer so goes.
pub(crate) fn put(connection: &Connection<'_>, rows: &[HandOverFactRow]) -> Result<(), StoreError> {
    let sql = format!("{} WHERE excluded.version >= hand_over_fact.version", HandOverFactRow::UPSERT);
    run_each(connection, &sql, rows, any_number)?;
    let mut orders: Vec<(i64, Id, i64)> =
        rows.iter().map(|row| (row.org, row.order_id, row.version)).collect();
    orders.dedup();
    let old = "DELETE FROM hand_over_fact WHERE org_id = ? AND order_id = ? AND version < ?";
    run_each(connection, old, &orders, any_number)
}

impl Store {
    /// What was handed over between two instants, from (inclusive) and to (exclusive).
    pub fn hand_overs(
        &self,
        org: i64,
        (from_ms, to_ms): (i64, i64),
    ) -> Result<Vec<HandOverFactRow>, StoreError> {
        let sql = "WHERE org_id = ? AND sent_at_ms >= ? AND sent_at_ms < ? ORDER BY sent_at_ms, task_id, n";
        self.read(|c| all(c, sql, (org, from_ms, to_ms)))
    }

    /// A page of a set of them, of one department (empty: of none) or of all, after (sent, task, number).
    pub fn hand_over_page(
        &self,
        org: i64,
        (set, department): (HandOverSet, Option<&str>),
        (from_ms, to_ms): (i64, i64),
        after: Option<(i64, Id, i64)>,
        limit: usize,
    ) -> Result<Vec<HandOverFactRow>, StoreError> {
        let (at_ms, task, n) = after.unwrap_or((from_ms - 1, [0; 16], 0));
        let sql = format!(
            "WHERE org_id = ? AND sent_at_ms < ? AND (sent_at_ms, task_id, n) > (?, ?, ?){}
             AND (? = 1 OR coalesce(department, '') = ?) ORDER BY sent_at_ms, task_id, n LIMIT ?",
            set.terms()
        );
        let (any, department) = (i64::from(department.is_none()), department.unwrap_or_default());
        self.read(|c| all(c, &sql, (org, to_ms, at_ms, task, n, any, department, page(limit))))
    }
}
