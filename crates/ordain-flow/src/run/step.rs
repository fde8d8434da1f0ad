//! One input, one decision: which input is allowed in which state, and where it sets the run moving. All
//! that can advance does so in the same call.

use super::event::{CloseReason, Event, WayBack};
use super::flow::{At, Flow, MAIN};
use super::refusal::StepRefusal;
use super::state::{Answer, Completion, Decision, Run, RunStatus, Spared};
use super::walk::Walk;
use crate::doc::Outcome;
use crate::rule::Facts;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Steps entered in one call. A document whose loops could need more is not published.
pub const MAX_ADVANCES: usize = 1_000;

/// What comes to a run from outside. Whether whoever sends it may is the caller's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    Start,
    /// The sender has completed or edited the order.
    Resubmit,
    /// The facts have changed without the sender: stock arrived, a product was created.
    Recheck,
    /// A person decided.
    Decide {
        visit: u32,
        decision: Decision,
    },
    /// A person sends the order back to an earlier step.
    ReturnTo {
        visit: u32,
        to: Arc<str>,
        way: WayBack,
    },
    /// A person approves a step to which the order was returned; these steps look again before it comes straight back,
    /// because something they guard has changed.
    ApproveReturned {
        visit: u32,
        again: Vec<Arc<str>>,
    },
    /// A person takes an approval back.
    Withdraw {
        visit: u32,
    },
    /// A rule of the house passes the task: nobody is there, the person has decided before, the deadline says so; or
    /// the customer has accepted as much before.
    PassByRule {
        visit: u32,
        spared: Spared,
    },
    /// The customer answered, or did not in time.
    Answer {
        visit: u32,
        answer: Answer,
    },
    /// The time of a delay has come, or that of an awaited event has run out.
    TimeUp {
        visit: u32,
    },
    /// The awaited event.
    Arrived {
        visit: u32,
    },
    /// The call or the inner runs have come to a good end.
    Done {
        visit: u32,
    },
    /// The inner runs have come to a good end, and have changed what these steps looked at: they look again before the run
    /// goes on.
    DoneAnew {
        visit: u32,
        again: Vec<Arc<str>>,
    },
    /// The call or the inner runs have failed for good, or a delay takes too long.
    Failed {
        visit: u32,
    },
    /// The sender takes back what was handed in.
    Recall,
    /// A process admin moves the run to another step.
    JumpTo {
        to: Arc<str>,
    },
    /// The run is in another version of its flow, and goes on at these steps in the place of those that are gone. Each
    /// stands in the lane, and beside the lanes, of the one that it replaces, or is in the main sequence.
    Replace {
        targets: Vec<Arc<str>>,
    },
    /// A process admin lets the run go on without what it waits for.
    Skip {
        visit: u32,
    },
    /// A failed step runs once more.
    RunAgain {
        visit: u32,
    },
    /// A process admin rejects or cancels.
    EndRun {
        outcome: Outcome,
    },
    /// A process admin begins a rejected, cancelled or expired run anew.
    Revive,
    /// The order was changed while it is reviewed, or after it was confirmed. These steps look again whatever they said.
    Revise {
        again: Vec<Arc<str>>,
    },
    /// The change of a confirmed order is not made.
    DropRevision,
    Cancel,
}

impl Input {
    /// The stay that it is about; none for what concerns the run as a whole.
    pub fn visit(&self) -> Option<u32> {
        match self {
            Self::Decide { visit, .. }
            | Self::ReturnTo { visit, .. }
            | Self::ApproveReturned { visit, .. }
            | Self::Withdraw { visit }
            | Self::PassByRule { visit, .. }
            | Self::Answer { visit, .. }
            | Self::TimeUp { visit }
            | Self::Arrived { visit }
            | Self::Done { visit }
            | Self::DoneAnew { visit, .. }
            | Self::Failed { visit }
            | Self::Skip { visit }
            | Self::RunAgain { visit } => Some(*visit),
            Self::Start
            | Self::Resubmit
            | Self::Recheck
            | Self::Recall
            | Self::JumpTo { .. }
            | Self::Replace { .. }
            | Self::EndRun { .. }
            | Self::Revive
            | Self::Revise { .. }
            | Self::DropRevision
            | Self::Cancel => None,
        }
    }
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
    match (&run.status, input) {
        (RunStatus::Ended { outcome }, Input::Revive) => walk.revive(*outcome)?,
        (RunStatus::Ended { outcome: Outcome::Confirmed | Outcome::Completed }, Input::Revise { again }) => {
            walk.revise(again)?
        }
        (RunStatus::New, Input::DropRevision) => return Err(StepRefusal::NotStarted),
        (_, Input::DropRevision) => walk.drop_revision()?,
        (RunStatus::Ended { outcome }, _) => return Err(StepRefusal::AlreadyEnded { outcome: *outcome }),
        (RunStatus::New, Input::Start) => walk.go_on(At::start_of(MAIN))?,
        (RunStatus::New, _) => return Err(StepRefusal::NotStarted),
        (RunStatus::WaitingForCompletion { visit, node, by, since_ms }, Input::Resubmit | Input::Recheck) => {
            match (by, input) {
                (Completion::Checks(_), _) => walk.check_again(*visit, node, *since_ms)?,
                (Completion::Person | Completion::Sender, Input::Resubmit) => walk.restart()?,
                (Completion::Person | Completion::Sender, _) => {}
            }
        }
        (_, input) => walk.take(input)?,
    }
    Ok(walk.events)
}

impl Walk<'_> {
    /// The inputs of a run that is under way.
    fn take(&mut self, input: &Input) -> Result<(), StepRefusal> {
        match input {
            Input::Start => Err(StepRefusal::AlreadyStarted),
            Input::Resubmit => Err(StepRefusal::NotWaitingForCompletion),
            Input::Recheck => self.recheck(),
            Input::Decide { visit, decision } => self.decide(*visit, *decision),
            Input::ReturnTo { visit, to, way } => self.return_to(*visit, to, *way),
            Input::ApproveReturned { visit, again } => self.approve_returned(*visit, again),
            Input::Withdraw { visit } => self.withdraw(*visit),
            Input::Recall => self.recall(),
            Input::PassByRule { visit, spared } => self.pass_by_rule(*visit, *spared),
            Input::Answer { visit, answer } => self.answer(*visit, *answer),
            Input::TimeUp { visit } => self.time_up(*visit),
            Input::Arrived { visit } => self.arrived(*visit),
            Input::Done { visit } => self.done(*visit),
            Input::DoneAnew { visit, again } => self.done_anew(*visit, again),
            Input::Failed { visit } => self.failed(*visit),
            Input::JumpTo { to } => self.jump_to(std::slice::from_ref(to), false),
            Input::Replace { targets } => self.jump_to(targets, true),
            Input::Skip { visit } => self.skip(*visit),
            Input::RunAgain { visit } => self.run_again(*visit),
            Input::EndRun { outcome } => self.end_run(*outcome),
            Input::Revive => Err(StepRefusal::NotEnded),
            Input::Revise { again } => self.revise(again),
            Input::DropRevision => self.drop_revision(),
            Input::Cancel => {
                self.finish(CloseReason::Cancelled, Outcome::Cancelled);
                Ok(())
            }
        }
    }

    /// The path begins again at the automatic checks.
    pub(super) fn restart(&mut self) -> Result<(), StepRefusal> {
        let position = self.flow.restart_position();
        self.go_on(At { position, ..At::start_of(MAIN) })
    }
}
