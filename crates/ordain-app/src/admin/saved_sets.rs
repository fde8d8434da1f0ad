//! The saved lists that rules name: replaced as a whole. What a list holds counts from then on, for orders under way too;
//! a list that a flow names is not taken away.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::issues::{TextItem, text};
use super::reading::Reading;
use crate::case::decide::By;
use crate::case::saved_set::{SavedSet, SavedSets};
use crate::case::world::House;
use crate::gate::{Batch, GateError, SAVED_SETS};
use crate::problem::Fault;
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::BTreeSet;

const SETS_MAX: usize = 200;
/// Values of one list.
const VALUES_MAX: usize = 10_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SavedSetItem {
    pub code: String,
    pub name: TextItem,
    pub values: Vec<String>,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, SAVED_SETS.to_owned()));
}

pub(super) fn put(
    items: &[SavedSetItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: SavedSets = unchanged(batch, org, SAVED_SETS, expected)?;
    let (mut reading, mut seen, mut read) = (Reading::default(), BTreeSet::new(), Vec::new());
    if items.len() > SETS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", SETS_MAX.to_string()));
    }
    for (index, item) in items.iter().enumerate().take(SETS_MAX) {
        let at = |name: &str| format!("items[{index}].{name}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        let name = text(&item.name, &at("name"), true, &mut reading);
        read.push(SavedSet { code, name, values: values(&item.values, &at("values"), &mut reading) });
    }
    for (flow, set) in named(&*batch.house(org)?).into_iter().filter(|(_, set)| !seen.contains(set)) {
        reading.fault(Fault::new("set_in_use", "items").with("set", set).with("flow", flow));
    }
    reading.refuse()?;
    replace(batch, org, by, "put_saved_sets", SAVED_SETS, (&before, &SavedSets { items: read }))
}

fn values(values: &[String], at: &str, reading: &mut Reading) -> Vec<String> {
    if values.len() > VALUES_MAX {
        reading.fault(Fault::new("too_many_items", at).with("most", VALUES_MAX.to_string()));
    }
    let mut seen = BTreeSet::new();
    let mut read = Vec::with_capacity(values.len().min(VALUES_MAX));
    for (index, value) in values.iter().enumerate().take(VALUES_MAX) {
        let path = format!("{at}[{index}]");
        let value = reading.code(value, path.clone());
        reading.once(&mut seen, value.clone(), path);
        read.push(value);
    }
    read
}

/// The lists that versions of flows name which orders may be in, each with one of these flows.
fn named(house: &House) -> BTreeSet<(String, String)> {
    let flows = house.flows.iter();
    flows.flat_map(|(pin, flow)| flow.sets().map(move |set| (pin.key.clone(), set.to_owned()))).collect()
}
