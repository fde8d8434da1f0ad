//! Published versions of flows. At most one version of a flow is active; an index sees to it.

use rusqlite::Connection;

use crate::row::{all, any_number, first, row, run_each, upsert};
use crate::{Store, StoreError};

row! {
    /// `state` is `active` or `history`.
    FlowRow in "flow"
    key { key: String, version: i64, }
    rest { state: String, doc: String, published_at_ms: i64, published_by: String, }
}

pub(crate) fn publish(connection: &Connection, flows: &[FlowRow]) -> Result<(), StoreError> {
    let sql = "UPDATE flow SET state = 'history' WHERE org_id = ? AND key = ? AND state = 'active'";
    for flow in flows {
        if flow.state == "active" {
            run_each(connection, sql, [(flow.org, &flow.key)], any_number)?;
        }
        upsert(connection, std::slice::from_ref(flow))?;
    }
    Ok(())
}

impl Store {
    /// All versions of all flows, newest first within a flow.
    pub fn flows(&self, org: i64) -> Result<Vec<FlowRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY key, version DESC", (org,)))
    }

    pub fn flow(&self, org: i64, key: &str, version: i64) -> Result<Option<FlowRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND key = ? AND version = ?", (org, key, version)))
    }

    pub fn active_flow(&self, org: i64, key: &str) -> Result<Option<FlowRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND key = ? AND state = 'active'", (org, key)))
    }
}
