//! The log: one row per command, numbered without gaps per company and chained by hash per subject.
//! Rows are only ever added.

use crate::query::Query;
use crate::reader::page;
use crate::row::{all, row};
use crate::{Hash, Id, Store, StoreError};

row! {
    /// `actor` is JSON, `events` a JSON list; `subject` is `order:<uuid>` or `org`.
    LogRow in "log"
    key { seq: i64, }
    rest {
        subject: String,
        subject_seq: i64,
        at_ms: i64,
        actor: String,
        command: String,
        reason: Option<String>,
        order_id: Option<Id>,
        events: String,
        hash: Hash,
        prev: Hash,
    }
}

/// What to look for in the log; times are from (inclusive) and to (exclusive).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditFilter {
    pub order_id: Option<Id>,
    /// A part of the actor's JSON.
    pub actor: Option<String>,
    pub command: Option<String>,
    /// Entries of these are left out.
    pub commands_left_out: Vec<String>,
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
}

impl Store {
    /// The latest entries of an order first, before the order's entry number `before`.
    pub fn log_of_order(
        &self,
        org: i64,
        order: Id,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<LogRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? AND subject_seq < ? ORDER BY subject_seq DESC LIMIT ?";
        self.read(|c| all(c, sql, (org, order, before.unwrap_or(i64::MAX), page(limit))))
    }

    /// In order, after the number `after`; call again with the last number to go through all of it. A
    /// page at a time, because one long read would keep the write-ahead log from being reused.
    pub fn log_range(&self, org: i64, after: i64, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND seq > ? ORDER BY seq LIMIT ?", (org, after, page(limit))))
    }

    /// The number of the last entry.
    pub fn log_end(&self, org: i64) -> Result<i64, StoreError> {
        self.read(|c| c.count("SELECT coalesce(max(seq), 0) FROM log WHERE org_id = ?", (org,)))
    }

    /// The latest first, before (time, number).
    pub fn search_log(
        &self,
        org: i64,
        filter: &AuditFilter,
        before: Option<(i64, i64)>,
        limit: usize,
    ) -> Result<Vec<LogRow>, StoreError> {
        let mut query = Query::new("WHERE org_id = ?", vec![org.into()]);
        query.and_some("order_id = ?", filter.order_id.map(|id| id.to_vec()));
        query.and_some("command = ?", filter.command.clone());
        query.and_none("command", &filter.commands_left_out);
        query.and_some("instr(actor, ?) > 0", filter.actor.clone());
        query.and_some("at_ms >= ?", filter.from_ms);
        query.and_some("at_ms < ?", filter.to_ms);
        if let Some((at_ms, seq)) = before {
            query.and("(at_ms, seq) < (?, ?)", at_ms);
            query.values.push(seq.into());
        }
        query.sql.push_str(" ORDER BY at_ms DESC, seq DESC LIMIT ?");
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }
}
