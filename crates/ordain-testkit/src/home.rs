//! Where the database of a story lies: in a file, or on a PostgreSQL server where `ORDAIN_TEST_DATABASE=postgres` asks
//! for one.

use crate::cluster::cluster;
use ordain_store::Database;
use std::path::{Path, PathBuf};

pub enum Home {
    File(PathBuf),
    Server(String),
}

impl Home {
    /// A database that does not exist yet, or is empty.
    pub fn fresh(folder: &Path) -> Self {
        match std::env::var("ORDAIN_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::Server(cluster().fresh()),
            _ => Self::File(folder.join("ordain.db")),
        }
    }

    pub fn database(&self) -> Database<'_> {
        match self {
            Self::File(path) => Database::from(path),
            Self::Server(url) => Database::Postgres(url),
        }
    }

    /// Changes rows behind the back of the program, by a statement that ends with `RETURNING 1`; gives how many.
    ///
    /// # Panics
    /// If the statement is not taken.
    #[allow(clippy::unwrap_used)] // a story without its circumstances has failed
    pub fn tamper(&self, sql: &str) -> usize {
        match self {
            Self::File(path) => {
                let file = rusqlite::Connection::open(path).unwrap();
                let mut statement = file.prepare(sql).unwrap();
                statement.query_map((), |_| Ok(())).unwrap().count()
            }
            Self::Server(url) => {
                let name = url.rsplit('/').next().unwrap();
                cluster().psql(name, sql).unwrap().lines().count()
            }
        }
    }
}
