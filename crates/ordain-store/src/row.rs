//! How a struct becomes a table row: `row!` declares the struct once and derives its column list and
//! its statements, so that a field can never be read from another column than it was written to.
//! Every row begins with `org_id`; the key columns follow, then the rest.

use crate::StoreError;
use crate::sql::{Connection, Found, Params, insert_all};

pub(crate) use crate::sql::{any_number, run_each};

pub(crate) trait Row: Sized + Params {
    const TABLE: &'static str;
    /// How many columns tell a row from all others.
    const KEYS: usize;
    /// `org_id, …`
    const COLUMNS: &'static str;
    /// `SELECT org_id, … FROM table`
    const SELECT: &'static str;
    /// `INSERT INTO table (…) VALUES (…)`
    const INSERT: &'static str;
    /// `INSERT … ON CONFLICT (key) DO UPDATE SET rest`
    const UPSERT: &'static str;

    fn read(found: &Found<'_>) -> Result<Self, StoreError>;
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
            const TABLE: &'static str = $table;
            const KEYS: usize = 1 $(+ $crate::row::one!($key))*;
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

            fn read(found: &$crate::sql::Found<'_>) -> Result<Self, $crate::StoreError> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or_default();
                Ok(Self {
                    org: found.get(next())?,
                    $($key: found.get(next())?,)*
                    $first: found.get(next())?,
                    $($rest: found.get(next())?,)*
                })
            }
        }

        impl $crate::sql::Params for $name {
            fn each(&self, take: &mut $crate::sql::Take<'_>) -> Result<(), $crate::StoreError> {
                use $crate::sql::ToCell;
                take(i64::KIND, self.org.cell())?;
                $(take(<$key_type>::KIND, self.$key.cell())?;)*
                take(<$first_type>::KIND, self.$first.cell())?;
                $(take(<$rest_type>::KIND, self.$rest.cell())?;)*
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

macro_rules! one {
    ($column:ident) => {
        1
    };
}

pub(crate) use {mark, one, row};

/// The rows of one type that satisfy a condition (everything after the table's name).
pub(crate) fn all<T: Row>(
    connection: &Connection<'_>,
    condition: &str,
    parameters: impl Params,
) -> Result<Vec<T>, StoreError> {
    connection.query(&format!("{} {condition}", T::SELECT), parameters, T::read)
}

pub(crate) fn first<T: Row>(
    connection: &Connection<'_>,
    condition: &str,
    parameters: impl Params,
) -> Result<Option<T>, StoreError> {
    Ok(all(connection, condition, parameters)?.pop())
}

/// The rows that satisfy a condition for any of the keys.
pub(crate) fn each<T: Row, P: Params>(
    connection: &Connection<'_>,
    condition: &str,
    keys: impl IntoIterator<Item = P>,
    mut take: impl FnMut(T),
) -> Result<(), StoreError> {
    connection.each(&format!("{} {condition}", T::SELECT), keys, |found| {
        take(T::read(&found)?);
        Ok(())
    })
}

pub(crate) fn insert<'r, T: Row + 'r>(
    connection: &Connection<'_>,
    rows: impl IntoIterator<Item = &'r T>,
) -> Result<(), StoreError> {
    insert_all(connection, T::INSERT, rows)
}

pub(crate) fn upsert<'r, T: Row + 'r>(
    connection: &Connection<'_>,
    rows: impl IntoIterator<Item = &'r T>,
) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(_) => run_each(connection, T::UPSERT, rows, any_number),
        Connection::Postgres(session) => session.upsert_all(T::UPSERT, T::KEYS, rows),
    }
}
