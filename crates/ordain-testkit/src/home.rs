//! Where the database of a story lies: in a file, or on a PostgreSQL server where `ORDAIN_TEST_DATABASE=postgres` asks
//! for one.

use crate::cluster::{Passing, cluster, psql};
use ordain_store::Database;
use std::path::{Path, PathBuf};

pub enum Home {
    File(PathBuf),
    Server(String),
}

/// Whether the tests are asked to run on a server.
pub fn on_a_server() -> bool {
    std::env::var("ORDAIN_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

impl Home {
    /// A database that does not exist yet, or is empty.
    pub fn fresh(folder: &Path) -> Self {
        if on_a_server() { Self::Server(cluster().fresh()) } else { Self::File(folder.join("ordain.db")) }
    }

    /// What takes it away from the server when it goes itself. What lies in a file goes with its folder.
    pub fn passing(&self) -> Option<Passing> {
        match self {
            Self::File(_) => None,
            Self::Server(url) => Some(Passing::of(url)),
        }
    }

    /// From the words by which a process is told of it.
    pub fn of(address: &str) -> Self {
        match address.strip_prefix("postgres://") {
            Some(_) => Self::Server(address.to_owned()),
            None => Self::File(PathBuf::from(address)),
        }
    }

    pub fn address(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Server(url) => url.clone(),
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
            Self::Server(url) => psql(url, sql).unwrap().lines().count(),
        }
    }
}
