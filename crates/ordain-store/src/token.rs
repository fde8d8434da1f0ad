//! Access tokens of programs. Only the hash is stored, and it alone finds the row, because a request
//! names no company.

use crate::row::{all, first, row};
use crate::{Hash, Id, Store, StoreError};

row! {
    TokenRow in "token"
    key { id: Id, }
    rest { name: String, role: String, hash: Hash, created_at_ms: i64, revoked: bool, }
}

impl Store {
    pub fn tokens(&self, org: i64) -> Result<Vec<TokenRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY id", (org,)))
    }

    pub fn token_by_hash(&self, hash: Hash) -> Result<Option<TokenRow>, StoreError> {
        self.read(|c| first(c, "WHERE hash = ?", (hash,)))
    }
}
