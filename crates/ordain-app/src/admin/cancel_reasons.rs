//! The reasons for which orders are cancelled: replaced as a whole. Orders keep the code they were cancelled for.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::issues::{TextItem, text};
use super::reading::Reading;
use crate::case::cancel::{CancelReason, CancelReasons};
use crate::case::decide::By;
use crate::gate::{Batch, CANCEL_REASONS, GateError};
use crate::problem::Fault;
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::BTreeSet;

const REASONS_MAX: usize = 100;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CancelReasonItem {
    pub code: String,
    pub name: TextItem,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, CANCEL_REASONS.to_owned()));
}

pub(super) fn put(
    items: &[CancelReasonItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: CancelReasons = unchanged(batch, org, CANCEL_REASONS, expected)?;
    let (mut reading, mut seen, mut read) = (Reading::default(), BTreeSet::new(), Vec::new());
    if items.len() > REASONS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", REASONS_MAX.to_string()));
    }
    for (index, item) in items.iter().enumerate().take(REASONS_MAX) {
        let at = |name: &str| format!("items[{index}].{name}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        read.push(CancelReason { code, name: text(&item.name, &at("name"), true, &mut reading) });
    }
    reading.refuse()?;
    let after = CancelReasons { items: read };
    replace(batch, org, by, "put_cancel_reasons", CANCEL_REASONS, (&before, &after))
}
