//! Which tables a database has, and how their rows are read and written whole, asked of the database itself: a new table
//! is copied without being named anywhere.

use crate::StoreError;
use crate::sql::{Cell, Connection, Found, Kind, Params, Take, Value};

/// Numbers that each database gives by itself, in the order in which rows came.
const GIVEN: [(&str, &str); 2] = [("orders", "row_id"), ("outbox", "seq")];

/// Counted from the orders.
pub(super) const COUNTED: &str = "order_count";

/// The log lies as it was written: what tells its entries apart is no primary key.
const LOG_KEY: [&str; 2] = ["org_id", "seq"];

const SQLITE_TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
    AND name NOT LIKE 'order_search%' AND name <> 'schema_migration' ORDER BY name";
const SQLITE_COLUMNS: &str = "SELECT name, lower(type), pk FROM pragma_table_info(?) ORDER BY name";
const SERVER_TABLES: &str = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    AND relkind = 'r' AND relname NOT IN ('schema_migration', 'writing_node') ORDER BY relname COLLATE \"C\"";
const SERVER_COLUMNS: &str = "SELECT a.attname, format_type(a.atttypid, NULL),
        coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0)::bigint
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ? ORDER BY a.attname COLLATE \"C\"";

pub(super) struct Table {
    pub name: String,
    columns: Vec<(String, Kind)>,
    /// What tells rows apart, in its order.
    key: Vec<(String, Kind)>,
}

/// The tables that hold data, those that others refer to first.
pub(super) fn tables(connection: &Connection<'_>) -> Result<Vec<Table>, StoreError> {
    let sql = match connection {
        Connection::Sqlite(_) => SQLITE_TABLES,
        Connection::Postgres(_) => SERVER_TABLES,
    };
    let mut names = connection.query(sql, (), |row| row.get::<String>(0))?;
    names.sort_by_key(|name| name != "customer");
    names.into_iter().map(|name| table(connection, name)).collect()
}

fn table(connection: &Connection<'_>, name: String) -> Result<Table, StoreError> {
    let sql = match connection {
        Connection::Sqlite(_) => SQLITE_COLUMNS,
        Connection::Postgres(_) => SERVER_COLUMNS,
    };
    let found = connection
        .query(sql, (&name,), |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?)))?;
    let mut table = Table { name, columns: Vec::new(), key: Vec::new() };
    let mut places = Vec::new();
    for (column, kind, place) in found {
        // What has another type is derived.
        let Some(kind) = kind_of(&kind) else { continue };
        let place = if table.name == "log" { place_in_log(&column) } else { place };
        if place > 0 {
            places.push((place, column.clone(), kind));
        }
        if !GIVEN.contains(&(table.name.as_str(), column.as_str())) {
            table.columns.push((column, kind));
        }
    }
    places.sort();
    table.key = places.into_iter().map(|(_, column, kind)| (column, kind)).collect();
    if table.key.is_empty() {
        return Err(StoreError::Bug(format!("{} has no key", table.name)));
    }
    Ok(table)
}

fn place_in_log(column: &str) -> i64 {
    LOG_KEY.iter().zip(1..).find(|(key, _)| **key == column).map_or(0, |(_, place)| place)
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "integer" | "bigint" => Some(Kind::Integer),
        "text" => Some(Kind::Text),
        "blob" | "bytea" => Some(Kind::Bytes),
        _ => None,
    }
}

impl Table {
    /// The first page, or the one after a key.
    pub(super) fn page(&self, after_a_key: bool) -> String {
        let read = self.columns.iter().chain(&self.key);
        let (read, key) = (names(read), names(&self.key));
        // A count that has gone down to nothing stays as a row; counted anew, there is none.
        let counted = (self.name == COUNTED).then(|| "n <> 0".to_owned());
        let after = after_a_key.then(|| format!("({key}) > ({})", marks(self.key.len())));
        let only: Vec<String> = counted.into_iter().chain(after).collect();
        let only = if only.is_empty() { String::new() } else { format!("WHERE {}", only.join(" AND ")) };
        format!("SELECT {read} FROM {} {only} ORDER BY {key} LIMIT ?", self.name)
    }

    pub(super) fn insert(&self) -> String {
        let columns = names(&self.columns);
        format!("INSERT INTO {} ({columns}) VALUES ({})", self.name, marks(self.columns.len()))
    }

    /// A row of a page, and its key.
    pub(super) fn read(&self, found: &Found<'_>) -> Result<(Cells, Vec<Value>), StoreError> {
        let mut at = 0..;
        let mut read = |kind: Kind| value(found, at.next().unwrap_or_default(), kind);
        let cells = self.columns.iter().map(|(_, kind)| Ok((*kind, read(*kind)?)));
        let cells = cells.collect::<Result<_, StoreError>>()?;
        let key = self.key.iter().map(|(name, kind)| {
            read(*kind)?.ok_or_else(|| StoreError::Damaged(format!("a row of {} without {name}", self.name)))
        });
        Ok((Cells(cells), key.collect::<Result<_, StoreError>>()?))
    }
}

fn value(found: &Found<'_>, at: usize, kind: Kind) -> Result<Option<Value>, StoreError> {
    Ok(match kind {
        Kind::Integer => found.get::<Option<i64>>(at)?.map(Value::Integer),
        Kind::Text => found.get::<Option<String>>(at)?.map(Value::Text),
        Kind::Bytes => found.get::<Option<Vec<u8>>>(at)?.map(Value::Bytes),
    })
}

fn names<'a>(columns: impl IntoIterator<Item = &'a (String, Kind)>) -> String {
    columns.into_iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(", ")
}

/// The values of a row, whatever its table.
pub(super) struct Cells(Vec<(Kind, Option<Value>)>);

impl Params for Cells {
    fn each(&self, take: &mut Take<'_>) -> Result<(), StoreError> {
        self.0.iter().try_for_each(|(kind, value)| {
            let cell = match value {
                None => Cell::Null,
                Some(Value::Integer(number)) => Cell::Integer(*number),
                Some(Value::Text(text)) => Cell::Text(text),
                Some(Value::Bytes(bytes)) => Cell::Bytes(bytes),
            };
            take(*kind, cell)
        })
    }
}
