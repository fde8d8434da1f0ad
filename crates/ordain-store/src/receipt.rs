//! What a command answered, kept so that a repeated command gets the same answer.

use crate::sql::Connection;

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
    let sql = "INSERT INTO receipt (org_id, caller, key, fingerprint, status, body, at_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (org_id, caller, key) DO UPDATE SET fingerprint = excluded.fingerprint,
            status = excluded.status, body = excluded.body, at_ms = excluded.at_ms
        WHERE receipt.at_ms <= excluded.at_ms - ?";
    let rows =
        rows.iter().map(|r| (r.org, &r.caller, &r.key, r.fingerprint, r.status, &r.body, r.at_ms, KEPT_MS));
    run_each(connection, sql, rows, |changed| match changed {
        0 => Err(StoreError::Conflict("receipt")),
        _ => Ok(()),
    })
}

/// Looks at the oldest rows only: they lie first in the table, so no index over time has to be paid for
/// by every order.
pub(crate) fn purge(connection: &Connection<'_>, before_ms: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM receipt WHERE rowid IN (SELECT rowid FROM receipt ORDER BY rowid LIMIT 5000)
        AND at_ms < ?";
    run_each(connection, sql, [(before_ms,)], any_number)
}
