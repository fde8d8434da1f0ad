//! Where a bar plays: a company in a file, or on a server of this process where `ORDAIN_TEST_DATABASE=postgres` asks for
//! one. Tables are judged in a copy, so that whoever comes next finds what a death has left.

use super::ask::Receipt;
use super::oracle::{self, Verdict};
use super::seed::{self, Company};
use crate::cluster::{Cluster, own_cluster, psql};
use crate::company::STANDARD_FLOW;
use crate::home::{Home, on_a_server};
use ordain_app::copy::copy;
use ordain_store::Database;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(super) struct Ground {
    /// What else is kept beside the database.
    pub folder: TempDir,
    pub home: Home,
    /// Of this ground alone, because it may die.
    server: Option<Cluster>,
}

/// The tables in a file, as long as this lives.
pub(super) struct Copied {
    _folder: TempDir,
    pub file: PathBuf,
}

impl Ground {
    pub fn new(company: Company) -> Self {
        Self::with_flow(company, STANDARD_FLOW)
    }

    pub fn with_flow(company: Company, flow: &str) -> Self {
        Self::made(company, flow, on_a_server())
    }

    /// On a server, whatever is asked for.
    pub fn on_a_server(company: Company, flow: &str) -> Self {
        Self::made(company, flow, true)
    }

    fn made(company: Company, flow: &str, on_a_server: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = on_a_server.then(own_cluster);
        let home = match &server {
            Some(server) => Home::Server(server.fresh()),
            None => Home::File(folder.path().join("ordain.db")),
        };
        seed::plant_with(home.database(), company, flow);
        Self { folder, home, server }
    }

    pub fn has_a_server(&self) -> bool {
        self.server.is_some()
    }

    /// Lets a server die as well, every other time.
    pub fn quake(&self, round: u64) {
        if let Some(server) = self.server.as_ref().filter(|_| round % 2 == 1) {
            server.crash();
        }
    }

    /// A number that a look from outside finds.
    pub fn count(&self, sql: &str) -> Option<i64> {
        match &self.home {
            Home::File(path) => {
                let count = |db: Connection| db.query_row(sql, (), |row| row.get(0));
                Connection::open(path).and_then(count).ok()
            }
            Home::Server(url) => psql(url, sql).ok()?.trim().parse().ok(),
        }
    }

    pub fn copied(&self) -> Result<Copied, String> {
        match &self.home {
            Home::File(path) => Ok(copied_file(path)),
            Home::Server(url) => copied_server(url),
        }
    }

    pub fn examine(&self, acknowledged: &[Receipt]) -> Verdict {
        judged(self.copied(), acknowledged)
    }
}

/// Examines what a server holds.
pub(super) fn examine_server(url: &str, acknowledged: &[Receipt]) -> Verdict {
    judged(copied_server(url), acknowledged)
}

fn judged(copied: Result<Copied, String>, acknowledged: &[Receipt]) -> Verdict {
    match copied {
        Ok(copied) => oracle::examine(&copied.file, acknowledged),
        Err(why) => Verdict { violations: vec![why], ..Verdict::default() },
    }
}

fn copied_server(url: &str) -> Result<Copied, String> {
    until_left_alone(url);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.db");
    let copied = copy(Database::Postgres(url), Database::from(&file));
    copied.map_err(|error| format!("unreadable: {error}"))?;
    Ok(Copied { _folder: folder, file })
}

/// The file and what is not written back into it yet.
fn copied_file(db: &Path) -> Copied {
    let folder = tempfile::tempdir().expect("a folder");
    let name = db.file_name().expect("a file").to_string_lossy().into_owned();
    for end in ["", "-wal"] {
        let from = db.with_file_name(format!("{name}{end}"));
        if from.exists() {
            std::fs::copy(&from, folder.path().join(format!("{name}{end}"))).expect("a copy");
        }
    }
    let file = folder.path().join(&name);
    Copied { _folder: folder, file }
}

/// Examines a copy of a file as a death left it.
pub(super) fn examine_copy(db: &Path, acknowledged: &[Receipt]) -> Verdict {
    oracle::examine(&copied_file(db).file, acknowledged)
}

/// A connection of a dead node may still be committing.
fn until_left_alone(url: &str) {
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let began = Instant::now();
    while psql(url, open).expect("the server answers") != "0" {
        assert!(began.elapsed() < Duration::from_secs(30), "connections of a dead node stay");
        std::thread::sleep(Duration::from_millis(20));
    }
}
