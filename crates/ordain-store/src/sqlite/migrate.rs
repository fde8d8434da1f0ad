//! Numbered schema files, each applied once in a transaction of its own together with the record of it.
//! A database that is newer than this program, or whose files were changed afterwards, is refused.

use rusqlite::{Connection, TransactionBehavior};

use super::planner;
use crate::migration::{MIGRATIONS, Migration, check_not_newer, check_version};
use crate::{StoreError, Unusable};

/// "Ordn": lets `file` and this program recognise the database.
const APPLICATION_ID: i64 = 0x4f72_646e;

/// Refuses a file that cannot be brought up to date, before anything of it is changed.
pub(crate) fn recognise(connection: &Connection) -> Result<(), StoreError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match (application_id(connection)?, tables) {
        // Marked and made in one transaction: a marked file without tables is none of ours.
        (APPLICATION_ID, 1..) => check_not_newer(version(connection)?),
        (0, 0) => Ok(()),
        _ => Err(Unusable::Foreign.into()),
    }
}

pub(crate) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    prepare(connection)?;
    let mut changed = false;
    for migration in MIGRATIONS {
        changed |= apply(connection, migration)?;
    }
    if changed || !planner::is_told(connection)? {
        planner::tell(connection)?;
    }
    check_current(connection)
}

/// Refuses a database that this program's statements do not fit.
pub(crate) fn check_current(connection: &Connection) -> Result<(), StoreError> {
    match application_id(connection)? {
        APPLICATION_ID => check_version(version(connection)?),
        _ => Err(Unusable::Foreign.into()),
    }
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(version), 0) FROM schema_migration";
    Ok(connection.query_row(sql, (), |row| row.get(0))?)
}

fn application_id(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "application_id", |row| row.get(0))?)
}

/// Marks an empty file as ours; a file with other tables is somebody else's.
fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match (application_id(&transaction)?, tables) {
        (APPLICATION_ID, _) => return Ok(()),
        (0, 0) => transaction.pragma_update(None, "application_id", APPLICATION_ID)?,
        _ => return Err(Unusable::Foreign.into()),
    }
    transaction.execute_batch(
        "CREATE TABLE schema_migration (
            version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL) STRICT",
    )?;
    Ok(transaction.commit()?)
}

/// Whether it had not been applied yet.
fn apply(connection: &mut Connection, migration: &Migration) -> Result<bool, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied: Option<[u8; 32]> = transaction
        .prepare("SELECT checksum FROM schema_migration WHERE version = ?")?
        .query_map((migration.version,), |row| row.get(0))?
        .next()
        .transpose()?;
    match applied {
        Some(known) => return migration.check(known).map(|()| false),
        None => transaction.execute_batch(migration.sql)?,
    }
    let sql = "INSERT INTO schema_migration (version, name, checksum) VALUES (?, ?, ?)";
    transaction.execute(sql, (migration.version, migration.name, migration.checksum()))?;
    transaction.commit()?;
    Ok(true)
}
