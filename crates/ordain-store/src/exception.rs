//! Exceptions: what no rule can settle, with who owns it and until when.

use std::collections::BTreeMap;

use crate::sql::{Found, Value};

use crate::reader::page;
use crate::row::{all, first, row};
use crate::{Id, Store, StoreError};

row! {
    /// `state` is `open` or `closed`; `owner` is a department, role or user, as `kind:key`.
    ExceptionRow in "exception"
    key { id: Id, }
    rest {
        order_id: Id,
        kind: String,
        node: Option<String>,
        owner: String,
        taken_by: Option<Id>,
        state: String,
        opened_at_ms: i64,
        due_at_ms: i64,
        closed_at_ms: Option<i64>,
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExceptionFilter {
    pub closed: bool,
    pub kind: Option<String>,
    /// Any of these owners; empty: everybody's.
    pub owners: Vec<String>,
}

impl ExceptionRow {
    /// The place of a row in its list.
    pub fn place(&self) -> (i64, Id) {
        (self.closed_at_ms.unwrap_or(self.due_at_ms), self.id)
    }
}

impl Store {
    pub fn exception(&self, org: i64, id: Id) -> Result<Option<ExceptionRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND id = ?", (org, id)))
    }

    /// Open ones by due time, closed ones latest first; `after` is the place of the last seen.
    pub fn list_exceptions(
        &self,
        org: i64,
        filter: &ExceptionFilter,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<ExceptionRow>, StoreError> {
        let (state, place, order, compare) = match filter.closed {
            false => ("open", "due_at_ms", "ASC", ">"),
            true => ("closed", "closed_at_ms", "DESC", "<"),
        };
        let mut sql = format!("WHERE org_id = ? AND state = '{state}'");
        let mut values: Vec<Value> = vec![org.into()];
        if let Some(kind) = &filter.kind {
            sql.push_str(" AND kind = ?");
            values.push(kind.clone().into());
        }
        if !filter.owners.is_empty() {
            let marks = vec!["?"; filter.owners.len()].join(", ");
            sql.push_str(&format!(" AND owner IN ({marks})"));
            values.extend(filter.owners.iter().map(|owner| Value::from(owner.clone())));
        }
        if let Some((at_ms, id)) = after {
            sql.push_str(&format!(" AND ({place}, id) {compare} (?, ?)"));
            values.extend([at_ms.into(), id.to_vec().into()]);
        }
        sql.push_str(&format!(" ORDER BY {place} {order}, id {order} LIMIT ?"));
        values.push(page(limit).into());
        self.read(|c| all(c, &sql, values))
    }

    pub fn exceptions_of_order(&self, org: i64, order: Id) -> Result<Vec<ExceptionRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY opened_at_ms, id", (org, order)))
    }

    /// Open ones by kind: how many, and since when the oldest.
    pub fn count_exceptions(&self, org: i64) -> Result<BTreeMap<String, (i64, i64)>, StoreError> {
        let sql = "SELECT kind, count(*), min(opened_at_ms) FROM exception
            WHERE org_id = ? AND state = 'open' GROUP BY kind";
        let count = |row: &Found<'_>| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
        self.read(|c| Ok(c.query(sql, (org,), count)?.into_iter().collect()))
    }
}
