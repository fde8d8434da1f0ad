//! Faults in what was sent: a field, a code and what was found there. Words for codes live in `locales/`.

use serde::Serialize;
use std::collections::BTreeMap;

/// One fault in a request that could not be taken as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: String,
    pub path: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Fault {
    pub fn new(code: &str, path: impl Into<String>) -> Self {
        Self { code: code.to_owned(), path: path.into(), facts: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }
}
