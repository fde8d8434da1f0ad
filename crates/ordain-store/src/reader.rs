//! The reading side: a small pool of connections that cannot write. Every read has a time limit, so
//! that no query, however unlucky, holds back the reuse of the write-ahead log.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::row::{Row, all};
use crate::{OpenOptions, StoreError, Writer, connection, migrate};

const IDLE_CONNECTIONS: usize = 8;
const READ_LIMIT: Duration = Duration::from_secs(20);
/// Instructions of SQLite between two looks at the clock.
const CHECK_EVERY: i32 = 20_000;

/// A cheap handle for reading; every noun's module adds its queries.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    location: connection::Location,
    idle: Mutex<Vec<Connection>>,
}

/// The largest page a caller may ask for.
const PAGE_MAX: usize = 5_000;

/// `limit` as a parameter, within bounds.
pub(crate) fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(PAGE_MAX)).unwrap_or_default()
}

impl Store {
    /// Opens for reading and writing and brings the schema up to date. The [`Writer`] is the only one:
    /// whoever opens a second in the same or another process waits at its first commit.
    pub fn open(options: &OpenOptions<'_>) -> Result<(Self, Writer), StoreError> {
        let mut writing = connection::open_writer(options)?;
        migrate::run(&mut writing)?;
        let store = Self::over(connection::Location::of(options));
        Ok((store, Writer::over(writing)?))
    }

    /// Opens an existing database for reading only, beside a running server; never migrates.
    pub fn open_reader(path: &Path) -> Result<Self, StoreError> {
        let store = Self::over(connection::Location::of(&OpenOptions::new(path)));
        store.read(migrate::check_current)?;
        Ok(store)
    }

    fn over(location: connection::Location) -> Self {
        Self(Arc::new(Inner { location, idle: Mutex::default() }))
    }

    pub(crate) fn connect(&self) -> Result<Connection, StoreError> {
        connection::open_reader(&self.0.location)
    }

    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_within(Some(READ_LIMIT), work)
    }

    /// For what has to look at the whole file.
    pub(crate) fn read_at_length<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_within(None, work)
    }

    fn read_within<T>(
        &self,
        limit: Option<Duration>,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let started = Instant::now();
        let overdue = limit.map(|limit| move || started.elapsed() > limit);
        connection.progress_handler(CHECK_EVERY, overdue)?;
        // A connection whose work failed is closed: whatever state it is in ends with it.
        let done = work(&connection)?;
        let mut idle = self.idle();
        if idle.len() < IDLE_CONNECTIONS {
            idle.push(connection);
        }
        Ok(done)
    }

    /// The list of idle connections is whole at every step, so another thread's panic does not spoil it.
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Master data by code, after the code `after`; `q` is a part of code or name.
    pub(crate) fn list_master<T: Row>(
        &self,
        org: i64,
        q: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        let sql = "WHERE org_id = ? AND code > ? AND (instr(lower(code), ?) > 0 OR instr(lower(name), ?) > 0)
            ORDER BY code LIMIT ?";
        let q = q.to_lowercase();
        self.read(|c| all(c, sql, (org, after, &q, &q, page(limit))))
    }
}
