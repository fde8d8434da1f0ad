//! What a command answered, kept so that a repeated command gets the same answer.

use crate::sql::{Connection, each_one};

use crate::StoreError;
use crate::row::{any_number, row, run_each};

row! {
    ReceiptRow in "receipt"
    key { caller: String, key: String, }
    rest { fingerprint: [u8; 32], status: i64, body: String, at_ms: i64, }
}

/// How long a reply stands in the way of another under its key.
const KEPT_MS: i64 = 86_400_000;

/// A key that was used within the day is a conflict; after that it is free again, purged or not.
pub(crate) fn put(connection: &Connection<'_>, rows: &[ReceiptRow]) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO receipt (org_id, caller, key, fingerprint, status, body, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (org_id, caller, key) DO UPDATE SET fingerprint = excluded.fingerprint,
            status = excluded.status, body = excluded.body, at_ms = excluded.at_ms
        WHERE receipt.at_ms <= excluded.at_ms - {KEPT_MS}"
    );
    each_one(connection, &sql, rows, "receipt")
}

/// Looks at the oldest rows only: they lie first in the table, so no index over time has to be paid for
/// by every order.
pub(crate) fn purge(connection: &Connection<'_>, before_ms: i64) -> Result<(), StoreError> {
    let sql = match connection {
        Connection::Sqlite(_) => {
            "DELETE FROM receipt WHERE rowid IN (SELECT rowid FROM receipt ORDER BY rowid LIMIT 5000)
                AND at_ms < ?"
        }
        Connection::Postgres(_) => {
            "DELETE FROM receipt WHERE ctid = ANY(ARRAY(SELECT ctid FROM receipt WHERE at_ms < ? LIMIT 5000))"
        }
    };
    run_each(connection, sql, [(before_ms,)], any_number)
}
