//! Money: payments by their references, and what is owed by order and day.

use crate::sql::Connection;

use crate::reader::page;
use crate::row::{all, any_number, insert, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    PaymentRow in "payment"
    key { reference: String, }
    rest {
        order_id: Id,
        number: String,
        customer: String,
        currency: String,
        minor: i64,
        paid_on: String,
        method: String,
        at_ms: i64,
    }
}

row! {
    /// `due_on` is an ISO date.
    ReceivableRow in "receivable"
    key { order_id: Id, due_on: String, }
    rest { number: String, customer: String, currency: String, minor: i64, }
}

/// All that an order owes from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct Receivables {
    pub org: i64,
    pub order_id: Id,
    /// The order owed nothing: spares the look for rows to delete.
    pub first: bool,
    pub rows: Vec<ReceivableRow>,
}

/// Which receivables are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivableFilter {
    pub customer: Option<String>,
    /// Due before this day.
    pub before: Option<String>,
}

pub(crate) fn replace(connection: &Connection<'_>, orders: &[Receivables]) -> Result<(), StoreError> {
    let sql = "DELETE FROM receivable WHERE org_id = ? AND order_id = ?";
    let replaced = orders.iter().filter(|of| !of.first).map(|of| (of.org, of.order_id));
    run_each(connection, sql, replaced, any_number)?;
    insert(connection, orders.iter().flat_map(|of| &of.rows))
}

impl Store {
    pub fn receivables_of_order(&self, org: i64, order: Id) -> Result<Vec<ReceivableRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY due_on", (org, order)))
    }

    /// The oldest first, after the place `after`.
    pub fn list_receivables(
        &self,
        org: i64,
        filter: &ReceivableFilter,
        after: Option<(&str, Id)>,
        limit: usize,
    ) -> Result<Vec<ReceivableRow>, StoreError> {
        let sql = "WHERE org_id = ? AND (due_on, order_id) > (?, ?) AND due_on < ?
            AND (? IS NULL OR customer = ?) ORDER BY due_on, order_id LIMIT ?";
        let (day, order) = after.unwrap_or(("", Id::default()));
        // No date sorts behind it.
        let before = filter.before.as_deref().unwrap_or("~");
        let customer = &filter.customer;
        self.read(|c| all(c, sql, (org, day, order, before, customer, customer, page(limit))))
    }
}
