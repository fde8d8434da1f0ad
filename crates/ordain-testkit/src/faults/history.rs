//! R8: histories. Clients change and read a few orders while the nodes die; each remembers when it asked and when it was
//! answered. What they were told must fit one order of events: a write makes the next state of its order, and whoever
//! asks after an answer sees nothing older than that answer.
//!
//! States of an order are counted, so that a history is linearizable exactly if no two writes made the same state, if
//! what is asked after an answer shows that state or a later one, if nothing is shown before it was asked for, and if a
//! state always reads the same. That is looked at in one pass over the sorted history, whatever its length.

use super::Outcome;
use super::ask::{Act, Answer, Ask, Receipt};
use super::client::CLIENTS;
use super::dice::Dice;
use super::ground::Ground;
use super::node::{Launcher, Node};
use super::seed::Company;
use crate::home::on_a_server;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const COMPANY: Company = Company { hot: 1, pieces: 100 };
const ORDERS: usize = 4;
/// Milliseconds from the start of the nodes to the death of one.
const ALIVE_MS: (u64, u64) = (300, 800);

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub kills: u64,
    pub seed: u64,
    pub until_caught: bool,
}

/// What one client asked, and what it was told.
#[derive(Clone, Debug)]
struct Op {
    order: Uuid,
    began: Instant,
    ended: Instant,
    /// What a write wanted the number to be; none: it read.
    wrote: Option<String>,
    /// Of which state the write was to be.
    expected: Option<i64>,
    version: i64,
    po: Option<String>,
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R8 histories");
    let ground = Ground::new(COMPANY);
    let orders = drafts(launcher, &ground);
    let mut clients: Vec<Client> = (0..CLIENTS).map(|n| Client::new(n, plan.seed, &orders)).collect();
    let mut dice = Dice::new(plan.seed);
    let mut kills = 0;
    while kills < plan.kills && (!plan.until_caught || outcome.is_held()) {
        round(launcher, &ground, &mut clients, &mut dice);
        ground.quake(kills);
        kills += 1;
        outcome.violations = judge(&clients);
    }
    // What is unknown is settled by a node that lives.
    let node = launcher.start(ground.home.address(), &[]);
    clients.iter_mut().filter(|client| client.pending.is_some()).for_each(|client| client.work(&node, None));
    drop(node);
    outcome.violations = judge(&clients);
    let receipts: Vec<Receipt> = clients.iter().flat_map(Client::receipts).collect();
    outcome.violations.extend(ground.examine(&receipts).violations);
    let ops = || clients.iter().flat_map(|client| &client.ops);
    outcome.figure("kills", kills);
    outcome.figure("operations", ops().count());
    outcome.figure("writes", ops().filter(|op| op.wrote.is_some()).count());
    outcome.figure("refused as stale", clients.iter().map(|client| client.refused).sum::<u64>());
    outcome
}

fn drafts(launcher: &Launcher, ground: &Ground) -> Vec<Uuid> {
    let node = launcher.start(ground.home.address(), &[]);
    let mut line = node.connect().expect("the node listens");
    let draft = |n: usize| {
        let ask =
            Ask { caller: "drafts".into(), key: n.to_string(), act: Act::Draft { po: format!("D-{n}") } };
        line.ask(&ask).and_then(|answer| answer.receipt()).expect("a draft is taken").id
    };
    (0..ORDERS).map(draft).collect()
}

/// One node in a file, two on a server: one dies while all work, the other a moment later.
fn round(launcher: &Launcher, ground: &Ground, clients: &mut [Client], dice: &mut Dice) {
    let count = if on_a_server() { 2 } else { 1 };
    let nodes: Vec<Node> = (0..count).map(|_| launcher.start(ground.home.address(), &[])).collect();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for (n, client) in clients.iter_mut().enumerate() {
            let (node, over) = (&nodes[n % nodes.len()], &over);
            scope.spawn(move || client.work(node, Some(over)));
        }
        for node in &nodes {
            std::thread::sleep(Duration::from_millis(dice.between(ALIVE_MS.0, ALIVE_MS.1)));
            node.kill();
        }
        over.store(true, Ordering::SeqCst);
    });
}

struct Client {
    name: String,
    dice: Dice,
    asked: u64,
    orders: Vec<Uuid>,
    /// The last state of each order that this client has seen.
    seen: BTreeMap<Uuid, i64>,
    /// A write whose outcome is not known, and when it was first asked for.
    pending: Option<(Ask, Instant)>,
    ops: Vec<Op>,
    refused: u64,
    numbers: BTreeMap<Uuid, String>,
}

impl Client {
    fn new(n: u64, seed: u64, orders: &[Uuid]) -> Self {
        Self {
            name: format!("h{n}"),
            dice: Dice::new(seed.wrapping_mul(1_000_003) + n),
            asked: 0,
            orders: orders.to_vec(),
            seen: BTreeMap::new(),
            pending: None,
            ops: Vec::new(),
            refused: 0,
            numbers: BTreeMap::new(),
        }
    }

    fn next(&mut self) -> Ask {
        self.asked += 1;
        let key = format!("{}-{}", self.name, self.asked);
        let id = self.orders[self.dice.below(self.orders.len() as u64) as usize];
        let act = match self.dice.below(3) {
            0 => Act::Read { id },
            chosen => {
                let expected = self.seen.get(&id).copied().filter(|_| chosen == 1);
                Act::Renumber { id, po: key.clone(), expected }
            }
        };
        Ask { caller: self.name.clone(), key, act }
    }

    /// Asks until the node is gone or it is over; without that, until what is unknown is settled.
    fn work(&mut self, node: &Node, over: Option<&AtomicBool>) {
        let Some(mut line) = node.connect() else { return };
        loop {
            let (ask, began) = self.pending.take().unwrap_or_else(|| (self.next(), Instant::now()));
            let answer = line.ask(&ask).filter(|answer| !answer.is_unknown());
            let Some(answer) = answer else {
                // Of what only reads nothing has to be known.
                self.pending = (!matches!(ask.act, Act::Read { .. })).then_some((ask, began));
                return;
            };
            self.hear(ask, began, &answer);
            if over.is_none_or(|over| over.load(Ordering::SeqCst)) {
                return;
            }
        }
    }

    fn hear(&mut self, ask: Ask, began: Instant, answer: &Answer) {
        let Some(receipt) = answer.receipt() else {
            self.refused += 1;
            return;
        };
        let (order, wrote, expected) = match ask.act {
            Act::Renumber { id, po, expected } => (id, Some(po), expected),
            _ => (receipt.id, None, None),
        };
        self.seen.insert(order, receipt.version);
        self.numbers.insert(order, receipt.number);
        let ended = Instant::now();
        self.ops.push(Op { order, began, ended, wrote, expected, version: receipt.version, po: receipt.po });
    }

    /// The latest state of each order that this client was told of, for whoever looks at the tables.
    fn receipts(&self) -> impl Iterator<Item = Receipt> {
        self.numbers.iter().map(|(id, number)| Receipt {
            id: *id,
            number: number.clone(),
            version: self
                .ops
                .iter()
                .filter(|op| op.order == *id)
                .map(|op| op.version)
                .max()
                .unwrap_or_default(),
            status: String::new(),
            held_milli: 0,
            po: None,
        })
    }
}

fn judge(clients: &[Client]) -> Vec<String> {
    let mut by_order: BTreeMap<Uuid, Vec<&Op>> = BTreeMap::new();
    for op in clients.iter().flat_map(|client| &client.ops) {
        by_order.entry(op.order).or_default().push(op);
    }
    by_order.into_values().flat_map(|ops| history(&ops)).collect()
}

/// What in the history of one order does not fit one order of events.
fn history(ops: &[&Op]) -> Vec<String> {
    let mut found = Vec::new();
    let mut writes: BTreeMap<i64, &Op> = BTreeMap::new();
    for op in ops.iter().filter(|op| op.wrote.is_some()) {
        if let Some(other) = writes.insert(op.version, op) {
            found.push(format!("split: {:?} and {:?} both made state {}", op.wrote, other.wrote, op.version));
        }
        if op.expected.is_some_and(|expected| expected + 1 != op.version) {
            found.push(format!("split: a write of state {:?} made state {}", op.expected, op.version));
        }
    }
    found.extend(unlike(ops, &writes));
    found.extend(older(ops));
    found.extend(ahead(ops, &writes));
    found
}

/// States that do not read as they were written, or not always alike.
fn unlike(ops: &[&Op], writes: &BTreeMap<i64, &Op>) -> Vec<String> {
    let mut read: BTreeMap<i64, BTreeSet<&Option<String>>> = BTreeMap::new();
    for op in ops {
        read.entry(op.version).or_default().insert(&op.po);
        if let Some(write) = writes.get(&op.version) {
            read.entry(op.version).or_default().insert(&write.wrote);
        }
    }
    let unlike = read.into_iter().filter(|(_, pos)| pos.len() > 1);
    unlike.map(|(version, pos)| format!("torn: state {version} reads {pos:?}")).collect()
}

/// Whoever asks after an answer sees nothing older; a write makes something newer.
fn older(ops: &[&Op]) -> Vec<String> {
    let (mut by_begin, mut by_end) = (ops.to_vec(), ops.to_vec());
    by_begin.sort_by_key(|op| op.began);
    by_end.sort_by_key(|op| op.ended);
    let mut told = by_end.into_iter().peekable();
    let mut least = 0;
    let mut found = Vec::new();
    for op in by_begin {
        while let Some(before) = told.next_if(|before| before.ended < op.began) {
            least = least.max(before.version);
        }
        let newer = op.version > least || (op.version == least && op.wrote.is_none());
        if !newer {
            found.push(format!("stale: state {} after somebody was told of {least}", op.version));
        }
    }
    found
}

/// No state is told of before every write up to it was asked for.
fn ahead(ops: &[&Op], writes: &BTreeMap<i64, &Op>) -> Vec<String> {
    let mut by_version = ops.to_vec();
    by_version.sort_by_key(|op| op.version);
    let mut made = writes.values().peekable();
    let mut last: Option<Instant> = None;
    let mut found = Vec::new();
    for op in by_version {
        while let Some(write) = made.next_if(|write| write.version <= op.version) {
            last = last.max(Some(write.began));
        }
        if last.is_some_and(|last| last > op.ended) {
            found.push(format!("ahead: state {} before it was asked for", op.version));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(from: u64, to: u64, wrote: Option<&str>, version: i64, po: &str) -> Op {
        let start = *START.get_or_init(Instant::now);
        Op {
            order: Uuid::nil(),
            began: start + Duration::from_millis(from),
            ended: start + Duration::from_millis(to),
            wrote: wrote.map(str::to_owned),
            expected: None,
            version,
            po: Some(po.to_owned()),
        }
    }

    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();

    fn found(ops: &[Op]) -> Vec<String> {
        history(&ops.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_history_that_fits_one_order_of_events_passes_and_others_do_not() {
        let first = op(0, 10, Some("a"), 2, "a");
        let second = op(5, 20, Some("b"), 3, "b");
        // Between the two, a reader may see either.
        let sound = [first.clone(), second.clone(), op(12, 14, None, 2, "a"), op(12, 15, None, 3, "b")];
        assert_eq!(found(&sound), Vec::<String>::new());
        let cases = [
            ("stale", op(25, 30, None, 2, "a")),
            ("stale", op(25, 30, Some("c"), 3, "c")),
            ("split", op(6, 20, Some("c"), 3, "c")),
            ("torn", op(25, 30, None, 3, "c")),
            ("ahead", op(0, 3, None, 3, "b")),
        ];
        for (word, wrong) in cases {
            let told = found(&[first.clone(), second.clone(), wrong]);
            assert!(told.iter().any(|said| said.starts_with(word)), "{word}: {told:?}");
        }
    }
}
