//! How a struct becomes a table row: `row!` declares the struct once and derives its column list and
//! its statements, so that a field can never be read from another column than it was written to.
//! Every row begins with `org_id`; the key columns follow, then the rest.

use rusqlite::{Connection, Params, Statement};

use crate::StoreError;

pub(crate) trait Row: Sized {
    /// `org_id, …`
    const COLUMNS: &'static str;
    /// `SELECT org_id, … FROM table`
    const SELECT: &'static str;
    /// `INSERT INTO table (…) VALUES (…)`
    const INSERT: &'static str;
    /// `INSERT … ON CONFLICT (key) DO UPDATE SET rest`
    const UPSERT: &'static str;

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
    fn bind(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()>;
}

macro_rules! row {
    (
        $(#[$meta:meta])*
        $name:ident in $table:literal
        key { $($(#[$key_meta:meta])* $key:ident: $key_type:ty,)* }
        rest { $first:ident: $first_type:ty, $($(#[$rest_meta:meta])* $rest:ident: $rest_type:ty,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            pub org: i64,
            $($(#[$key_meta])* pub $key: $key_type,)*
            pub $first: $first_type,
            $($(#[$rest_meta])* pub $rest: $rest_type,)*
        }

        impl $crate::row::Row for $name {
            const COLUMNS: &'static str = concat!(
                "org_id", $(", ", stringify!($key),)* ", ", stringify!($first),
                $(", ", stringify!($rest),)*
            );
            const SELECT: &'static str = concat!(
                "SELECT org_id", $(", ", stringify!($key),)* ", ", stringify!($first),
                $(", ", stringify!($rest),)* " FROM ", $table
            );
            const INSERT: &'static str = concat!(
                "INSERT INTO ", $table, " (org_id", $(", ", stringify!($key),)* ", ", stringify!($first),
                $(", ", stringify!($rest),)* ") VALUES (?", $($crate::row::mark!($key),)* ", ?",
                $($crate::row::mark!($rest),)* ")"
            );
            const UPSERT: &'static str = concat!(
                "INSERT INTO ", $table, " (org_id", $(", ", stringify!($key),)* ", ", stringify!($first),
                $(", ", stringify!($rest),)* ") VALUES (?", $($crate::row::mark!($key),)* ", ?",
                $($crate::row::mark!($rest),)* ") ON CONFLICT (org_id", $(", ", stringify!($key),)*
                ") DO UPDATE SET ", stringify!($first), " = excluded.", stringify!($first),
                $(", ", stringify!($rest), " = excluded.", stringify!($rest),)*
            );

            fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or_default();
                Ok(Self {
                    org: row.get(next())?,
                    $($key: row.get(next())?,)*
                    $first: row.get(next())?,
                    $($rest: row.get(next())?,)*
                })
            }

            fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> rusqlite::Result<()> {
                let mut columns = 1..;
                let mut next = || columns.next().unwrap_or_default();
                statement.raw_bind_parameter(next(), self.org)?;
                $(statement.raw_bind_parameter(next(), &self.$key)?;)*
                statement.raw_bind_parameter(next(), &self.$first)?;
                $(statement.raw_bind_parameter(next(), &self.$rest)?;)*
                Ok(())
            }
        }
    };
}

macro_rules! mark {
    ($column:ident) => {
        ", ?"
    };
}

pub(crate) use {mark, row};

/// The rows of one type that satisfy a condition (everything after the table's name).
pub(crate) fn all<T: Row>(
    connection: &Connection,
    condition: &str,
    parameters: impl Params,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    each(connection, condition, [parameters], |row| found.push(row))?;
    Ok(found)
}

pub(crate) fn first<T: Row>(
    connection: &Connection,
    condition: &str,
    parameters: impl Params,
) -> Result<Option<T>, StoreError> {
    let mut found = None;
    each(connection, condition, [parameters], |row| found = Some(row))?;
    Ok(found)
}

/// Runs one prepared statement for every key: on an embedded database this beats one statement with a
/// long list, which would have to be prepared anew for every length.
pub(crate) fn each<T: Row, P: Params>(
    connection: &Connection,
    condition: &str,
    keys: impl IntoIterator<Item = P>,
    mut take: impl FnMut(T),
) -> Result<(), StoreError> {
    let mut keys = keys.into_iter().peekable();
    if keys.peek().is_none() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(&format!("{} {condition}", T::SELECT))?;
    for key in keys {
        let mut rows = statement.query(key)?;
        while let Some(row) = rows.next()? {
            take(T::read(row)?);
        }
    }
    Ok(())
}

pub(crate) fn insert<T: Row>(connection: &Connection, rows: &[T]) -> Result<(), StoreError> {
    write(connection, T::INSERT, rows)
}

pub(crate) fn upsert<T: Row>(connection: &Connection, rows: &[T]) -> Result<(), StoreError> {
    write(connection, T::UPSERT, rows)
}

fn write<T: Row>(connection: &Connection, sql: &str, rows: &[T]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(sql)?;
    for row in rows {
        row.bind(&mut statement)?;
        statement.raw_execute()?;
    }
    Ok(())
}

/// Runs one statement for every set of parameters; `changed` judges the number of rows it touched.
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
        changed(statement.execute(set)?)?;
    }
    Ok(())
}

/// For [`run_each`] where touching no row is fine.
pub(crate) fn any_number(_: usize) -> Result<(), StoreError> {
    Ok(())
}
