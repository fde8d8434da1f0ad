//! Monthly reviews: opened by the system with the figures of a month, and written on by people.

use super::AdminDone;
use super::change::Change;
use super::document::{changed, expect, tag_of, write};
use super::reading::{Reading, shortened};
use crate::case::Refusal;
use crate::case::decide::By;
use crate::case::world::House;
use crate::clock::Ids;
use crate::figures::{Action, Finding, Review, review_key};
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_store::Keys;
use serde::Deserialize;
use uuid::Uuid;

const ITEMS_MAX: usize = 100;

/// What people write; what is left out is gone afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewItem {
    pub findings: Vec<FindingItem>,
    pub actions: Vec<ActionItem>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FindingItem {
    /// That of a finding of the figures; empty for one of people.
    pub code: Option<String>,
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionItem {
    /// Of one that stands; a new one has none.
    pub id: Option<String>,
    pub text: String,
    /// Login of whoever answers for it.
    pub owner: String,
    pub due: String,
    pub done_on: Option<String>,
}

pub(super) fn keys(month: Date, org: i64, keys: &mut Keys) {
    keys.settings.insert((org, review_key(month)));
    keys.settings.insert((org, review_key(month.saturating_sub(1.month()))));
}

fn stored(batch: &Batch<'_>, org: i64, month: Date) -> Result<Option<Review>, GateError> {
    let Some(row) = batch.slice.settings.get(&(org, review_key(month))) else { return Ok(None) };
    let read = serde_json::from_str(&row.value);
    read.map(Some).map_err(|error| GateError::Bug(format!("review of {month}: {error}")))
}

/// Keeps the review of a month, with what the month before left to do. One that is there stays.
pub(super) fn open(
    review: &Review,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    if stored(batch, org, review.month)?.is_some() {
        return Ok(AdminDone::Nothing);
    }
    let before = stored(batch, org, review.month.saturating_sub(1.month()))?;
    let left = before.into_iter().flat_map(|before| {
        let month = before.month;
        let open = before.actions.into_iter().filter(|action| action.done_on.is_none());
        open.map(move |action| Action { since: action.since.or(Some(month)), ..action })
    });
    let review = Review { actions: left.collect(), ..review.clone() };
    let key = review_key(review.month);
    let change: Vec<Change> = changed("review", &key, None, &review).into_iter().collect();
    write(batch, org, by, "open_review", &change, (&key, &review))?;
    Ok(AdminDone::Nothing)
}

/// Replaces what people write into the review of a month.
pub(super) fn put(
    (month, item): (Date, &ReviewItem),
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let before = stored(batch, org, month)?.ok_or(Refusal::NotFound)?;
    expect(expected, &before)?;
    let (mut reading, mut ids) = (Reading::default(), Ids::of(by.id));
    for (name, count) in [("findings", item.findings.len()), ("actions", item.actions.len())] {
        if count > ITEMS_MAX {
            reading.fault(Fault::new("too_many_items", name).with("most", ITEMS_MAX.to_string()));
        }
    }
    let findings = item.findings.iter().take(ITEMS_MAX).enumerate();
    let findings = findings.map(|(at, item)| finding(item, at, &before, &mut reading)).collect();
    let mut actions = Vec::new();
    for (at, item) in item.actions.iter().take(ITEMS_MAX).enumerate() {
        actions.extend(action(item, at, (&before, &house), &mut ids, &mut reading));
    }
    reading.refuse()?;
    let after = Review { findings, actions, ..before.clone() };
    let key = review_key(month);
    let change: Vec<Change> = changed("review", &key, Some(&before), &after).into_iter().collect();
    write(batch, org, by, "put_review", &change, (&key, &after))?;
    Ok(AdminDone::Tagged { tag: tag_of(&after) })
}

/// A finding of the figures keeps what it is about, and may be commented on.
fn finding(item: &FindingItem, at: usize, before: &Review, reading: &mut Reading) -> Finding {
    let path = format!("findings[{at}].text");
    let known = item.code.as_ref().and_then(|code| {
        before
            .findings
            .iter()
            .find(|known| known.code.as_ref() == Some(code))
            .map(|known| known.facts.clone())
    });
    if let (Some(code), None) = (&item.code, &known) {
        let fault = Fault::new("unknown_value", format!("findings[{at}].code"));
        reading.fault(fault.with("found", shortened(code)));
    }
    let text = match known {
        Some(_) => reading.text(Some(&item.text), None, path),
        None => reading.required(Some(&item.text), None, path),
    };
    Finding { code: item.code.clone(), facts: known.unwrap_or_default(), text }
}

fn action(
    item: &ActionItem,
    at: usize,
    (before, house): (&Review, &House),
    ids: &mut Ids,
    reading: &mut Reading,
) -> Option<Action> {
    let path = |name: &str| format!("actions[{at}].{name}");
    let id = item.id.as_deref().map(Uuid::parse_str);
    let known = match id {
        Some(Ok(id)) => before.actions.iter().find(|known| known.id == id),
        _ => None,
    };
    if item.id.is_some() && known.is_none() {
        reading.fault(Fault::new("unknown_value", path("id")).with("found", shortened(item.id.as_deref()?)));
    }
    let text = reading.required(Some(&item.text), None, path("text"));
    let owner = reading.code(&item.owner, path("owner"));
    if !owner.is_empty() && house.people.by_login(&owner).is_none() {
        reading.fault(Fault::new("unknown_user", path("owner")).with("found", shortened(&owner)));
    }
    let due = reading.day(Some(&item.due), None, path("due"));
    if due.is_none() && item.due.trim().is_empty() {
        reading.fault(Fault::new("missing_field", path("due")));
    }
    let done_on = reading.day(item.done_on.as_deref(), None, path("done_on"));
    let since = known.and_then(|known| known.since);
    Some(Action {
        id: known.map_or_else(|| ids.mint(), |known| known.id),
        text,
        owner,
        due: due?,
        done_on,
        since,
    })
}
