//! The company's saved lists, such as its key customers, that rules name by their code.

use ordain_flow::doc::Text;
use ordain_flow::rule::{Sets, Value};
use serde::{Deserialize, Serialize};

/// All saved lists of a company. They are replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSets {
    pub items: Vec<SavedSet>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSet {
    pub code: String,
    pub name: Text,
    /// What rules compare with: codes of customers or products, levels, logins, words.
    pub values: Vec<String>,
}

impl SavedSets {
    /// As rules read them.
    pub fn sorted(&self) -> Sets {
        let values = |set: &SavedSet| {
            let mut values: Vec<Value> =
                set.values.iter().map(|value| Value::Text(value.as_str().into())).collect();
            values.sort_unstable();
            values
        };
        self.items.iter().map(|set| (set.code.clone(), values(set))).collect()
    }
}
