//! Acts and whether they are open to the caller.

use crate::words::Text;
use ordain_app::case::actions::Action;
use ordain_flow::doc::{self, PersonSettings, TaskAction};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Action)]
pub struct ActionView {
    pub name: &'static str,
    pub allowed: bool,
    pub reason_code: Option<&'static str>,
    /// What the step calls it, where it has a name of its own for it.
    pub label: Option<Text>,
    /// What is asked before it is done.
    pub confirm: Option<Text>,
}

pub fn actions(actions: Vec<Action>) -> Vec<ActionView> {
    let view = |action: Action| ActionView {
        name: action.name,
        allowed: action.allowed,
        reason_code: action.reason_code,
        label: None,
        confirm: None,
    };
    actions.into_iter().map(view).collect()
}

/// Acts on a task, called as its step calls them.
pub fn of_step(acts: Vec<Action>, settings: Option<&PersonSettings>) -> Vec<ActionView> {
    let mut views = actions(acts);
    let Some(settings) = settings else { return views };
    let named = |texts: &BTreeMap<TaskAction, doc::Text>, name: &str| {
        let found = texts.iter().find(|(action, text)| action.name() == name && !text.is_blank());
        found.map(|(_, text)| Text::from(text))
    };
    for view in &mut views {
        view.label = named(&settings.labels, view.name);
        view.confirm = named(&settings.confirm, view.name);
    }
    views
}
