//! The state of an order: always the fold of its events.

use super::change::{Change, Standing};
use super::family::Family;
use super::{Content, Fulfilment, Status};
use crate::actor::Actor;
use crate::check::Checked;
use crate::finding::{Finding, Severity};
use crate::promise::{BrokenPromise, Incoming};
use crate::stock::Allocation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A reason that sets a warning aside, for exactly the facts it was given for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub by: Actor,
    pub at_ms: i64,
    pub reason: String,
    pub facts: BTreeMap<String, String>,
}

/// Whom a question is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionTo {
    Customer,
    Sales,
}

/// Where a question stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum QuestionState {
    Open,
    Answered {
        // The question has a `text` of its own on the same level.
        #[serde(rename = "answer")]
        text: String,
        by: Actor,
        at_ms: i64,
    },
    Withdrawn {
        reason: String,
        by: Actor,
        at_ms: i64,
    },
}

/// A question about a finding or the order, with the time by which it should be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    pub to: QuestionTo,
    pub text: String,
    pub due_ms: i64,
    pub asked_by: Actor,
    pub asked_ms: i64,
    #[serde(flatten)]
    pub state: QuestionState,
}

/// The order was taken on paper, and entered when that was possible again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredLater {
    /// When the order came in.
    pub received_ms: i64,
    pub reason: String,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub id: Uuid,
    pub number: String,
    pub revision: u32,
    pub status: Status,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_hold: bool,
    /// Customer notice not out in time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notice_late: bool,
    pub channel: String,
    /// Where the order came from: file, row, hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<serde_json::Value>,
    pub receiver: Actor,
    /// People who have changed it before it was confirmed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub editors: BTreeSet<Uuid>,
    pub content: Content,
    pub checked: Checked,
    /// Stock held for the lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Allocation>,
    /// Goods that are still to come, promised to the lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Incoming>,
    /// For what day lines were confirmed that wait for goods to come.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub promised: BTreeMap<u32, Date>,
    /// Promises that cannot be kept as they were made, until somebody has decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<BrokenPromise>,
    /// A promise was broken since the customer was last told when goods come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub delivery_moved: bool,
    /// Since when nothing is reserved any more because nobody decided in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation_expired_ms: Option<i64>,
    /// What has left the warehouses, by line and warehouse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipped: Vec<Allocation>,
    /// What the order holds of the customer's credit, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_held: Option<CreditHeld>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accepted: BTreeMap<String, Acceptance>,
    #[serde(default, skip_serializing_if = "Fulfilment::is_empty")]
    pub fulfilment: Fulfilment,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    pub created_ms: i64,
    pub updated_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_ms: Option<i64>,
    /// When it was last handed in, or begun anew by hand: its dates are judged by that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_in_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_ms: Option<i64>,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// What was confirmed, while a change of it is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Box<Standing>>,
    /// What it was split from, or what was split off it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// Why it was cancelled, as a code of the company's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_later: Option<EnteredLater>,
}

/// Credit taken by a live order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditHeld {
    pub customer: String,
    pub minor: i64,
}

impl Order {
    /// When it came in: for an order that was taken on paper, that was before it was entered.
    pub fn received_ms(&self) -> i64 {
        self.entered_later.as_ref().map_or(self.created_ms, |later| later.received_ms)
    }

    /// People who entered what it holds or held: whoever took it in, changed it, or asked for a change that was taken up.
    pub fn authors(&self) -> impl Iterator<Item = Uuid> {
        let taken = self.changes.iter().filter_map(|change| Some((&change.by, &change.taken.as_ref()?.by)));
        let changed = taken.flat_map(|(asked, took)| [asked.person(), took.person()]).flatten();
        self.receiver.person().into_iter().chain(self.editors.iter().copied()).chain(changed)
    }

    /// The valid acceptance of a finding: given for the same facts.
    pub fn acceptance(&self, finding: &Finding) -> Option<&Acceptance> {
        self.accepted.get(&finding.id()).filter(|accepted| accepted.facts == finding.facts)
    }

    /// Whether a finding still stands in the way.
    pub fn is_open(&self, finding: &Finding) -> bool {
        finding.code.severity() != Severity::Info && self.acceptance(finding).is_none()
    }

    pub fn open_findings(&self) -> impl Iterator<Item = &Finding> {
        self.checked.findings.iter().filter(|finding| self.is_open(finding))
    }

    /// Whether something about the customer's credit was found that nobody has accepted.
    pub fn waits_for_credit(&self) -> bool {
        self.open_findings().any(|finding| finding.code.waits_for_credit())
    }

    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.state == QuestionState::Open)
    }

    /// Lines whose quantity is not wholly held, to come, or shipped.
    pub fn unbacked_lines(&self) -> Vec<u32> {
        let mut held: BTreeMap<u32, i64> = BTreeMap::new();
        for part in self.held.iter().chain(&self.shipped) {
            *held.entry(part.line).or_default() += part.qty_milli;
        }
        for part in &self.coming {
            *held.entry(part.line).or_default() += part.qty_milli;
        }
        let asked: BTreeSet<u32> = self.content.lines.iter().map(|line| line.id).collect();
        let backed = |line: &u32| {
            let asked = self.checked.lines.iter().find(|l| l.line == *line).and_then(|l| l.qty_milli);
            asked.is_some_and(|qty| held.get(line) == Some(&qty))
        };
        asked.into_iter().filter(|line| !backed(line)).collect()
    }
}
