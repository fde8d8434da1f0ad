//! Why an order is where it is: what it waits for, and which rules sent it there with which values.

use super::route::row as row_text;
use super::waiting::{WaitingView, views};
use crate::words::{Text, text};
use ordain_app::case::Case;
use ordain_app::case::facts::SCHEMA;
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_app::query::story::LaneChoice;
use ordain_flow::rule::{FactSchema, RowExplained};
use ordain_flow::run::Flow;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Why)]
pub struct WhyView {
    pub order_id: String,
    pub number: String,
    pub status: &'static str,
    pub waiting_on: Vec<WaitingView>,
    pub decisions: Vec<DecisionView>,
    /// Why nothing is reserved although goods were.
    pub reservation: Option<Text>,
}

/// What a rule decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RuleDecision)]
pub struct DecisionView {
    pub node_id: String,
    pub at: String,
    pub text: Text,
    pub rows: Vec<RowView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RuleRow)]
pub struct RowView {
    pub text: Text,
    pub field: String,
    pub value: Option<String>,
    pub holds: bool,
}

/// `case` is what may be shown of the order.
pub fn why(
    case: &Case,
    flow: Option<&Flow>,
    house: &House,
    choices: &[LaneChoice],
    sight: &Sight,
    now_ms: i64,
) -> WhyView {
    WhyView {
        order_id: case.order.id.to_string(),
        number: case.order.number.clone(),
        status: case.order.status.name(),
        waiting_on: views(case, house, now_ms),
        reservation: case.order.reservation_expired_ms.map(|at_ms| expired(at_ms, house)),
        decisions: choices.iter().map(|choice| decision(choice, flow, house, sight)).collect(),
    }
}

fn expired(at_ms: i64, house: &House) -> Text {
    text("why.reservation_expired", &[("at", Text::plain(house.calendar.text(at_ms)))])
}

fn decision(choice: &LaneChoice, flow: Option<&Flow>, house: &House, sight: &Sight) -> DecisionView {
    let node = flow.and_then(|flow| flow.node(&choice.node));
    let lane = node.and_then(|node| node.lanes().iter().find(|lane| lane.id == choice.lane));
    let name = |text: Option<Text>, id: &str| text.unwrap_or_else(|| Text::plain(id));
    let args = [
        ("node", name(node.map(|node| Text::from(&node.name)), &choice.node)),
        ("lane", name(lane.map(|lane| Text::from(&lane.name)), &choice.lane)),
    ];
    let schema = flow.map_or(&*SCHEMA, Flow::schema);
    let refused = choice.refused.iter().flat_map(|refused| &refused.because);
    DecisionView {
        node_id: choice.node.clone(),
        at: house.calendar.text(choice.at_ms),
        text: text("why.taken", &args),
        rows: refused
            .chain(&choice.because)
            .filter(|row| sight.tells(row))
            .map(|told| row(told, schema))
            .collect(),
    }
}

fn row(row: &RowExplained, schema: &FactSchema) -> RowView {
    let text = row_text(row, schema);
    RowView { text, field: row.field.to_string(), value: row.value.clone(), holds: row.holds }
}
