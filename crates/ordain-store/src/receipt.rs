//! What a command answered, kept so that a repeated command gets the same answer.

use rusqlite::Connection;

use crate::StoreError;
use crate::row::{any_number, row, run_each};

row! {
    ReceiptRow in "receipt"
    key { caller: String, key: String, }
    rest { fingerprint: [u8; 32], status: i64, body: String, at_ms: i64, }
}

/// Looks at the oldest rows only: they lie first in the table, so no index over time has to be paid for
/// by every order.
pub(crate) fn purge(connection: &Connection, before_ms: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM receipt WHERE rowid IN (SELECT rowid FROM receipt ORDER BY rowid LIMIT 5000)
        AND at_ms < ?";
    run_each(connection, sql, [(before_ms,)], any_number)
}
