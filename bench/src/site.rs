//! The engine whose databases are measured: files of SQLite, or databases of a PostgreSQL server that this process starts.

use ordain_testkit::cluster::{cluster, psql};
use ordain_testkit::home::Home;
use std::fmt;
use std::path::Path;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Site {
    Sqlite,
    Postgres,
}

impl Site {
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "sqlite" => Some(Self::Sqlite),
            "postgres" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// A database that does not exist yet, or is empty.
    pub fn fresh(self, dir: &Path, name: &str) -> Home {
        match self {
            Self::Sqlite => Home::File(dir.join(name).with_extension("db")),
            Self::Postgres => Home::Server(cluster().fresh()),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// The address as the program takes it.
pub fn url(home: &Home) -> String {
    match home {
        Home::File(path) => format!("sqlite:{}", path.display()),
        Home::Server(url) => url.clone(),
    }
}

/// Bytes it takes on the disk.
pub fn size(home: &Home) -> Result<f64, String> {
    match home {
        Home::File(path) => {
            let length = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
            Ok((length(path) + length(&path.with_extension("db-wal"))) as f64)
        }
        Home::Server(url) => {
            let bytes = psql(url, "SELECT pg_database_size(current_database())")?;
            bytes.parse().map_err(|_| format!("no size but `{bytes}`"))
        }
    }
}
