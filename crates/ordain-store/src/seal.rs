//! Signed roots over stretches of the log.

use crate::reader::page;
use crate::row::{all, row};
use crate::{Hash, Store, StoreError};

row! {
    SealRow in "seal"
    key { n: i64, }
    rest {
        from_seq: i64,
        to_seq: i64,
        at_ms: i64,
        root: Hash,
        prev_root: Hash,
        signature: Vec<u8>,
        public_key: Vec<u8>,
    }
}

impl Store {
    /// In order, after the seal `after`.
    pub fn seals(&self, org: i64, after: i64, limit: usize) -> Result<Vec<SealRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND n > ? ORDER BY n LIMIT ?", (org, after, page(limit))))
    }
}
