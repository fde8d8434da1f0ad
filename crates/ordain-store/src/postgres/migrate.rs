//! The same numbered schema files as on SQLite, each applied once in a transaction of its own together with the record
//! of it. Only one node migrates at a time; a change that would have to wait long for those at work gives up instead of
//! stopping them. A database that is newer than this program, or somebody else's, is refused.

use super::dialect;
use super::session::Session;
use super::target::check_server;
use crate::migration::{MIGRATIONS, Migration, check_not_newer, check_version};
use crate::{StoreError, Unusable};

/// "Ordn": keeps other nodes from migrating meanwhile.
const LOCK: i64 = 0x4f72_646e;

/// The first file says some things in this engine's own words.
const FIRST: Migration =
    Migration { version: 1, name: "start", sql: include_str!("../migrations/0001_start.postgres.sql") };
/// Other roles than the owner, such as those of reports, see one company: the one that `ordain.org` names.
const GUARD: &str = include_str!("guard.sql");

pub(super) fn run(session: &Session) -> Result<(), StoreError> {
    check_server(session)?;
    session.batch(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    let migrated = migrate(session);
    session.batch(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
    migrated
}

fn migrate(session: &Session) -> Result<(), StoreError> {
    if !is_ours(session)? {
        session.batch(
            "CREATE TABLE schema_migration (
                version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum BYTEA NOT NULL)",
        )?;
    }
    let applied = applied(session)?;
    check_not_newer(applied.last().map_or(0, |(version, _)| *version))?;
    for migration in std::iter::once(&FIRST).chain(MIGRATIONS.iter().skip(1)) {
        let known = applied.iter().find(|(version, _)| *version == migration.version);
        match known {
            Some((_, checksum)) => migration.check(*checksum)?,
            None => apply(session, migration)?,
        }
    }
    Ok(())
}

fn apply(session: &Session, migration: &Migration) -> Result<(), StoreError> {
    let sql = dialect::schema(migration.sql);
    let checksum: String = migration.checksum().iter().map(|byte| format!("{byte:02x}")).collect();
    let record = format!(
        "INSERT INTO schema_migration VALUES ({}, '{}', '\\x{checksum}')",
        migration.version, migration.name
    );
    session
        .batch(&format!("BEGIN; SET LOCAL lock_timeout = '5s'; {sql}\n;{record}; {GUARD}; COMMIT"))
        .inspect_err(|_| {
            // The session is given up with the error.
            drop(session.batch("ROLLBACK"));
        })
}

/// Refuses a database that cannot be brought up to date; looks only.
pub(super) fn recognise(session: &Session) -> Result<(), StoreError> {
    check_server(session)?;
    if is_ours(session)? {
        check_not_newer(applied(session)?.last().map_or(0, |(version, _)| *version))?;
    }
    Ok(())
}

/// Refuses a database that this program's statements do not fit.
pub(super) fn check_current(session: &Session) -> Result<(), StoreError> {
    if !is_ours(session)? {
        return Err(Unusable::Foreign.into());
    }
    check_version(applied(session)?.last().map_or(0, |(version, _)| *version))
}

fn applied(session: &Session) -> Result<Vec<(i64, [u8; 32])>, StoreError> {
    let mut applied = Vec::new();
    session.each("SELECT version, checksum FROM schema_migration ORDER BY version", [()], |row| {
        let checksum: Vec<u8> = row.get(1)?;
        // What a newer program has written is refused by its version, whatever else it looks like.
        applied.push((row.get(0)?, checksum.try_into().unwrap_or_default()));
        Ok(())
    })?;
    Ok(applied)
}

/// Whether the schema is ours; an empty one will be, and one with other tables is somebody else's.
fn is_ours(session: &Session) -> Result<bool, StoreError> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE relname = 'schema_migration') FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')";
    let mut found: (i64, i64) = (0, 0);
    session.each(sql, [()], |row| {
        found = (row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    match found {
        (_, 1) => Ok(true),
        (0, _) => Ok(false),
        _ => Err(Unusable::Foreign.into()),
    }
}
