//! The monthly review: the figures of a month as they were when it was over, what they say by themselves, and what
//! people have found and are going to do about it. What is not done goes on into the next month.

use super::{Figures, Handed, LostReason, Speed};
use crate::admin::AdminCommand;
use crate::app::App;
use crate::case::world::House;
use crate::gate::GateError;
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_domain::actor::Actor;
use ordain_domain::master::FigureTargets;
use ordain_store::{FactTraits, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Steps, reasons and departments that a review names.
const NAMED: usize = 10;

/// How the names of settings begin that hold reviews.
const REVIEWS: &str = "review:";

/// The setting that holds the review of a month, which is named by its first day.
pub fn review_key(month: Date) -> String {
    format!("{REVIEWS}{}", month.strftime("%Y-%m"))
}

/// The months that have a review, as `2026-03`, the latest first.
///
/// # Errors
/// If the database cannot be read.
pub fn review_months(store: &Store, org: i64) -> Result<Vec<String>, StoreError> {
    let keys = store.setting_keys(org, (REVIEWS, "review;"))?;
    Ok(keys.iter().rev().filter_map(|key| key.strip_prefix(REVIEWS)).map(str::to_owned).collect())
}

/// What came of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its first day.
    pub month: Date,
    pub made_ms: i64,
    pub now: Figures,
    /// Of the month before.
    pub before: Figures,
    pub targets: FigureTargets,
    /// Those that took most of the time first.
    pub steps: Vec<Speed>,
    pub reasons: Vec<LostReason>,
    pub handed: Vec<Handed>,
    pub findings: Vec<Finding>,
    pub actions: Vec<Action>,
}

/// What was found: by the figures, with a code and what it is about, or by people, in their words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What somebody is going to do, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub id: Uuid,
    pub text: String,
    /// Login of whoever answers for it.
    pub owner: String,
    pub due: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Date>,
    /// The month in which it was decided, where it was carried on from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
}

/// Makes the review of the last month where there is none yet; gives how many were made.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn keep_reviews(app: &App) -> Result<usize, GateError> {
    let mut made = 0;
    for org in app.store.orgs()? {
        let Some(house) = app.gate.houses().get(org.org) else { continue };
        let now_ms = app.clock.now_ms();
        let to = house.calendar.date_at(now_ms).first_of_month();
        let month = to.saturating_sub(1.month());
        // A company that began in this month has nothing to review.
        let began = house.calendar.date_at(org.created_at_ms) < to;
        if !began || app.store.setting(org.org, &review_key(month))?.is_some() {
            continue;
        }
        let review = made_of(&app.store, org.org, &house, month, now_ms)?;
        app.admin(org.org, Actor::system("review"), AdminCommand::OpenReview(Box::new(review))).await?;
        made += 1;
    }
    Ok(made)
}

/// The review of a month as its figures stand, without what people add to it.
///
/// # Errors
/// If the database cannot be read.
pub fn made_of(
    store: &Store,
    org: i64,
    house: &House,
    month: Date,
    now_ms: i64,
) -> Result<Review, StoreError> {
    let (from, to) = (month.saturating_sub(1.month()), month.saturating_add(1.month()));
    let all = FactTraits::default();
    let counted = |from: Date, to: Date| -> Result<Figures, StoreError> {
        let days = (from.to_string(), to.to_string());
        let days = (days.0.as_str(), days.1.as_str());
        Ok(super::report(&store.received_days(org, &all, days)?, &store.confirmed_days(org, &all, days)?)
            .figures)
    };
    let (now, before) = (counted(month, to)?, counted(from, month)?);
    let instants = (house.calendar.instant(month, 0), house.calendar.instant(to, 0));
    let mut steps = super::speeds(&store.decided_tasks(org, &all, instants)?, house);
    let mut handed = super::handed(&store.hand_overs(org, &all, instants)?, house);
    let reasons = super::lost_reasons(&store.lost_parts(org, &all, (&month.to_string(), &to.to_string()))?);
    steps.truncate(NAMED);
    handed.truncate(NAMED);
    let targets = house.rules.targets.clone();
    let findings = findings(&now, &before, &targets, &steps, &reasons, &handed);
    let actions = Vec::new();
    Ok(Review { month, made_ms: now_ms, now, before, targets, steps, reasons, handed, findings, actions })
}

/// What the figures say by themselves.
fn findings(
    now: &Figures,
    before: &Figures,
    targets: &FigureTargets,
    steps: &[Speed],
    reasons: &[LostReason],
    handed: &[Handed],
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |code: &str, facts: &[(&str, String)]| {
        let facts = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        found.push(Finding { code: Some(code.to_owned()), facts, text: String::new() });
    };
    let number = |n: i64| n.to_string();
    if let Some(mean) = now.cycle_mean.filter(|mean| *mean > targets.cycle_minutes) {
        say("cycle_above_target", &[("minutes", number(mean)), ("target", number(targets.cycle_minutes))]);
    }
    if let Some((p50, was)) = now.cycle_p50.zip(before.cycle_p50).filter(|(p50, was)| p50 > was) {
        say("cycle_longer", &[("minutes", number(p50)), ("before", number(was))]);
    }
    if let Some(step) = steps.first() {
        let share = number(step.share_permille / 10);
        say(
            "bottleneck",
            &[("node", step.node.clone()), ("department", step.department.clone()), ("share", share)],
        );
    }
    if let Some(reason) = reasons.first() {
        let facts = [
            ("reason", reason.reason.clone()),
            ("orders", number(reason.orders)),
            ("lost", number(now.lost)),
        ];
        say("lost_by", &facts);
    }
    // Compared crosswise, so that nothing is rounded.
    if now.with_exception * before.received > before.with_exception * now.received {
        say(
            "more_exceptions",
            &[("orders", number(now.with_exception)), ("before", number(before.with_exception))],
        );
    }
    if now.complaints * before.confirmed > before.complaints * now.confirmed {
        say(
            "more_complaints",
            &[("complaints", number(now.complaints)), ("before", number(before.complaints))],
        );
    }
    for slow in handed.iter().filter(|handed| handed.waiting > 0) {
        say("not_received", &[("department", slow.department.clone()), ("orders", number(slow.waiting))]);
    }
    found
}
