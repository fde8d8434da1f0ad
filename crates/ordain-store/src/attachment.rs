//! The bytes of files that people added to orders. A file is written once and never changed.

use crate::row::{first, row};
use crate::{Id, Store, StoreError};

row! {
    AttachmentRow in "attachment"
    key { id: Id, }
    rest { order_id: Id, content: Vec<u8>, }
}

impl Store {
    pub fn attachment(&self, org: i64, id: Id) -> Result<Option<AttachmentRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND id = ?", (org, id)))
    }

    /// Which files of an order are kept, without their bytes.
    pub fn attachments_of_order(&self, org: i64, order: Id) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT id FROM attachment WHERE org_id = ? AND order_id = ? ORDER BY id";
        self.read(|c| c.query(sql, (org, order), |row| row.get(0)))
    }
}
