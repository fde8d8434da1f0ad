//! Writing orders: one statement for all new ones, one for all that change, which moves their counts too.

use super::session::Session;
use crate::order_count::Counts;
use crate::order_search::{Term, words_of};
use crate::row::Row;
use crate::sql::{Cell, Connection, Kind, Params, Take, any_number};
use crate::{OrderRow, StoreError, UpdatedOrder};

/// PostgreSQL takes no longer word, in bytes.
const WORD_MAX: usize = 1_000;

/// An order with the words it is found by and, where it changes, the version it must have.
struct Written<'a> {
    row: &'a OrderRow,
    words: String,
    expected_version: Option<i64>,
}

impl<'a> Written<'a> {
    fn new(row: &'a OrderRow, expected_version: Option<i64>) -> Self {
        let words = words_of(&row.search);
        let words = words.split(' ').filter(|word| word.len() <= WORD_MAX).collect::<Vec<_>>().join(" ");
        Self { row, words, expected_version }
    }
}

impl Params for Written<'_> {
    fn each(&self, take: &mut Take<'_>) -> Result<(), StoreError> {
        self.row.each(take)?;
        take(Kind::Text, Cell::Text(&self.words))?;
        self.expected_version.map_or(Ok(()), |version| take(Kind::Integer, Cell::Integer(version)))
    }
}

pub(crate) fn write(session: &Session, new: &[OrderRow], updated: &[UpdatedOrder]) -> Result<(), StoreError> {
    let mut counts = Counts::default();
    for order in new {
        counts.add(order.org, order.status.as_str(), order.stage.as_str(), 1);
    }
    let columns: Vec<&str> = OrderRow::COLUMNS.split(", ").collect();
    session.note_all(
        new.iter().map(|order| Written::new(order, None)),
        |k| insert(&columns, k),
        any_number,
    )?;
    counts.apply(&Connection::Postgres(session))?;

    let n = updated.len();
    let rows = updated.iter().map(|update| Written::new(&update.row, Some(update.expected_version)));
    session.note_all(
        rows,
        |k| replace(&columns, k),
        move |written| {
            if written == n { Ok(()) } else { Err(StoreError::Stale) }
        },
    )
}

fn words(table: &str, columns: &[&str]) -> String {
    format!("array_to_tsvector(string_to_array({table}.p{}, ' '))", columns.len() + 1)
}

fn insert(columns: &[&str], k: &str) -> String {
    let values: Vec<String> = (1..=columns.len()).map(|n| format!("k.p{n}")).collect();
    format!(
        "INSERT INTO orders ({}, words) SELECT {}, {} FROM {k}",
        columns.join(", "),
        values.join(", "),
        words("k", columns)
    )
}

fn replace(columns: &[&str], k: &str) -> String {
    let place = |name: &str| columns.iter().position(|column| *column == name).map_or(0, |at| at + 1);
    let kept = ["org_id", "id", "number", "created_at_ms"];
    let set = columns.iter().zip(1..).filter(|(column, _)| !kept.contains(column));
    let set: Vec<String> = set.map(|(column, n)| format!("{column} = b.p{n}")).collect();
    format!(
        "WITH before AS (
            SELECT k.*, o.row_id, o.status, o.stage FROM {k} CROSS JOIN LATERAL (
                SELECT row_id, status, stage FROM orders
                WHERE org_id = k.p1 AND id = k.p{id} AND version = k.p{expected} OFFSET 0 FOR UPDATE) AS o),
        written AS (
            UPDATE orders SET {set}, words = {words} FROM before b WHERE orders.row_id = b.row_id RETURNING 1),
        counted AS (
            INSERT INTO order_count AS c (org_id, status, stage, n)
            SELECT org, status, stage, CAST(sum(n) AS BIGINT) FROM (
                SELECT p1 AS org, status, stage, -1 AS n FROM before
                UNION ALL SELECT p1, p{status}, p{stage}, 1 FROM before) AS moved
            GROUP BY org, status, stage HAVING sum(n) <> 0
            ON CONFLICT (org_id, status, stage) DO UPDATE SET n = c.n + excluded.n)
        SELECT 1 FROM written",
        id = place("id"),
        expected = columns.len() + 2,
        set = set.join(", "),
        words = words("b", columns),
        status = place("status"),
        stage = place("stage"),
    )
}

/// Finds what has all the words, as the text of a `tsquery`.
pub(crate) fn words_query(terms: &[Term]) -> String {
    let terms = terms.iter().map(|term| format!("'{}'{}", term.word, if term.beginning { ":*" } else { "" }));
    terms.collect::<Vec<_>>().join(" & ")
}
