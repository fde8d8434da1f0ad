//! What may happen to an order more than once, for the boards: rows that follow the log like the facts of orders.

use crate::fact::{FactTraits, OrderFactRow};
use crate::query::Query;
use crate::reader::page;
use crate::row::{Row, all, any_number, row, run_each};
use crate::sql::{Connection, Found};
use crate::{Id, Store, StoreError};

row! {
    /// `kind` is `exception`, `change`, `promise`, `notice` or `catch`. `about` says of which sort it is: the type of an
    /// exception, where a change came from, the product of a promise, the channel of a notice, the fault that was caught. `minutes` is how long it
    /// took in working time.
    HappeningRow in "happening_fact"
    key { order_id: Id, kind: String, subject: String, }
    rest {
        version: i64,
        number: String,
        about: String,
        state: String,
        at_ms: i64,
        minutes: Option<i64>,
    }
}

/// Faults that were caught are told by single entries of the log, not by what an order has become.
pub const CATCH: &str = "catch";

/// Which happenings: all of a kind, unless something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HappeningCut {
    pub kind: String,
    pub about: Option<String>,
    /// Any of these; empty: any.
    pub states: Vec<String>,
    pub of: FactTraits,
}

/// Happenings of one sort that have come to the same state in the same time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HappeningCount {
    pub about: String,
    pub state: String,
    pub minutes: Option<i64>,
    pub n: i64,
}

/// A row of an older state never takes the place of one of a newer; what is no longer so of the orders that are counted
/// anew goes.
pub(crate) fn put(
    connection: &Connection<'_>,
    rows: &[HappeningRow],
    facts: &[OrderFactRow],
) -> Result<(), StoreError> {
    let sql = format!("{} WHERE excluded.version >= happening_fact.version", HappeningRow::UPSERT);
    run_each(connection, &sql, rows, any_number)?;
    let orders: Vec<(i64, Id, i64)> =
        facts.iter().map(|fact| (fact.org, fact.order_id, fact.version)).collect();
    let old =
        "DELETE FROM happening_fact WHERE org_id = ? AND order_id = ? AND version < ? AND kind <> 'catch'";
    run_each(connection, old, &orders, any_number)
}

/// What was caught counts once the order has been handed in without it.
fn asked(sql: &str, org: i64, cut: &HappeningCut, (from_ms, to_ms): (i64, i64)) -> Query {
    let sql = format!("{sql} WHERE org_id = ? AND kind = ? AND at_ms >= ? AND at_ms < ?");
    let values = vec![org.into(), cut.kind.clone().into(), from_ms.into(), to_ms.into()];
    let mut query = Query::new(sql, values);
    query.and_some("about = ?", cut.about.clone());
    query.and_any("state", &cut.states);
    if cut.kind == CATCH {
        query.sql.push_str(
            " AND EXISTS (SELECT 1 FROM order_fact f WHERE f.org_id = happening_fact.org_id
                AND f.order_id = happening_fact.order_id AND f.reached >= 1)",
        );
    }
    cut.of.narrow_beside("happening_fact", &mut query);
    query
}

impl Store {
    /// How many there are between two instants, by sort, state and duration.
    pub fn happening_counts(
        &self,
        org: i64,
        cut: &HappeningCut,
        instants: (i64, i64),
    ) -> Result<Vec<HappeningCount>, StoreError> {
        let sql = "SELECT about, state, minutes, count(*) FROM happening_fact";
        let mut query = asked(sql, org, cut, instants);
        query.sql.push_str(" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
        let count = |row: &Found<'_>| {
            Ok(HappeningCount {
                about: row.get(0)?,
                state: row.get(1)?,
                minutes: row.get(2)?,
                n: row.get(3)?,
            })
        };
        self.read(|c| c.query(&query.sql, query.values, count))
    }

    /// A page of them, after (time, order, subject).
    pub fn happening_page(
        &self,
        org: i64,
        cut: &HappeningCut,
        instants: (i64, i64),
        after: Option<(i64, Id, String)>,
        limit: usize,
    ) -> Result<Vec<HappeningRow>, StoreError> {
        let mut query = asked("", org, cut, instants);
        if let Some((at_ms, order, subject)) = after {
            query.and("(at_ms, order_id, subject) > (?, ?, ?)", at_ms);
            query.values.extend([order.to_vec().into(), subject.into()]);
        }
        query.sql.push_str(" ORDER BY at_ms, order_id, subject LIMIT ?");
        query.values.push(page(limit).into());
        self.read(|c| all(c, query.sql.trim_start(), query.values))
    }
}
