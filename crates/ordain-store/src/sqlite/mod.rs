//! SQLite: one file, nothing to install. One connection writes, others read.

mod connection;
mod migrate;
pub(crate) mod order;
mod planner;
mod pool;
mod stats;
mod writer;

pub use connection::OpenOptions;
#[cfg(feature = "faults")]
pub use connection::Synchronous;
pub(crate) use connection::recognise;
pub(crate) use pool::Pool;
pub(crate) use writer::Writer;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use crate::StoreError;
use crate::sql::{Cell, Found, Params};

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn bind(statement: &mut CachedStatement<'_>, parameters: &impl Params) -> Result<(), StoreError> {
    let mut place = 0;
    parameters.each(&mut |_, cell| {
        place += 1;
        Ok(statement.raw_bind_parameter(place, cell)?)
    })
}

/// Runs one prepared query for every key: on an embedded database this beats one statement with a long list, which
/// would have to be prepared anew for every length.
pub(crate) fn each<P: Params>(
    connection: &Connection,
    sql: &str,
    keys: impl IntoIterator<Item = P>,
    mut take: impl FnMut(Found<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut keys = keys.into_iter().peekable();
    if keys.peek().is_none() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(sql)?;
    for key in keys {
        bind(&mut statement, &key)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            take(Found::Sqlite(row))?;
        }
    }
    Ok(())
}

pub(crate) fn run_each<P: Params>(
    connection: &Connection,
    sql: &str,
    parameters: impl IntoIterator<Item = P>,
    changed: impl Fn(usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut parameters = parameters.into_iter().peekable();
    if parameters.peek().is_none() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(sql)?;
    for set in parameters {
        bind(&mut statement, &set)?;
        changed(statement.raw_execute()?)?;
    }
    Ok(())
}
