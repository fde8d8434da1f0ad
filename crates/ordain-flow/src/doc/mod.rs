//! The flow document: a tree of blocks that people design, publish and read. Its JSON form is a contract;
//! a field it does not know is refused rather than ignored, so that a misspelt setting never goes unnoticed.

mod walk;

use crate::rule::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use walk::{Place, walk};

/// A whole flow. `steps` is the main sequence, from the start to the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowDoc {
    pub key: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Scope::is_everything")]
    pub scope: Scope,
    /// Who takes over where a step has nobody left.
    #[serde(default = "process_admin_role")]
    pub process_admin: Vec<Party>,
    pub steps: Vec<Node>,
}

fn process_admin_role() -> Vec<Party> {
    vec![Party::Role("process_admin".to_owned())]
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

impl Text {
    pub fn is_blank(&self) -> bool {
        self.zh.trim().is_empty() && self.en.trim().is_empty()
    }
}

/// Which orders enter the flow; an empty list means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_types: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

impl Scope {
    pub fn is_everything(&self) -> bool {
        self.order_types.is_empty() && self.channels.is_empty()
    }
}

/// One step. Its id is stable for ever: history, differences and migration refer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub id: String,
    pub name: Text,
    pub stage: Stage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    pub kind: NodeKind,
}

impl Node {
    /// The lanes of a branching block, none for a plain step.
    pub fn lanes(&self) -> &[Lane] {
        match &self.kind {
            NodeKind::Parallel { lanes } | NodeKind::Exclusive { lanes } => lanes,
            _ => &[],
        }
    }
}

/// The stage of the five-stage bar that a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Receive,
    Check,
    Review,
    Customer,
    Execute,
}

/// What a step does, with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum NodeKind {
    Start {},
    AutoCheck {
        checks: Vec<CheckRule>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reserve_stock: bool,
    },
    Review(ReviewSettings),
    /// Every lane runs; the block is left when all are done.
    Parallel {
        lanes: Vec<Lane>,
    },
    /// The first lane whose condition holds runs, else the otherwise lane.
    Exclusive {
        lanes: Vec<Lane>,
    },
    Notify {
        template: String,
        to: Vec<NotifyTo>,
        /// Working minutes after which an undelivered notice raises an alarm.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_after_minutes: Option<u32>,
    },
    End {
        outcome: Outcome,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRule {
    pub check: String,
    pub on_fail: OnFail,
}

/// What an open finding of a check does to the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnFail {
    /// The sender must complete the order, if only the sender can.
    Return,
    /// The run goes on; a review owns the finding.
    Continue,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettings {
    #[serde(default, skip_serializing_if = "Party::is_blank")]
    pub assignee: Party,
    /// Who steps in when the assignee is absent, gone or late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Party>,
    /// Working minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_before_minutes: Option<u32>,
    /// What the person has to do, in words they can follow.
    #[serde(default)]
    pub sop: Text,
    /// The checks whose findings this review answers for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owns: Vec<String>,
    /// Nobody is asked while none of the owned findings is open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto_when_clear: bool,
    /// The step must never be skipped or left without a stand-in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guarded: bool,
    /// Fields shown first to the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks_at: Vec<String>,
}

/// Somebody a task or a duty can belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Department(String),
    Role(String),
    User(String),
}

impl Default for Party {
    /// A draft whose step has no assignee yet; F-001 names it.
    fn default() -> Self {
        Self::Department(String::new())
    }
}

impl Party {
    pub fn key(&self) -> &str {
        match self {
            Self::Department(key) | Self::Role(key) | Self::User(key) => key,
        }
    }

    pub fn is_blank(&self) -> bool {
        self.key().trim().is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotifyTo {
    Customer,
    /// The salesperson of the account, or who received the order.
    Owner,
    Department(String),
    Role(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Confirmed,
    Rejected,
    Cancelled,
}

/// One column of a branching block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    pub id: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub otherwise: bool,
    #[serde(default)]
    pub steps: Vec<Node>,
}

/// The published JSON Schema of the flow document.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(FlowDoc).to_value()
}
