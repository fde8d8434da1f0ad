//! One input, one decision: which input is allowed in which state, and where it sets the run moving. All
//! that can advance does so in the same call.

use super::event::{CloseReason, Event};
use super::flow::{Flow, MAIN};
use super::state::{Closed, Completion, Decision, Run, RunStatus};
use super::walk::Walk;
use crate::doc::{NodeKind, Outcome};
use crate::rule::Facts;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thiserror::Error;

/// Steps entered in one call; a document is far smaller and has no loops.
pub const MAX_ADVANCES: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    Start,
    /// The sender has completed or edited the order.
    Resubmit,
    /// The facts have changed without the sender: stock arrived, a product was created.
    Recheck,
    /// A person decided; whether they may is the caller's business.
    Decide {
        visit: u32,
        decision: Decision,
    },
    Cancel,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum StepRefusal {
    #[error("the run has not started")]
    NotStarted,
    #[error("the run has already started")]
    AlreadyStarted,
    #[error("the run has ended")]
    AlreadyEnded { outcome: Outcome },
    #[error("the run does not wait for its sender")]
    NotWaitingForCompletion,
    #[error("there was never a task {visit}")]
    UnknownVisit { visit: u32 },
    #[error("task {visit} is already decided")]
    AlreadyDecided { visit: u32, decision: Decision },
    #[error("task {visit} is no longer needed: its findings are clear")]
    PassedByRule { visit: u32 },
    #[error("task {visit} was closed")]
    TaskClosed { visit: u32, close_reason: CloseReason },
    #[error("the flow has no step {node}")]
    UnknownNode { node: Arc<str> },
    #[error("the path does not lead to an end")]
    PathBroken { node: Arc<str> },
    #[error("more than {max} steps in one go")]
    TooManyAdvances { max: usize },
}

/// What the input makes happen. Nothing is changed; the caller applies the events.
pub fn step(
    flow: &Flow,
    run: &Run,
    input: &Input,
    facts: &Facts,
    now_ms: i64,
) -> Result<Vec<Event>, StepRefusal> {
    let mut walk = Walk::new(flow, run, facts, now_ms);
    match (&run.status, *input) {
        (RunStatus::Ended { outcome }, _) => {
            return Err(StepRefusal::AlreadyEnded { outcome: *outcome });
        }
        (RunStatus::New, Input::Start) => walk.follow_main(0)?,
        (RunStatus::New, _) => return Err(StepRefusal::NotStarted),
        (_, Input::Start) => return Err(StepRefusal::AlreadyStarted),
        (_, Input::Cancel) => {
            walk.close_all(CloseReason::Cancelled);
            walk.emit(Event::Ended { visit: None, outcome: Outcome::Cancelled });
        }
        (_, Input::Decide { visit, decision }) => decide(&mut walk, visit, decision)?,
        (RunStatus::WaitingForCompletion { by: Completion::Person, .. }, Input::Resubmit) => {
            walk.follow_main(flow.restart_position())?;
        }
        (RunStatus::WaitingForCompletion { by: Completion::Person, .. }, Input::Recheck) => {}
        (RunStatus::WaitingForCompletion { visit, node, since_ms, .. }, Input::Resubmit | Input::Recheck) => {
            walk.check_again(*visit, node, *since_ms)?
        }
        (RunStatus::Running, Input::Resubmit) => return Err(StepRefusal::NotWaitingForCompletion),
        (RunStatus::Running, Input::Recheck) => recheck_reviews(&mut walk, run)?,
    }
    Ok(walk.events)
}

fn decide(walk: &mut Walk<'_>, visit: u32, decision: Decision) -> Result<(), StepRefusal> {
    let known = walk.run.visit(visit).ok_or(StepRefusal::UnknownVisit { visit })?;
    match known.closed {
        None => {}
        Some(Closed::Decided(decision)) => return Err(StepRefusal::AlreadyDecided { visit, decision }),
        Some(Closed::PassedByRule) => return Err(StepRefusal::PassedByRule { visit }),
        Some(Closed::Without(close_reason)) => return Err(StepRefusal::TaskClosed { visit, close_reason }),
    }
    let node = known.node.clone();
    walk.emit(Event::Decided { visit, node: node.clone(), decision });
    match decision {
        Decision::Approve => walk.leave(&node)?,
        Decision::Reject => {
            walk.close_all(CloseReason::Rejected);
            walk.emit(Event::Ended { visit: None, outcome: Outcome::Rejected });
        }
        Decision::Return => {
            walk.close_all(CloseReason::Returned);
            let at_ms = walk.now_ms;
            walk.emit(Event::ReturnedForCompletion { visit, node, by: Completion::Person, at_ms });
        }
    }
    Ok(())
}

/// Tasks whose findings have become clear since they were opened pass by rule.
fn recheck_reviews(walk: &mut Walk<'_>, run: &Run) -> Result<(), StepRefusal> {
    for open in run.open_visits() {
        let index = walk.index(&open.node)?;
        let clear = match walk.flow.step_at(index).map(|step| &step.node.kind) {
            Some(NodeKind::Review(settings)) => settings.auto_when_clear && walk.is_clear(settings),
            Some(NodeKind::Notify { .. } | NodeKind::End { .. }) => !walk.anything_open(),
            _ => false,
        };
        let still_open = walk.run.visit(open.visit).is_some_and(|visit| visit.closed.is_none());
        if clear && still_open {
            walk.emit(Event::PassedByRule { visit: open.visit, node: open.node.clone() });
            walk.leave(&open.node)?;
        }
    }
    Ok(())
}

impl Walk<'_> {
    /// Enters the main sequence at a position and goes as far as it leads.
    pub(super) fn follow_main(&mut self, position: usize) -> Result<(), StepRefusal> {
        self.follow(MAIN, position).map(|_| ())
    }
}
