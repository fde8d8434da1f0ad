//! How long people have where their step does not say: a company's own table, by what a step and its order are.

use crate::doc::{Node, Stage};
use crate::scope::Traits;
use serde::{Deserialize, Serialize};

/// The rows are tried in their order; the first that fits counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    pub items: Vec<SlaRow>,
}

/// What a row leaves open it does not ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_level: Option<String>,
    /// Working minutes from the arrival on.
    pub minutes: u32,
    /// Working minutes before the deadline at which the holder is reminded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_before_minutes: Option<u32>,
}

impl Sla {
    pub fn row(&self, node: &Node, order: &Traits<'_>) -> Option<&SlaRow> {
        self.items.iter().find(|row| row.is_of(node) && row.takes(order))
    }

    /// Whether a step has a deadline by the table, whatever the order.
    pub fn covers(&self, node: &Node) -> bool {
        self.items
            .iter()
            .any(|row| row.is_of(node) && row.order_type.is_none() && row.customer_level.is_none())
    }
}

impl SlaRow {
    fn is_of(&self, node: &Node) -> bool {
        let department = |wanted: &String| node.department.as_ref() == Some(wanted);
        self.stage.is_none_or(|stage| stage == node.stage) && self.department.as_ref().is_none_or(department)
    }

    fn takes(&self, order: &Traits<'_>) -> bool {
        self.order_type.as_deref().is_none_or(|wanted| wanted == order.order_type)
            && self.customer_level.as_deref().is_none_or(|wanted| order.customer_level == Some(wanted))
    }
}
