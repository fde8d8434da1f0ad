//! Keeps the rows of facts abreast of the log.

use super::{cycle_parts, fact, hand_overs};
use crate::admin::{AdminCommand, AdminDone};
use crate::app::App;
use crate::case::Case;
use crate::gate::{Batch, GateError};
use ordain_domain::actor::Actor;
use ordain_store::{CounterRow, CyclePartRow, FACTS, HandOverFactRow, OrderFactRow};

/// Log entries that are looked at together.
const ENTRIES: usize = 200;

/// Brings the facts of all companies up to the end of their logs; gives how many rows were written.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn follow(app: &App) -> Result<usize, GateError> {
    let mut written = 0;
    for org in app.store.orgs()? {
        written += follow_one(app, org.org).await?;
    }
    Ok(written)
}

async fn follow_one(app: &App, org: i64) -> Result<usize, GateError> {
    let mut written = 0;
    loop {
        let after = app.store.facts_upto(org)?;
        let (orders, upto) = app.store.orders_in_log(org, after, ENTRIES)?;
        if upto == after {
            return Ok(written);
        }
        let Some(house) = app.gate.houses().get(org) else { return Ok(written) };
        let mut rows = Vec::with_capacity(orders.len());
        let (mut passages, mut parts) = (Vec::new(), Vec::new());
        for row in app.store.orders_by_ids(org, &orders)? {
            let case: Case =
                serde_json::from_str(&row.body).map_err(|error| GateError::Bug(error.to_string()))?;
            rows.push(fact(org, &case, &house));
            passages.extend(hand_overs(org, &case, &house));
            parts.extend(cycle_parts(org, &case, &house));
        }
        written += rows.len();
        app.admin(
            org,
            Actor::system("figures"),
            AdminCommand::KeepFacts { rows, hand_overs: passages, cycle_parts: parts, upto },
        )
        .await?;
    }
}

/// Writes the rows. Nothing is logged: they say nothing that the log does not say.
pub(crate) fn keep(
    rows: &[OrderFactRow],
    (hand_overs, cycle_parts): (&[HandOverFactRow], &[CyclePartRow]),
    upto: i64,
    batch: &mut Batch<'_>,
    org: i64,
) -> AdminDone {
    batch.changes().facts.extend(rows.iter().cloned());
    batch.changes().hand_overs.extend(hand_overs.iter().cloned());
    batch.changes().cycle_parts.extend(cycle_parts.iter().cloned());
    batch.count(CounterRow { org, name: FACTS.to_owned(), day: String::new(), n: upto });
    AdminDone::Nothing
}
