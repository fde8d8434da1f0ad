//! Changes of orders: those asked for, under review, and over.

use crate::query::Query;

use crate::reader::page;
use crate::row::{all, row};
use crate::{Id, OrderReach, Store, StoreError};

row! {
    /// `state` and `origin` are the names that the order gives them.
    ChangeRequestRow in "change_request"
    key { id: Id, }
    rest {
        order_id: Id,
        origin: String,
        state: String,
        requested_at_ms: i64,
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeRequestFilter {
    /// Only those that are not over, the oldest first; else all, the latest first.
    pub open: bool,
    pub state: Option<String>,
    pub origin: Option<String>,
    /// Of orders that are reached; none: of all.
    pub reach: Option<OrderReach>,
}

impl ChangeRequestRow {
    /// The place of a row in its list.
    pub fn place(&self) -> (i64, Id) {
        (self.requested_at_ms, self.id)
    }
}

impl Store {
    /// `after` is the place of the last seen.
    pub fn list_change_requests(
        &self,
        org: i64,
        filter: &ChangeRequestFilter,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<ChangeRequestRow>, StoreError> {
        let (order, compare) = if filter.open { ("ASC", ">") } else { ("DESC", "<") };
        let mut query = Query::new("WHERE org_id = ?", vec![org.into()]);
        if filter.open {
            query.sql.push_str(" AND state IN ('requested', 'under_review')");
        }
        query.and_some("state = ?", filter.state.clone());
        query.and_some("origin = ?", filter.origin.clone());
        query.and_of_reached("change_request", filter.reach.as_ref());
        if let Some((at_ms, id)) = after {
            query.and(&format!("(requested_at_ms, id) {compare} (?, ?)"), at_ms);
            query.values.push(id.to_vec().into());
        }
        query.sql.push_str(&format!(" ORDER BY requested_at_ms {order}, id {order} LIMIT ?"));
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }

    pub fn change_requests_of_order(&self, org: i64, order: Id) -> Result<Vec<ChangeRequestRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY requested_at_ms, id";
        self.read(|c| all(c, sql, (org, order)))
    }
}
