//! Copies a whole company database into an empty one of either engine, as of one moment and beside whoever writes, and
//! proves that both hold the same: as many rows of each table, under one hash.
//!
//! A backup is such a copy in a file, a restored one is a copy of that, and so is a database that moves to a server.

mod catalogue;

use catalogue::{COUNTED, Cells, Table, tables};
use sha2::{Digest, Sha256};

use crate::row::Row;
use crate::sql::{Cell, Connection, Params, Value, insert_all};
use crate::{Hash, OrderRow, Store, StoreError, Writer, order};

/// Rows that are on their way at a time.
const PAGE: i64 = 1_000;

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub table: String,
    pub rows: u64,
    /// Over all values, in the order of the key.
    pub hash: Hash,
}

impl Store {
    /// Everything this database holds, table by table.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn contents(&self) -> Result<Vec<Content>, StoreError> {
        self.snapshot(contents)
    }

    /// Copies everything into an empty database and compares; gives what both hold.
    ///
    /// # Errors
    /// `Conflict("not_empty")` if the other one holds a company; `Damaged` names a table that differs.
    pub fn copy_to(&self, target: &Store, writer: &mut Writer) -> Result<Vec<Content>, StoreError> {
        if !target.orgs()?.is_empty() {
            return Err(StoreError::Conflict("not_empty"));
        }
        let had = self.snapshot(|from| {
            let tables = tables(from)?;
            writer.fill(|to| tables.iter().try_for_each(|table| pour(table, from, to)))?;
            contents(from)
        })?;
        let has = target.contents()?;
        match had.iter().zip(&has).find(|(had, has)| had != has) {
            None if had.len() == has.len() => Ok(has),
            differing => {
                let table = differing.map_or("a table", |(had, _)| had.table.as_str());
                Err(StoreError::Damaged(format!("the copy of {table} differs from it")))
            }
        }
    }
}

fn pour(table: &Table, from: &Connection<'_>, to: &Connection<'_>) -> Result<(), StoreError> {
    match table.name.as_str() {
        COUNTED => Ok(()),
        // With the words they are found by.
        "orders" => pour_orders(from, to),
        _ => {
            let insert = table.insert();
            table.pages(from, |rows| {
                insert_all(to, &insert, rows)?;
                to.flush()
            })
        }
    }
}

fn pour_orders(from: &Connection<'_>, to: &Connection<'_>) -> Result<(), StoreError> {
    let columns = OrderRow::COLUMNS;
    let sql = format!("SELECT {columns}, row_id FROM orders WHERE row_id > ? ORDER BY row_id LIMIT ?");
    let last = columns.split(", ").count();
    let mut after = 0_i64;
    loop {
        let page =
            from.query(&sql, (after, PAGE), |row| Ok((OrderRow::read(row)?, row.get::<i64>(last)?)))?;
        let Some((_, row_id)) = page.last() else { return Ok(()) };
        after = *row_id;
        let orders: Vec<OrderRow> = page.into_iter().map(|(order, _)| order).collect();
        order::write(to, &orders, &[])?;
        to.flush()?;
    }
}

fn contents(connection: &Connection<'_>) -> Result<Vec<Content>, StoreError> {
    let content = |table: Table| {
        let (mut rows, mut hash) = (0, Sha256::new());
        table.pages(connection, |page| {
            rows += page.len() as u64;
            page.iter().try_for_each(|row| {
                row.each(&mut |_, cell| {
                    digest(&mut hash, cell);
                    Ok(())
                })
            })
        })?;
        Ok(Content { table: table.name, rows, hash: hash.finalize().into() })
    };
    tables(connection)?.into_iter().map(content).collect()
}

/// Each value with its kind and length, so that no two rows read alike.
fn digest(hash: &mut Sha256, cell: Cell<'_>) {
    let (kind, bytes): (u8, &[u8]) = match &cell {
        Cell::Null => (0, &[]),
        Cell::Integer(number) => (1, &number.to_be_bytes()),
        Cell::Text(text) => (2, text.as_bytes()),
        Cell::Bytes(bytes) => (3, bytes),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

impl Table {
    /// All rows in the order of the key, page by page.
    fn pages(
        &self,
        connection: &Connection<'_>,
        mut take: impl FnMut(&[Cells]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let sql = self.page(after.is_some());
            let mut parameters = after.take().unwrap_or_default();
            parameters.push(Value::Integer(PAGE));
            let page = connection.query(&sql, parameters, |row| self.read(row))?;
            let (rows, keys): (Vec<Cells>, Vec<Vec<Value>>) = page.into_iter().unzip();
            let Some(last) = keys.into_iter().next_back() else { return Ok(()) };
            after = Some(last);
            take(&rows)?;
        }
    }
}
