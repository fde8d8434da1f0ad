//! Stock that becomes low: who is told, once for each time it falls below its level.

use super::master_rows::balance;
use crate::case::decide::By;
use crate::case::world::House;
use crate::clock::Ids;
use ordain_domain::decimal::qty_text;
use ordain_flow::doc::Party;
use ordain_store::{NoticeRow, StockRow};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who sees to it that goods are there.
const TOLD: [&str; 2] = ["warehouse", "planning"];

/// Where the ids of these notices begin among those of a command.
const FIRST_ID: u16 = 0xC000;

/// A figure that has just fallen below its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Low {
    product: String,
    warehouse: String,
    available_milli: i64,
    reorder_milli: i64,
}

/// What of a row can still be promised; below zero where more is kept back than there is.
pub fn free_milli(row: &StockRow) -> i64 {
    balance(row).free_milli()
}

/// What of a row can leave.
pub fn deliverable_milli(row: &StockRow) -> i64 {
    balance(row).deliverable_milli()
}

/// Whether less can be promised than the level says.
pub fn is_low(row: &StockRow) -> bool {
    free_milli(row) < row.reorder_milli
}

/// The row as low stock, if it is low now and was not before.
pub fn fallen(was_low: bool, row: &StockRow) -> Option<Low> {
    (!was_low && is_low(row)).then(|| Low {
        product: row.product.clone(),
        warehouse: row.warehouse.clone(),
        available_milli: free_milli(row),
        reorder_milli: row.reorder_milli,
    })
}

/// A notice for everybody in warehouse and planning, each person once.
pub fn notices(low: &[Low], house: &House, org: i64, by: &By) -> Vec<NoticeRow> {
    let body = |of: &Low| {
        json!({
            "product": of.product, "warehouse": of.warehouse,
            "available": qty_text(of.available_milli), "level": qty_text(of.reorder_milli),
        })
    };
    notice_rows("low_stock", low.iter().map(body).collect(), &TOLD, house, (org, by, FIRST_ID))
}

/// Notices about goods for everybody in some departments: each person gets each once.
pub(super) fn notice_rows(
    kind: &str,
    bodies: Vec<Value>,
    departments: &[&str],
    house: &House,
    (org, by, first_id): (i64, &By, u16),
) -> Vec<NoticeRow> {
    if bodies.is_empty() {
        return Vec::new();
    }
    let parties: Vec<Party> = departments.iter().map(|code| Party::Department((*code).to_owned())).collect();
    let people: BTreeSet<Uuid> =
        parties.iter().flat_map(|party| house.people.members(party)).map(|user| user.id).collect();
    let mut ids = Ids::from(by.id, first_id);
    let mut rows = Vec::with_capacity(bodies.len() * people.len());
    for body in bodies {
        for user in &people {
            rows.push(NoticeRow {
                org,
                user_id: user.into_bytes(),
                id: ids.mint().into_bytes(),
                at_ms: by.at_ms,
                kind: kind.to_owned(),
                order_id: None,
                task_id: None,
                body: body.to_string(),
                read: false,
            });
        }
    }
    rows
}
