//! The engine: a run is a flow working on one order. `step` decides what happens and changes nothing,
//! `apply` is the only thing that changes a run, and folding the events of a run gives that run.

mod apply;
mod asked;
mod back;
mod block;
mod decide;
mod enter;
mod event;
mod flow;
mod intervene;
mod refusal;
mod revise;
mod state;
mod step;
mod wait;
mod waiting;
mod walk;
mod withdraw;

pub use apply::apply;
pub use enter::DEFAULT_ROUNDS;
pub use event::{Assigned, CloseReason, Event, LaneOf, LaneTried, WayBack};
pub use flow::Flow;
pub use refusal::StepRefusal;
pub use state::{
    Answer, Closed, Completion, CountedLane, Decision, Detour, ExceptionCause, LaneEnd, OpenBlock, Run,
    RunStatus, Spared, Visit, VisitKind, WaitEnd,
};
pub use step::{Input, MAX_ADVANCES, step};
pub use waiting::{Waiting, WaitingFor, waiting};
