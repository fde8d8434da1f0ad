//! Whom confirmed orders waited for, for the figures: rows that follow the log like the facts of orders.

use crate::fact::{Days, FactTraits};
use crate::query::Query;
use crate::row::{Row, any_number, row, run_each};
use crate::sql::{Connection, Found};
use crate::{Id, Store, StoreError};

row! {
    /// Working minutes of the company that an order waited for one part; together they are its cycle time.
    CyclePartRow in "cycle_part_fact"
    key { order_id: Id, part: String, }
    rest { version: i64, confirmed_on: String, minutes: i64, }
}

/// What the orders of a period waited for one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CyclePart {
    pub part: String,
    pub orders: i64,
    pub minutes: i64,
}

/// A row of an older state never takes the place of one of a newer; what is no longer so goes.
pub(crate) fn put(connection: &Connection<'_>, rows: &[CyclePartRow]) -> Result<(), StoreError> {
    let sql = format!("{} WHERE excluded.version >= cycle_part_fact.version", CyclePartRow::UPSERT);
    run_each(connection, &sql, rows, any_number)?;
    let mut orders: Vec<(i64, Id, i64)> =
        rows.iter().map(|row| (row.org, row.order_id, row.version)).collect();
    orders.dedup();
    let old = "DELETE FROM cycle_part_fact WHERE org_id = ? AND order_id = ? AND version < ?";
    run_each(connection, old, &orders, any_number)
}

impl Store {
    /// Whom the orders confirmed in a period waited for, most first.
    pub fn cycle_parts(
        &self,
        org: i64,
        of: &FactTraits,
        (from, to): Days<'_>,
    ) -> Result<Vec<CyclePart>, StoreError> {
        let sql = "SELECT part, count(*), CAST(sum(minutes) AS BIGINT) FROM cycle_part_fact
            WHERE org_id = ? AND confirmed_on >= ? AND confirmed_on < ?";
        let mut query = Query::new(sql, vec![org.into(), from.to_owned().into(), to.to_owned().into()]);
        of.narrow_beside("cycle_part_fact", &mut query);
        query.sql.push_str(" GROUP BY part ORDER BY 3 DESC, part");
        let part =
            |row: &Found<'_>| Ok(CyclePart { part: row.get(0)?, orders: row.get(1)?, minutes: row.get(2)? });
        self.read(|c| c.query(&query.sql, query.values, part))
    }
}
