//! Timers: what has to be looked at again at a certain time. A timer is known by its order, kind and
//! key, so setting it again moves it.

use crate::sql::{Connection, insert_all};

use crate::reader::page;
use crate::row::{all, any_number, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    TimerRow in "timer"
    key { id: Id, }
    rest { order_id: Option<Id>, kind: String, key: String, due_at_ms: i64, body: String, }
}

#[derive(Clone, Debug, PartialEq)]
pub enum TimerClear {
    Key { org: i64, order_id: Option<Id>, kind: String, key: String },
    Order { org: i64, order_id: Id },
}

pub(crate) fn clear(connection: &Connection<'_>, clears: &[TimerClear]) -> Result<(), StoreError> {
    for clear in clears {
        match clear {
            TimerClear::Key { org, order_id, kind, key } => {
                let sql = "DELETE FROM timer WHERE org_id = ? AND coalesce(order_id, x'') = coalesce(?, x'')
                    AND kind = ? AND key = ?";
                run_each(connection, sql, [(org, order_id, kind, key)], any_number)?;
            }
            TimerClear::Order { org, order_id } => {
                let sql = "DELETE FROM timer WHERE org_id = ? AND coalesce(order_id, x'') = ?";
                run_each(connection, sql, [(org, order_id)], any_number)?;
            }
        }
    }
    Ok(())
}

pub(crate) fn set(connection: &Connection<'_>, timers: &[TimerRow]) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO timer (org_id, id, order_id, kind, key, due_at_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (org_id, coalesce(order_id, x''), kind, key)
        DO UPDATE SET id = excluded.id, due_at_ms = excluded.due_at_ms, body = excluded.body";
    let rows = timers.iter().map(|t| (t.org, t.id, t.order_id, &t.kind, &t.key, t.due_at_ms, &t.body));
    insert_all(connection, sql, rows)
}

impl Store {
    /// Of all companies, the longest overdue first.
    pub fn due_timers(&self, now_ms: i64, limit: usize) -> Result<Vec<TimerRow>, StoreError> {
        self.read(|c| all(c, "WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?", (now_ms, page(limit))))
    }

    /// When the next timer of any company is due.
    pub fn next_timer_at(&self) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(due_at_ms) FROM timer";
        self.read(|c| Ok(c.query_one(sql, (), |row| row.get(0))?.flatten()))
    }

    pub fn timers_of_order(&self, org: i64, order: Id) -> Result<Vec<TimerRow>, StoreError> {
        let sql = "WHERE org_id = ? AND coalesce(order_id, x'') = ? ORDER BY due_at_ms, id";
        self.read(|c| all(c, sql, (org, order)))
    }
}
