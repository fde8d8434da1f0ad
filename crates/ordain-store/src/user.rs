//! People who can sign in. They are few, so they are listed whole.

use crate::row::{all, first, row};
use crate::{Id, Store, StoreError};

row! {
    /// `roles` is a list with commas.
    UserRow in "users"
    key { id: Id, }
    rest {
        login: String,
        name: String,
        department: Option<String>,
        roles: String,
        email: Option<String>,
        password_hash: Option<String>,
        password_once: bool,
        disabled: bool,
        lang: String,
        version: i64,
        failed_logins: i64,
        locked_until_ms: Option<i64>,
    }
}

impl Store {
    pub fn users(&self, org: i64) -> Result<Vec<UserRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY login", (org,)))
    }

    pub fn user(&self, org: i64, id: Id) -> Result<Option<UserRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND id = ?", (org, id)))
    }

    pub fn user_by_login(&self, org: i64, login: &str) -> Result<Option<UserRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND login = ?", (org, login)))
    }
}
