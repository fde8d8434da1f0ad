//! How many orders are in which status and stage. Counting a million rows for every workbench would be
//! slow, so the counts are kept beside the orders, one small update per group and commit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::sql::{Connection, Found, insert_all};
use crate::{Store, StoreError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderCount {
    pub status: String,
    pub stage: String,
    pub n: i64,
}

#[derive(Default)]
pub(crate) struct Counts<'a>(BTreeMap<(i64, Cow<'a, str>, Cow<'a, str>), i64>);

impl<'a> Counts<'a> {
    pub(crate) fn add(
        &mut self,
        org: i64,
        status: impl Into<Cow<'a, str>>,
        stage: impl Into<Cow<'a, str>>,
        n: i64,
    ) {
        *self.0.entry((org, status.into(), stage.into())).or_default() += n;
    }

    pub(crate) fn apply(self, connection: &Connection<'_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO order_count (org_id, status, stage, n) VALUES (?, ?, ?, ?)
            ON CONFLICT (org_id, status, stage) DO UPDATE SET n = order_count.n + excluded.n";
        let moved = self.0.iter().filter(|(_, n)| **n != 0);
        insert_all(connection, sql, moved.map(|((org, status, stage), n)| (*org, status, stage, *n)))
    }
}

impl Store {
    pub fn order_counts(&self, org: i64) -> Result<Vec<OrderCount>, StoreError> {
        let sql =
            "SELECT status, stage, n FROM order_count WHERE org_id = ? AND n <> 0 ORDER BY status, stage";
        let count =
            |row: &Found<'_>| Ok(OrderCount { status: row.get(0)?, stage: row.get(1)?, n: row.get(2)? });
        self.read(|c| c.query(sql, (org,), count))
    }
}
