//! Who and what a document may name, as the batch sees it.

use super::reading::{Reading, shortened};
use crate::gate::Batch;
use crate::problem::Fault;
use ordain_store::UserRow;
use std::collections::BTreeMap;

pub(super) struct Known<'a> {
    batch: &'a Batch<'a>,
    org: i64,
    users: BTreeMap<&'a str, &'a UserRow>,
}

impl<'a> Known<'a> {
    pub fn of(batch: &'a Batch<'a>, org: i64) -> Self {
        let users = batch.slice.users.range((org, [0; 16])..=(org, [0xff; 16]));
        Self { batch, org, users: users.map(|(_, row)| (row.login.as_str(), row)).collect() }
    }

    pub fn user(&self, login: &str) -> Option<&UserRow> {
        self.users.get(login).copied()
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
