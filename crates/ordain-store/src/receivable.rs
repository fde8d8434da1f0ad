//! Money: payments by their references, invoices by their numbers, and what is owed by order and day.

use crate::sql::Connection;

use crate::query::Query;
use crate::reader::page;
use crate::row::{all, any_number, first, insert, row, run_each};
use crate::{Id, OrderReach, Store, StoreError};

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
    InvoiceRow in "invoice"
    key { number: String, }
    rest { order_id: Id, order_number: String, at_ms: i64, }
}

row! {
    /// `due_on` is an ISO date.
    ReceivableRow in "receivable"
    key { order_id: Id, due_on: String, }
    rest { number: String, customer: String, currency: String, minor: i64, }
}

row! {
    /// What of an unpaid order has been shipped and not billed, and what was billed.
    StageRow in "order_stage"
    key { order_id: Id, }
    rest { customer: String, shipped_minor: i64, billed_minor: i64, }
}

/// All that an order owes from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct Receivables {
    pub org: i64,
    pub order_id: Id,
    /// The order owed nothing and nothing had left or was billed: spares the look for rows to delete.
    pub first: bool,
    pub rows: Vec<ReceivableRow>,
    pub stage: Option<StageRow>,
}

/// Which receivables are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivableFilter {
    pub customer: Option<String>,
    /// Due before this day.
    pub before: Option<String>,
    /// Of orders that are reached; none: of all.
    pub reach: Option<OrderReach>,
}

pub(crate) fn replace(connection: &Connection<'_>, orders: &[Receivables]) -> Result<(), StoreError> {
    let sql = "DELETE FROM receivable WHERE org_id = ? AND order_id = ?";
    let replaced = || orders.iter().filter(|of| !of.first).map(|of| (of.org, of.order_id));
    run_each(connection, sql, replaced(), any_number)?;
    let sql = "DELETE FROM order_stage WHERE org_id = ? AND order_id = ?";
    run_each(connection, sql, replaced(), any_number)?;
    insert(connection, orders.iter().flat_map(|of| &of.rows))?;
    insert(connection, orders.iter().filter_map(|of| of.stage.as_ref()))
}

impl Store {
    pub fn receivables_of_order(&self, org: i64, order: Id) -> Result<Vec<ReceivableRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY due_on", (org, order)))
    }

    pub fn stage_of_order(&self, org: i64, order: Id) -> Result<Option<StageRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND order_id = ?", (org, order)))
    }

    /// What of a customer's unpaid orders has been shipped and not billed, and what was billed.
    pub fn stages_of_customer(&self, org: i64, customer: &str) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT CAST(coalesce(sum(shipped_minor), 0) AS BIGINT), CAST(coalesce(sum(billed_minor), 0) AS BIGINT)
            FROM order_stage WHERE org_id = ? AND customer = ?";
        let sums = self.read(|c| c.query_one(sql, (org, customer), |row| Ok((row.get(0)?, row.get(1)?))))?;
        Ok(sums.unwrap_or_default())
    }

    /// What a customer should have paid before a day.
    pub fn overdue_of_customer(&self, org: i64, customer: &str, before: &str) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(coalesce(sum(minor), 0) AS BIGINT) FROM receivable
            WHERE org_id = ? AND customer = ? AND due_on < ?";
        Ok(self.read(|c| c.query_one(sql, (org, customer, before), |row| row.get(0)))?.unwrap_or_default())
    }

    /// The oldest first, after the place `after`.
    pub fn list_receivables(
        &self,
        org: i64,
        filter: &ReceivableFilter,
        after: Option<(&str, Id)>,
        limit: usize,
    ) -> Result<Vec<ReceivableRow>, StoreError> {
        let (day, order) = after.unwrap_or(("", Id::default()));
        let values = vec![org.into(), day.to_owned().into(), order.to_vec().into()];
        let mut query = Query::new("WHERE org_id = ? AND (due_on, order_id) > (?, ?)", values);
        query.and_some("due_on < ?", filter.before.clone());
        query.and_some("customer = ?", filter.customer.clone());
        query.and_of_reached("receivable", filter.reach.as_ref());
        query.sql.push_str(" ORDER BY due_on, order_id LIMIT ?");
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }
}
