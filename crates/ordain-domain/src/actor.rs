//! Who did something: a person, a rule, the system itself or a machine with a token.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The originator of a command, recorded in the log with every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// Somebody signed in. The name is kept as it was at the time.
    Person { id: Uuid, name: String },
    /// A token of another system.
    Token { id: Uuid, name: String },
    /// The product itself: timers, reconcilers, imports run by the operator.
    System { name: String },
}

impl Actor {
    pub fn system(name: &str) -> Self {
        Actor::System { name: name.to_owned() }
    }

    /// The person behind the act, if there was one.
    pub fn person(&self) -> Option<Uuid> {
        match self {
            Actor::Person { id, .. } => Some(*id),
            Actor::Token { .. } | Actor::System { .. } => None,
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Actor::Person { name, .. } | Actor::Token { name, .. } | Actor::System { name } => name,
        }
    }
}
