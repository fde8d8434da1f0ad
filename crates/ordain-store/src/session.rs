//! Sessions of browsers. Only the hash of the cookie is stored, and it alone finds the row.

use crate::sql::Connection;

use crate::row::{any_number, first, row, run_each};
use crate::{Hash, Id, Store, StoreError};

row! {
    /// `viewer_id` looks through the session at what its user sees, and changes nothing.
    SessionRow in "session"
    key { hash: Hash, }
    rest {
        user_id: Id,
        csrf: String,
        created_at_ms: i64,
        expires_at_ms: i64,
        viewer_id: Option<Id>,
    }
}

/// Somebody whose sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedOut {
    pub org: i64,
    pub user: Id,
    /// The one session that does not end.
    pub but: Option<Hash>,
}

pub(crate) fn remove(connection: &Connection<'_>, sessions: &[(i64, Hash)]) -> Result<(), StoreError> {
    let sql = "DELETE FROM session WHERE org_id = ? AND hash = ?";
    run_each(connection, sql, sessions.iter().copied(), any_number)
}

pub(crate) fn remove_of_users(connection: &Connection<'_>, users: &[SignedOut]) -> Result<(), StoreError> {
    // Also those in which somebody practises: see the number of a practice company.
    let sql = "DELETE FROM session
        WHERE org_id IN (?, ?) AND (user_id = ? OR viewer_id = ?) AND hash IS DISTINCT FROM ?";
    let each = |each: &SignedOut| (each.org, -each.org, each.user, each.user, each.but);
    run_each(connection, sql, users.iter().map(each), any_number)
}

pub(crate) fn purge(connection: &Connection<'_>, before_ms: i64) -> Result<(), StoreError> {
    run_each(connection, "DELETE FROM session WHERE expires_at_ms < ?", [(before_ms,)], any_number)
}

impl Store {
    pub fn session_by_hash(&self, hash: Hash) -> Result<Option<SessionRow>, StoreError> {
        self.read(|c| first(c, "WHERE hash = ?", (hash,)))
    }
}
