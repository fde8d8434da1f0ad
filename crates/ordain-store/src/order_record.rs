//! Shipments, invoices, payments and complaints of all orders: lists over the whole company, the newest first. A row says
//! what its order says of one record; it is written in the commit that changes it, and made later for orders of a program
//! that knew no such rows.

use crate::query::Query;
use crate::reader::page;
use crate::row::{Row, all, any_number, row, run_each};
use crate::sql::Connection;
use crate::{Id, OrderReach, Store, StoreError};

row! {
    /// `day` is an ISO date on the company's calendar, `actor` is JSON. What `minor`, `state` and `about` mean, the kind
    /// says.
    OrderRecordRow in "order_record"
    key {
        order_id: Id,
        kind: String,
        /// From 1, by kind.
        n: i64,
    }
    rest {
        version: i64,
        number: String,
        reference: Option<String>,
        customer: String,
        customer_name: Option<String>,
        currency: String,
        minor: Option<i64>,
        left_minor: Option<i64>,
        state: String,
        about: Option<String>,
        said: Option<String>,
        day: String,
        at_ms: i64,
        actor: String,
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    #[default]
    Shipment,
    Invoice,
    Payment,
    Complaint,
}

impl RecordKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Shipment => "shipment",
            Self::Invoice => "invoice",
            Self::Payment => "payment",
            Self::Complaint => "complaint",
        }
    }
}

/// Which records of a kind are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    pub kind: RecordKind,
    /// A part of the order's number or of the record's own.
    pub q: Option<String>,
    pub customer: Option<String>,
    pub state: Option<String>,
    /// From which something of a shipment left.
    pub warehouse: Option<String>,
    /// The first day and the last one.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Of orders that are reached; none: of all.
    pub reach: Option<OrderReach>,
}

/// The place of a row in its list: day, instant, order and number.
pub type RecordPlace = (String, i64, Id, i64);

impl OrderRecordRow {
    /// Whether two rows say the same of a record, whichever state of the order said it.
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { version: other.version, ..self.clone() } == *other
    }

    pub fn place(&self) -> RecordPlace {
        (self.day.clone(), self.at_ms, self.order_id, self.n)
    }
}

/// A row of an older state never takes the place of one of a newer.
pub(crate) fn put(connection: &Connection<'_>, rows: &[OrderRecordRow]) -> Result<(), StoreError> {
    let sql = format!("{} WHERE excluded.version >= order_record.version", OrderRecordRow::UPSERT);
    run_each(connection, &sql, rows, any_number)
}

impl Store {
    /// The newest first, behind the place `after`.
    pub fn list_records(
        &self,
        org: i64,
        filter: &RecordFilter,
        after: Option<RecordPlace>,
        limit: usize,
    ) -> Result<Vec<OrderRecordRow>, StoreError> {
        let kind = filter.kind.name().to_owned();
        let mut query = Query::new("WHERE org_id = ? AND kind = ?", vec![org.into(), kind.into()]);
        query.and_some("customer = ?", filter.customer.clone());
        query.and_some("state = ?", filter.state.clone());
        query.and_some("day >= ?", filter.from.clone());
        query.and_some("day <= ?", filter.to.clone());
        if let Some((day, at_ms, order, n)) = after {
            query.and("(day, at_ms, order_id, n) < (?, ?, ?, ?)", day);
            query.values.extend([at_ms.into(), order.to_vec().into(), n.into()]);
        }
        query.and_some(
            "instr(lower(number || ' ' || coalesce(reference, '')), ?) > 0",
            filter.q.as_ref().map(|q| q.to_lowercase()),
        );
        query.and_some(
            "EXISTS (SELECT 1 FROM stock_movement WHERE stock_movement.org_id = order_record.org_id
                AND stock_movement.order_id = order_record.order_id
                AND stock_movement.reference = order_record.reference AND stock_movement.warehouse = ?)",
            filter.warehouse.clone(),
        );
        query.and_of_reached("order_record", filter.reach.as_ref());
        query.sql.push_str(" ORDER BY day DESC, at_ms DESC, order_id DESC, n DESC LIMIT ?");
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }

    pub fn records_of_order(&self, org: i64, order: Id) -> Result<Vec<OrderRecordRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY kind, n", (org, order)))
    }

    /// The warehouses that the goods of a shipment left.
    pub fn shipped_from(&self, org: i64, order: Id, reference: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT warehouse FROM stock_movement
            WHERE org_id = ? AND order_id = ? AND reference = ? ORDER BY warehouse";
        self.read(|c| c.query(sql, (org, order, reference), |row| row.get(0)))
    }
}
