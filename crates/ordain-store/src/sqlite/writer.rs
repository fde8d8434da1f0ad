//! The one writing connection. It commits all of a batch or nothing, and copies the write-ahead log back between commits. After a failed sync nobody knows what the disk
//! holds, so it refuses every further commit: only a restart, which reads the disk anew, can tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::connection::BUSY_TIMEOUT;
use crate::{StoreError, sql};

/// Pages in the write-ahead log from which on it is copied back (16 MiB).
const CHECKPOINT_PAGES: i32 = 2_000;
/// Growth of that log in pages after which readers are waited for, so that it can start over (256 MiB).
const RESTART_PAGES: i32 = 32_000;
/// How long they are waited for: every command waits with them.
const RESTART_PATIENCE: Duration = Duration::from_millis(250);

pub(crate) struct Writer {
    connection: Connection,
    log_pages: Arc<AtomicI32>,
    restart_at_pages: i32,
    /// Why nothing may be committed any more.
    broken: Option<String>,
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

    /// Makes durable what is staged, or takes it back: the second half.
    pub(crate) fn settle(&mut self) -> Result<(), StoreError> {
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

    /// Whether commits are possible: false from the first failed sync until the restart.
    pub(crate) fn is_sound(&self) -> bool {
        self.broken.is_none()
    }

    /// Reads as of one moment; of staged changes, as they will be.
    pub(crate) fn in_read<T>(
        &mut self,
        work: impl FnOnce(&sql::Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.connection.is_autocommit() {
            return work(&sql::Connection::Sqlite(&self.connection));
        }
        self.run("BEGIN")?;
        let done = work(&sql::Connection::Sqlite(&self.connection));
        self.run("COMMIT").or_else(|error| self.run("ROLLBACK").and(Err(error)))?;
        done
    }

    /// Does the work in a new transaction, which stays open; if it fails nothing stays.
    pub(crate) fn begin<T>(
        &mut self,
        work: impl FnOnce(&sql::Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(reason) = &self.broken {
            return Err(StoreError::Unavailable(reason.clone()));
        }
        self.run("BEGIN IMMEDIATE")?;
        work(&sql::Connection::Sqlite(&self.connection)).inspect_err(|error| self.give_up(error))
    }

    fn give_up(&mut self, error: &StoreError) {
        // The lock is held from BEGIN IMMEDIATE on: what is unavailable now is the disk.
        match error {
            StoreError::Unavailable(reason) | StoreError::Damaged(reason) => self.break_off(reason),
            StoreError::Unusable(why) => self.break_off(&why.to_string()),
            _ => {}
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

#[cfg(test)]
mod tests {
    use crate::writer::WritingEngine;
    use crate::{Changes, OpenOptions, SettingRow, Store, StoreError, Writer};

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
        let bound = |writer: &Writer, pages: i64| {
            let WritingEngine::Sqlite(writer) = &writer.0 else { panic!("it is a file") };
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
