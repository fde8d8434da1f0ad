//! Flow documents, the rules in them, the checks before they are published, and the engine that walks
//! them. The crate is pure and knows no order, only facts: the same flow, run, input, facts and instant
//! give the same events, byte for byte.

pub mod check;
pub mod doc;
pub mod rule;
pub mod run;
pub mod text;
pub mod vote;

pub use check::{People, Problem, Report, Severity, check};
pub use doc::{FlowDoc, Node, NodeKind, Outcome, Party, Text, json_schema};
pub use rule::{Condition, FactSchema, Facts, FindingFact, Rule, Value, compile};
pub use run::{Decision, Event, Flow, Input, Run, RunStatus, StepRefusal, apply, step, waiting};
pub use text::{TextRefusal, from_cel, to_cel};
