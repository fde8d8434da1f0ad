//! The reading side: a small pool of connections that cannot write. Every read has a time limit, so
//! that no query, however unlucky, holds back the reuse of the write-ahead log.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{OpenOptions, Writer, connection, migrate};
use crate::StoreError;

/// Kept open for the next read; to open one reads the whole schema.
const IDLE_CONNECTIONS: usize = 32;
/// Instructions of SQLite between two looks at the clock.
const CHECK_EVERY: i32 = 20_000;

pub(crate) struct Pool {
    location: connection::Location,
    idle: Mutex<Vec<rusqlite::Connection>>,
}

impl Pool {
    pub(crate) fn open(options: &OpenOptions<'_>) -> Result<(Self, Writer), StoreError> {
        let mut writing = connection::open_writer(options)?;
        migrate::run(&mut writing)?;
        Ok((Self::over(connection::Location::of(options)), Writer::over(writing)?))
    }

    pub(crate) fn open_reader(path: &Path) -> Result<Self, StoreError> {
        let pool = Self::over(connection::Location::read_only(path));
        migrate::check_current(&pool.connect()?)?;
        Ok(pool)
    }

    fn over(location: connection::Location) -> Self {
        Self { location, idle: Mutex::default() }
    }

    pub(super) fn connect(&self) -> Result<rusqlite::Connection, StoreError> {
        connection::open_reader(&self.location)
    }

    pub(crate) fn read<T>(
        &self,
        limit: Option<Duration>,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError>,
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
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<rusqlite::Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
