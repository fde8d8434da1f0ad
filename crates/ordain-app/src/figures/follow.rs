//! Keeps the rows of facts abreast of the log, and makes rows of records where there are none yet.

use super::{catches, cycle_parts, fact, hand_overs, happenings, task_facts};
use crate::admin::{AdminCommand, AdminDone};
use crate::app::App;
use crate::case::Case;
use crate::case::world::House;
use crate::gate::{Batch, GateError, record_rows};
use ordain_domain::actor::Actor;
use ordain_store::{
    CounterRow, CyclePartRow, FACTS, HandOverFactRow, HappeningRow, Id, LogRow, OrderFactRow, OrderRecordRow,
    TaskFactRow,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows after which a commit takes no further order in: whoever waits behind it is not to wait long.
const ROWS: usize = 2_000;
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

/// What a part of the log comes to in the figures, up to its last entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptFacts {
    pub rows: Vec<OrderFactRow>,
    pub hand_overs: Vec<HandOverFactRow>,
    pub cycle_parts: Vec<CyclePartRow>,
    pub tasks: Vec<TaskFactRow>,
    pub happenings: Vec<HappeningRow>,
    pub records: Vec<OrderRecordRow>,
    pub upto: i64,
}

impl KeptFacts {
    fn rows_of_orders(&self) -> usize {
        self.tasks.len() + self.happenings.len() + self.hand_overs.len() + self.cycle_parts.len()
    }

    /// An order, and what the entries say of it by themselves.
    fn take(&mut self, org: i64, case: &Case, house: &House, entries: &[LogRow]) {
        self.rows.push(fact(org, case, house));
        self.hand_overs.extend(hand_overs(org, case, house));
        self.cycle_parts.extend(cycle_parts(org, case, house));
        self.tasks.extend(task_facts(org, case, house));
        self.happenings.extend(happenings(org, case, house));
        self.happenings.extend(entries.iter().flat_map(|entry| catches(case, entry)));
    }
}

async fn follow_one(app: &App, org: i64) -> Result<usize, GateError> {
    let mut written = 0;
    loop {
        let after = app.store.facts_upto(org)?;
        let entries = app.store.log_range(org, after, ENTRIES)?;
        if entries.is_empty() {
            return Ok(written);
        }
        let Some(house) = app.gate.houses().get(org) else { return Ok(written) };
        let orders: BTreeSet<Id> = entries.iter().filter_map(|entry| entry.order_id).collect();
        let orders: Vec<Id> = orders.into_iter().collect();
        let rows = app.store.orders_by_ids(org, &orders)?;
        let mut bodies: BTreeMap<Id, String> = rows.into_iter().map(|row| (row.id, row.body)).collect();
        let mut facts = KeptFacts::default();
        for entry in &entries {
            if facts.rows_of_orders() > ROWS {
                break;
            }
            facts.upto = entry.seq;
            let Some(body) = entry.order_id.and_then(|order| bodies.remove(&order)) else { continue };
            let case: Case =
                serde_json::from_str(&body).map_err(|error| GateError::Bug(error.to_string()))?;
            facts.take(org, &case, &house, &entries);
            facts.records.extend(missing_records(app, &case, record_rows(org, &case, &house))?);
        }
        written += facts.rows.len();
        app.admin(org, Actor::system("figures"), AdminCommand::KeepFacts(Box::new(facts))).await?;
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
pub(crate) fn keep(facts: &KeptFacts, batch: &mut Batch<'_>, org: i64) -> AdminDone {
    let changes = batch.changes();
    changes.facts.extend(facts.rows.iter().cloned());
    changes.hand_overs.extend(facts.hand_overs.iter().cloned());
    changes.cycle_parts.extend(facts.cycle_parts.iter().cloned());
    changes.task_facts.extend(facts.tasks.iter().cloned());
    changes.happenings.extend(facts.happenings.iter().cloned());
    changes.records.extend(facts.records.iter().cloned());
    batch.count(CounterRow { org, name: FACTS.to_owned(), day: String::new(), n: facts.upto });
    AdminDone::Nothing
}
