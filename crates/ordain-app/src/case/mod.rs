//! A case: one order together with the run of its flow and the tasks of its people.
//!
//! This folder is where the order (which knows no flow) and the flow (which knows no order) meet. It is pure like the
//! two crates it joins: `decide` takes a world and a command and returns events; [`apply`] is the only way in which a
//! [`Case`] changes, so a case is always the fold of its log.

pub mod actions;
pub mod decide;
pub mod event;
pub mod facts;
pub mod people;
pub mod refusal;
pub mod timers;
pub mod world;

pub use event::{Event, apply};
pub use refusal::Refusal;
pub use world::World;

use ordain_domain::order::Order;
use ordain_flow::doc::Party;
use ordain_flow::run::{Decision, Run};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// The revision that the run works on.
    #[serde(default)]
    pub reviewed_revision: u32,
    /// By visit of the run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<u32, Task>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
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
    /// How often something was reminded of, by timer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reminded: BTreeMap<String, u32>,
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
}

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    Open,
    Done {
        by: ordain_domain::actor::Actor,
        decision: Decision,
        at_ms: i64,
        reason: Option<String>,
    },
    /// Nobody needs to decide it any more.
    Closed {
        at_ms: i64,
    },
}

/// A visit's work for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: Uuid,
    pub node: String,
    /// Who holds it: the configured assignee, or whoever stands in because that one resolves to nobody.
    pub holder: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<Uuid>,
    pub opened_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_ms: Option<i64>,
    #[serde(flatten)]
    pub state: TaskState,
}

impl Task {
    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
    }
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
}

impl Case {
    pub fn open_tasks(&self) -> impl Iterator<Item = (u32, &Task)> {
        self.tasks.iter().filter(|(_, task)| task.is_open()).map(|(visit, task)| (*visit, task))
    }

    pub fn task(&self, id: Uuid) -> Option<(u32, &Task)> {
        self.tasks.iter().find(|(_, task)| task.id == id).map(|(visit, task)| (*visit, task))
    }
}
