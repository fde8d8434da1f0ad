//! The health and size of the database file, and its copy.

use std::path::Path;

use rusqlite::Connection;

use crate::{Store, StoreError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    pub page_size: i64,
    pub pages: i64,
    pub free_pages: i64,
    pub schema_version: i64,
}

impl Store {
    pub fn stats(&self) -> Result<Stats, StoreError> {
        self.read(|c| {
            let pragma = |name: &str| c.pragma_query_value(None, name, |row| row.get(0));
            let sql = "SELECT coalesce(max(version), 0) FROM schema_migration";
            Ok(Stats {
                page_size: pragma("page_size")?,
                pages: pragma("page_count")?,
                free_pages: pragma("freelist_count")?,
                schema_version: c.query_row(sql, (), |row| row.get(0))?,
            })
        })
    }

    /// What is wrong with the file; empty: nothing. Reads all of it.
    pub fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        match self.read_at_length(faults) {
            // Damage may also stop the check itself.
            Err(StoreError::Unavailable(reason)) => Ok(vec![reason]),
            checked => checked,
        }
    }

    /// Writes a compact copy of one moment to a file that must not exist yet, while writing goes on.
    pub fn backup_to(&self, target: &Path) -> Result<(), StoreError> {
        let Some(target) = target.to_str() else {
            return Err(StoreError::Unavailable("the backup's path is not UTF-8".into()));
        };
        // A connection of its own, because query_only forbids writing the copy too.
        let connection = self.connect()?;
        connection.pragma_update(None, "query_only", false)?;
        connection.execute("VACUUM INTO ?", (target,))?;
        Ok(())
    }
}

fn faults(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let lines = statement.query_map((), |row| row.get::<_, String>(0))?;
    let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
    lines.retain(|line| line != "ok");
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let broken = statement.query_map((), |row| row.get::<_, String>(0))?;
    for table in broken {
        lines.push(format!("a row of {} refers to nothing", table?));
    }
    Ok(lines)
}
