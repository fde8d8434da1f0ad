//! Feedback as it is given, answered and shown.

use super::reader::{Kind, Shape};
use crate::words::Text;
use ordain_app::case::world::House;
use ordain_flow::doc::walk;
use ordain_store::{FeedbackCount, FeedbackRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub const FEEDBACK: Shape =
    &[("page", Kind::Text), ("order", Kind::Text), ("step", Kind::Text), ("text", Kind::Words)];
pub const ANSWER: Shape = &[("answer", Kind::Words)];

#[derive(Debug, Deserialize, ToSchema)]
pub struct FeedbackBody {
    /// Path of the page it is given on.
    pub page: String,
    /// Id of the order it is about.
    pub order: Option<String>,
    /// A step of the order's flow; without it the one at which the order waits.
    pub step: Option<String>,
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct FeedbackAnswerBody {
    pub answer: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Feedback)]
pub struct FeedbackView {
    pub id: String,
    pub at: String,
    pub author: String,
    /// Whether the caller gave it.
    pub own: bool,
    pub page: String,
    pub flow: Option<String>,
    pub step: Option<String>,
    pub step_name: Option<Text>,
    pub order_id: Option<String>,
    pub text: String,
    /// `new`, `answered` or `closed`.
    pub state: String,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedbackOfStep)]
pub struct FeedbackCountView {
    /// Empty where it is about no step.
    pub flow: String,
    pub step: String,
    pub step_name: Option<Text>,
    pub all: i64,
    pub new: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedbackOfSteps)]
pub struct FeedbackCountsView {
    pub items: Vec<FeedbackCountView>,
}

/// What a step is called now, in the version in force.
fn name(house: &House, flow: &str, step: &str) -> Option<Text> {
    let version = house.active.get(flow)?;
    let pin = ordain_app::case::FlowPin { key: flow.to_owned(), version: *version };
    let known = house.flows.get(&pin)?;
    let places = walk(known.doc());
    places.into_iter().find(|place| place.node.id == step).map(|place| Text::from(&place.node.name))
}

pub fn feedback(row: FeedbackRow, house: &House, own: Option<Uuid>) -> FeedbackView {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    FeedbackView {
        id: Uuid::from_bytes(row.id).to_string(),
        at: house.calendar.text(row.at_ms),
        author: row.author_name,
        own: own == Some(Uuid::from_bytes(row.author)),
        page: row.page,
        step_name: name(house, &row.flow, &row.step),
        flow: some(row.flow),
        step: some(row.step),
        order_id: row.order_id.map(|id| Uuid::from_bytes(id).to_string()),
        text: row.text,
        state: row.state,
        answer: row.answer,
        answered_by: row.answered_by,
        answered_at: row.answered_at_ms.map(|at_ms| house.calendar.text(at_ms)),
    }
}

pub fn count(count: FeedbackCount, house: &House) -> FeedbackCountView {
    FeedbackCountView {
        step_name: name(house, &count.flow, &count.step),
        flow: count.flow,
        step: count.step,
        all: count.all,
        new: count.new,
    }
}
