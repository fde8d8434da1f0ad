//! Files on an order: what is said of each here and in the log; the bytes lie beside.

use super::{Case, Event};
use ordain_domain::actor::Actor;
use ordain_flow::run::Decision;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// Files that one order takes.
pub const ATTACHMENTS_MAX: usize = 40;

/// A file that comes with a command, looked at and found to be what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    pub name: String,
    pub media_type: String,
    pub content: Bytes,
}

/// Bytes that a trace does not spell out.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Arc<[u8]>);

impl fmt::Debug for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} bytes", self.0.len())
    }
}

/// What a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Order,
    /// The work of one's own task.
    Task(Uuid),
    /// The answer of a customer who is asked.
    Answer,
}

/// What is said of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: Uuid,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    pub by: Actor,
    pub at_ms: i64,
    /// The stay in the step that it was added for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<u32>,
    /// It is the signature under a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signs: Option<Signed>,
}

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Number of the task.
    pub task: u32,
    pub decision: Decision,
    pub revision: u32,
    /// SHA-256 of order, revision, content, step, stay and decision, in hex.
    pub sha256: String,
}

pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Makes a file known.
pub(super) fn of_attachment(case: &mut Case, event: &Event) {
    if let Event::Attached { attachment } = event {
        case.attachments.push((**attachment).clone());
    }
}

impl Case {
    /// Whether a file was added during a stay in a step; signatures are none.
    pub fn has_attachment(&self, visit: u32) -> bool {
        self.attachments.iter().any(|file| file.visit == Some(visit) && file.signs.is_none())
    }

    /// What somebody signs who decides a task now; nothing of a task that is not there.
    pub fn signed(&self, task: u32, decision: Decision) -> Option<Signed> {
        let decided = self.tasks.get(&task)?;
        let order = &self.order;
        let statement = json!({
            "order": order.id, "revision": order.revision, "content": order.content,
            "step": decided.node, "visit": decided.visit, "decision": decision,
        });
        let sha256 = sha256(statement.to_string().as_bytes());
        Some(Signed { task, decision, revision: order.revision, sha256 })
    }
}
