//! Numbered schema files, each applied once in a transaction of its own together with the record of it.
//! A database that is newer than this program, or whose files were changed afterwards, is refused.

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;
use crate::migration::{MIGRATIONS, Migration, check_version};

/// "Ordn": lets `file` and this program recognise the database.
const APPLICATION_ID: i64 = 0x4f72_646e;

pub(crate) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    prepare(connection)?;
    for migration in MIGRATIONS {
        apply(connection, migration)?;
    }
    check_current(connection)
}

/// Refuses a database that this program's statements do not fit.
pub(crate) fn check_current(connection: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT version FROM schema_migration ORDER BY version";
    let found: i64 = match application_id(connection)? {
        APPLICATION_ID => connection.prepare(sql)?.query_map((), |row| row.get(0))?.last().transpose()?,
        _ => return Err(StoreError::Unavailable("the file is not a database of Ordain".into())),
    }
    .unwrap_or(0);
    check_version(found)
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
        _ => return Err(StoreError::Unavailable("the file is not a database of Ordain".into())),
    }
    transaction.execute_batch(
        "CREATE TABLE schema_migration (
            version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL) STRICT",
    )?;
    Ok(transaction.commit()?)
}

fn apply(connection: &mut Connection, migration: &Migration) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied: Option<[u8; 32]> = transaction
        .prepare("SELECT checksum FROM schema_migration WHERE version = ?")?
        .query_map((migration.version,), |row| row.get(0))?
        .next()
        .transpose()?;
    match applied {
        Some(known) => return migration.check(known),
        None => transaction.execute_batch(migration.sql)?,
    }
    let sql = "INSERT INTO schema_migration (version, name, checksum) VALUES (?, ?, ?)";
    transaction.execute(sql, (migration.version, migration.name, migration.checksum()))?;
    Ok(transaction.commit()?)
}
