//! The text form of conditions, in CEL notation. Text is fenced before a parser sees it, parsed by the
//! `cel` crate, lowered into the condition tree and then forgotten: no rule ever runs from text, and what
//! the tree cannot say is refused by name.

mod fence;
mod lower;
mod print;

use crate::rule::{Condition, FactSchema, RuleProblem, compile};
use serde::Serialize;
use thiserror::Error;

pub use fence::{MAX_BYTES, MAX_COMMAS, MAX_COMPARISONS, MAX_DEPTH, MAX_DOTS, MAX_JOINS, MAX_PREFIXES};
pub use print::to_cel;
pub(crate) use print::{print_lines, print_row};

/// Why a text is no condition. Places are byte offsets into the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum TextRefusal {
    #[error("the text has {bytes} bytes, {max} are allowed")]
    TooLong { bytes: usize, max: usize },
    #[error("brackets are nested more than {max} deep at {at}")]
    TooDeep { max: usize, at: usize },
    #[error("more than {max} {what}")]
    TooMany { what: &'static str, max: usize },
    #[error("`{what}` at {at} has no place in a condition")]
    Forbidden { what: String, at: usize },
    #[error("cannot be read at line {line}, column {column}: {message}")]
    Unreadable { line: usize, column: usize, message: String },
    #[error("{what} `{name}` at {at} does not fit the condition tree")]
    DoesNotFit { what: &'static str, name: String, at: usize },
    #[error("the condition names or compares what the facts do not have")]
    Rule { problems: Vec<RuleProblem> },
}

/// Reads a condition from text, in normal form, checked against the schema.
pub fn from_cel(text: &str, schema: &FactSchema) -> Result<Condition, TextRefusal> {
    fence::admit(text)?;
    let condition = lower::lower(text)?.normal();
    match compile(&condition, schema) {
        Ok(_) => Ok(condition),
        Err(problems) => Err(TextRefusal::Rule { problems }),
    }
}
