//! What the warehouse has to prepare: what confirmed orders hold and has not left.

use crate::query::Query;
use crate::reader::page;
use crate::{Id, OrderReach, Store, StoreError};

/// Goods of one line of a confirmed order at one place; `requested_date` is an ISO date, empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparationRow {
    pub requested_date: String,
    pub order_id: Id,
    pub number: String,
    pub customer_name: Option<String>,
    pub line: i64,
    pub product: String,
    pub warehouse: String,
    pub qty_milli: i64,
}

/// Where a page ends: date, order, line, product, warehouse.
pub type PreparationPlace = (String, Id, i64, String, String);

impl PreparationRow {
    pub fn place(&self) -> PreparationPlace {
        let (product, warehouse) = (self.product.clone(), self.warehouse.clone());
        (self.requested_date.clone(), self.order_id, self.line, product, warehouse)
    }
}

impl Store {
    /// What is wanted first comes first. What has left the house is held no more, so only open orders are looked at.
    pub fn list_preparation(
        &self,
        org: i64,
        (warehouse, reach): (&str, Option<&OrderReach>),
        after: &PreparationPlace,
        limit: usize,
    ) -> Result<Vec<PreparationRow>, StoreError> {
        let sql = "SELECT coalesce(orders.requested_date, ''), r.order_id, orders.number, orders.customer_name, r.line,
                r.product, r.warehouse, r.qty_milli
            FROM reservation r JOIN orders ON orders.org_id = r.org_id AND orders.id = r.order_id
            WHERE r.org_id = ? AND r.kind = 'hard' AND orders.status IN ('confirmed', 'in_fulfilment')
                AND (coalesce(orders.requested_date, ''), r.order_id, r.line, r.product, r.warehouse) > (?, ?, ?, ?, ?)";
        let (date, order, line, product, place) = after;
        let mut query = Query::new(
            sql,
            vec![
                org.into(),
                date.clone().into(),
                order.to_vec().into(),
                (*line).into(),
                product.clone().into(),
                place.clone().into(),
            ],
        );
        query.and_some("r.warehouse = ?", (!warehouse.is_empty()).then(|| warehouse.to_owned()));
        query.and_reached(reach);
        query.sql.push_str(" ORDER BY 1, r.order_id, r.line, r.product, r.warehouse LIMIT ?");
        query.values.push(page(limit).into());
        self.read(|c| {
            c.query(&query.sql, query.values, |row| {
                Ok(PreparationRow {
                    requested_date: row.get(0)?,
                    order_id: row.get(1)?,
                    number: row.get(2)?,
                    customer_name: row.get(3)?,
                    line: row.get(4)?,
                    product: row.get(5)?,
                    warehouse: row.get(6)?,
                    qty_milli: row.get(7)?,
                })
            })
        })
    }
}
