//! R1: `kill -9` under load. What was acknowledged is there, nothing is there by half, and what nobody knows is
//! settled by asking again under the same key. On PostgreSQL the server dies with the node every other time, and has
//! to recover.

use super::client::{CLIENTS, COMPANY, Client, acknowledged};
use super::dice::Dice;
use super::ground::Ground;
use super::node::{Launcher, Node};
use super::{Outcome, quantile};
use std::time::Duration;

/// Rounds on one database: the check looks at all of it each time.
const ROUNDS_PER_DATABASE: u64 = 10;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub rounds: u64,
    pub seed: u64,
    /// Milliseconds of load before the kill, from and to.
    pub kill_after_ms: (u64, u64),
    /// Whether to end with the first violation: enough for a negative control.
    pub until_caught: bool,
}

/// Figures over all rounds.
#[derive(Default)]
struct Tally {
    kills: u64,
    orders: usize,
    acknowledged: usize,
    settled: u64,
    ready_ms: Vec<u128>,
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R1 kill -9");
    let mut tally = Tally::default();
    let mut left = plan.rounds;
    for run in 0.. {
        if left == 0 || (plan.until_caught && !outcome.is_held()) {
            break;
        }
        let rounds = left.min(ROUNDS_PER_DATABASE);
        left -= rounds;
        one_database(launcher, plan, run, rounds, &mut tally, &mut outcome);
    }
    outcome.figure("kills", tally.kills);
    outcome.figure("orders", tally.orders);
    outcome.figure("acknowledged writes", tally.acknowledged);
    outcome.figure("unknown settled", tally.settled);
    outcome.figure("ready p50 ms", quantile(&mut tally.ready_ms, 500));
    outcome.figure("ready p95 ms", quantile(&mut tally.ready_ms, 950));
    outcome
}

fn one_database(
    launcher: &Launcher,
    plan: Plan,
    run: u64,
    rounds: u64,
    tally: &mut Tally,
    outcome: &mut Outcome,
) {
    let ground = Ground::new(COMPANY);
    let mut clients: Vec<Client> =
        (0..CLIENTS).map(|n| Client::new(ground.folder.path(), run, n, plan.seed)).collect();
    let mut dice = Dice::new(plan.seed ^ (run << 32));
    for round in 0..rounds {
        let node = launcher.start(ground.home.address(), &[]);
        tally.ready_ms.push(node.ready.as_millis());
        let wait = Duration::from_millis(dice.between(plan.kill_after_ms.0, plan.kill_after_ms.1));
        load(&node, &mut clients, wait);
        ground.quake(round);
        tally.kills += 1;
        let verdict = ground.examine(&acknowledged(&clients));
        outcome.violations.extend(verdict.violations.iter().map(|v| format!("run {run} round {round}: {v}")));
        if plan.until_caught && !outcome.is_held() {
            return;
        }
    }
    // What is still unknown is settled by a node that stays alive.
    let node = launcher.start(ground.home.address(), &[]);
    for client in clients.iter_mut().filter(|client| client.pending.is_some()) {
        client.work(&node, 1);
        if client.pending.is_some() {
            outcome.violations.push(format!("run {run}: {} got no answer from a healthy node", client.name));
        }
    }
    drop(node);
    let receipts = acknowledged(&clients);
    let verdict = ground.examine(&receipts);
    outcome.violations.extend(verdict.violations.iter().map(|v| format!("run {run} end: {v}")));
    tally.orders += verdict.orders;
    tally.acknowledged += receipts.len();
    tally.settled += clients.iter().map(|client| client.settled).sum::<u64>();
}

/// Lets all clients work and kills the node under them.
fn load(node: &Node, clients: &mut [Client], wait: Duration) {
    std::thread::scope(|scope| {
        for client in clients {
            scope.spawn(move || client.work(node, u64::MAX));
        }
        std::thread::sleep(wait);
        node.kill();
    });
}
