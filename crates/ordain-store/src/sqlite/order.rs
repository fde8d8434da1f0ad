//! Writing orders: each with its words in the search index, which points at rows.

use rusqlite::{Connection, OptionalExtension};

use super::bind;
use crate::order_count::Counts;
use crate::order_search::{Term, words_of};
use crate::row::Row;
use crate::{OrderRow, StoreError, UpdatedOrder, sql};

pub(crate) fn write(
    connection: &Connection,
    new: &[OrderRow],
    updated: &[UpdatedOrder],
) -> Result<(), StoreError> {
    let mut counts = Counts::default();
    insert(connection, new, &mut counts)?;
    for update in updated {
        replace(connection, update, &mut counts)?;
    }
    counts.apply(&sql::Connection::Sqlite(connection))
}

fn insert<'a>(
    connection: &Connection,
    orders: &'a [OrderRow],
    counts: &mut Counts<'a>,
) -> Result<(), StoreError> {
    if orders.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(OrderRow::INSERT)?;
    for order in orders {
        bind(&mut statement, order)?;
        statement.raw_execute()?;
        add_words(connection, connection.last_insert_rowid(), &order.search)?;
        counts.add(order.org, order.status.as_str(), order.stage.as_str(), 1);
    }
    Ok(())
}

/// What the row held before, as far as search index and counts depend on it.
struct Before {
    row_id: i64,
    version: i64,
    status: String,
    stage: String,
    search: String,
}

fn replace<'a>(
    connection: &Connection,
    update: &'a UpdatedOrder,
    counts: &mut Counts<'a>,
) -> Result<(), StoreError> {
    let order = &update.row;
    let before = before(connection, order)?.ok_or(StoreError::Stale)?;
    if before.version != update.expected_version {
        return Err(StoreError::Stale);
    }
    let sql = "UPDATE orders SET revision = ?, version = ?, status = ?, flags = ?, stage = ?, channel = ?,
            customer = ?, customer_name = ?, customer_po = ?, currency = ?, total_minor = ?,
            requested_date = ?, receiver = ?, waiting_department = ?, waiting_node = ?, waiting_who = ?,
            waiting_since_ms = ?, due_at_ms = ?, submitted_at_ms = ?, confirmed_at_ms = ?,
            updated_at_ms = ?, head = ?, search = ?, body = ?
        WHERE row_id = ?";
    connection.prepare_cached(sql)?.execute(rusqlite::params![
        order.revision,
        order.version,
        order.status,
        order.flags,
        order.stage,
        order.channel,
        order.customer,
        order.customer_name,
        order.customer_po,
        order.currency,
        order.total_minor,
        order.requested_date,
        order.receiver,
        order.waiting_department,
        order.waiting_node,
        order.waiting_who,
        order.waiting_since_ms,
        order.due_at_ms,
        order.submitted_at_ms,
        order.confirmed_at_ms,
        order.updated_at_ms,
        order.head,
        order.search,
        order.body,
        before.row_id,
    ])?;
    if before.search != order.search {
        replace_words(connection, before.row_id, &order.search)?;
    }
    counts.add(order.org, before.status, before.stage, -1);
    counts.add(order.org, order.status.as_str(), order.stage.as_str(), 1);
    Ok(())
}

fn before(connection: &Connection, order: &OrderRow) -> Result<Option<Before>, StoreError> {
    let sql = "SELECT row_id, version, status, stage, search FROM orders WHERE org_id = ? AND id = ?";
    let found = connection.prepare_cached(sql)?.query_row((order.org, order.id), |row| {
        Ok(Before {
            row_id: row.get(0)?,
            version: row.get(1)?,
            status: row.get(2)?,
            stage: row.get(3)?,
            search: row.get(4)?,
        })
    });
    Ok(found.optional()?)
}

fn add_words(connection: &Connection, row_id: i64, text: &str) -> Result<(), StoreError> {
    let words = words_of(text);
    if !words.is_empty() {
        connection
            .prepare_cached("INSERT INTO order_search (rowid, words) VALUES (?, ?)")?
            .execute((row_id, words))?;
    }
    Ok(())
}

fn replace_words(connection: &Connection, row_id: i64, text: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM order_search WHERE rowid = ?")?.execute((row_id,))?;
    add_words(connection, row_id, text)
}

/// Finds what has all the words, as FTS5 understands it.
pub(crate) fn words_query(terms: &[Term]) -> String {
    let terms =
        terms.iter().map(|term| format!("\"{}\"{}", term.word, if term.beginning { "*" } else { "" }));
    terms.collect::<Vec<_>>().join(" ")
}
