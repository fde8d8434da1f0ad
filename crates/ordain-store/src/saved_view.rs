//! The views that people keep of their pages.

use crate::row::{first, row};
use crate::{Id, Store, StoreError};

row! {
    /// All that one person keeps of one page; `items` is JSON.
    SavedViewsRow in "saved_view"
    key { owner: Id, page: String, }
    rest { items: String, }
}

impl Store {
    pub fn saved_views(&self, org: i64, owner: Id, page: &str) -> Result<Option<SavedViewsRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND owner = ? AND page = ?", (org, owner, page)))
    }
}
