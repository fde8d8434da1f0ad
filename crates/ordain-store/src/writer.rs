//! The one writing connection. It loads what a batch needs, commits all of a batch or nothing, and
//! copies the write-ahead log back between commits. After a failed sync nobody knows what the disk
//! holds, so it refuses every further commit: only a restart, which reads the disk anew, can tell.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use crate::connection::BUSY_TIMEOUT;
use crate::row::{all, first};
use crate::{Changes, CounterRow, Keys, LogRow, OrgRow, OutboxRow, SealRow, Slice, StoreError, outbox};

/// Pages in the write-ahead log from which on it is copied back (16 MiB).
const CHECKPOINT_PAGES: i32 = 2_000;
/// Growth of that log in pages after which readers are waited for, so that it can start over (256 MiB).
const RESTART_PAGES: i32 = 32_000;
/// How long they are waited for: every command waits with them.
const RESTART_PATIENCE: Duration = Duration::from_millis(250);

/// Owned by the one thread that commits.
pub struct Writer {
    connection: Connection,
    log_pages: Arc<AtomicI32>,
    restart_at_pages: i32,
    /// Why nothing may be committed any more.
    broken: Option<String>,
}

/// Where the numbers and chains of each company stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heads {
    pub orgs: Vec<OrgRow>,
    /// The last log row of each company: the highest number.
    pub log: BTreeMap<i64, LogRow>,
    /// The last log row of each company that belongs to no order.
    pub org_log: BTreeMap<i64, LogRow>,
    pub seals: BTreeMap<i64, SealRow>,
    /// By (org, name).
    pub counters: BTreeMap<(i64, String), CounterRow>,
}

impl Writer {
    pub(crate) fn over(mut connection: Connection) -> Result<Self, StoreError> {
        let log_pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&log_pages);
        connection.wal_hook(Some(move |_: &mut _, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { connection, log_pages, restart_at_pages: RESTART_PAGES, broken: None })
    }

    /// All that is asked for, as of one moment; of staged changes, as they will be.
    pub fn load(&mut self, keys: &Keys) -> Result<Slice, StoreError> {
        self.in_read(|connection| keys.load(connection))
    }

    pub fn heads(&mut self) -> Result<Heads, StoreError> {
        self.in_read(heads)
    }

    /// Writes all of it, durably, or nothing.
    pub fn commit(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.stage(changes)?;
        self.settle()
    }

    /// Writes all of it where only this connection sees it, or nothing: the first half of a commit.
    pub fn stage(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.begin(|connection| changes.apply(connection))
    }

    /// Makes durable what is staged, or takes it back: the second half.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        match self.run("COMMIT") {
            Ok(()) => {
                self.checkpoint();
                Ok(())
            }
            Err(error) => {
                self.give_up(&error);
                Err(error)
            }
        }
    }

    /// Takes due messages for `lease_ms`, each with a new fencing token, in a commit of its own.
    pub fn claim_outbox(
        &mut self,
        now_ms: i64,
        lease_ms: i64,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let claimed = self.begin(|connection| outbox::claim(connection, now_ms, lease_ms, limit))?;
        self.settle()?;
        Ok(claimed)
    }

    /// Whether commits are possible: false from the first failed sync until the restart.
    pub fn is_sound(&self) -> bool {
        self.broken.is_none()
    }

    fn in_read<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.connection.is_autocommit() {
            return work(&self.connection);
        }
        self.run("BEGIN")?;
        let done = work(&self.connection);
        self.run("COMMIT").or_else(|error| self.run("ROLLBACK").and(Err(error)))?;
        done
    }

    /// Does the work in a new transaction, which stays open; if it fails nothing stays.
    fn begin<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(reason) = &self.broken {
            return Err(StoreError::Unavailable(reason.clone()));
        }
        self.run("BEGIN IMMEDIATE")?;
        work(&self.connection).inspect_err(|error| self.give_up(error))
    }

    fn give_up(&mut self, error: &StoreError) {
        // The lock is held from BEGIN IMMEDIATE on: what is unavailable now is the disk.
        if let StoreError::Unavailable(reason) = error {
            self.break_off(reason);
        }
        if !self.connection.is_autocommit()
            && let Err(error) = self.run("ROLLBACK")
        {
            self.break_off(&error.to_string());
        }
    }

    fn break_off(&mut self, reason: &str) {
        tracing::error!(reason, "the database failed while writing; no commit is possible until a restart");
        self.broken.get_or_insert_with(|| format!("a write failed before: {reason}"));
    }

    /// Runs after the commit it follows is durable, so its failure does not concern that commit.
    fn checkpoint(&mut self) {
        let pages = self.log_pages.load(Ordering::Relaxed);
        if pages < CHECKPOINT_PAGES {
            return;
        }
        let copied = if pages < self.restart_at_pages {
            self.restart_at_pages = self.restart_at_pages.min(pages.saturating_add(RESTART_PAGES));
            self.copy_back("PRAGMA wal_checkpoint(PASSIVE)")
        } else {
            self.restart_at_pages = pages.saturating_add(RESTART_PAGES);
            self.restart_log()
        };
        match copied {
            // A reader in the way, or no room to grow the file: the log keeps everything until next time.
            Ok(()) | Err(StoreError::Full) => {}
            Err(error) => self.break_off(&error.to_string()),
        }
    }

    /// Needed only where readers overlap without a gap: otherwise the log starts over by itself.
    fn restart_log(&self) -> Result<(), StoreError> {
        self.connection.busy_timeout(RESTART_PATIENCE)?;
        let copied = self.copy_back("PRAGMA wal_checkpoint(RESTART)");
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        copied
    }

    fn copy_back(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.connection.query_row(sql, (), |_| Ok(()))?)
    }

    fn run(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql)?.execute(())?;
        Ok(())
    }
}

fn heads(connection: &Connection) -> Result<Heads, StoreError> {
    let mut heads = Heads { orgs: all(connection, "ORDER BY org_id", ())?, ..Heads::default() };
    for org in heads.orgs.iter().map(|org| org.org) {
        let last = "WHERE org_id = ? ORDER BY seq DESC LIMIT 1";
        heads.log.extend(first(connection, last, (org,))?.map(|row| (org, row)));
        let last = "WHERE org_id = ? AND order_id IS NULL ORDER BY subject_seq DESC LIMIT 1";
        heads.org_log.extend(first(connection, last, (org,))?.map(|row| (org, row)));
        let last = "WHERE org_id = ? ORDER BY n DESC LIMIT 1";
        heads.seals.extend(first(connection, last, (org,))?.map(|row| (org, row)));
    }
    let counters: Vec<CounterRow> = all(connection, "", ())?;
    heads.counters = counters.into_iter().map(|row| ((row.org, row.name.clone()), row)).collect();
    Ok(heads)
}

#[cfg(test)]
mod tests {
    use crate::{Changes, OpenOptions, SettingRow, Store, StoreError};

    /// Bounding the file stands for a full disk: SQLite reports both as `SQLITE_FULL`.
    #[test]
    fn a_full_disk_refuses_and_recovers_without_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let (store, mut writer) = Store::open(&OpenOptions::new(&dir.path().join("full.db"))).unwrap();
        let put = |n: usize| {
            let settings =
                (0..n).map(|n| SettingRow { org: 1, key: n.to_string(), value: "x".repeat(4_000) });
            Changes { settings: settings.collect(), ..Changes::default() }
        };
        writer.commit(&put(1)).unwrap();
        let bound = |writer: &super::Writer, pages: i64| {
            writer.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
        };
        bound(&writer, store.stats().unwrap().pages + 5);
        for _ in 0..50 {
            assert_eq!(writer.commit(&put(100)), Err(StoreError::Full));
        }
        assert_eq!(store.settings(1).unwrap().len(), 1);
        bound(&writer, 1_000_000);
        writer.commit(&put(100)).unwrap();
        assert_eq!(store.settings(1).unwrap().len(), 100);
    }

    #[test]
    fn the_log_is_copied_back_and_starts_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.db");
        let (store, mut writer) = Store::open(&OpenOptions::new(&path)).unwrap();
        let row = SettingRow { org: 1, key: "k".into(), value: "x".repeat(2_000_000) };
        let changes = Changes { settings: vec![row], ..Changes::default() };
        for _ in 0..40 {
            writer.commit(&changes).unwrap();
            store.settings(1).unwrap();
        }
        let size = std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
        assert!(size < 24 << 20, "{size} bytes were not reused");
    }
}
