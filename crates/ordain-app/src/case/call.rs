//! Calls of other systems that an order has made, each under the stay that waits for its answer.

use super::{Case, Event};
use ordain_flow::doc::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub node: String,
    pub connector: String,
    pub operation: String,
    /// What is sent, the same at every attempt.
    pub body: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<CallEnd>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// What was read out of the answer, by path.
    Answered { values: BTreeMap<String, Value> },
    /// It was tried as often as the flow says.
    Failed { why: String },
}

/// A call for whose answer nobody waits, while it is on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    pub visit: u32,
    pub node: String,
    pub connector: String,
    pub operation: String,
    /// What is sent, the same at every attempt.
    pub body: Value,
    /// The button by which somebody made it; nothing where the step itself does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Pressed>,
}

/// A button of a task, as it was called when it was pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pressed {
    pub task: Uuid,
    pub id: String,
    pub name: Text,
}

/// Makes a call known, and how it ended.
pub(super) fn of_call(case: &mut Case, event: &Event) {
    match event {
        Event::CallMade { visit, call } => drop(case.calls.insert(*visit, (**call).clone())),
        Event::CallEnded { visit, end } => {
            if let Some(call) = case.calls.get_mut(visit) {
                call.end = Some(end.clone());
            }
        }
        _ => {}
    }
}

/// Makes a call known that nobody waits for, until it has left.
pub(super) fn of_hook(case: &mut Case, event: &Event) {
    match event {
        Event::HookCalled { id, hook } => drop(case.hooks.insert(*id, (**hook).clone())),
        Event::HookEnded { id, .. } => drop(case.hooks.remove(id)),
        _ => {}
    }
}

impl Case {
    /// A call whose answer is waited for.
    pub fn open_call(&self, visit: u32) -> Option<&Call> {
        let call = self.calls.get(&visit).filter(|call| call.end.is_none())?;
        self.waits_at(visit).then_some(call)
    }

    /// Whether what a button of a task has asked for is still on its way.
    pub fn is_pressed(&self, task: Uuid, button: &str) -> bool {
        let pressed = self.hooks.values().filter_map(|hook| hook.button.as_ref());
        pressed.into_iter().any(|pressed| pressed.task == task && pressed.id == button)
    }

    /// The key under which a call goes out: the same at every attempt, another for every visit of the step.
    pub fn call_key(&self, visit: u32) -> String {
        format!("{}:{visit}", self.order.id)
    }
}
