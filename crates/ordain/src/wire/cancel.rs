//! Why orders are cancelled: the list as it is shown and put, and the reason of an order.

use super::reader::{Kind, Shape, WORDS};
use crate::words::Text;
use ordain_app::case::cancel::{CancelReason, CancelReasons};
use ordain_app::case::loss::Loss;
use ordain_app::case::world::House;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const REASON: Shape = &[("code", Kind::Text), ("name", WORDS)];
pub const REASONS: Shape = &[("items", Kind::List(&Kind::Object(REASON)))];

/// What is left out does not exist afterwards.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CancelReasons)]
pub struct CancelReasonsView {
    pub items: Vec<CancelReasonView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CancelReason)]
pub struct CancelReasonView {
    pub code: String,
    pub name: Text,
}

fn view(reason: &CancelReason) -> CancelReasonView {
    CancelReasonView { code: reason.code.clone(), name: Text::from(&reason.name) }
}

pub fn cancel_reasons(known: &CancelReasons) -> CancelReasonsView {
    CancelReasonsView { items: known.items.iter().map(view).collect() }
}

/// The reason of an order; one that is not in the list any more shows its code.
pub fn cancel_reason(code: &str, house: &House) -> CancelReasonView {
    let known = house.cancel_reasons.find(code).map(view);
    known.unwrap_or_else(|| CancelReasonView { code: code.to_owned(), name: Text::plain(code) })
}

/// What somebody said of a loss who looked at it afterwards.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Loss)]
pub struct LossView {
    pub reason: CancelReasonView,
    /// What was proposed from where the order stopped.
    pub proposed: Option<CancelReasonView>,
    pub by: String,
    pub at: String,
}

pub fn loss(known: &Loss, house: &House) -> LossView {
    LossView {
        reason: cancel_reason(&known.reason, house),
        proposed: known.proposed.as_deref().map(|code| cancel_reason(code, house)),
        by: known.by.name().to_owned(),
        at: house.calendar.text(known.at_ms),
    }
}
