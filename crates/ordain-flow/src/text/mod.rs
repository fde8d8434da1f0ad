//! The text form of conditions, in CEL notation. Text is fenced before a parser sees it, parsed by the
//! `cel` crate, lowered into the condition tree and then forgotten: no rule ever runs from text, and what
//! the tree cannot say is refused by name.

mod fence;
mod lower;
mod print;

use crate::rule::{Condition, FactSchema, RuleProblem, compile};
use serde::Serialize;
use thiserror::Error;

pub use fence::{
    MAX_BYTES, MAX_COMMAS, MAX_COMPARISONS, MAX_DEPTH, MAX_DOTS, MAX_JOINS, MAX_PREFIXES, MAX_SUMS,
};
pub use print::to_cel;
pub(crate) use print::{print_lines, print_row};

/// What a row says of an empty field where a person is to be asked: `if_empty(row, "exception")`.
const EXCEPTION: &str = "exception";

/// Why a text is no condition. Places are byte offsets into the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum TextRefusal {
    #[error("the text has {bytes} bytes, {max} are allowed")]
    TooLong { bytes: usize, max: usize },
    #[error("brackets are nested more than {max} deep at {at}")]
    TooDeep { max: usize, at: usize },
    #[error("more than {max} {what}")]
    TooMany {
        #[serde(rename = "name")]
        what: &'static str,
        max: usize,
    },
    #[error("`{what}` at {at} has no place in a condition")]
    Forbidden {
        #[serde(rename = "name")]
        what: String,
        at: usize,
    },
    #[error("cannot be read at line {line}, column {column}: {message}")]
    Unreadable { line: usize, column: usize, message: String },
    #[error("{what} `{name}` at {at} does not fit the condition tree")]
    DoesNotFit { what: &'static str, name: String, at: usize },
    #[error("the condition names or compares what the facts do not have")]
    Rule { problems: Vec<RuleProblem> },
}

/// Reads a condition from text, in normal form, checked against the schema.
pub fn from_cel(text: &str, schema: &FactSchema) -> Result<Condition, TextRefusal> {
    read(text, schema).map_err(|mut refused| refused.swap_remove(0))
}

/// As [`from_cel`], with everything that is wrong: what does not fit the tree, and what the rest of it names or compares
/// wrongly. There is at least one refusal.
pub fn read(text: &str, schema: &FactSchema) -> Result<Condition, Vec<TextRefusal>> {
    fence::admit(text).map_err(|refused| vec![refused])?;
    let (lowered, mut refused) = lower::lower(text);
    let condition = lowered.map(Condition::normal);
    let problems = condition.as_ref().and_then(|condition| compile(condition, schema).err());
    refused.extend(problems.map(|problems| TextRefusal::Rule { problems }));
    match condition {
        Some(condition) if refused.is_empty() => Ok(condition),
        _ => Err(refused),
    }
}
