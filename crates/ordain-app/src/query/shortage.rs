//! What purchasing and production are asked for and nobody has answered: one queue, the most urgent first.

use ordain_store::{Id, PurchaseLineRow, Store, StoreError, WorkOrderRow};

/// How many overdue requests are told of in one commit.
const TOLD_AT_ONCE: usize = 100;

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

    pub fn number(&self) -> &str {
        match self {
            Request::Purchase(row) => &row.number,
            Request::Work(row) => &row.number,
        }
    }

    pub fn product(&self) -> &str {
        match self {
            Request::Purchase(row) => &row.product,
            Request::Work(row) => &row.product,
        }
    }

    pub fn qty_milli(&self) -> i64 {
        match self {
            Request::Purchase(row) => row.qty_milli,
            Request::Work(row) => row.qty_milli,
        }
    }

    /// When the goods are needed.
    pub fn due_date(&self) -> Option<&str> {
        match self {
            Request::Purchase(row) => row.due_date.as_deref(),
            Request::Work(row) => row.due_date.as_deref(),
        }
    }

    pub fn owner(&self) -> Option<Id> {
        match self {
            Request::Purchase(row) => row.owner,
            Request::Work(row) => row.owner,
        }
    }

    pub fn order_id(&self) -> Option<Id> {
        match self {
            Request::Purchase(row) => row.order_id,
            Request::Work(row) => row.order_id,
        }
    }
}

/// The oldest requests behind `after` that were to be answered before `now_ms`.
///
/// # Errors
/// What the store says.
pub fn overdue(store: &Store, org: i64, after: &Place, now_ms: i64) -> Result<Vec<Request>, StoreError> {
    let mut requests = open(store, org, after, TOLD_AT_ONCE)?;
    requests.retain(|request| request.place().0 < now_ms);
    Ok(requests)
}

/// A page of the queue, behind `after`.
///
/// # Errors
/// What the store says.
pub fn open(store: &Store, org: i64, after: &Place, limit: usize) -> Result<Vec<Request>, StoreError> {
    let (at_ms, number, line) = (after.0, after.1.as_str(), after.2);
    let bought = store.requested_purchases(org, (at_ms, number, line), limit)?;
    let made = store.requested_work(org, (at_ms, number), limit)?;
    let mut requests: Vec<Request> = bought.into_iter().map(Request::Purchase).collect();
    requests.extend(made.into_iter().map(Request::Work));
    requests.sort_by_key(Request::place);
    requests.truncate(limit);
    Ok(requests)
}
