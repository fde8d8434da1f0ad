//! Requests for goods that nobody has answered in time: planning hears of them once more, and so does whoever answers for
//! the process.

use super::AdminDone;
use super::document::{keep, row, stored};
use crate::case::decide::By;
use crate::clock::Ids;
use crate::gate::{Batch, GateError, SHORTAGE_DEPARTMENT};
use crate::query::shortage::{Place, Request};
use ordain_domain::decimal::qty_text;
use ordain_flow::doc::Party;
use ordain_store::{Keys, NoticeRow};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The setting that says up to which request of the queue everybody was told.
pub const SHORTAGES_TOLD: &str = "shortages_told";
const ADMIN: &str = "process_admin";

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, SHORTAGES_TOLD.to_owned()));
}

/// A notice of each request that stands behind what was told before.
pub(super) fn tell(
    overdue: &[Request],
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let told: Place = stored(batch, org, SHORTAGES_TOLD)?;
    let new: Vec<&Request> = overdue.iter().filter(|request| request.place() > told).collect();
    let Some(last) = new.last() else { return Ok(AdminDone::Nothing) };
    let place = last.place();
    let house = batch.house(org)?;
    let parties = [Party::Department(SHORTAGE_DEPARTMENT.to_owned()), Party::Role(ADMIN.to_owned())];
    let asked: BTreeSet<Uuid> =
        parties.iter().flat_map(|party| house.people.members(party)).map(|user| user.id).collect();
    let mut ids = Ids::from(by.id, 0);
    for request in &new {
        let body = json!({ "number": request.number(), "product": request.product(),
            "quantity": qty_text(request.qty_milli()), "date": request.due_date().unwrap_or("-") });
        let people = asked.iter().copied().chain(request.owner().map(Uuid::from_bytes));
        for user in people.collect::<BTreeSet<_>>() {
            batch.changes().notices.push(NoticeRow {
                org,
                user_id: user.into_bytes(),
                id: ids.mint().into_bytes(),
                at_ms: by.at_ms,
                kind: "shortage_overdue".to_owned(),
                order_id: request.order_id(),
                task_id: None,
                body: body.to_string(),
                read: false,
            });
        }
    }
    let numbers: Vec<&str> = new.iter().map(|request| request.number()).collect();
    let event = json!([{ "put": "shortages_told", "requests": numbers }]);
    batch.record_admin(org, "tell_overdue_shortages", by, &event, false)?;
    keep(batch, row(org, SHORTAGES_TOLD, &place)?);
    Ok(AdminDone::Nothing)
}
