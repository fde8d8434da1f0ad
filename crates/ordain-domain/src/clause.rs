//! The standard clauses of a company's contracts. A text is never replaced: each change is a version of its own, so that
//! an order can be read under the words it was made under.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All clauses by code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clauses(pub BTreeMap<String, Clause>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Whether every order has to have it.
    pub required: bool,
    /// Oldest first; the last one is in force.
    pub versions: Vec<ClauseText>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseText {
    pub zh: String,
    pub en: String,
    pub since_ms: i64,
}

/// A clause of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderClause {
    pub code: String,
    /// From 1; set when the order comes in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Other words than the standard ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Clause {
    /// The number of the version in force, from 1; none yet is 0.
    pub fn current(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }

    pub fn version(&self, version: u32) -> Option<&ClauseText> {
        self.versions.get(usize::try_from(version).ok()?.checked_sub(1)?)
    }
}

impl Clauses {
    /// Notes under which version each clause was agreed, where nobody has said so.
    pub fn pin(&self, clauses: &mut [OrderClause]) {
        for clause in clauses.iter_mut().filter(|clause| clause.version.is_none()) {
            clause.version = self.0.get(&clause.code).map(Clause::current);
        }
    }
}

impl OrderClause {
    /// Whether the words are others than those of the standard text.
    pub fn departs(&self, standard: &ClauseText) -> bool {
        let same = |text: &str, standard: &str| !standard.is_empty() && text.trim() == standard.trim();
        self.text.as_deref().is_some_and(|text| !same(text, &standard.zh) && !same(text, &standard.en))
    }
}
