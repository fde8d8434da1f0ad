//! The checks a document must pass before it is published. Each problem is a code with parameters; the
//! words in both languages are put to them at the edge. What cannot be known without a directory of people
//! is reported as not checked, never as fine.

mod beside_customer;
mod contradiction;
mod custom;
mod names;
mod path;
mod people;
mod place;
mod purpose;
mod references;
mod rules;
mod settings;
mod start;
mod steps;
mod strangers;
mod strays;
mod structure;
mod ways;

use crate::doc::FlowDoc;
use crate::rule::{FactSchema, RuleProblem};
use serde::Serialize;
use std::collections::BTreeMap;

pub use people::People;
pub use references::{MAX_ROUNDS, references};
pub use rules::lower_texts;
pub(crate) use rules::{compiled, conditions, lower};
pub use structure::{MAX_DEPTH, MAX_ID, MAX_LANES, MAX_NODES, MIN_LANES, structure, too_large};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub code: &'static str,
    pub severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Keeps the flow from being published.
    Blocker,
    /// Has to be acknowledged.
    Warning,
    Hint,
}

/// Everything found, in reading order within each group of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub problems: Vec<Problem>,
    /// Codes that need what was not given.
    pub not_checked: Vec<&'static str>,
}

impl Report {
    pub fn may_be_published(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Blocker)
    }
}

impl Problem {
    pub(crate) fn new(code: &'static str, severity: Severity) -> Self {
        Self { code, severity, node: None, params: BTreeMap::new() }
    }

    pub(crate) fn blocker(code: &'static str) -> Self {
        Self::new(code, Severity::Blocker)
    }

    pub(crate) fn warning(code: &'static str) -> Self {
        Self::new(code, Severity::Warning)
    }

    pub(crate) fn at(mut self, node: &str) -> Self {
        self.node = Some(node.to_owned());
        self
    }

    pub(crate) fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.params.insert(key.to_owned(), value.to_string());
        self
    }

    pub(crate) fn of_rule(problem: RuleProblem) -> Self {
        Self { code: problem.code, severity: Severity::Blocker, node: None, params: problem.params }
    }
}

/// Checks a document, with everything that can be known from it and from what is given.
pub fn check(doc: &FlowDoc, schema: &FactSchema, people: Option<&People>) -> Report {
    let (base, schema) = (schema, &*doc.schema(schema));
    if let Some(problem) = structure::too_large(doc) {
        return Report { problems: vec![problem], not_checked: Vec::new() };
    }
    let mut problems = structure(doc);
    problems.extend(references(doc));
    problems.extend(custom::fields(doc, base));
    let mut lowered = doc.clone();
    problems.extend(rules::lower(&mut lowered, schema));
    problems.extend(rules::compiled(&lowered, schema));
    problems.extend(rules::doubts(&lowered, schema));
    problems.extend(rules::shares(&lowered, schema));
    problems.extend(names::names(&lowered));
    problems.extend(purpose::purpose(&lowered));
    problems.extend(steps::steps(&lowered, people));
    problems.extend(strays::strays(&lowered, base));
    problems.extend(ways::ways(&lowered));
    problems.extend(start::start(&lowered, schema, people));
    problems.extend(beside_customer::too_late(&lowered));
    // What a custom field says is the sender's word, and caps nothing.
    problems.extend(path::paths(&lowered, base));
    let not_checked = match people {
        Some(people) => {
            problems.extend(people::people(&lowered, people));
            problems.extend(strangers::strangers(&lowered, people));
            problems.extend(names::votes(&lowered, people));
            problems.extend(rules::sets(&lowered, people));
            Vec::new()
        }
        None => vec!["F-002", "F-004", "F-006", "F-008", "F-116", "F-118", "F-127", "F-129", "F-131"],
    };
    Report { problems, not_checked }
}
