//! What the query planner is told of the tables.
//!
//! Without figures SQLite takes it that ten rows belong to a company, and reads all of a company's tasks to find those of
//! one order. A file holds one company or two, so the figures are given once, instead of counted again and
//! again: the plans of a statement are the same on every machine and at every size.

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;

/// Whether there are figures at all: a file of an older program has none.
pub(crate) fn is_told(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1')";
    Ok(connection.query_row(sql, (), |row| row.get(0))?)
}

/// Gives every index its figures: a million rows, a hundredth of them where an index holds only some; a tenth of them of
/// one company, ten behind any other column and one behind the whole of a unique index. They are no measurement: they say
/// which of two indexes is the closer one.
///
/// Source: <https://www.sqlite.org/fileformat2.html#the_sqlite_stat1_table>.
pub(crate) fn tell(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Makes the table of figures.
    transaction.execute_batch("ANALYZE sqlite_schema; DELETE FROM sqlite_stat1")?;
    transaction.execute(FIGURES, ())?;
    transaction.commit()?;
    // Has them read.
    Ok(connection.execute_batch("ANALYZE sqlite_schema")?)
}

const FIGURES: &str = "
WITH part AS (
    SELECT t.name AS tbl, t.wr AND i.origin = 'pk' AS is_table, i.name AS idx, c.seqno,
        iif(i.partial, 10000, 1000000) AS total,
        CASE
            WHEN i.\"unique\" AND c.seqno = max(c.seqno) OVER (PARTITION BY i.name) THEN 1
            WHEN c.seqno = 0 AND c.name = 'org_id' THEN iif(i.partial, 1000, 100000)
            ELSE 10
        END AS equal
    FROM pragma_table_list AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
    WHERE t.schema = 'main' AND t.type = 'table'
)
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, iif(is_table, tbl, idx), max(total) || ' ' || group_concat(equal, ' ' ORDER BY seqno)
FROM part GROUP BY tbl, idx
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    /// How SQLite would run a statement, a step a line.
    fn plan(connection: &Connection, sql: &str) -> String {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.query_map((1, [0; 16]), |row| row.get::<_, String>(3)).unwrap();
        steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_rows_of_an_order_are_found_by_the_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("company.db");
        drop(Store::open(&file).unwrap());
        let connection = Connection::open(&file).unwrap();
        let tasks = plan(
            &connection,
            "SELECT body FROM task WHERE org_id = ? AND order_id = ? ORDER BY opened_at_ms, id",
        );
        assert!(tasks.contains("task_by_order (org_id=? AND order_id=?)"), "{tasks}");
        let timers = plan(
            &connection,
            "SELECT body FROM timer WHERE org_id = ? AND coalesce(order_id, x'') = ? ORDER BY due_at_ms",
        );
        assert!(timers.contains("timer_by_key (org_id=? AND <expr>=?)"), "{timers}");
    }
}
