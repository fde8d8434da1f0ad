//! Published versions of flows. At most one version of a flow is active; an index sees to it.

use crate::sql::Connection;

use crate::row::{all, any_number, first, row, run_each, upsert};
use crate::{Store, StoreError};

row! {
    /// `state` is `active` or `history`.
    FlowRow in "flow"
    key { key: String, version: i64, }
    rest { state: String, doc: String, published_at_ms: i64, published_by: String, }
}

row! {
    /// The one draft of a flow. `doc`, `cases` and `authors` are JSON; `revision` counts its edits; `base_version` is the
    /// version it was begun from.
    FlowDraftRow in "flow_draft"
    key { key: String, }
    rest {
        revision: i64,
        doc: String,
        cases: String,
        base_version: Option<i64>,
        editor: String,
        edited_at_ms: i64,
        authors: String,
    }
}

row! {
    /// What was said when a version was published; `acknowledged` and `cases` are JSON.
    FlowReleaseRow in "flow_release"
    key { key: String, version: i64, }
    rest { note: String, acknowledged: String, cases: String, }
}

row! {
    /// The one release of a flow that waits; `body` is JSON.
    FlowPendingRow in "flow_pending"
    key { key: String, }
    rest { body: String, }
}

pub(crate) fn remove_pendings(connection: &Connection<'_>, keys: &[(i64, String)]) -> Result<(), StoreError> {
    let sql = "DELETE FROM flow_pending WHERE org_id = ? AND key = ?";
    run_each(connection, sql, keys.iter().map(|(org, key)| (*org, key)), any_number)
}

pub(crate) fn remove_drafts(connection: &Connection<'_>, keys: &[(i64, String)]) -> Result<(), StoreError> {
    let sql = "DELETE FROM flow_draft WHERE org_id = ? AND key = ?";
    run_each(connection, sql, keys.iter().map(|(org, key)| (*org, key)), any_number)
}

/// Leaves the flows without a version in force.
pub(crate) fn disable(connection: &Connection<'_>, keys: &[(i64, String)]) -> Result<(), StoreError> {
    let sql = "UPDATE flow SET state = 'history' WHERE org_id = ? AND key = ? AND state = 'active'";
    run_each(connection, sql, keys.iter().map(|(org, key)| (*org, key)), any_number)
}

pub(crate) fn publish(connection: &Connection<'_>, flows: &[FlowRow]) -> Result<(), StoreError> {
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

    pub fn flow_drafts(&self, org: i64) -> Result<Vec<FlowDraftRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY key", (org,)))
    }

    pub fn flow_draft(&self, org: i64, key: &str) -> Result<Option<FlowDraftRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND key = ?", (org, key)))
    }

    pub fn flow_pending(&self, org: i64, key: &str) -> Result<Option<FlowPendingRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND key = ?", (org, key)))
    }

    pub fn flow_pendings(&self, org: i64) -> Result<Vec<FlowPendingRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY key", (org,)))
    }

    pub fn flow_releases(&self, org: i64) -> Result<Vec<FlowReleaseRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY key, version DESC", (org,)))
    }
}
