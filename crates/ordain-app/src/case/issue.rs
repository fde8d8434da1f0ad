//! Issue types: for each kind of problem, who handles it first, until when, and how. Whoever reports a problem only says
//! what kind it is.

use super::deadline;
use super::world::House;
use ordain_flow::doc::{Party, Text};
use serde::{Deserialize, Serialize};

/// What a company starts with.
const SHIPPED: &str = include_str!("../../data/issue-types.json");

/// Occasions beside the kinds of exceptions to which a type can apply.
pub const QUESTION_TO_CUSTOMER: &str = "question_to_customer";
pub const QUESTION_TO_SALES: &str = "question_to_sales";

/// All issue types of a company. They are replaced as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueTypes {
    pub items: Vec<IssueType>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueType {
    pub code: String,
    pub name: Text,
    /// Who handles it first.
    pub handler: Party,
    /// Working minutes of the handler's calendar until an answer is due.
    pub answer_minutes: u32,
    /// How it is handled, in words people can follow.
    #[serde(default)]
    pub guidance: Text,
    /// Kinds of exceptions, and questions, that are handled in the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies_to: Vec<String>,
}

impl Default for IssueTypes {
    fn default() -> Self {
        // The file is part of the program; a test reads it.
        serde_json::from_str(SHIPPED).unwrap_or(Self { items: Vec::new() })
    }
}

impl IssueTypes {
    pub fn find(&self, code: &str) -> Option<&IssueType> {
        self.items.iter().find(|known| known.code == code)
    }

    /// The type that says how an exception of a kind, or a question, is handled.
    pub fn for_occasion(&self, occasion: &str) -> Option<&IssueType> {
        self.items.iter().find(|known| known.applies_to.iter().any(|name| name == occasion))
    }
}

impl IssueType {
    pub fn due_ms(&self, house: &House, from_ms: i64) -> i64 {
        deadline::calendar(house, &self.handler).add_working_minutes(from_ms, self.answer_minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_can_be_read_and_says_who_and_until_when() {
        let shipped = IssueTypes::default();
        assert!(shipped.items.len() >= 5);
        for known in &shipped.items {
            assert!(known.answer_minutes > 0 && !known.handler.is_blank(), "{}", known.code);
            assert!(!known.name.zh.is_empty() && !known.name.en.is_empty(), "{}", known.code);
            assert!(!known.guidance.is_blank() && known.applies_to.is_empty(), "{}", known.code);
        }
    }
}
