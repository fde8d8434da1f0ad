//! Acts and whether they are open to the caller.

use ordain_app::case::actions::Action;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Action)]
pub struct ActionView {
    pub name: &'static str,
    pub allowed: bool,
    pub reason_code: Option<&'static str>,
}

pub fn actions(actions: Vec<Action>) -> Vec<ActionView> {
    let view = |action: Action| ActionView {
        name: action.name,
        allowed: action.allowed,
        reason_code: action.reason_code,
    };
    actions.into_iter().map(view).collect()
}
