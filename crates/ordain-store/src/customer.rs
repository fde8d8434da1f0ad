//! Customers, and how much each owes. The exposure lies in a table of its own, because every order
//! changes it and nothing else of the customer.

use crate::sql::{Connection, each_one};

use crate::row::{any_number, first, row, run_each};
use crate::{Store, StoreError};

row! {
    /// `body` holds ship-to addresses, invoice profile and contacts.
    CustomerRow in "customer_now"
    key { code: String, }
    rest {
        name: String,
        level: Option<String>,
        credit_limit_minor: Option<i64>,
        exposure_minor: i64,
        currency: String,
        payment_terms: String,
        body: String,
        version: i64,
        updated_at_ms: i64,
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExposureMove {
    pub org: i64,
    pub customer: String,
    pub delta_minor: i64,
}

pub(crate) fn put(connection: &Connection<'_>, customers: &[CustomerRow]) -> Result<(), StoreError> {
    let sql = "INSERT INTO customer (org_id, code, name, level, credit_limit_minor, currency, payment_terms,
            body, version, updated_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (org_id, code) DO UPDATE SET name = excluded.name, level = excluded.level,
            credit_limit_minor = excluded.credit_limit_minor, currency = excluded.currency,
            payment_terms = excluded.payment_terms, body = excluded.body, version = excluded.version,
            updated_at_ms = excluded.updated_at_ms";
    let rows = customers.iter().map(|c| {
        (
            c.org,
            &c.code,
            &c.name,
            &c.level,
            c.credit_limit_minor,
            &c.currency,
            &c.payment_terms,
            &c.body,
            c.version,
            c.updated_at_ms,
        )
    });
    run_each(connection, sql, rows, any_number)?;
    let sql = "INSERT INTO exposure (org_id, code, exposure_minor) VALUES (?, ?, ?)
        ON CONFLICT (org_id, code) DO NOTHING";
    run_each(connection, sql, customers.iter().map(|c| (c.org, &c.code, c.exposure_minor)), any_number)
}

pub(crate) fn move_exposure(connection: &Connection<'_>, moves: &[ExposureMove]) -> Result<(), StoreError> {
    let sql = "UPDATE exposure SET exposure_minor = exposure_minor + ? WHERE org_id = ? AND code = ?";
    let rows = moves.iter().map(|m| (m.delta_minor, m.org, &m.customer));
    each_one(connection, sql, rows, "customer")
}

impl Store {
    pub fn customer(&self, org: i64, code: &str) -> Result<Option<CustomerRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND code = ?", (org, code)))
    }

    /// How many customers somebody answers for. Looks at every customer: for reports only.
    pub fn count_customers_of(&self, org: i64, owner: &str) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM customer WHERE org_id = ? AND json_extract(body, '$.owner') = ?";
        self.read(|c| c.count(sql, (org, owner)))
    }

    /// By code, after the code `after`; `q` is a part of code or name.
    pub fn list_customers(
        &self,
        org: i64,
        q: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<CustomerRow>, StoreError> {
        self.list_master(org, q, after, limit)
    }
}
