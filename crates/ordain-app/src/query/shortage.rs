//! What purchasing and production are asked for and nobody has answered: one queue, the most urgent first.

use super::QueryError;
use ordain_store::{Id, PurchaseLineRow, Store, WorkOrderRow};

/// A task to buy or to make goods.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Purchase(PurchaseLineRow),
    Work(WorkOrderRow),
}

/// Where a request stands in the queue: its deadline, number and line.
pub type Place = (i64, String, i64);

impl Request {
    /// What has no deadline comes last. A work order has no lines.
    pub fn place(&self) -> Place {
        let at = |ms: Option<i64>| ms.unwrap_or(i64::MAX);
        match self {
            Request::Purchase(row) => (at(row.answer_by_ms), row.number.clone(), row.line),
            Request::Work(row) => (at(row.answer_by_ms), row.number.clone(), 0),
        }
    }

    pub fn order_id(&self) -> Option<Id> {
        match self {
            Request::Purchase(row) => row.order_id,
            Request::Work(row) => row.order_id,
        }
    }
}

/// A page of the queue, behind `after`.
///
/// # Errors
/// What the store says.
pub fn open(store: &Store, org: i64, after: &Place, limit: usize) -> Result<Vec<Request>, QueryError> {
    let (at_ms, number, line) = (after.0, after.1.as_str(), after.2);
    let bought = store.requested_purchases(org, (at_ms, number, line), limit)?;
    let made = store.requested_work(org, (at_ms, number), limit)?;
    let mut requests: Vec<Request> = bought.into_iter().map(Request::Purchase).collect();
    requests.extend(made.into_iter().map(Request::Work));
    requests.sort_by_key(Request::place);
    requests.truncate(limit);
    Ok(requests)
}
