//! The suite on SQLite, and what only a file can show.

use std::path::PathBuf;

use ordain_store::{Database, OpenOptions};
use tempfile::TempDir;

#[path = "concurrency.rs"]
mod concurrency;
#[path = "copy.rs"]
mod copy;
#[path = "file.rs"]
mod file;
#[path = "fixture.rs"]
mod fixture;
#[path = "log.rs"]
mod log;
#[path = "master.rs"]
mod master;
#[path = "order.rs"]
mod order;
#[path = "outbox.rs"]
mod outbox;
#[path = "reach.rs"]
mod reach;
#[path = "record.rs"]
mod record;
#[path = "search.rs"]
mod search;
#[path = "stock.rs"]
mod stock;
#[path = "task.rs"]
mod task;
#[path = "timer.rs"]
mod timer;
#[path = "upgrade.rs"]
mod upgrade;

/// A fresh file, gone with the test.
pub struct Place {
    pub file: PathBuf,
    _folder: TempDir,
}

impl Place {
    pub fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { file: folder.path().join("ordain.db"), _folder: folder }
    }

    pub fn database(&self) -> Database<'_> {
        Database::Sqlite(OpenOptions::new(&self.file))
    }
}
