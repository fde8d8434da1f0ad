//! Notices to people about what was decided for the company.

use crate::case::decide::By;
use crate::clock::Ids;
use crate::gate::Batch;
use ordain_store::{Id, NoticeRow};
use serde_json::Value;
use uuid::Uuid;

/// Tells each of these people the same; of an order, where it is about one.
pub(super) fn tell_each(
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
    (kind, order_id): (&str, Option<Id>),
    body: &Value,
    told: impl IntoIterator<Item = Uuid>,
) {
    let (mut ids, body) = (Ids::of(by.id), body.to_string());
    let rows = told.into_iter().map(|user| NoticeRow {
        org,
        user_id: user.into_bytes(),
        id: ids.mint().into_bytes(),
        at_ms: by.at_ms,
        kind: kind.to_owned(),
        order_id,
        task_id: None,
        body: body.clone(),
        read: false,
    });
    batch.changes().notices.extend(rows);
}
