//! How work went from hand to hand, for the figures: rows that follow the log like the facts of orders.

use crate::fact::FactTraits;
use crate::query::Query;
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
    /// Taken from a holder who was late.
    Escalated,
}

impl HandOverSet {
    pub const ALL: [HandOverSet; 4] =
        [HandOverSet::Sent, HandOverSet::Received, HandOverSet::Waiting, HandOverSet::Escalated];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Waiting => "waiting",
            Self::Escalated => "escalated",
        }
    }

    fn terms(self) -> &'static str {
        match self {
            Self::Sent => "",
            Self::Received => " AND received_at_ms IS NOT NULL",
            Self::Waiting => " AND received_at_ms IS NULL AND ended_at_ms IS NULL",
            Self::Escalated => " AND why IN ('overdue', 'escalated')",
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
        of: &FactTraits,
        (from_ms, to_ms): (i64, i64),
    ) -> Result<Vec<HandOverFactRow>, StoreError> {
        let sql = "WHERE org_id = ? AND sent_at_ms >= ? AND sent_at_ms < ?";
        let mut query = Query::new(sql, vec![org.into(), from_ms.into(), to_ms.into()]);
        of.narrow_beside("hand_over_fact", &mut query);
        query.sql.push_str(" ORDER BY sent_at_ms, task_id, n");
        self.read(|c| all(c, &query.sql, query.values))
    }

    /// How many of a set of them came to each department (empty: to none).
    pub fn hand_over_counts(
        &self,
        org: i64,
        (set, of): (HandOverSet, &FactTraits),
        (from_ms, to_ms): (i64, i64),
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = format!(
            "SELECT coalesce(department, ''), count(*) FROM hand_over_fact
             WHERE org_id = ? AND sent_at_ms >= ? AND sent_at_ms < ?{}",
            set.terms()
        );
        let mut query = Query::new(sql, vec![org.into(), from_ms.into(), to_ms.into()]);
        of.narrow_beside("hand_over_fact", &mut query);
        query.sql.push_str(" GROUP BY 1 ORDER BY 1");
        self.read(|c| c.query(&query.sql, query.values, |row| Ok((row.get(0)?, row.get(1)?))))
    }

    /// A page of a set of them, of one department (empty: of none) or of all, after (sent, task, number).
    pub fn hand_over_page(
        &self,
        org: i64,
        (set, of, department): (HandOverSet, &FactTraits, Option<&str>),
        (from_ms, to_ms): (i64, i64),
        after: Option<(i64, Id, i64)>,
        limit: usize,
    ) -> Result<Vec<HandOverFactRow>, StoreError> {
        let sql = format!("WHERE org_id = ? AND sent_at_ms >= ? AND sent_at_ms < ?{}", set.terms());
        let mut query = Query::new(sql, vec![org.into(), from_ms.into(), to_ms.into()]);
        if let Some((at_ms, task, n)) = after {
            query.and("(sent_at_ms, task_id, n) > (?, ?, ?)", at_ms);
            query.values.extend([task.to_vec().into(), n.into()]);
        }
        query.and_some("coalesce(department, '') = ?", department.map(str::to_owned));
        of.narrow_beside("hand_over_fact", &mut query);
        query.sql.push_str(" ORDER BY sent_at_ms, task_id, n LIMIT ?");
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }
}
