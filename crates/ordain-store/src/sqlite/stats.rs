//! The health and size of the database file, and its copy.

use std::path::Path;

use rusqlite::Connection;

use super::Pool;
use crate::{Stats, StoreError};

impl Pool {
    pub(crate) fn stats(&self) -> Result<Stats, StoreError> {
        self.read(None, |c| {
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

    pub(crate) fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        match self.read(None, faults) {
            // Damage may also stop the check itself.
            Err(StoreError::Unavailable(reason) | StoreError::Damaged(reason)) => Ok(vec![reason]),
            Err(StoreError::Unusable(why)) => Ok(vec![why.to_string()]),
            checked => checked,
        }
    }

    pub(crate) fn backup_to(&self, target: &Path) -> Result<(), StoreError> {
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
