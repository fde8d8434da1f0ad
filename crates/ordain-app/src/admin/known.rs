//! Who and what a document may name, as the batch sees it.

use super::reading::{Reading, shortened};
use crate::case::world::House;
use crate::gate::{Batch, ProductBody};
use crate::problem::Fault;
use ordain_domain::decimal::qty_text;
use ordain_domain::master::UNIT_MILLI;
use ordain_store::{Id, UserRow};
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

    pub fn check_customer(&self, code: &str, path: impl Into<String>, reading: &mut Reading) {
        if !self.batch.slice.customers.contains_key(&(self.org, code.to_owned())) {
            reading.fault(Fault::new("unknown_customer", path).with("found", shortened(code)));
        }
    }

    pub fn check_warehouse(&self, code: &str, path: impl Into<String>, reading: &mut Reading) {
        if !self.batch.slice.warehouses.contains_key(&(self.org, code.to_owned())) {
            reading.fault(Fault::new("unknown_warehouse", path).with("found", shortened(code)));
        }
    }
}

/// Names a quantity that is not whole of goods that only go whole.
pub(super) fn check_whole(
    batch: &Batch<'_>,
    (org, product): (i64, &str),
    qty_milli: i64,
    path: impl Into<String>,
    reading: &mut Reading,
) {
    let Some(row) = batch.slice.products.get(&(org, product.to_owned())) else { return };
    if qty_milli % UNIT_MILLI != 0 && ProductBody::of(row).indivisible {
        reading.fault(Fault::new("not_whole", path).with("found", qty_text(qty_milli)));
    }
}

/// Who is to see to something, by login: nobody new for one who has left. What is left out stays, an empty text is nobody.
pub(super) fn owner(
    (login, stored): (Option<&str>, Option<Id>),
    house: &House,
    reading: &mut Reading,
    path: String,
) -> Option<Id> {
    let Some(login) = login.map(str::trim) else { return stored };
    let found = house.people.by_login(login).filter(|user| !user.disabled);
    if found.is_none() && !login.is_empty() {
        reading.fault(Fault::new("unknown_user", path).with("found", shortened(login)));
    }
    found.map(|user| user.id.into_bytes())
}
