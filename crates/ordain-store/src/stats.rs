//! The health and size of the database, and its copy.

use std::path::Path;

use crate::reader::Engine;
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
        match self.engine() {
            Engine::Sqlite(pool) => pool.stats(),
            Engine::Postgres(pool) => pool.stats(),
        }
    }

    /// What is wrong with the file; empty: nothing. Reads all of it.
    pub fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        match self.engine() {
            Engine::Sqlite(pool) => pool.integrity_check(),
            Engine::Postgres(pool) => pool.integrity_check(),
        }
    }

    /// Writes a compact copy of one moment to a file that must not exist yet, while writing goes on.
    pub fn backup_to(&self, target: &Path) -> Result<(), StoreError> {
        match self.engine() {
            Engine::Sqlite(pool) => pool.backup_to(target),
            Engine::Postgres(pool) => pool.backup_to(target),
        }
    }
}
