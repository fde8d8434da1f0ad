//! Messages and calls waiting to leave, each on its channel. They leave only after the commit that wrote them, under a
//! lease with a fencing token, and one after the other per order and channel. A message that was given up (`failed`)
//! no longer holds back the ones behind it.

use crate::sql::Connection;

use crate::row::{Row, all, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    /// `state` is `queued`, `sent` or `failed`; `message` is JSON.
    OutboxRow in "outbox"
    key { id: Id, }
    rest {
        order_id: Option<Id>,
        channel: String,
        message: String,
        state: String,
        attempts: i64,
        next_at_ms: i64,
        lease_until_ms: i64,
        lease_token: i64,
        created_at_ms: i64,
        sent_at_ms: Option<i64>,
        last_error: Option<String>,
    }
}

/// How an attempt to send ended; refused as `Conflict("outbox_lease")` if the token is not the latest.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxFinish {
    pub org: i64,
    pub id: Id,
    pub lease_token: i64,
    /// `queued` (try again at `next_at_ms`), `sent` or `failed`.
    pub state: String,
    pub next_at_ms: i64,
    pub sent_at_ms: Option<i64>,
    pub last_error: Option<String>,
}

/// Takes due messages of a channel for `lease_ms`. The condition stands in the outer statement again: the inner
/// one alone would hand a row to everyone who selected it at the same time. What is picked is picked once: a server
/// that looks anew for each row would find another one behind each lock, and take more than the limit.
pub(crate) fn claim(
    connection: &Connection<'_>,
    channel: &str,
    now_ms: i64,
    lease_ms: i64,
    limit: usize,
) -> Result<Vec<OutboxRow>, StoreError> {
    let among = match connection {
        Connection::Sqlite(_) => "",
        // What another node is taking is none of ours: no waiting for it.
        Connection::Postgres(_) => "FOR UPDATE SKIP LOCKED",
    };
    let due = "state = 'queued' AND channel = ? AND next_at_ms <= ? AND lease_until_ms <= ?";
    let sql = format!(
        "WITH picked AS MATERIALIZED (
            SELECT seq FROM outbox o WHERE {due} AND NOT EXISTS (
                SELECT 1 FROM outbox e WHERE e.org_id = o.org_id AND e.order_id = o.order_id
                AND e.channel = o.channel AND e.seq < o.seq AND e.state = 'queued')
            ORDER BY next_at_ms, seq LIMIT ? {among})
        UPDATE outbox SET lease_until_ms = ?, lease_token = lease_token + 1, attempts = attempts + 1
        WHERE seq IN (SELECT seq FROM picked) AND {due} RETURNING {}",
        OutboxRow::COLUMNS
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let until_ms = now_ms.saturating_add(lease_ms);
    let parameters = (channel, now_ms, now_ms, limit, until_ms, channel, now_ms, now_ms);
    connection.query(&sql, parameters, OutboxRow::read)
}

pub(crate) fn finish(connection: &Connection<'_>, finished: &[OutboxFinish]) -> Result<(), StoreError> {
    let sql =
        "UPDATE outbox SET state = ?, next_at_ms = ?, sent_at_ms = ?, last_error = ?, lease_until_ms = 0
        WHERE org_id = ? AND id = ? AND lease_token = ? AND state = 'queued'";
    let rows = finished
        .iter()
        .map(|f| (&f.state, f.next_at_ms, f.sent_at_ms, &f.last_error, f.org, f.id, f.lease_token));
    run_each(connection, sql, rows, |changed| match changed {
        1 => Ok(()),
        _ => Err(StoreError::Conflict("outbox_lease")),
    })
}

impl Store {
    pub fn outbox_of_order(&self, org: i64, order: Id) -> Result<Vec<OutboxRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY seq", (org, order)))
    }

    /// When the next message is to be tried, counting what is under lease from the lease's end.
    pub fn next_outbox_at(&self) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(CASE WHEN next_at_ms > lease_until_ms THEN next_at_ms ELSE lease_until_ms END) FROM outbox WHERE state = 'queued'";
        self.read(|c| Ok(c.query_one(sql, (), |row| row.get(0))?.flatten()))
    }

    /// How many messages should be on their way by now, and since when the one that waits longest.
    pub fn outbox_behind(&self, org: i64, now_ms: i64) -> Result<(i64, Option<i64>), StoreError> {
        let sql = "SELECT count(*), min(next_at_ms) FROM outbox
            WHERE state = 'queued' AND next_at_ms <= ? AND org_id = ?";
        let behind = self.read(|c| c.query_one(sql, (now_ms, org), |row| Ok((row.get(0)?, row.get(1)?))))?;
        Ok(behind.unwrap_or_default())
    }

    /// How many messages are in a state.
    pub fn outbox_count(&self, org: i64, state: &str) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM outbox WHERE org_id = ? AND state = ?";
        self.read(|c| c.count(sql, (org, state)))
    }
}
