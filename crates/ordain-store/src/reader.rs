//! The reading side, whichever engine is behind it. Every read has a time limit.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::initials::{initials, may_be};
use crate::row::{Row, all, each, first};
use crate::sql::Connection;
use crate::writer::WritingEngine;
use crate::{Nodes, OpenOptions, StoreError, Writer, postgres, sqlite};

const READ_LIMIT: Duration = Duration::from_secs(20);

/// A cheap handle for reading; every noun's module adds its queries.
#[derive(Clone)]
pub struct Store(Arc<Engine>);

pub(crate) enum Engine {
    Sqlite(sqlite::Pool),
    Postgres(Box<postgres::Pool>),
}

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Database<'a> {
    Sqlite(OpenOptions<'a>),
    /// `postgres://user:password@host:port/database`
    Postgres(&'a str),
}

impl<'a> From<&OpenOptions<'a>> for Database<'a> {
    fn from(options: &OpenOptions<'a>) -> Self {
        Self::Sqlite(options.clone())
    }
}

impl<'a> From<&'a Path> for Database<'a> {
    fn from(path: &'a Path) -> Self {
        Self::Sqlite(OpenOptions::new(path))
    }
}

impl<'a> From<&'a PathBuf> for Database<'a> {
    fn from(path: &'a PathBuf) -> Self {
        path.as_path().into()
    }
}

/// The largest page a caller may ask for.
const PAGE_MAX: usize = 5_000;

/// `limit` as a parameter, within bounds.
pub(crate) fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(PAGE_MAX)).unwrap_or_default()
}

impl Store {
    /// Opens for reading and writing and brings the schema up to date. On SQLite the [`Writer`] is the only one:
    /// whoever opens a second in the same or another process waits at its first commit. On PostgreSQL writers take
    /// turns.
    pub fn open<'a>(database: impl Into<Database<'a>>) -> Result<(Self, Writer), StoreError> {
        let (engine, writer) = match database.into() {
            Database::Sqlite(options) => {
                let (pool, writer) = sqlite::Pool::open(&options)?;
                (Engine::Sqlite(pool), WritingEngine::Sqlite(writer))
            }
            Database::Postgres(url) => {
                let (pool, writer) = postgres::Pool::open(postgres::Target::parse(url)?)?;
                (Engine::Postgres(Box::new(pool)), WritingEngine::Postgres(Box::new(writer)))
            }
        };
        Ok((Self(Arc::new(engine)), Writer(writer)))
    }

    /// Opens an existing database for reading only, beside a running server; never migrates.
    pub fn open_reader<'a>(database: impl Into<Database<'a>>) -> Result<Self, StoreError> {
        Ok(Self(Arc::new(match database.into() {
            Database::Sqlite(options) => Engine::Sqlite(sqlite::Pool::open_reader(options.path)?),
            Database::Postgres(url) => {
                Engine::Postgres(Box::new(postgres::Pool::open_reader(postgres::Target::parse(url)?)?))
            }
        })))
    }

    /// As [`Self::open_reader`], also where nobody can write: on a standby, or on a disk that is read-only.
    pub fn open_read_only<'a>(database: impl Into<Database<'a>>) -> Result<Self, StoreError> {
        match database.into() {
            Database::Postgres(url) => {
                let target = postgres::Target::parse(url)?.anywhere();
                Ok(Self(Arc::new(Engine::Postgres(Box::new(postgres::Pool::open_reader(target)?)))))
            }
            file @ Database::Sqlite(_) => Self::open_reader(file),
        }
    }

    /// Whether [`Self::open`] could open it; looks only, and changes nothing.
    pub fn recognise<'a>(database: impl Into<Database<'a>>) -> Result<(), StoreError> {
        match database.into() {
            Database::Sqlite(options) if !options.path.exists() => Ok(()),
            Database::Sqlite(options) => sqlite::recognise(options.path),
            Database::Postgres(url) => postgres::Pool::recognise(&postgres::Target::parse(url)?),
        }
    }

    /// The other nodes of the database, where it can have any.
    pub fn nodes(&self) -> Result<Option<Nodes>, StoreError> {
        match self.engine() {
            Engine::Sqlite(_) => Ok(None),
            Engine::Postgres(pool) => pool.nodes().map(Some),
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0
    }

    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_within(Some(READ_LIMIT), work)
    }

    /// For what has to look at all of a table.
    pub(crate) fn read_at_length<T>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_within(None, work)
    }

    /// All that the work reads is as of one moment, however long it takes.
    pub(crate) fn snapshot<T>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_at_length(|connection| {
            connection.batch(match connection {
                Connection::Sqlite(_) => "BEGIN",
                Connection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            })?;
            let done = work(connection)?;
            connection.batch("COMMIT")?;
            Ok(done)
        })
    }

    fn read_within<T>(
        &self,
        limit: Option<Duration>,
        work: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.engine() {
            Engine::Sqlite(pool) => pool.read(limit, |connection| work(&Connection::Sqlite(connection))),
            Engine::Postgres(pool) => pool.read(limit, |session| work(&Connection::Postgres(session))),
        }
    }

    /// The number of the last log entry of a company.
    pub fn last_seq(&self, org: i64) -> Result<i64, StoreError> {
        let last: Option<crate::LogRow> =
            self.read(|c| first(c, "WHERE org_id = ? ORDER BY seq DESC LIMIT 1", (org,)))?;
        Ok(last.map_or(0, |row| row.seq))
    }

    /// Master data by code, after the code `after`; `q` is a part of code or name, or of the name's initials.
    pub(crate) fn list_master<T: Row>(
        &self,
        org: i64,
        q: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        let q = q.to_lowercase();
        if may_be(&q) {
            return self.list_by_letters(org, &q, after, limit);
        }
        let sql = "WHERE org_id = ? AND code > ? AND (instr(lower(code), ?) > 0 OR instr(lower(name), ?) > 0)
            ORDER BY code LIMIT ?";
        self.read(|c| all(c, sql, (org, after, &q, &q, page(limit))))
    }

    /// No engine knows how a name sounds, so codes and names are gone through here.
    fn list_by_letters<T: Row>(
        &self,
        org: i64,
        q: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        let sql = format!("SELECT code, name FROM {} WHERE org_id = ? AND code > ? ORDER BY code", T::TABLE);
        self.read(|c| {
            let mut codes: Vec<String> = Vec::new();
            c.each(&sql, [(org, after)], |found| {
                let (code, name): (String, String) = (found.get(0)?, found.get(1)?);
                let has = |text: &str| text.contains(q);
                if codes.len() < limit
                    && (has(&code.to_lowercase()) || has(&name.to_lowercase()) || has(&initials(&name)))
                {
                    codes.push(code);
                }
                Ok(())
            })?;
            let mut rows = Vec::with_capacity(codes.len());
            each(c, "WHERE org_id = ? AND code = ?", codes.iter().map(|code| (org, code)), |row| {
                rows.push(row)
            })?;
            Ok(rows)
        })
    }
}
