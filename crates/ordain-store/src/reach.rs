//! Which orders somebody reaches where that is not all of them, as a condition on rows of `orders`.

use crate::query::Query;
use crate::sql::{Found, Value};
use crate::{Id, OrderCount, Store, StoreError};
use std::collections::BTreeSet;

/// Orders that are asked about in one statement.
const ASKED_AT_ONCE: usize = 200;

/// An order is reached by any of these; none of them: no order is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderReach {
    /// Who took the order in, as `receiver` names them.
    pub takers: Vec<String>,
    /// Those, too, that no person took in.
    pub taken_by_nobody: bool,
    /// Those of them that came back and that somebody has to complete.
    pub sent_back_to_nobody: bool,
    /// A token: orders that it handed in.
    pub token: Option<String>,
    /// Codes of customers.
    pub customers: Vec<String>,
    /// Logins: whose customers count, too.
    pub owners: Vec<String>,
    /// Warehouses in which goods are held for the order, or from which they have left.
    pub warehouses: Vec<String>,
    /// Who owns an open exception of the order, as its `owner` names them.
    pub parties: Vec<String>,
    /// People with whom a task of the order lies, who decided one, or who took an exception.
    pub people: Vec<Id>,
    /// Departments and roles to which an open task of the order is offered that is nobody's yet.
    pub departments: Vec<String>,
    pub roles: Vec<String>,
    /// Somebody who was told of the order.
    pub told: Option<Id>,
}

/// Rows of `orders` that are reached, as a condition in brackets. What is cheap to look at stands first.
fn condition(reach: &OrderReach) -> (String, Vec<Value>) {
    let (mut any, mut values) = (Vec::new(), Vec::new());
    let mut among = |column: &str, wanted: Vec<Value>| {
        let condition = format!("{column} IN ({})", marks(wanted.len()));
        let some = !wanted.is_empty();
        values.extend(wanted);
        some.then_some(condition)
    };
    let texts = |texts: &[String]| texts.iter().map(|text| Value::from(text.clone())).collect::<Vec<_>>();
    let ids = |ids: &[Id]| ids.iter().map(|id| Value::from(id.to_vec())).collect::<Vec<_>>();
    let exists = |table: &str, key: &str, of: &str| {
        format!("EXISTS (SELECT 1 FROM {table} WHERE {table}.org_id = orders.org_id AND {key} AND {of})")
    };
    let of_order = |table: &str, of: &str| exists(table, &format!("{table}.order_id = orders.id"), of);

    any.extend(among("orders.receiver", texts(&reach.takers)));
    any.extend(reach.taken_by_nobody.then(|| "orders.receiver IS NULL".to_owned()));
    let sent_back = "(orders.receiver IS NULL AND orders.waiting_department = 'sender')";
    any.extend(reach.sent_back_to_nobody.then(|| sent_back.to_owned()));
    any.extend(among("orders.customer", texts(&reach.customers)));
    let handed_in =
        among("log.subject_seq = 1 AND json_extract(log.actor, '$.id')", texts(reach.token.as_slice()));
    any.extend(handed_in.map(|of| of_order("log", &of)));
    let owned = among("json_extract(customer.body, '$.owner')", texts(&reach.owners));
    any.extend(owned.map(|of| exists("customer", "customer.code = orders.customer", &of)));
    for table in ["reservation", "stock_movement"] {
        let of = among(&format!("{table}.warehouse"), texts(&reach.warehouses));
        any.extend(of.map(|of| of_order(table, &of)));
    }
    let mut of_task: Vec<String> = Vec::new();
    of_task.extend(among("task.department", texts(&reach.departments)));
    of_task.extend(among("task.role", texts(&reach.roles)));
    let offered =
        |any: &[String]| format!("task.state = 'open' AND task.assignee IS NULL AND ({})", any.join(" OR "));
    let mut of_task: Vec<String> = (!of_task.is_empty()).then(|| offered(&of_task)).into_iter().collect();
    let held = ["task.assignee", "task.claimed_by", "task.decided_by"];
    of_task.extend(held.into_iter().filter_map(|column| among(column, ids(&reach.people))));
    let mut of_exception: Vec<String> = Vec::new();
    of_exception.extend(among("exception.state = 'open' AND exception.owner", texts(&reach.parties)));
    of_exception.extend(among("exception.taken_by", ids(&reach.people)));
    for (table, of) in [("task", of_task), ("exception", of_exception)] {
        any.extend((!of.is_empty()).then(|| of_order(table, &format!("({})", of.join(" OR ")))));
    }
    let told = among("notice.user_id", ids(reach.told.as_slice()));
    any.extend(told.map(|of| of_order("notice", &of)));
    if any.is_empty() { ("(1 = 0)".to_owned(), values) } else { (format!("({})", any.join(" OR ")), values) }
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(", ")
}

impl Query {
    /// Goes on with a statement about rows of `orders`.
    pub fn and_reached(&mut self, reach: Option<&OrderReach>) {
        let Some(reach) = reach else { return };
        let (condition, values) = condition(reach);
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition);
        self.values.extend(values);
    }

    /// Goes on with a statement about rows of a table that belong to orders.
    pub fn and_of_reached(&mut self, table: &str, reach: Option<&OrderReach>) {
        if reach.is_none() {
            return;
        }
        self.sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM orders WHERE orders.org_id = {table}.org_id
                AND orders.id = {table}.order_id"
        ));
        self.and_reached(reach);
        self.sql.push(')');
    }
}

impl Store {
    /// Those of the orders that are reached.
    pub fn orders_within(
        &self,
        org: i64,
        orders: &[Id],
        reach: &OrderReach,
    ) -> Result<BTreeSet<Id>, StoreError> {
        let mut found = BTreeSet::new();
        for some in orders.chunks(ASKED_AT_ONCE) {
            let mut query = Query::new("SELECT id FROM orders WHERE org_id = ?", vec![org.into()]);
            query.sql.push_str(&format!(" AND id IN ({})", marks(some.len())));
            query.values.extend(some.iter().map(|id| Value::from(id.to_vec())));
            query.and_reached(Some(reach));
            found.extend(self.read(|c| c.query(&query.sql, query.values, |row| row.get::<Id>(0)))?);
        }
        Ok(found)
    }

    /// Counts of the orders that are reached. All of them are looked at.
    pub fn order_counts_within(&self, org: i64, reach: &OrderReach) -> Result<Vec<OrderCount>, StoreError> {
        let sql = "SELECT status, stage, count(*) FROM orders WHERE org_id = ?";
        let mut query = Query::new(sql, vec![org.into()]);
        query.and_reached(Some(reach));
        query.sql.push_str(" GROUP BY status, stage ORDER BY status, stage");
        let count =
            |row: &Found<'_>| Ok(OrderCount { status: row.get(0)?, stage: row.get(1)?, n: row.get(2)? });
        self.read(|c| c.query(&query.sql, query.values, count))
    }
}
