//! Flow documents, the rules in them, the checks before they are published, and the engine that walks
//! them; and what people read of them: pictures, procedures, differences in plain sentences. The crate is pure and knows no order, only facts: the same flow, run, input, facts and instant
//! give the same events, byte for byte.

pub mod access;
pub mod bpmn;
pub mod check;
pub mod coverage;
pub mod diff;
pub mod doc;
pub mod migrate;
pub mod picture;
pub mod replay;
pub mod rule;
pub mod run;
pub mod scope;
pub mod sla;
pub mod sop;
pub mod text;
pub mod vote;
pub mod words;
mod xml;

pub use check::{People, Problem, Report, Severity, check};
pub use doc::{FlowDoc, Node, NodeKind, Outcome, Party, Text, json_schema};
pub use rule::{Condition, FactSchema, Facts, FindingFact, Rule, Value, compile};
pub use run::{Decision, Event, Flow, Input, Run, RunStatus, StepRefusal, apply, step, waiting};
pub use text::{TextRefusal, from_cel, to_cel};
