//! The views that a person keeps of a page, as they are shown and put.

use super::reader::{Kind, Shape};
use ordain_app::admin::SavedViews;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const VIEW: Shape = &[("name", Kind::Text), ("filter", Kind::Map(&Kind::Text))];
pub const VIEWS: Shape = &[("items", Kind::List(&Kind::Object(VIEW)))];

/// In the order in which they are shown. What is left out does not exist afterwards.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedViews)]
pub struct SavedViewsView {
    /// At most 30.
    pub items: Vec<SavedViewView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedView)]
pub struct SavedViewView {
    /// 1 to 40 characters, once on a page.
    pub name: String,
    /// The search parameters of the page: at most 20, with values of up to 200 characters.
    pub filter: BTreeMap<String, String>,
}

pub fn saved_views(known: SavedViews) -> SavedViewsView {
    let view = |view: ordain_app::admin::SavedView| SavedViewView { name: view.name, filter: view.filter };
    SavedViewsView { items: known.items.into_iter().map(view).collect() }
}
