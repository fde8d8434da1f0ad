//! Messages to people inside the program.

use crate::sql::Connection;

use crate::reader::page;
use crate::row::{all, any_number, each, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    NoticeRow in "notice"
    key { user_id: Id, id: Id, }
    rest {
        at_ms: i64,
        kind: String,
        order_id: Option<Id>,
        task_id: Option<Id>,
        body: String,
        read: bool,
    }
}

pub(crate) fn mark_read(connection: &Connection<'_>, notices: &[(i64, Id, Id)]) -> Result<(), StoreError> {
    let sql = "UPDATE notice SET read = 1 WHERE org_id = ? AND user_id = ? AND id = ?";
    run_each(connection, sql, notices.iter().copied(), any_number)
}

impl Store {
    /// Newest first, before the id `before`; of one kind, where one is named.
    pub fn notices_of_user(
        &self,
        org: i64,
        user: Id,
        kind: Option<&str>,
        before: Option<Id>,
        limit: usize,
    ) -> Result<Vec<NoticeRow>, StoreError> {
        let sql =
            "WHERE org_id = ? AND user_id = ? AND id < ? AND (? = '' OR kind = ?) ORDER BY id DESC LIMIT ?";
        let kind = kind.unwrap_or_default();
        self.read(|c| all(c, sql, (org, user, before.unwrap_or([0xff; 16]), kind, kind, page(limit))))
    }

    /// Which of these, by user and id, were read.
    pub fn read_of(&self, org: i64, notices: &[(Id, Id)]) -> Result<Vec<Id>, StoreError> {
        let keys = notices.iter().map(|(user, id)| (org, *user, *id));
        let mut read = Vec::new();
        self.read(|c| {
            each(c, "WHERE org_id = ? AND user_id = ? AND id = ?", keys.clone(), |row: NoticeRow| {
                read.extend(row.read.then_some(row.id));
            })
        })?;
        Ok(read)
    }

    /// Those that put a person in copy of an order and that they have not read.
    pub fn unread_copies(&self, org: i64, user: Id, order: Id) -> Result<Vec<Id>, StoreError> {
        let sql = "WHERE org_id = ? AND user_id = ? AND order_id = ? AND kind = 'copied' AND read = 0";
        let rows: Vec<NoticeRow> = self.read(|c| all(c, sql, (org, user, order)))?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    pub fn unread_notices(&self, org: i64, user: Id) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM notice WHERE org_id = ? AND user_id = ? AND read = 0";
        self.read(|c| c.count(sql, (org, user)))
    }
}
