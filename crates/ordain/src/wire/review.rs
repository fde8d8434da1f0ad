//! A monthly review as it is shown and written on.

use super::cancel::{CancelReasonView, cancel_reason};
use super::reader::{Kind, Shape};
use super::report::{
    FigureTargetsView, FiguresView, HandedView, LostReasonView, SpeedView, figures, handed, lost_reason,
    node_name, speed,
};
use crate::words::{Text, text};
use ordain_app::case::world::House;
use ordain_app::figures::{Action, Finding, Review};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const FINDING: Shape = &[("code", Kind::Text), ("text", Kind::Words), ("said", Kind::ReadOnly)];
const ACTION: Shape = &[
    ("id", Kind::Text),
    ("text", Kind::Words),
    ("owner", Kind::Text),
    ("due", Kind::Text),
    ("done_on", Kind::Text),
    ("owner_name", Kind::ReadOnly),
    ("since", Kind::ReadOnly),
];
pub const REVIEW: Shape =
    &[("findings", Kind::List(&Kind::Object(FINDING))), ("actions", Kind::List(&Kind::Object(ACTION)))];

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reviews)]
pub struct ReviewsView {
    /// As `2026-03`, the latest first.
    pub months: Vec<String>,
}

/// The figures are those of when the month was over.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Review)]
pub struct ReviewView {
    pub month: String,
    pub made_at: String,
    pub currency: String,
    pub figures: FiguresView,
    /// Of the month before.
    pub previous: FiguresView,
    pub targets: FigureTargetsView,
    /// Those that took most of the time first: the first is the bottleneck.
    pub steps: Vec<SpeedView>,
    pub reasons: Vec<LostReasonView>,
    pub departments: Vec<HandedView>,
    pub findings: Vec<FindingView>,
    pub actions: Vec<ActionView>,
}

/// What people write into a review: what is left out is gone afterwards.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ReviewBody {
    pub findings: Vec<FindingView>,
    pub actions: Vec<ActionView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewFinding)]
pub struct FindingView {
    /// That of a finding of the figures; nothing for one of people.
    pub code: Option<String>,
    /// What the figures say.
    #[serde(default)]
    pub said: Option<Text>,
    pub text: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewAction)]
pub struct ActionView {
    /// Nothing for a new one.
    pub id: Option<String>,
    pub text: String,
    /// Login of whoever answers for it.
    pub owner: String,
    #[serde(default)]
    pub owner_name: Option<String>,
    pub due: String,
    pub done_on: Option<String>,
    /// The month from which it was carried on.
    #[serde(default)]
    pub since: Option<String>,
}

pub fn review(found: &Review, house: &House) -> ReviewView {
    ReviewView {
        month: found.month.strftime("%Y-%m").to_string(),
        made_at: house.calendar.text(found.made_ms),
        currency: house.rules.currency.code().to_owned(),
        figures: figures(&found.now, house),
        previous: figures(&found.before, house),
        targets: FigureTargetsView::from(&found.targets),
        steps: found
            .steps
            .iter()
            .map(|step| speed(step.clone(), node_name(house, None, &step.node)))
            .collect(),
        reasons: found.reasons.iter().map(|reason| lost_reason(reason, house)).collect(),
        departments: found.handed.iter().cloned().map(handed).collect(),
        findings: found.findings.iter().map(|finding| view(finding, house)).collect(),
        actions: found.actions.iter().map(|action| act(action, house)).collect(),
    }
}

fn view(finding: &Finding, house: &House) -> FindingView {
    let args: Vec<(&str, Text)> =
        finding.facts.iter().map(|(name, value)| (name.as_str(), fact(name, value, house))).collect();
    let said = finding.code.as_ref().map(|code| text(&format!("review_finding.{code}"), &args));
    FindingView { code: finding.code.clone(), said, text: finding.text.clone() }
}

/// What a finding is about, in words.
fn fact(name: &str, value: &str, house: &House) -> Text {
    match name {
        "node" => node_name(house, None, value),
        "reason" => {
            let CancelReasonView { name, .. } = cancel_reason(value, house);
            name
        }
        "department" => house
            .people
            .departments
            .get(value)
            .map_or_else(|| Text::plain(value), |(zh, en)| Text { zh: zh.clone(), en: en.clone() }),
        _ => Text::plain(value),
    }
}

fn act(action: &Action, house: &House) -> ActionView {
    ActionView {
        id: Some(action.id.to_string()),
        text: action.text.clone(),
        owner: action.owner.clone(),
        owner_name: house.people.by_login(&action.owner).map(|user| user.name.clone()),
        due: action.due.to_string(),
        done_on: action.done_on.map(|day| day.to_string()),
        since: action.since.map(|month| month.strftime("%Y-%m").to_string()),
    }
}
