//! What a command changed, as the log keeps it: for each object the fields that differ, before and after.
//! Rows that stay as they are do not stand in the log.

use ordain_domain::order::content::Difference;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// One changed object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Change {
    /// What kind of object: `customer`, `product`, `user`…
    pub put: &'static str,
    pub key: String,
    pub changes: Vec<Difference>,
    /// Why, where an act asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Change {
    /// The difference between two objects; nothing if there is none. A new object has no `before`.
    pub fn between(put: &'static str, key: &str, before: Option<&Value>, after: &Value) -> Option<Self> {
        let none = Value::Null;
        let field = |of: Option<&Value>, name: &str| of.and_then(|of| of.get(name)).unwrap_or(&none).clone();
        let names: BTreeSet<&String> = [before, Some(after)]
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flat_map(|map| map.keys())
            .collect();
        let changes: Vec<Difference> = names
            .into_iter()
            .map(|name| Difference {
                line: None,
                path: name.clone(),
                before: field(before, name),
                after: field(Some(after), name),
            })
            .filter(|difference| difference.before != difference.after)
            .collect();
        (before.is_none() || !changes.is_empty()).then(|| Self {
            put,
            key: key.to_owned(),
            changes,
            reason: None,
        })
    }
}
