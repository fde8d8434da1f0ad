//! Feedback: given by anybody on any page, answered or closed by who keeps the flows. The answer goes back to the author.

use super::AdminDone;
use super::reading::Reading;
use super::told::tell_each;
use crate::case::Refusal;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use ordain_flow::doc::Party;
use ordain_store::{FeedbackRow, Keys};
use serde_json::json;
use uuid::Uuid;

/// Notices of feedback.
pub const FEEDBACK_GIVEN: &str = "feedback_given";
pub const FEEDBACK_ANSWERED: &str = "feedback_answered";

/// What somebody says, and of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedbackItem {
    /// The path of the page.
    pub page: String,
    pub order: Option<Uuid>,
    /// Flow and step; empty where it is about none.
    pub flow: String,
    pub step: String,
    pub text: String,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedbackEnd {
    Answered(String),
    Closed,
}

pub(super) fn keys(id: Uuid, org: i64, keys: &mut Keys) {
    keys.feedback.insert((org, id.into_bytes()));
}

pub(super) fn give(
    item: &FeedbackItem,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let author = by.actor.person().ok_or(GateError::Refused(Refusal::NotFound))?;
    let mut reading = Reading::default();
    let page = reading.text(Some(&item.page), None, "page".to_owned());
    let text = reading.required(Some(&item.text), None, "text".to_owned());
    reading.refuse()?;
    let row = FeedbackRow {
        org,
        id: by.id.into_bytes(),
        at_ms: by.at_ms,
        author: author.into_bytes(),
        author_name: by.actor.name().to_owned(),
        page,
        flow: item.flow.clone(),
        step: item.step.clone(),
        order_id: item.order.map(Uuid::into_bytes),
        text,
        state: "new".to_owned(),
        answer: None,
        answered_by: None,
        answered_at_ms: None,
    };
    let event = json!([{ "put": "feedback", "key": by.id, "page": row.page, "flow": row.flow, "step": row.step,
        "order": item.order, "text": row.text }]);
    batch.record_admin(org, "give_feedback", by, &event, false)?;
    let told = house.people.members(&Party::Role("process_admin".to_owned()));
    let told = told.into_iter().map(|user| user.id).filter(|user| *user != author).collect();
    tell(batch, org, by, FEEDBACK_GIVEN, &row, told);
    batch.slice.feedback.insert((org, row.id), row.clone());
    batch.changes().feedback.push(row);
    Ok(AdminDone::FeedbackGiven { id: by.id })
}

pub(super) fn end(
    id: Uuid,
    end: &FeedbackEnd,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let known = batch.slice.feedback.get(&(org, id.into_bytes())).cloned();
    let row = known.ok_or(GateError::Refused(Refusal::NotFound))?;
    let row = match end {
        FeedbackEnd::Answered(answer) => {
            let mut reading = Reading::default();
            let answer = reading.required(Some(answer), None, "answer".to_owned());
            reading.refuse()?;
            FeedbackRow {
                state: "answered".to_owned(),
                answer: Some(answer),
                answered_by: Some(by.actor.name().to_owned()),
                answered_at_ms: Some(by.at_ms),
                ..row
            }
        }
        FeedbackEnd::Closed if row.state == "closed" => return Ok(AdminDone::Nothing),
        FeedbackEnd::Closed => FeedbackRow { state: "closed".to_owned(), ..row },
    };
    let event = json!([{ "put": "feedback", "key": id, "state": row.state, "answer": row.answer }]);
    batch.record_admin(org, "end_feedback", by, &event, false)?;
    if matches!(end, FeedbackEnd::Answered(_)) {
        tell(batch, org, by, FEEDBACK_ANSWERED, &row, vec![Uuid::from_bytes(row.author)]);
    }
    batch.slice.feedback.insert((org, row.id), row.clone());
    batch.changes().feedback.push(row);
    Ok(AdminDone::Nothing)
}

fn tell(batch: &mut Batch<'_>, org: i64, by: &By, kind: &str, row: &FeedbackRow, told: Vec<Uuid>) {
    let body = json!({ "by": by.actor.name(), "text": row.text, "answer": row.answer });
    tell_each(batch, org, by, (kind, row.order_id), &body, told);
}
