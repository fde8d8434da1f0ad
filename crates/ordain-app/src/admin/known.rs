//! Who and what a document may name, as the batch sees it.

use super::reading::{Reading, shortened};
use crate::gate::Batch;
use crate::problem::Fault;
use ordain_store::UserRow;

pub(super) struct Known<'a> {
    pub batch: &'a Batch<'a>,
    pub org: i64,
}

impl Known<'_> {
    pub fn user(&self, login: &str) -> Option<&UserRow> {
        let users = self.batch.slice.users.range((self.org, [0; 16])..=(self.org, [0xff; 16]));
        users.map(|(_, row)| row).find(|row| row.login == login)
    }

    /// Names a login of nobody, or of somebody who has left: they cannot answer for anything new.
    pub fn check_login(&self, login: &str, path: impl Into<String>, reading: &mut Reading) {
        if self.user(login).is_none_or(|row| row.disabled) {
            reading.fault(Fault::new("unknown_user", path).with("found", shortened(login)));
        }
    }

    pub fn check_department(&self, code: &str, path: impl Into<String>, reading: &mut Reading) {
        if !self.batch.slice.departments.contains_key(&(self.org, code.to_owned())) {
            reading.fault(Fault::new("unknown_department", path).with("found", shortened(code)));
        }
    }

    pub fn check_warehouse(&self, code: &str, path: impl Into<String>, reading: &mut Reading) {
        if !self.batch.slice.warehouses.contains_key(&(self.org, code.to_owned())) {
            reading.fault(Fault::new("unknown_warehouse", path).with("found", shortened(code)));
        }
    }
}
