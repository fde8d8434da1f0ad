//! Departments, by their stable codes.

use crate::row::{all, row};
use crate::{Store, StoreError};

row! {
    DepartmentRow in "department"
    key { code: String, }
    rest { name_zh: String, name_en: String, }
}

impl Store {
    pub fn departments(&self, org: i64) -> Result<Vec<DepartmentRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY code", (org,)))
    }
}
