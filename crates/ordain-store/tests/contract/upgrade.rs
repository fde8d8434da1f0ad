//! R6: a file of every older schema comes up to date with all its rows, also after a kill between any two statements of
//! the files that bring it there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ordain_store::{OpenOptions, Store, StoreError};
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::Value;
use rusqlite::{Batch, Connection};
use sha2::{Digest, Sha256};

/// "Ordn".
const OURS: i64 = 0x4f72_646e;
const ROWS: i64 = 3;

/// The schema files, each with its number, name and text.
fn files() -> Vec<(i64, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.filter(|name| !name.ends_with(".postgres.sql")).collect();
    let file = |name: String| {
        let (number, rest) = name.split_once('_').unwrap();
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        (number.parse().unwrap(), rest.trim_end_matches(".sql").to_owned(), text)
    };
    names.into_iter().map(file).collect()
}

/// A file as a program left it that knew only so many schema files, with rows in every table.
fn old(path: &Path, files: &[(i64, String, String)]) -> Connection {
    let raw = Connection::open(path).unwrap();
    raw.pragma_update(None, "journal_mode", "wal").unwrap();
    raw.pragma_update(None, "application_id", OURS).unwrap();
    raw.execute_batch(
        "CREATE TABLE schema_migration (
            version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL) STRICT",
    )
    .unwrap();
    for (number, name, text) in files {
        raw.execute_batch(text).unwrap();
        let checksum: [u8; 32] = Sha256::digest(text).into();
        raw.execute("INSERT INTO schema_migration VALUES (?, ?, ?)", (number, name, checksum)).unwrap();
    }
    for (table, sql) in tables(&raw) {
        fill(&raw, &table, &sql);
    }
    raw
}

/// Tables of our own making, each with the statement that made it.
fn tables(raw: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT name, sql FROM sqlite_schema JOIN pragma_table_list USING (name)
        WHERE pragma_table_list.type = 'table' AND sql IS NOT NULL AND name <> 'schema_migration' ORDER BY name";
    let mut statement = raw.prepare(sql).unwrap();
    let found = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    found.map(Result::unwrap).collect()
}

fn columns(raw: &Connection, table: &str) -> Vec<(String, String)> {
    let mut statement = raw.prepare("SELECT name, type FROM pragma_table_info(?)").unwrap();
    let found = statement.query_map((table,), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    found.map(Result::unwrap).collect()
}

/// Rows that differ in every column that may differ.
fn fill(raw: &Connection, table: &str, made_by: &str) {
    let columns = columns(raw, table);
    let value = |(name, kind): &(String, String), n: i64| {
        let among = made_by.split_once(&format!("CHECK ({name} IN ('")).map(|(_, rest)| rest);
        match (kind.as_str(), among) {
            (_, Some(rest)) => Value::Text(rest.split('\'').next().unwrap().to_owned()),
            ("INTEGER", None) => Value::Integer(n),
            ("BLOB", None) => Value::Blob(vec![u8::try_from(n).unwrap(); 16]),
            // Some columns hold JSON.
            _ => Value::Text(format!("\"{name} {n}\"")),
        }
    };
    let marks = vec!["?"; columns.len()].join(", ");
    for n in 1..=ROWS {
        let values = columns.iter().map(|column| value(column, n));
        let sql = format!("INSERT INTO {table} VALUES ({marks})");
        raw.execute(&sql, rusqlite::params_from_iter(values)).unwrap_or_else(|why| panic!("{table}: {why}"));
    }
}

type Kept = BTreeMap<(String, String), BTreeSet<String>>;

/// What every column of every table holds.
fn kept(raw: &Connection) -> Kept {
    let mut kept = Kept::new();
    for (table, _) in tables(raw) {
        for (column, _) in columns(raw, &table) {
            let sql = format!("SELECT quote({column}) FROM {table}");
            let mut statement = raw.prepare(&sql).unwrap();
            let found = statement.query_map((), |row| row.get(0)).unwrap();
            kept.insert((table.clone(), column), found.map(Result::unwrap).collect());
        }
    }
    kept
}

/// Opens the file as this program does, and compares what was in it.
fn upgraded(path: &Path, before: &Kept, newest: i64) -> Result<(), String> {
    let opened: Result<_, StoreError> = Store::open(&OpenOptions::new(path));
    let (store, writer) = opened.map_err(|why| why.to_string())?;
    let version = store.stats().map_err(|why| why.to_string())?.schema_version;
    drop((store, writer));
    let after = kept(&Connection::open(path).unwrap());
    for ((table, column), values) in before {
        let now = after.get(&(table.clone(), column.clone()));
        if !now.is_some_and(|now| values.is_subset(now)) {
            return Err(format!("{table}.{column}: {values:?} has become {now:?}"));
        }
    }
    if version == newest { Ok(()) } else { Err(format!("version {version} of {newest}")) }
}

/// The files of a database as they lie on the disk at this moment: what a kill would leave.
fn as_killed(path: &Path, to: &Path) -> PathBuf {
    let killed = to.join("killed.db");
    for tail in ["", "-wal"] {
        let from = PathBuf::from(format!("{}{tail}", path.display()));
        let target = PathBuf::from(format!("{}{tail}", killed.display()));
        drop(fs::remove_file(&target));
        if from.exists() {
            fs::copy(from, target).unwrap();
        }
    }
    killed
}

/// Runs the statements of a file one by one and kills after each: how many kills did not come up whole.
fn kills(files: &[(i64, String, String)], at: usize, begin: &str) -> (usize, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let raw = old(&path, &files[..at]);
    let (before, newest) = (kept(&raw), files.last().unwrap().0);
    raw.execute_batch(begin).unwrap();
    let (mut done, mut failed) = (0, Vec::new());
    let mut batch = Batch::new(&raw, &files[at].2);
    while let Some(mut statement) = batch.next().unwrap() {
        statement.raw_execute().unwrap();
        done += 1;
        let killed = as_killed(&path, folder.path());
        if let Err(why) = upgraded(&killed, &before, newest) {
            failed.push(format!("{} after {done}: {why}", files[at].1));
        }
        drop(fs::remove_file(folder.path().join("killed.db-shm")));
    }
    (done, failed)
}

#[test]
fn r06_every_older_schema_comes_up_to_date_with_all_its_rows() {
    let files = files();
    for at in 1..files.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let raw = old(&path, &files[..at]);
        let before = kept(&raw);
        drop(raw);
        upgraded(&path, &before, files.last().unwrap().0).unwrap_or_else(|why| panic!("from {at}: {why}"));
    }
}

#[test]
fn r06_a_kill_between_any_two_statements_leaves_the_old_schema_or_the_new_one() {
    let files = files();
    let mut all = 0;
    for at in 1..files.len() {
        let (done, failed) = kills(&files, at, "BEGIN IMMEDIATE");
        assert_eq!(failed, Vec::<String>::new());
        all += done;
    }
    assert!(all > files.len(), "{all} kills"); // some files have several statements
}

/// The negative control: without its transaction a file is found half applied.
#[test]
fn r06_a_file_without_its_transaction_is_found_out() {
    let files = files();
    let failed: usize = (1..files.len()).map(|at| kills(&files, at, "").1.len()).sum();
    assert!(failed > 0, "a half-applied file went unnoticed");
}
