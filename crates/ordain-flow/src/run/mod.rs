//! The engine: a run is a flow working on one order. `step` decides what happens and changes nothing,
//! `apply` is the only thing that changes a run, and folding the events of a run gives that run.

mod event;
mod flow;
mod state;
mod step;
mod waiting;
mod walk;

pub use event::{CloseReason, Event, LaneRefused};
pub use flow::Flow;
pub use state::{Closed, Completion, Decision, Run, RunStatus, Visit, apply};
pub use step::{Input, MAX_ADVANCES, StepRefusal, step};
pub use waiting::{Waiting, WaitingFor, waiting};
