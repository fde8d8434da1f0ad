//! Keeps the rows of facts abreast of the log, and makes rows of records where there are none yet.

use super::{cycle_parts, fact, hand_overs};
use crate::admin::{AdminCommand, AdminDone};
use crate::app::App;
use crate::case::Case;
use crate::gate::{Batch, GateError, record_rows};
use ordain_domain::actor::Actor;
use ordain_store::{CounterRow, CyclePartRow, FACTS, HandOverFactRow, OrderFactRow, OrderRecordRow};

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
        let (mut passages, mut parts, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for row in app.store.orders_by_ids(org, &orders)? {
            let case: Case =
                serde_json::from_str(&row.body).map_err(|error| GateError::Bug(error.to_string()))?;
            rows.push(fact(org, &case, &house));
            passages.extend(hand_overs(org, &case, &house));
            parts.extend(cycle_parts(org, &case, &house));
            records.extend(missing_records(app, &case, record_rows(org, &case, &house))?);
        }
        written += rows.len();
        app.admin(
            org,
            Actor::system("figures"),
            AdminCommand::KeepFacts { rows, hand_overs: passages, cycle_parts: parts, records, upto },
        )
        .await?;
    }
}

/// Orders write their records in their own commits; those of a program that knew none have not.
fn missing_records(
    app: &App,
    case: &Case,
    mut rows: Vec<OrderRecordRow>,
) -> Result<Vec<OrderRecordRow>, GateError> {
    if let Some(first) = rows.first() {
        let stored = app.store.records_of_order(first.org, case.order.id.into_bytes())?;
        rows.retain(|row| !stored.iter().any(|stored| stored.says_the_same(row)));
    }
    Ok(rows)
}

/// Writes the rows. Nothing is logged: they say nothing that the log does not say.
pub(crate) fn keep(
    rows: &[OrderFactRow],
    (hand_overs, cycle_parts, records): (&[HandOverFactRow], &[CyclePartRow], &[OrderRecordRow]),
    upto: i64,
    batch: &mut Batch<'_>,
    org: i64,
) -> AdminDone {
    batch.changes().facts.extend(rows.iter().cloned());
    batch.changes().hand_overs.extend(hand_overs.iter().cloned());
    batch.changes().cycle_parts.extend(cycle_parts.iter().cloned());
    batch.changes().records.extend(records.iter().cloned());
    batch.count(CounterRow { org, name: FACTS.to_owned(), day: String::new(), n: upto });
    AdminDone::Nothing
}
