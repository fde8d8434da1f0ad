//! What lists of orders and queues of tasks can be asked for alike: what is known of the order, and the step where it
//! waits.

use crate::query::Query;
use crate::sql::Value;

/// Gross amounts in one currency, both ends included: amounts in different currencies are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmountRange {
    pub currency: String,
    /// The company's own currency, which is that of orders that name none.
    pub home: String,
    pub from_minor: Option<i64>,
    pub to_minor: Option<i64>,
}

/// What is known of an order beside where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderTraits {
    pub customer: Option<String>,
    pub amount: Option<AmountRange>,
    /// A warehouse in which goods are held for the order.
    pub warehouse: Option<String>,
}

impl OrderTraits {
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }

    /// Goes on with a statement about rows of `orders`.
    pub(crate) fn narrow(&self, query: &mut Query) {
        query.and_some("customer = ?", self.customer.clone());
        if let Some(amount) = &self.amount {
            query.and("coalesce(currency, ?) = ?", amount.home.clone());
            query.values.push(amount.currency.clone().into());
            query.and_some("total_minor >= ?", amount.from_minor);
            query.and_some("total_minor <= ?", amount.to_minor);
        }
        query.and_some(
            "EXISTS (SELECT 1 FROM reservation WHERE reservation.org_id = orders.org_id
                AND reservation.order_id = orders.id AND reservation.warehouse = ?)",
            self.warehouse.clone(),
        );
    }
}

/// A step of a flow, the same in all its versions; without a flow, of whatever flow has a step of that id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepKey {
    pub flow: Option<String>,
    pub node: String,
}

/// Rows of `task` that are at one of the steps, as a condition in brackets; none if there are no steps. Rows that were
/// written before their flow was kept are known by the id of their step alone.
pub(crate) fn at_steps(steps: &[StepKey]) -> Option<(String, Vec<Value>)> {
    let mut values: Vec<Value> = Vec::new();
    let each = |step: &StepKey| {
        values.push(step.node.clone().into());
        let Some(flow) = &step.flow else { return "task.node = ?" };
        values.push(flow.clone().into());
        "(task.node = ? AND (task.flow IS NULL OR task.flow = ?))"
    };
    let any: Vec<&str> = steps.iter().map(each).collect();
    (!any.is_empty()).then(|| (format!("({})", any.join(" OR ")), values))
}
