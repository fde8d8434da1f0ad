//! What statements are made of, whichever engine runs them: whole numbers, text and bytes go in and come out, and a
//! [`Connection`] knows how its engine takes many sets of parameters at once.

use crate::{StoreError, postgres, sqlite};

/// A connection of either engine, at work.
#[derive(Clone, Copy)]
pub(crate) enum Connection<'a> {
    Sqlite(&'a rusqlite::Connection),
    /// Its writes are noted, and sent together at the end.
    Postgres(&'a postgres::Session),
}

/// A found row of either engine.
pub(crate) enum Found<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Found<'_> {
    pub(crate) fn get<T: FromCell>(&self, at: usize) -> Result<T, StoreError> {
        T::read(self, at)
    }
}

/// The types that both engines have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Integer,
    Text,
    Bytes,
}

/// One value on its way into a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// A value of a statement that is put together as it is asked for.
pub(crate) enum Value {
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

pub(crate) trait ToCell {
    const KIND: Kind;
    fn cell(&self) -> Cell<'_>;
}

pub(crate) trait FromCell: Sized {
    fn read(found: &Found<'_>, at: usize) -> Result<Self, StoreError>;
}

impl<T: ToCell + ?Sized> ToCell for &T {
    const KIND: Kind = T::KIND;

    fn cell(&self) -> Cell<'_> {
        (**self).cell()
    }
}

impl<T: ToCell> ToCell for Option<T> {
    const KIND: Kind = T::KIND;

    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, T::cell)
    }
}

impl ToCell for i64 {
    const KIND: Kind = Kind::Integer;

    fn cell(&self) -> Cell<'_> {
        Cell::Integer(*self)
    }
}

/// Zero or one.
impl ToCell for bool {
    const KIND: Kind = Kind::Integer;

    fn cell(&self) -> Cell<'_> {
        Cell::Integer(i64::from(*self))
    }
}

impl ToCell for str {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell<'_> {
        Cell::Text(self)
    }
}

impl ToCell for String {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell<'_> {
        Cell::Text(self)
    }
}

impl ToCell for std::borrow::Cow<'_, str> {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell<'_> {
        Cell::Text(self)
    }
}

impl<const N: usize> ToCell for [u8; N] {
    const KIND: Kind = Kind::Bytes;

    fn cell(&self) -> Cell<'_> {
        Cell::Bytes(self)
    }
}

impl ToCell for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn cell(&self) -> Cell<'_> {
        Cell::Bytes(self)
    }
}

/// Types that both drivers read by themselves.
macro_rules! read_by_drivers {
    ($($type:ty),*) => {$(
        impl FromCell for $type {
            fn read(found: &Found<'_>, at: usize) -> Result<Self, StoreError> {
                match found {
                    Found::Sqlite(row) => Ok(row.get(at)?),
                    Found::Postgres(row) => Ok(row.try_get(at)?),
                }
            }
        }
    )*};
}

read_by_drivers!(i64, Option<i64>, String, Option<String>, Vec<u8>, Option<Vec<u8>>);

impl FromCell for bool {
    fn read(found: &Found<'_>, at: usize) -> Result<Self, StoreError> {
        Ok(found.get::<i64>(at)? != 0)
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn read(found: &Found<'_>, at: usize) -> Result<Self, StoreError> {
        match found {
            Found::Sqlite(row) => Ok(row.get(at)?),
            Found::Postgres(row) => fixed(row.try_get(at)?),
        }
    }
}

impl<const N: usize> FromCell for Option<[u8; N]> {
    fn read(found: &Found<'_>, at: usize) -> Result<Self, StoreError> {
        match found {
            Found::Sqlite(row) => Ok(row.get(at)?),
            Found::Postgres(row) => row.try_get::<_, Option<&[u8]>>(at)?.map(fixed).transpose(),
        }
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Bug(format!("{} bytes where {N} belong", bytes.len())))
}

pub(crate) type Take<'t> = dyn FnMut(Kind, Cell<'_>) -> Result<(), StoreError> + 't;

/// A set of parameters, in the order of their first appearance in the statement.
pub(crate) trait Params {
    fn each(&self, take: &mut Take<'_>) -> Result<(), StoreError>;
}

impl<P: Params> Params for &P {
    fn each(&self, take: &mut Take<'_>) -> Result<(), StoreError> {
        (**self).each(take)
    }
}

impl Params for () {
    fn each(&self, _: &mut Take<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Params for Vec<Value> {
    fn each(&self, take: &mut Take<'_>) -> Result<(), StoreError> {
        self.iter().try_for_each(|value| match value {
            Value::Integer(number) => take(Kind::Integer, Cell::Integer(*number)),
            Value::Text(text) => take(Kind::Text, Cell::Text(text)),
            Value::Bytes(bytes) => take(Kind::Bytes, Cell::Bytes(bytes)),
        })
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))+) => {$(
        impl<$($name: ToCell),+> Params for ($($name,)+) {
            #[allow(non_snake_case)]
            fn each(&self, take: &mut Take<'_>) -> Result<(), StoreError> {
                let ($($name,)+) = self;
                $(take($name::KIND, $name.cell())?;)+
                Ok(())
            }
        }
    )+};
}

// Each type parameter is named like the place of its value.
tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

impl Connection<'_> {
    /// Statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Self::Postgres(session) => session.batch(sql),
        }
    }

    /// Sends what is noted, so that it need not be kept in memory until the end.
    pub(crate) fn flush(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.send(""),
        }
    }

    /// Runs a query once for every key.
    pub(crate) fn each<P: Params>(
        &self,
        sql: &str,
        keys: impl IntoIterator<Item = P>,
        take: impl FnMut(Found<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::each(connection, sql, keys, take),
            Self::Postgres(session) => session.each(sql, keys, take),
        }
    }

    /// All that a query finds.
    pub(crate) fn query<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        mut read: impl FnMut(&Found<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        let mut take = |found: Found<'_>| {
            rows.push(read(&found)?);
            Ok(())
        };
        match self {
            Self::Sqlite(connection) => sqlite::each(connection, sql, [parameters], &mut take)?,
            Self::Postgres(session) => session.each(sql, [parameters], &mut take)?,
        }
        Ok(rows)
    }

    /// The only row that a query finds, if it finds one.
    pub(crate) fn query_one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Found<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, parameters, read)?.pop())
    }

    /// The one number that a query counts.
    pub(crate) fn count(&self, sql: &str, parameters: impl Params) -> Result<i64, StoreError> {
        let found = self.query_one(sql, parameters, |found| found.get(0))?;
        found.ok_or_else(|| StoreError::Bug("a count found nothing".to_owned()))
    }
}

/// Runs one statement for every set of parameters; `changed` judges the number of rows it touched.
pub(crate) fn run_each<P: Params>(
    connection: &Connection<'_>,
    sql: &str,
    parameters: impl IntoIterator<Item = P>,
    changed: fn(usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(connection) => sqlite::run_each(connection, sql, parameters, changed),
        Connection::Postgres(session) => session.run_each(sql, parameters, changed),
    }
}

/// As [`run_each`] for an `INSERT … VALUES` of rows that do not meet each other.
pub(crate) fn insert_all<P: Params>(
    connection: &Connection<'_>,
    sql: &str,
    rows: impl IntoIterator<Item = P>,
) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(connection) => sqlite::run_each(connection, sql, rows, any_number),
        Connection::Postgres(session) => session.insert_all(sql, rows),
    }
}

/// Runs an `INSERT … VALUES` or an `UPDATE` for every set of parameters. Each is to touch one row, and no two the same
/// one; else they are refused as that conflict.
pub(crate) fn each_one<P: Params>(
    connection: &Connection<'_>,
    sql: &str,
    sets: impl IntoIterator<Item = P>,
    refused: &'static str,
) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(connection) => sqlite::run_each(connection, sql, sets, |changed| match changed {
            1 => Ok(()),
            _ => Err(StoreError::Conflict(refused)),
        }),
        Connection::Postgres(session) => session.each_one(sql, sets, refused),
    }
}

/// For [`run_each`] where touching no row is fine.
pub(crate) fn any_number(_: usize) -> Result<(), StoreError> {
    Ok(())
}
