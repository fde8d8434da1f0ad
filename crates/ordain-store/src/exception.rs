//! Exceptions: what no rule can settle, with who owns it and until when.

use std::collections::BTreeMap;

use crate::query::Query;
use crate::sql::Found;

use crate::reader::page;
use crate::row::{all, first, row};
use crate::{Id, OrderReach, Store, StoreError};

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
    /// Of orders that are reached; none: of all.
    pub reach: Option<OrderReach>,
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
        let mut query = Query::new(format!("WHERE org_id = ? AND state = '{state}'"), vec![org.into()]);
        query.and_some("kind = ?", filter.kind.clone());
        query.and_any("owner", &filter.owners);
        query.and_of_reached("exception", filter.reach.as_ref());
        if let Some((at_ms, id)) = after {
            query.and(&format!("({place}, id) {compare} (?, ?)"), at_ms);
            query.values.push(id.to_vec().into());
        }
        query.sql.push_str(&format!(" ORDER BY {place} {order}, id {order} LIMIT ?"));
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }

    pub fn exceptions_of_order(&self, org: i64, order: Id) -> Result<Vec<ExceptionRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY opened_at_ms, id", (org, order)))
    }

    /// Open ones by kind: how many, and since when the oldest; of orders that are reached, or of all.
    pub fn count_exceptions(
        &self,
        org: i64,
        reach: Option<&OrderReach>,
    ) -> Result<BTreeMap<String, (i64, i64)>, StoreError> {
        let sql = "SELECT kind, count(*), min(opened_at_ms) FROM exception
            WHERE org_id = ? AND state = 'open'";
        let mut query = Query::new(sql, vec![org.into()]);
        query.and_of_reached("exception", reach);
        query.sql.push_str(" GROUP BY kind");
        let count = |row: &Found<'_>| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
        self.read(|c| Ok(c.query(&query.sql, query.values, count)?.into_iter().collect()))
    }
}
