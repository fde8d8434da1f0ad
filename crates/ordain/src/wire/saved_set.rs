//! The saved lists that rules name, as they are shown and put.

use super::reader::{Kind, Shape, WORDS};
use crate::words::Text;
use ordain_app::case::saved_set::{SavedSet, SavedSets};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const SET: Shape = &[("code", Kind::Text), ("name", WORDS), ("values", Kind::List(&Kind::Text))];
pub const SETS: Shape = &[("items", Kind::List(&Kind::Object(SET)))];

/// What is left out does not exist afterwards.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedSets)]
pub struct SavedSetsView {
    pub items: Vec<SavedSetView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedSet)]
pub struct SavedSetView {
    /// By which rules name it: `customer in set("CODE")`.
    pub code: String,
    pub name: Text,
    /// What rules compare with: codes of customers or products, levels, logins, words.
    pub values: Vec<String>,
}

fn view(set: &SavedSet) -> SavedSetView {
    SavedSetView { code: set.code.clone(), name: Text::from(&set.name), values: set.values.clone() }
}

pub fn saved_sets(known: &SavedSets) -> SavedSetsView {
    SavedSetsView { items: known.items.iter().map(view).collect() }
}
