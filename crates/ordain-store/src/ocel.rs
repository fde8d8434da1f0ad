//! An event log as a SQLite file of its own, in the form that OCEL 2.0 gives: tables for events, objects and what
//! refers to what, and one for each kind of event and of object.

use crate::StoreError;
use rusqlite::{Connection, params_from_iter};
use std::collections::BTreeMap;
use std::path::Path;

const TABLES: &str = "
    CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
    CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
    CREATE TABLE event (
        ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
        FOREIGN KEY (ocel_type) REFERENCES event_map_type (ocel_type));
    CREATE TABLE object (
        ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
        FOREIGN KEY (ocel_type) REFERENCES object_map_type (ocel_type));
    CREATE TABLE event_object (
        ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,
        PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier),
        FOREIGN KEY (ocel_event_id) REFERENCES event (ocel_id),
        FOREIGN KEY (ocel_object_id) REFERENCES object (ocel_id));
    CREATE TABLE object_object (
        ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,
        PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier),
        FOREIGN KEY (ocel_source_id) REFERENCES object (ocel_id),
        FOREIGN KEY (ocel_target_id) REFERENCES object (ocel_id));";

/// Rows between two commits: so many are kept in memory at most.
const ROWS: usize = 20_000;

/// Whether a row tells of an event or of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OcelPart {
    Event,
    Object,
}

impl OcelPart {
    fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Object => "object",
        }
    }

    fn references(self) -> &'static str {
        match self {
            Self::Event => "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)",
            Self::Object => "INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)",
        }
    }
}

/// One event or object.
#[derive(Clone, Copy, Debug)]
pub struct OcelRow<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub at: &'a str,
    /// The names of what may be said of its kind: the same each time, and made by this program.
    pub columns: &'a [&'static str],
    pub facts: &'a [(&'static str, &'a str)],
    /// What it is about, and as what.
    pub refers: &'a [(&'a str, &'static str)],
}

/// A file that is being written. It is complete after [`OcelFile::finish`].
pub struct OcelFile {
    connection: Connection,
    /// The insertion into the table of each kind.
    kinds: BTreeMap<(OcelPart, String), String>,
    rows: usize,
}

impl OcelFile {
    /// In a file that does not exist yet or is empty.
    ///
    /// # Errors
    /// If it cannot be written; so with every row.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        // A file that was cut off is written anew, so nothing is lost by not waiting for the disk.
        connection.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;",
        )?;
        connection.execute_batch(TABLES)?;
        Ok(Self { connection, kinds: BTreeMap::new(), rows: 0 })
    }

    pub fn add(&mut self, part: OcelPart, row: &OcelRow<'_>) -> Result<(), StoreError> {
        let insert = self.kind(part, row)?;
        let table = part.name();
        let sql = format!("INSERT INTO {table} (ocel_id, ocel_type) VALUES (?, ?)");
        self.connection.prepare_cached(&sql)?.execute((row.id, row.kind))?;
        let fact = |name: &&str| row.facts.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        let values = [Some(row.id), Some(row.at)].into_iter().chain(row.columns.iter().map(fact));
        self.connection.prepare_cached(&insert)?.execute(params_from_iter(values))?;
        let mut refers = self.connection.prepare_cached(part.references())?;
        for (id, role) in row.refers {
            refers.execute((row.id, id, role))?;
        }
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS) {
            self.connection.execute_batch("COMMIT; BEGIN;")?;
        }
        Ok(())
    }

    /// The insertion into the table of a kind, which is made for its first row.
    fn kind(&mut self, part: OcelPart, row: &OcelRow<'_>) -> Result<String, StoreError> {
        let key = (part, row.kind.to_owned());
        if let Some(insert) = self.kinds.get(&key) {
            return Ok(insert.clone());
        }
        let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        // Numbered, because kinds may differ in what a name of a table cannot say.
        let map = format!("{}_{}", row.kind.chars().map(letters).collect::<String>(), self.kinds.len() + 1);
        let (name, table) = (part.name(), format!("{}_{map}", part.name()));
        let columns: String = row.columns.iter().map(|column| format!(", {column} TEXT")).collect();
        let changed = if part == OcelPart::Object { ", ocel_changed_field TEXT" } else { "" };
        let key_of = if part == OcelPart::Event { "PRIMARY KEY" } else { "" };
        self.connection.execute_batch(&format!(
            "CREATE TABLE {table} (ocel_id TEXT {key_of}, ocel_time TIMESTAMP{columns}{changed},
                FOREIGN KEY (ocel_id) REFERENCES {name} (ocel_id))"
        ))?;
        let known = format!("INSERT INTO {name}_map_type (ocel_type, ocel_type_map) VALUES (?, ?)");
        self.connection.execute(&known, (row.kind, &map))?;
        let names: String = row.columns.iter().map(|column| format!(", {column}")).collect();
        let marks = ", ?".repeat(row.columns.len());
        let insert = format!("INSERT INTO {table} (ocel_id, ocel_time{names}) VALUES (?, ?{marks})");
        self.kinds.insert(key, insert.clone());
        Ok(insert)
    }

    pub fn finish(self) -> Result<(), StoreError> {
        self.connection.execute_batch("COMMIT;")?;
        Ok(())
    }
}
