//! R7: no oversell. Many threads fight for few pieces; nobody gets a piece that is not there, and nobody is told
//! "sold out" while it is.

use super::ask::{Act, Answer, Ask, Receipt, put};
use super::dice::Dice;
use super::ground::Ground;
use super::seed::{self, Company, DEAR};
use super::{Outcome, node, oracle};
use crate::home::Home;
use ordain_app::app::App;
use ordain_app::case::event::Event;
use ordain_domain::order::{Event as OrderEvent, Line};
use ordain_domain::stock::Allocation;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const THREADS: u64 = 64;
const HOT: usize = 50;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub asks: u64,
    pub seed: u64,
}

/// What the threads were told.
#[derive(Default)]
struct Told {
    confirmed: u64,
    short: u64,
    cancelled: u64,
    /// Commits that the guard in the database refused: the decision above it was wrong.
    guarded: u64,
    odd: Vec<String>,
}

impl Told {
    fn hear(&mut self, answer: &Answer) {
        match (answer.status, answer.receipt()) {
            (_, Some(receipt)) => match receipt.status.as_str() {
                "confirmed" => self.confirmed += 1,
                "cancelled" => self.cancelled += 1,
                _ => self.short += 1,
            },
            (500, None) if answer.body.contains("constraint stock") => self.guarded += 1,
            _ => self.odd.push(format!("odd: {answer:?}")),
        }
    }

    fn add(&mut self, other: Told) {
        self.confirmed += other.confirmed;
        self.short += other.short;
        self.cancelled += other.cancelled;
        self.guarded += other.guarded;
        self.odd.extend(other.odd);
    }
}

pub fn run(plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R7 no oversell");
    crowd(plan, &mut outcome);
    exactly(&mut outcome);
    outcome
}

/// Many asks for fifty products, of which half the pieces are there; some are given back on the way.
fn crowd(plan: Plan, outcome: &mut Outcome) {
    // Two pieces an ask on average.
    let pieces = (plan.asks / HOT as u64).max(3) as i64;
    let ground = Ground::new(Company { hot: HOT, pieces });
    let nodes = nodes(&ground.home);
    let started = Instant::now();
    let done = AtomicBool::new(false);
    let snapshots = AtomicU64::new(0);
    let (told, seen) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&ground.home, &done, &snapshots));
        let share = plan.asks.div_ceil(THREADS);
        let worker = |n| {
            let app = &nodes[n as usize % nodes.len()];
            move || fight(app, Dice::new(plan.seed * 1_000 + n), n, share)
        };
        let workers: Vec<_> = (0..THREADS).map(|n| scope.spawn(worker(n))).collect();
        let mut told = Told::default();
        workers.into_iter().for_each(|worker| told.add(worker.join().expect("no thread panics")));
        done.store(true, Ordering::SeqCst);
        (told, watcher.join().expect("no thread panics"))
    });
    let elapsed = started.elapsed();
    drop(nodes);
    outcome.figure("asks", share_total(plan.asks));
    outcome.figure("confirmed", told.confirmed);
    outcome.figure("waiting", told.short);
    outcome.figure("cancelled", told.cancelled);
    outcome.figure("snapshots", snapshots.load(Ordering::SeqCst));
    outcome.figure("asks/s", u128::from(plan.asks) * 1_000 / elapsed.as_millis().max(1));
    outcome.figure("refused by the guard", told.guarded);
    if told.guarded > 0 {
        outcome.violations.push(format!("guard: the database refused {} wrong decisions", told.guarded));
    }
    outcome.violations.extend(told.odd);
    outcome.violations.extend(seen);
    outcome.violations.extend(ground.examine(&[]).violations);
    let replayed =
        ground.copied().map(|copied| replay(&copied.file, pieces).map_err(|error| error.to_string()));
    outcome.violations.extend(replayed.and_then(|found| found).unwrap_or_else(|why| vec![why]));
}

/// One over a file, two over a server.
fn nodes(home: &Home) -> Vec<App> {
    let n = if matches!(home, Home::Server(_)) { 2 } else { 1 };
    (0..n).map(|_| node::open(home.database()).expect("it opens")).collect()
}

fn share_total(asks: u64) -> u64 {
    asks.div_ceil(THREADS) * THREADS
}

fn fight(app: &App, mut dice: Dice, thread: u64, asks: u64) -> Told {
    let mut told = Told::default();
    let mut holding: Vec<Receipt> = Vec::new();
    for n in 0..asks {
        let key = format!("{thread}-{n}");
        let act = match holding.pop() {
            Some(receipt) if dice.below(2) == 0 => Act::Cancel { id: receipt.id },
            _ => {
                let mut lines = vec![(seed::hot(dice.below(HOT as u64) as usize), dice.between(1, 3) as u32)];
                if dice.below(6) == 0 {
                    lines.push((DEAR.to_owned(), 1));
                }
                Act::Place { customer: seed::customer(n), po: format!("PO-{key}"), lines }
            }
        };
        let answer = put(app, &Ask { caller: format!("t{thread}"), key, act });
        told.hear(&answer);
        holding.extend(answer.receipt().filter(|receipt| receipt.status == "in_review"));
    }
    told
}

/// Reads moments while the fight goes on: on hand = free + reserved in every one of them.
fn watch(home: &Home, done: &AtomicBool, snapshots: &AtomicU64) -> Vec<String> {
    let mut found = Vec::new();
    while !done.load(Ordering::SeqCst) {
        found.extend(oracle::stock_faults(home).unwrap_or_else(|why| vec![why]));
        snapshots.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(2));
    }
    found
}

/// Goes through the log in its order with a ledger of its own: each line was served in full exactly if the pieces
/// were free at that moment.
fn replay(db: &Path, pieces: i64) -> rusqlite::Result<Vec<String>> {
    let db = Connection::open(db)?;
    let mut free: BTreeMap<String, i64> = (0..HOT).map(|n| (seed::hot(n), pieces * 1_000)).collect();
    let mut held: BTreeMap<Uuid, Vec<Allocation>> = BTreeMap::new();
    let mut found = Vec::new();
    let mut statement =
        db.prepare("SELECT seq, order_id, events FROM log WHERE order_id IS NOT NULL ORDER BY seq")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let (seq, id): (i64, Uuid) = (row.get(0)?, Uuid::from_bytes(row.get(1)?));
        let events: Vec<Event> = serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default();
        let before = free.clone();
        for line in follow(&events, held.entry(id).or_default(), &mut free) {
            let product = line.product.unwrap_or_default();
            let Some(before) = before.get(&product) else { continue };
            let wanted =
                line.quantity.and_then(|text| text.as_str().parse::<i64>().ok()).unwrap_or(0) * 1_000;
            let got = held.get(&id).into_iter().flatten().filter(|one| one.line == line.id);
            let got: i64 = got.map(|one| one.qty_milli).sum();
            let right = if *before >= wanted { wanted } else { 0 };
            if got < right {
                found.push(format!(
                    "sold out while free: entry {seq} got {got} of {wanted}, {before} were free"
                ));
            } else if got > right {
                found.push(format!("oversold: entry {seq} got {got} of {wanted}, {before} were free"));
            }
        }
    }
    Ok(found)
}

/// Carries what an entry took and gave back into the ledger; gives the lines that the entry asked for.
fn follow(events: &[Event], held: &mut Vec<Allocation>, free: &mut BTreeMap<String, i64>) -> Vec<Line> {
    let mut asked = Vec::new();
    for event in events {
        let now = match event {
            Event::Order(OrderEvent::Received(received)) => {
                asked.clone_from(&received.content.lines);
                continue;
            }
            Event::Order(OrderEvent::StockHeld { held, .. }) => held.clone(),
            Event::Order(OrderEvent::StockReleased) => Vec::new(),
            _ => continue,
        };
        let mut carry = |allocations: &[Allocation], sign: i64| {
            for one in allocations {
                if let Some(free) = free.get_mut(&one.product) {
                    *free += sign * one.qty_milli;
                }
            }
        };
        carry(held, 1);
        carry(&now, -1);
        *held = now;
    }
    asked
}

/// 1,200 asks for 1,000 pieces.
fn exactly(outcome: &mut Outcome) {
    const PIECES: u64 = 1_000;
    let ground = Ground::new(Company { hot: 1, pieces: PIECES as i64 });
    let nodes = nodes(&ground.home);
    let next = AtomicU64::new(0);
    let confirmed = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= PIECES * 12 / 10 {
                        return;
                    }
                    let lines = vec![(seed::hot(0), 1)];
                    let act = Act::Place { customer: seed::customer(n), po: format!("PO-{n}"), lines };
                    let app = &nodes[n as usize % nodes.len()];
                    let answer = put(app, &Ask { caller: "all".to_owned(), key: n.to_string(), act });
                    let got = answer.receipt().is_some_and(|receipt| receipt.status == "confirmed");
                    confirmed.fetch_add(u64::from(got), Ordering::SeqCst);
                }
            });
        }
    });
    drop(nodes);
    let confirmed = confirmed.into_inner();
    outcome.figure("of 1200 for 1000", confirmed);
    if confirmed != PIECES {
        outcome.violations.push(format!("exactly: {confirmed} were confirmed for {PIECES} pieces"));
    }
    outcome.violations.extend(ground.examine(&[]).violations);
}
