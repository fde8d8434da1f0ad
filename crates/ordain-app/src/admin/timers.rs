//! Timers that came due and that their order refused: the order may want them later, because the calendar was
//! changed, or not at all. Nothing is logged, because a timer that did not fire had no effect.

use super::AdminDone;
use crate::case::Case;
use crate::case::timers::{TimerKind, wanted};
use crate::gate::{Batch, GateError};
use ordain_store::{TimerClear, TimerRow};

pub(super) fn settle(timer: &TimerRow, batch: &mut Batch<'_>, org: i64) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let order = timer.order_id.and_then(|order| batch.slice.orders.get(&(org, order)));
    let case: Option<Case> = order
        .map(|row| serde_json::from_str(&row.body))
        .transpose()
        .map_err(|error| GateError::Bug(error.to_string()))?;
    let key = TimerKind::parse(&timer.kind).map(|kind| (kind, timer.key.clone()));
    let due = case.zip(key).and_then(|(case, key)| wanted(&case, &house).get(&key).copied());
    match due {
        // A command of the same batch that sets the timer wins: what is set is written after what is cleared.
        None => batch.changes().timers_cleared.push(TimerClear::Key {
            org,
            order_id: timer.order_id,
            kind: timer.kind.clone(),
            key: timer.key.clone(),
        }),
        Some(due_at_ms) if due_at_ms != timer.due_at_ms => {
            batch.changes().timers.push(TimerRow { due_at_ms, ..timer.clone() });
        }
        Some(_) => {}
    }
    Ok(AdminDone::Nothing)
}
