//! Rules over facts: a typed condition tree, compiled once against a fact schema and run by a small
//! interpreter of our own. Cost is bounded by the tree, numbers are exact decimals, and every row can say
//! which value it saw.

mod compile;
mod condition;
mod eval;
mod fact;
mod formula;
mod pattern;

pub(crate) use compile::TEXT_LEFT;
pub use compile::{MAX_LIST, MAX_NESTING, MAX_ROWS, RuleProblem, compile};
pub use condition::{Condition, Lines, OnEmpty, Operand, Operator, Row};
pub use eval::{RowExplained, Rule};
pub use fact::{
    Day, FactSchema, Facts, FieldDef, FieldType, FindingFact, Member, Sets, Value, result_of, step_of,
};
pub use formula::{Deviation, Formula};
pub use pattern::MAX_PATTERN;
