//! R16: clocks that jump, and nodes whose clocks differ, under load. No timer fires before its time, none twice, a key has
//! one effect whatever the day seems to be, who was signed out stays out, and the log is in the order of its numbers.
//!
//! One node in a file knows no other clock than its own: there a timer is early if the log says that it ended before it
//! was due by that clock. Nodes of one server go by the clock of the server, which does not jump: there nothing that is
//! due in minutes may end within seconds, wherever the clocks of the nodes stand.

use super::ask::{Act, Ask, Receipt};
use super::client::{COMPANY, Client, acknowledged};
use super::dice::Dice;
use super::failover::ask_on;
use super::ground::{Copied, Ground};
use super::node::{Launcher, Node};
use super::timers::{WAITING, flow, waits};
use super::{Outcome, seed, wait};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Minutes that each order waits: longer than a run of the short form takes.
const WAITS: [i64; 1] = [5];
const CLIENTS: u64 = 4;
/// Ahead of the other one.
const DIFFERENCE_MS: i64 = 10 * MINUTE_MS;
/// An hour behind the end of 32 bits.
const IN_2038_MS: i64 = (1 << 31) * SECOND_MS + HOUR_MS;
const TOKEN: &str = "a-session-that-ends";
const LASTING: &str = "a-session-that-lasts";
const SIGNED_IN_MS: i64 = 1_500;
/// How far entries of the log that stand in their order may differ from the order of the times in them: one may have
/// waited for its commit while others did not.
const WAITED_MS: i64 = 5 * SECOND_MS;
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nodes {
    /// One whose clock jumps.
    One,
    /// Two of one server, of which one is ten minutes ahead, and jumps from there.
    TwoThatDiffer,
}

#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub nodes: Nodes,
    pub jumps: u64,
    /// How long the clock stays wrong, and right again.
    pub hold_ms: u64,
    pub seed: u64,
}

fn real_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The hand of the clock of a node.
struct Hand(PathBuf);

impl Hand {
    fn at(folder: &Path, name: &str, ms: i64) -> Self {
        let hand = Self(folder.join(name));
        hand.set(ms);
        hand
    }

    fn set(&self, ms: i64) {
        let new = self.0.with_extension("new");
        fs::write(&new, ms.to_string()).expect("the folder is there");
        fs::rename(new, &self.0).expect("the folder is there");
    }

    fn args(&self) -> [String; 2] {
        ["--skew".to_owned(), self.0.display().to_string()]
    }
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let differ = plan.nodes == Nodes::TwoThatDiffer;
    let mut outcome = Outcome::new(if differ { "R16 clocks that differ" } else { "R16 clock jumps" });
    let ground = if differ {
        Ground::on_a_server(COMPANY, &flow(&WAITS))
    } else {
        Ground::with_flow(COMPANY, &flow(&WAITS))
    };
    seed::sign_in(ground.home.database(), TOKEN, real_ms() + SIGNED_IN_MS);
    seed::sign_in(ground.home.database(), LASTING, real_ms() + HOUR_MS);
    let usual_ms = if differ { DIFFERENCE_MS } else { 0 };
    let hand = Hand::at(ground.folder.path(), "hand", usual_ms);
    let mut nodes = vec![launcher.start(ground.home.address(), &hand.args())];
    if differ {
        let right = Hand::at(ground.folder.path(), "right", 0);
        nodes.push(launcher.start(ground.home.address(), &right.args()));
    }
    let mut clients: Vec<Client> =
        (0..CLIENTS).map(|n| Client::new(ground.folder.path(), 0, n, plan.seed)).collect();
    let over = AtomicBool::new(false);
    let mut constant = Constant::new(&nodes[0]);
    std::thread::scope(|scope| {
        for (client, node) in clients.iter_mut().zip(nodes.iter().cycle()) {
            let over = &over;
            scope.spawn(move || ask_on(client, node, over));
        }
        let wrong = jump(&hand, usual_ms, plan, &mut constant);
        outcome.violations.extend(wrong);
        over.store(true, Ordering::SeqCst);
    });
    let shared = ground.has_a_server();
    if !shared {
        // Far enough that every wait is over, also one that began when the clock was far ahead.
        hand.set(IN_2038_MS + 40 * 24 * HOUR_MS - real_ms());
        if !wait(PATIENCE, || ground.count(WAITING) == Some(0)) {
            outcome.violations.push("missed: orders still wait for what is long over".to_owned());
        }
    }
    let own = constant.receipt.take();
    drop(nodes);
    let mut receipts = acknowledged(&clients);
    receipts.extend(own);
    judge(&ground, &receipts, shared, &mut outcome);
    outcome.figure("jumps", plan.jumps);
    outcome
}

/// Sets the clock wrong and right again, and looks each time whether what must not change does.
fn jump(hand: &Hand, usual_ms: i64, plan: Plan, constant: &mut Constant<'_>) -> Vec<String> {
    let mut dice = Dice::new(plan.seed);
    let hold = Duration::from_millis(plan.hold_ms);
    let mut found = Vec::new();
    if constant.enter(LASTING) != 200 {
        found.push("session: one that lasts is not let in".to_owned());
    }
    if !wait(PATIENCE, || constant.enter(TOKEN) == 401) {
        found.push("session: one that is over is let in".to_owned());
    }
    let now = |jump: u64| match jump % 5 {
        0 => -10 * MINUTE_MS,
        1 => HOUR_MS,
        2 => -HOUR_MS,
        3 => 24 * HOUR_MS + SECOND_MS,
        _ => IN_2038_MS - real_ms(),
    };
    let start = dice.below(5);
    for n in start..start + plan.jumps {
        let by_ms = now(n);
        for (what, ms) in [("at", usual_ms + by_ms), ("after", usual_ms)] {
            hand.set(ms);
            std::thread::sleep(hold);
            found.extend(constant.again().map(|why| format!("{why} {what} a jump of {by_ms} ms")));
            if constant.enter(TOKEN) != 401 {
                found.push(format!("revived: a session that is over {what} a jump of {by_ms} ms"));
            }
        }
    }
    found
}

/// One order whose key comes again and again, and a session that is over.
struct Constant<'a> {
    node: &'a Node,
    ask: Ask,
    receipt: Option<Receipt>,
}

impl<'a> Constant<'a> {
    fn new(node: &'a Node) -> Self {
        let act = Act::Place {
            customer: seed::customer(0),
            po: "PO-constant".to_owned(),
            lines: vec![(seed::hot(0), 1)],
        };
        let ask = Ask { caller: "constant".to_owned(), key: "constant".to_owned(), act };
        let answer = node.connect().and_then(|mut line| line.ask(&ask));
        Self { node, ask, receipt: answer.and_then(|answer| answer.receipt()) }
    }

    /// What is wrong with the answer to the same key.
    fn again(&self) -> Option<String> {
        let answer = self.node.connect().and_then(|mut line| line.ask(&self.ask));
        let same = answer.as_ref().is_some_and(|answer| answer.replayed && answer.receipt() == self.receipt);
        (!same).then(|| format!("twice: the key of {:?} was answered {answer:?}", self.receipt))
    }

    fn enter(&self, token: &str) -> u16 {
        let act = Act::Enter { token: token.to_owned() };
        let ask = Ask { caller: "guest".to_owned(), key: String::new(), act };
        self.node.connect().and_then(|mut line| line.ask(&ask)).map_or(0, |answer| answer.status)
    }
}

fn judge(ground: &Ground, receipts: &[Receipt], shared: bool, outcome: &mut Outcome) {
    let verdict = ground.examine(receipts);
    outcome.violations.extend(verdict.violations);
    let read = ground.copied().and_then(|copied| {
        let found = log(&copied, shared, outcome);
        found.map_err(|error| error.to_string())
    });
    outcome.violations.extend(read.err());
    outcome.figure("orders", verdict.orders);
    outcome.figure("acknowledged writes", receipts.len());
}

/// What the log says of waits, and of the order of time.
fn log(copied: &Copied, shared: bool, outcome: &mut Outcome) -> rusqlite::Result<()> {
    let db = Connection::open(&copied.file)?;
    let waits = waits(&db, &WAITS)?;
    let (mut ended, found) = (0, &mut outcome.violations);
    for ((order, visit), waited) in &waits {
        match waited.ended_ms.as_slice() {
            [] => {}
            // Nodes of one server: what is due later has ended because somebody's clock said so.
            [at] if *at < waited.due_ms || (shared && waited.due_ms > real_ms()) => {
                found.push(format!(
                    "early: {order} at visit {visit} by a clock at {at}, due {}",
                    waited.due_ms
                ));
            }
            [_] => ended += 1,
            _ => found.push(format!("twice: {order} at visit {visit}")),
        }
    }
    if shared {
        let mut statement = db.prepare("SELECT at_ms FROM log ORDER BY org_id, seq")?;
        let times = statement.query_map((), |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        let back = times.windows(2).filter(|pair| pair[0] - pair[1] > WAITED_MS).count();
        if back > 0 {
            found.push(format!(
                "disorder: {back} entries of the log say that they are older than the one before"
            ));
        }
    }
    outcome.figure("waits", waits.len());
    outcome.figure("ended", ended);
    Ok(())
}
