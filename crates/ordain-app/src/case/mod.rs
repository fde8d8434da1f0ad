//! A case: one order together with the run of its flow and the tasks of its people.
//!
//! This folder is where the order (which knows no flow) and the flow (which knows no order) meet. It is pure like the
//! two crates it joins: `decide` takes a world and a command and returns events; [`apply`] is the only way in which a
//! [`Case`] changes, so a case is always the fold of its log.

pub mod absence;
pub mod actions;
pub mod agreed;
pub mod answer;
pub mod attachment;
pub mod call;
pub mod cancel;
pub mod channel;
pub mod choices;
pub mod connector;
pub mod deadline;
pub mod decide;
pub mod event;
pub mod exception;
pub mod facts;
pub mod issue;
mod lookup;
pub mod loss;
mod mention;
pub mod notice_text;
pub mod organisation;
mod passing_over;
pub mod people;
pub mod range;
pub mod rank;
pub mod receivables;
pub mod refusal;
pub mod saved_set;
pub mod side_run;
pub mod standstill;
pub mod task;
pub mod timers;
mod told;
pub mod waits;
pub mod who;
mod work;
pub mod world;

pub use event::{Event, apply};
pub use exception::{CAUSE_KIND, Exception, ExceptionClosed, ExceptionKind};
pub use refusal::Refusal;
pub use side_run::SideRun;
pub use task::{Added, Ballot, HandOver, HandOverWhy, Held, Passage, Seat, SignerAt, Task, TaskState};
pub use world::World;

use ordain_domain::order::{Content, Order, Way};
use ordain_flow::run::Run;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The flow version that a case is pinned to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FlowPin {
    pub key: String,
    pub version: i64,
}

/// One order on its way to confirmation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub order: Order,
    /// Number of log entries that made this state; the entity tag of the API.
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowPin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// Runs beside it, numbered from one in the order in which they began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side_runs: Vec<SideRun>,
    /// The revision that the run works on.
    #[serde(default)]
    pub reviewed_revision: u32,
    /// Numbered in the order in which they were opened.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<u32, Task>,
    /// By visit, where several people decide together.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ballots: BTreeMap<u32, Ballot>,
    /// Calls of other systems, by the stay that made them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calls: BTreeMap<u32, call::Call>,
    /// Calls under way for which nobody waits.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hooks: BTreeMap<Uuid, call::Hook>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// When each field was last written by a step, by path: what tells whether an approval has seen it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub written_ms: BTreeMap<String, i64>,
    /// When goods were reserved, or somebody last acted on a task while they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_ms: Option<i64>,
    /// Since when the order is on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_ms: Option<i64>,
    /// Working minutes for which a wait has stood still, by the stay that waits.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stood: BTreeMap<u32, u32>,
    /// People chosen for steps to come, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub chosen: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// What the customer has accepted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Box<agreed::Agreed>>,
    /// Codes that were sent to the customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<answer::CodeSent>,
    /// Who was put in copy and has to say that they have read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Receipt>,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<attachment::Attachment>,
    /// Why it was lost, where somebody put right what was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Box<loss::Loss>>,
    /// People who want to be told of every change.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub watchers: BTreeSet<Uuid>,
    /// The flow in which the order was confirmed, while a change of it is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_in: Option<FlowPin>,
    /// The sender has changed the order and not handed it in since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsubmitted: bool,
    /// Who sent the order back, why and when, while it waits for completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
    /// Since when the sender is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete_since_ms: Option<i64>,
    /// When the sender was last reminded of the gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_reminded_ms: Option<i64>,
    /// The last move to another version of the flow, with what it was moved from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<Box<Migration>>,
    /// How often there was something new to tell: the order was changed, or its flow led back by itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub news: u32,
    /// What each step that tells, or begins what nobody waits for, did so last with, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<String, u32>,
    /// How often something was reminded of, by timer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reminded: BTreeMap<String, u32>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A return for completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub by: ordain_domain::actor::Actor,
    pub node: String,
    pub reason: String,
    pub at_ms: i64,
}

/// What a case was before it was moved to another version of its flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    pub from: FlowPin,
    pub at_ms: i64,
    /// The version of the case that the move made; any other means that somebody has acted since.
    pub version: i64,
    pub run: Run,
    pub tasks: BTreeMap<u32, Task>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ballots: BTreeMap<u32, Ballot>,
}

/// A copy that somebody has to say to have read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub node: String,
    pub user: Uuid,
    pub asked_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_ms: Option<i64>,
}

/// A message that the order caused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: Uuid,
    pub template: String,
    pub channel: String,
    pub to: String,
    pub queued_ms: i64,
    /// When the customer should have it at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// The change that it tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Uuid>,
    /// The ways that are tried if this one fails for good.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Way>,
}

impl Case {
    pub fn open_tasks(&self) -> impl Iterator<Item = (u32, &Task)> {
        self.tasks.iter().filter(|(_, task)| task.is_open()).map(|(number, task)| (*number, task))
    }

    pub fn task(&self, id: Uuid) -> Option<(u32, &Task)> {
        self.tasks.iter().find(|(_, task)| task.id == id).map(|(number, task)| (*number, task))
    }

    /// The tasks of one visit, oldest first.
    pub fn tasks_of(&self, visit: u32) -> impl Iterator<Item = (u32, &Task)> {
        self.tasks.iter().filter(move |(_, task)| task.visit == visit).map(|(number, task)| (*number, task))
    }

    /// Whether somebody added the signer who holds a task, or one who did.
    pub fn was_brought_by(&self, task: &Task, person: Uuid) -> bool {
        task.added.as_ref().is_some_and(|added| {
            let above = || self.tasks.get(&added.to).is_some_and(|task| self.was_brought_by(task, person));
            added.by == person || above()
        })
    }

    pub fn open_exceptions(&self) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().filter(|exception| exception.is_open())
    }

    /// Whether somebody has pulled the order to manual handling, and not put it back.
    pub fn is_taken_over(&self) -> bool {
        self.open_exceptions().any(|open| open.kind == ExceptionKind::TakenOver)
    }

    /// What a change asks for, while nobody has taken it up; else what the order says.
    pub fn content_of(&self, change: Uuid) -> &Content {
        let proposed = self.order.change(change).and_then(|change| change.proposed.as_deref());
        proposed.unwrap_or(&self.order.content)
    }

    /// All lines that a part of a change could be made of: those that stand and those that are asked for.
    pub fn content_of_part(&self, change: Uuid) -> Content {
        let wanted = self.content_of(change);
        let lines = self.order.as_it_stands().content.lines.iter().chain(&wanted.lines).cloned().collect();
        Content { lines, ..wanted.clone() }
    }

    /// The number that the next task gets.
    pub fn next_task(&self) -> u32 {
        self.tasks.last_key_value().map_or(0, |(last, _)| last.saturating_add(1))
    }
}
