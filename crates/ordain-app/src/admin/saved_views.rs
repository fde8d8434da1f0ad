//! Views of a page: names under which a person finds filters again. They are the person's own, and are put as a whole.

use super::AdminDone;
use super::document::{changed, expect, tag_of};
use super::reading::{Reading, shortened};
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use crate::query::QueryError;
use ordain_store::{Keys, SavedViewsRow, Store};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Pages of which views are kept.
pub const VIEW_PAGES: [&str; 3] = ["orders", "tasks", "reports"];
/// Views of one page and person.
const VIEWS_MAX: usize = 30;
/// Parameters of one filter.
const FILTER_MAX: usize = 20;
/// Longest name of a view or a parameter, and longest value, in characters.
const NAME_MAX: usize = 40;
const VALUE_MAX: usize = 200;

/// What a person keeps of one page, in the order in which it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedViews {
    pub items: Vec<SavedView>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SavedView {
    pub name: String,
    /// The search parameters of the page; what they mean, the page knows.
    pub filter: BTreeMap<String, String>,
}

/// Replaces what one person keeps of one page.
#[derive(Clone, Debug)]
pub struct PutViews {
    pub user: Uuid,
    pub page: &'static str,
    pub items: Vec<SavedView>,
    pub expected: Option<i64>,
}

impl PutViews {
    fn key(&self, org: i64) -> (i64, [u8; 16], String) {
        (org, self.user.into_bytes(), self.page.to_owned())
    }

    pub(super) fn keys(&self, org: i64, keys: &mut Keys) {
        keys.saved_views.insert(self.key(org));
    }

    pub(super) fn put(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        let known = batch.slice.saved_views.get(&self.key(org));
        let before = known.map_or_else(|| Ok(SavedViews::default()), read);
        let before = before.map_err(|error| GateError::Bug(error.to_string()))?;
        expect(self.expected, &before)?;
        let after = SavedViews { items: sound(&self.items)? };
        let tag = tag_of(&after);
        let Some(change) = changed("saved_views", self.page, Some(&before), &after) else {
            return Ok(AdminDone::Tagged { tag });
        };
        let items = serde_json::to_string(&after).map_err(|error| GateError::Bug(error.to_string()))?;
        let (org, owner, page) = self.key(org);
        batch.record_admin(org, "put_views", by, &[change], false)?;
        let row = SavedViewsRow { org, owner, page, items };
        batch.slice.saved_views.insert(self.key(org), row.clone());
        batch.changes().saved_views.push(row);
        Ok(AdminDone::Tagged { tag })
    }
}

/// What a person keeps of one page.
///
/// # Errors
/// If it cannot be read.
pub fn saved_views(store: &Store, org: i64, user: Uuid, page: &str) -> Result<SavedViews, QueryError> {
    let row = store.saved_views(org, user.into_bytes(), page)?;
    row.as_ref().map_or_else(|| Ok(SavedViews::default()), read)
}

fn read(row: &SavedViewsRow) -> Result<SavedViews, QueryError> {
    serde_json::from_str(&row.items).map_err(|error| QueryError::Bug(format!("saved views: {error}")))
}

fn sound(items: &[SavedView]) -> Result<Vec<SavedView>, GateError> {
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    if items.len() > VIEWS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", VIEWS_MAX.to_string()));
    }
    let mut read = Vec::with_capacity(items.len().min(VIEWS_MAX));
    for (index, item) in items.iter().enumerate().take(VIEWS_MAX) {
        let path = format!("items[{index}].name");
        let name = item.name.trim().to_owned();
        if name.is_empty() {
            reading.fault(Fault::new("missing_field", path));
        } else if !seen.insert(name.clone()) {
            reading.fault(Fault::new("duplicate_view", path).with("found", shortened(&name)));
        } else {
            fits(&name, NAME_MAX, path, &mut reading);
        }
        filter(&item.filter, &format!("items[{index}].filter"), &mut reading);
        read.push(SavedView { name, filter: item.filter.clone() });
    }
    reading.refuse()?;
    Ok(read)
}

fn filter(filter: &BTreeMap<String, String>, at: &str, reading: &mut Reading) {
    if filter.len() > FILTER_MAX {
        reading.fault(Fault::new("too_many_items", at).with("most", FILTER_MAX.to_string()));
    }
    for (name, value) in filter.iter().take(FILTER_MAX) {
        let path = format!("{at}.{}", shortened(name));
        if name.is_empty() {
            reading.fault(Fault::new("missing_field", path.clone()));
        }
        fits(name, NAME_MAX, path.clone(), reading);
        fits(value, VALUE_MAX, path, reading);
    }
}

fn fits(text: &str, limit: usize, path: String, reading: &mut Reading) {
    if text.chars().count() > limit {
        reading.fault(Fault::new("too_long", path).with("limit", limit.to_string()));
    } else if text.chars().any(char::is_control) {
        reading.fault(Fault::new("bad_character", path));
    }
}
