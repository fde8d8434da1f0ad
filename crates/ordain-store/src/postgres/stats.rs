//! The size of the database. PostgreSQL looks after its own pages, and has its own tools for copies.

use std::path::Path;

use super::Pool;
use crate::{Stats, StoreError};

impl Pool {
    pub(crate) fn stats(&self) -> Result<Stats, StoreError> {
        let sql = "SELECT current_setting('block_size')::bigint,
            pg_database_size(current_database()) / current_setting('block_size')::bigint, 0::bigint, max(version)
            FROM schema_migration";
        let mut stats = Stats { page_size: 0, pages: 0, free_pages: 0, schema_version: 0 };
        self.read(None, |session| {
            session.each(sql, [()], |row| {
                stats = Stats {
                    page_size: row.get(0)?,
                    pages: row.get(1)?,
                    free_pages: row.get(2)?,
                    schema_version: row.get(3)?,
                };
                Ok(())
            })
        })?;
        Ok(stats)
    }

    /// Reads every order and entry, so that a damaged page shows.
    pub(crate) fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT (SELECT sum(length(body)) FROM orders), (SELECT sum(length(events)) FROM log)";
        match self.read(None, |session| session.each(sql, [()], |_| Ok(()))) {
            Err(StoreError::Damaged(reason)) => Ok(vec![reason]),
            read => read.map(|()| Vec::new()),
        }
    }

    pub(crate) fn backup_to(&self, _: &Path) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("a PostgreSQL database is copied by pg_basebackup or pg_dump".to_owned()))
    }
}
