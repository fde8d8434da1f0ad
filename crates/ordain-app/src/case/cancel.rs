//! Why orders are cancelled: the company's own list, so that lost orders can be counted by their cause.

use super::decide::MERGED;
use ordain_flow::doc::Text;
use serde::{Deserialize, Serialize};

/// What a company starts with.
const SHIPPED: &str = include_str!("../../data/cancel-reasons.json");

/// The reason that says nothing by itself.
pub const OTHER: &str = "other";

/// All reasons of a company. They are replaced as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelReasons {
    pub items: Vec<CancelReason>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelReason {
    pub code: String,
    pub name: Text,
}

impl Default for CancelReasons {
    fn default() -> Self {
        // The file is part of the program; a test reads it.
        serde_json::from_str(SHIPPED).unwrap_or(Self { items: Vec::new() })
    }
}

impl CancelReasons {
    /// Whether an order may be cancelled for it.
    pub fn knows(&self, code: &str) -> bool {
        [OTHER, MERGED].contains(&code) || self.items.iter().any(|known| known.code == code)
    }

    pub fn find(&self, code: &str) -> Option<&CancelReason> {
        self.items.iter().find(|known| known.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_can_be_read_and_has_words_in_both_languages() {
        let shipped = CancelReasons::default();
        assert!(shipped.items.len() >= 8 && shipped.find(OTHER).is_some());
        assert!(shipped.items.iter().all(|known| !known.name.zh.is_empty() && !known.name.en.is_empty()));
    }
}
