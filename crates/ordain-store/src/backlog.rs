//! What waits in the database of all companies together: a few short looks at indexes, for whoever watches the system.
//! Practice companies, whose numbers are negative, raise no alarm.

use std::collections::BTreeMap;

use crate::{Store, StoreError};

/// Late timers are not counted beyond.
const LATE_MAX: i64 = 10_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Due and not fired, up to ten thousand.
    pub timers_late: i64,
    /// When the first of them was due.
    pub timer_due_ms: Option<i64>,
    /// By channel: how many messages have still to leave, and when the first was written.
    pub outbox: BTreeMap<String, (i64, i64)>,
    pub exceptions_open: i64,
    /// Open and past their time.
    pub exceptions_late: i64,
    /// Checks that found something when each company last looked at itself.
    pub self_check_failed: i64,
    pub database_bytes: i64,
}

impl Store {
    pub fn backlog(&self, now_ms: i64) -> Result<Backlog, StoreError> {
        let timers = "SELECT count(*), min(due_at_ms) FROM (
            SELECT due_at_ms FROM timer WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?) AS late";
        let outbox = "SELECT channel, count(*), min(created_at_ms) FROM outbox WHERE state = 'queued' AND org_id > 0 GROUP BY channel";
        let exceptions = "SELECT count(*), count(CASE WHEN due_at_ms <= ? THEN 1 END) FROM exception WHERE state = 'open' AND org_id > 0";
        let self_checks = "SELECT CAST(coalesce(sum(failed), 0) AS BIGINT) FROM self_check x WHERE at_ms =
            (SELECT max(at_ms) FROM self_check y WHERE y.org_id = x.org_id)";
        let mut backlog = self.read(|c| {
            let late = c.query_one(timers, (now_ms, LATE_MAX), |row| Ok((row.get(0)?, row.get(1)?)))?;
            let (timers_late, timer_due_ms) = late.unwrap_or_default();
            let waiting = c.query(outbox, (), |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
            let open = c.query_one(exceptions, (now_ms,), |row| Ok((row.get(0)?, row.get(1)?)))?;
            let (exceptions_open, exceptions_late) = open.unwrap_or_default();
            let self_check_failed = c.count(self_checks, ())?;
            let outbox = waiting.into_iter().collect();
            Ok(Backlog {
                timers_late,
                timer_due_ms,
                outbox,
                exceptions_open,
                exceptions_late,
                self_check_failed,
                database_bytes: 0,
            })
        })?;
        let stats = self.stats()?;
        backlog.database_bytes = stats.pages.saturating_mul(stats.page_size);
        Ok(backlog)
    }
}
