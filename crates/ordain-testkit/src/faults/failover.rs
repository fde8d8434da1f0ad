//! R17: the server of PostgreSQL dies under load while its standby lags, and the standby takes over. What was
//! acknowledged is there, what nobody knows is settled under its key, and the node finds the new server by itself.

use super::client::{CLIENTS, COMPANY, Client, acknowledged};
use super::dice::Dice;
use super::ground::examine_server;
use super::node::{Launcher, Node};
use super::{Outcome, quantile, seed};
use crate::cluster::{Cluster, PASSWORD, USER, own_cluster};
use ordain_store::Database;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long the standby receives nothing before the server dies, in milliseconds.
const LAG_MS: (u64, u64) = (100, 300);
const LOAD_MS: (u64, u64) = (200, 600);
/// Until the promotion, the standby's receiver stands still: what it was sent and has not taken is gone with it.
const PROMOTION: Duration = Duration::from_millis(200);
/// How long clients may need to learn what they do not know.
const SETTLED_WITHIN: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub rounds: u64,
    pub seed: u64,
    /// Whether the server waits for its standby before it acknowledges; the negative control does not.
    pub waits: bool,
    pub until_caught: bool,
}

#[derive(Default)]
struct Tally {
    orders: usize,
    acknowledged: usize,
    settled: u64,
    /// From the end of the promotion to the first acknowledgement.
    back_ms: Vec<u128>,
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R17 failover");
    let (mut tally, mut rounds) = (Tally::default(), 0);
    let mut dice = Dice::new(plan.seed);
    while rounds < plan.rounds && (outcome.is_held() || !plan.until_caught) {
        one(launcher, plan, rounds, &mut dice, &mut tally, &mut outcome);
        rounds += 1;
    }
    outcome.figure("failovers", rounds);
    outcome.figure("orders", tally.orders);
    outcome.figure("acknowledged writes", tally.acknowledged);
    outcome.figure("unknown settled", tally.settled);
    outcome.figure("writes back p95 ms", quantile(&mut tally.back_ms, 950));
    outcome
}

fn one(
    launcher: &Launcher,
    plan: Plan,
    round: u64,
    dice: &mut Dice,
    tally: &mut Tally,
    outcome: &mut Outcome,
) {
    let primary = own_cluster();
    let url = primary.fresh();
    seed::plant(Database::Postgres(&url), COMPANY);
    let standby = if plan.waits { primary.standby() } else { primary.follower() };
    let receiver = standby.receiver();
    let name = url.rsplit('/').next().unwrap_or_default();
    let both =
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{},127.0.0.1:{}/{name}", primary.port, standby.port);
    let folder = tempfile::tempdir().expect("a folder");
    let mut clients: Vec<Client> =
        (0..CLIENTS).map(|n| Client::new(folder.path(), round, n, plan.seed)).collect();
    let node = launcher.start(&both, &[]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for client in &mut clients {
            scope.spawn(|| ask_on(client, &node, &over));
        }
        pause(dice.between(LOAD_MS.0, LOAD_MS.1));
        standby.signal_receiver(&receiver, "STOP");
        pause(dice.between(LAG_MS.0, LAG_MS.1));
        primary.die();
        take_over(&standby, &receiver);
        tally.back_ms.push(first_answer(folder.path()).as_millis());
        over.store(true, Ordering::SeqCst);
    });
    for client in clients.iter().filter(|client| client.pending.is_some()) {
        outcome.violations.push(format!("round {round}: {} was never answered", client.name));
    }
    drop(node);
    let receipts = acknowledged(&clients);
    let verdict = examine_server(&standby.url(name), &receipts);
    outcome.violations.extend(verdict.violations.iter().map(|v| format!("round {round}: {v}")));
    tally.orders += verdict.orders;
    tally.acknowledged += receipts.len();
    tally.settled += clients.iter().map(|client| client.settled).sum::<u64>();
}

/// Asks until it is over and nothing is unknown any more.
pub(super) fn ask_on(client: &mut Client, node: &Node, over: &AtomicBool) {
    let mut since = None;
    loop {
        let ended = over.load(Ordering::SeqCst);
        if ended
            && (client.pending.is_none() || since.get_or_insert_with(Instant::now).elapsed() > SETTLED_WITHIN)
        {
            return;
        }
        client.work(node, if ended { 1 } else { 20 });
        if client.pending.is_some() {
            pause(50);
        }
    }
}

/// The standby becomes the server, and what was on its way to it is lost.
fn take_over(standby: &Cluster, receiver: &str) {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(PROMOTION);
            standby.signal_receiver(receiver, "CONT");
        });
        standby.promote();
    });
}

/// How long it takes until one more is acknowledged.
fn first_answer(folder: &std::path::Path) -> Duration {
    let size = || -> u64 {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    };
    let (before, since) = (size(), Instant::now());
    while size() == before && since.elapsed() < SETTLED_WITHIN {
        pause(5);
    }
    since.elapsed()
}

fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}
