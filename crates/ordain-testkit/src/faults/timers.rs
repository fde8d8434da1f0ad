//! R15: timers over deaths. Orders wait three times for minutes that pass in seconds, and the node dies again and again.
//! Each wait ends once, none too early, and none is forgotten; read from the log, which says when a wait began, for how
//! long its step lets it wait, and when it ended.

use super::ask::{Act, Ask, Receipt};
use super::client::COMPANY;
use super::dice::Dice;
use super::ground::Ground;
use super::node::{HURRY, Launcher, Node};
use super::{Outcome, quantile, seed, wait};
use crate::company::STANDARD_FLOW;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MINUTE_MS: i64 = 60_000;
/// Minutes that the steps of the flow let an order wait, one after the other.
const WAITS: [i64; 3] = [1, 2, 1];
/// The longest wait for the last timer after the last order.
const PATIENCE: Duration = Duration::from_secs(60);
/// Timers of waits that have not ended.
pub(super) const WAITING: &str = "SELECT count(*) FROM timer WHERE kind = 'wait_due' AND key NOT LIKE '%:%'";
const LOG: &str = "SELECT hex(order_id), at_ms, events FROM log WHERE order_id IS NOT NULL ORDER BY seq";

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub kills: u64,
    pub orders_per_kill: u64,
    pub seed: u64,
}

/// When nobody was there, in milliseconds of the real clock.
type Outages = Vec<(i64, i64)>;

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let ground = Ground::with_flow(COMPANY, &flow(&WAITS));
    let since_ms = real_ms();
    let args = ["--hurry".to_owned(), since_ms.to_string()];
    let mut driver = Driver { dice: Dice::new(plan.seed), placed: 0, pending: None, receipts: Vec::new() };
    let mut outages = Outages::new();
    for kill in 0..plan.kills {
        let node = launcher.start(ground.home.address(), &args);
        let since = outages.last_mut().map(|(_, until)| until);
        since.into_iter().for_each(|until| *until = real_ms());
        driver.place(&node, plan.orders_per_kill * (kill + 1));
        std::thread::sleep(Duration::from_millis(driver.dice.between(100, 1_200)));
        outages.push((real_ms(), i64::MAX));
        node.kill();
        ground.quake(kill);
    }
    let node = launcher.start(ground.home.address(), &args);
    outages.last_mut().into_iter().for_each(|(_, until)| *until = real_ms());
    driver.place(&node, driver.placed);
    let all = wait(PATIENCE, || ground.count(WAITING) == Some(0));
    drop(node);
    judge(&ground, &driver, plan, all, &Lateness { since_ms, outages })
}

/// The shipped flow with waits of so many minutes, one after the other, before it asks anybody.
pub(super) fn flow(waits: &[i64]) -> String {
    let mut doc: Value = serde_json::from_str(STANDARD_FLOW).expect("the shipped flow can be read");
    let steps = doc["steps"].as_array_mut().expect("it has steps");
    let at = steps.iter().position(|step| step["id"] == "departments").expect("departments are asked");
    for (n, minutes) in waits.iter().enumerate() {
        let name = format!("wait_{n}");
        let wait = json!({ "minutes": { "minutes": minutes, "clock": "calendar" } });
        steps.insert(
            at + n,
            json!({
                "id": name, "name": { "zh": name, "en": name }, "stage": "review",
                "kind": { "type": "delay", "for": wait }
            }),
        );
    }
    doc.to_string()
}

/// Who places orders, and asks again what it got no answer to.
struct Driver {
    dice: Dice,
    placed: u64,
    pending: Option<Ask>,
    receipts: Vec<Receipt>,
}

impl Driver {
    /// Until so many orders are placed in all.
    fn place(&mut self, node: &Node, orders: u64) {
        let Some(mut line) = node.connect() else { return };
        while self.pending.is_some() || self.placed < orders {
            let ask = self.pending.take().unwrap_or_else(|| self.next());
            self.pending = Some(ask.clone());
            let Some(answer) = line.ask(&ask).filter(|answer| !answer.is_unknown()) else { return };
            self.pending = None;
            self.receipts.extend(answer.receipt());
        }
    }

    fn next(&mut self) -> Ask {
        self.placed += 1;
        let key = format!("timer-{}", self.placed);
        let lines = vec![(seed::hot(self.dice.below(COMPANY.hot as u64) as usize), 1)];
        let act = Act::Place { customer: seed::customer(self.placed), po: format!("PO-{key}"), lines };
        Ask { caller: "timer".to_owned(), key, act }
    }
}

fn real_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// How late a timer was, counted while somebody was there to fire it.
struct Lateness {
    since_ms: i64,
    outages: Outages,
}

impl Lateness {
    fn real(&self, hurried_ms: i64) -> i64 {
        self.since_ms + (hurried_ms - self.since_ms) / HURRY
    }

    fn of(&self, due_ms: i64, ended_ms: i64) -> u128 {
        let (due, ended) = (self.real(due_ms), self.real(ended_ms));
        let away: i64 = self.outages.iter().map(|(from, to)| (ended.min(*to) - due.max(*from)).max(0)).sum();
        u128::try_from(ended - due - away).unwrap_or_default()
    }
}

/// A wait as the log tells it.
#[derive(Default)]
pub(super) struct Waited {
    pub due_ms: i64,
    pub ended_ms: Vec<i64>,
}

fn judge(ground: &Ground, driver: &Driver, plan: Plan, all: bool, lateness: &Lateness) -> Outcome {
    let mut outcome = Outcome::new("R15 timers");
    let verdict = ground.examine(&driver.receipts);
    outcome.violations.extend(verdict.violations);
    let waits = ground.copied().and_then(|copied| {
        let db = Connection::open(&copied.file).map_err(|error| error.to_string())?;
        waits(&db, &WAITS).map_err(|error| error.to_string())
    });
    let waits = waits.unwrap_or_else(|why| {
        outcome.violations.push(why);
        BTreeMap::new()
    });
    let mut late: Vec<u128> = Vec::new();
    for ((order, visit), waited) in &waits {
        match waited.ended_ms.as_slice() {
            [] => outcome.violations.push(format!("missed: {order} still waits at visit {visit}")),
            [ended] if *ended < waited.due_ms => {
                let early = waited.due_ms - ended;
                outcome.violations.push(format!("early: {order} at visit {visit} by {early} ms"));
            }
            [ended] => late.push(lateness.of(waited.due_ms, *ended)),
            _ => outcome.violations.push(format!("twice: {order} at visit {visit}")),
        }
    }
    let expected = driver.receipts.len() * WAITS.len();
    if waits.len() != expected || !all {
        outcome.violations.push(format!("missed: {} waits of {expected} are in the log", waits.len()));
    }
    outcome.figure("kills", plan.kills);
    outcome.figure("timers", waits.len());
    outcome.figure("late p50 ms", quantile(&mut late, 500));
    outcome.figure("late p99 ms", quantile(&mut late, 990));
    outcome
}

/// Waits by order and visit.
pub(super) fn waits(db: &Connection, of_steps: &[i64]) -> rusqlite::Result<BTreeMap<(String, u64), Waited>> {
    let mut statement = db.prepare(LOG)?;
    let rows = statement.query_map((), |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    })?;
    let mut waits: BTreeMap<(String, u64), Waited> = BTreeMap::new();
    for row in rows {
        let (order, at_ms, events) = row?;
        let events: Vec<Value> = serde_json::from_str(&events).unwrap_or_default();
        for event in events {
            let (began, ended) = (&event["flow"]["wait_began"], &event["flow"]["wait_ended"]);
            if let Some(visit) = began["visit"].as_u64() {
                let step = began["node"].as_str().and_then(|node| node.strip_prefix("wait_"));
                let minutes = step.and_then(|n| n.parse::<usize>().ok()).and_then(|n| of_steps.get(n));
                let since_ms = began["at_ms"].as_i64().unwrap_or_default();
                let waited = waits.entry((order.clone(), visit)).or_default();
                waited.due_ms = since_ms + minutes.copied().unwrap_or_default() * MINUTE_MS;
            }
            if let Some(visit) = ended["visit"].as_u64() {
                waits.entry((order.clone(), visit)).or_default().ended_ms.push(at_ms);
            }
        }
    }
    Ok(waits)
}
