//! Tasks: an order's visit to a step that a person has to work on.

use crate::row::{all, first, row};
use crate::{Id, Store, StoreError};

row! {
    /// `state` is `open`, `done` (decided) or `closed` (no longer needed), `flow` the key of the flow that the step
    /// belongs to, unless the row is older than the column.
    TaskRow in "task"
    key { id: Id, }
    rest {
        order_id: Id,
        node: String,
        visit: i64,
        department: Option<String>,
        role: Option<String>,
        assignee: Option<Id>,
        claimed_by: Option<Id>,
        state: String,
        opened_at_ms: i64,
        due_at_ms: Option<i64>,
        decided_at_ms: Option<i64>,
        decided_by: Option<Id>,
        decision: Option<String>,
        body: String,
        flow: Option<String>,
    }
}

impl Store {
    pub fn task(&self, org: i64, id: Id) -> Result<Option<TaskRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND id = ?", (org, id)))
    }

    pub fn tasks_of_order(&self, org: i64, order: Id) -> Result<Vec<TaskRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY opened_at_ms, id", (org, order)))
    }
}
