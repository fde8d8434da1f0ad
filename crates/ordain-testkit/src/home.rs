//! Where the database of a story lies: in a file, or on a PostgreSQL server where `ORDAIN_TEST_DATABASE=postgres` asks
//! for one.

use crate::cluster::{Passing, cluster, psql};
use ordain_store::Database;
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

pub enum Home {
    File(PathBuf),
    Server(String),
}

const FILE: &str = "ordain.db";

/// A database with a company in it, of which tests take copies.
pub enum Mould {
    File(Vec<u8>),
    Server(String),
}

impl Mould {
    #[allow(clippy::unwrap_used)] // a test without its company has failed
    async fn made(found: impl AsyncFnOnce(Database<'_>)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::fresh(folder.path());
        found(home.database()).await;
        match home {
            Home::File(path) => {
                let whole = folder.path().join("whole.db");
                let file = rusqlite::Connection::open(path).unwrap();
                file.execute("VACUUM INTO ?1", [whole.to_str()]).unwrap();
                Self::File(std::fs::read(whole).unwrap())
            }
            Home::Server(url) => {
                cluster().clear(&url);
                Self::Server(url)
            }
        }
    }
}

/// Whether the tests are asked to run on a server.
pub fn on_a_server() -> bool {
    std::env::var("ORDAIN_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

impl Home {
    /// A database that does not exist yet, or is empty.
    pub fn fresh(folder: &Path) -> Self {
        if on_a_server() { Self::Server(cluster().fresh()) } else { Self::File(folder.join(FILE)) }
    }

    /// A database with a company in it, which the first who asks founds and the others copy: that takes a tenth of the
    /// time. Nobody may be at work at it any more when `found` has done.
    ///
    /// # Panics
    /// If it cannot be copied.
    #[allow(clippy::unwrap_used)] // a test without its company has failed
    pub async fn with_company(
        folder: &Path,
        mould: &OnceCell<Mould>,
        found: impl AsyncFnOnce(Database<'_>),
    ) -> Self {
        let mould = mould.get_or_init(|| Mould::made(found)).await;
        match mould {
            Mould::File(bytes) => {
                let path = folder.join(FILE);
                std::fs::write(&path, bytes).unwrap();
                Self::File(path)
            }
            Mould::Server(url) => Self::Server(cluster().copy_of(url)),
        }
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
