//! The journal of refused bodies: nothing a customer sent is lost for thirty days.

use crate::sql::Connection;

use crate::reader::page;
use crate::row::{all, any_number, row, run_each};
use crate::{Hash, Id, Store, StoreError};

row! {
    /// `head` is at most the first 64 KiB of the body.
    IntakeRow in "intake"
    key { id: Id, }
    rest { at_ms: i64, door: String, hash: Hash, size: i64, code: String, detail: String, head: Vec<u8>, }
}

/// The oldest rows lie first in the table.
pub(crate) fn purge(connection: &Connection<'_>, before_ms: i64) -> Result<(), StoreError> {
    let sql = match connection {
        Connection::Sqlite(_) => {
            "DELETE FROM intake WHERE rowid IN (SELECT rowid FROM intake ORDER BY rowid LIMIT 500) AND at_ms < ?"
        }
        Connection::Postgres(_) => {
            "DELETE FROM intake WHERE ctid = ANY(ARRAY(SELECT ctid FROM intake WHERE at_ms < ? LIMIT 500))"
        }
    };
    run_each(connection, sql, [(before_ms,)], any_number)
}

impl Store {
    /// Newest first, before the id `before`.
    pub fn list_intake(
        &self,
        org: i64,
        before: Option<Id>,
        limit: usize,
    ) -> Result<Vec<IntakeRow>, StoreError> {
        let sql = "WHERE org_id = ? AND id < ? ORDER BY id DESC LIMIT ?";
        self.read(|c| all(c, sql, (org, before.unwrap_or([0xff; 16]), page(limit))))
    }
}
