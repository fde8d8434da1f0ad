//! R12, short form: mails leave only for what was committed, at least once, every copy under one Message-ID. A real
//! SMTP server fails by plan while the node dies right before and right behind sending.

use super::ask::{Act, Answer, Ask, Receipt};
use super::dice::Dice;
use super::ground::examine_copy;
use super::node::{Launcher, Node};
use super::seed::{self, Company, DEAR};
use super::sink::Sink;
use super::{Outcome, mail_check, wait};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const COMPANY: Company = Company { hot: 20, pieces: 10_000 };
/// How the receiver misbehaves, per thousand mails.
const RECEIVER: [&str; 3] = ["--fail-permille=100", "--reset-permille=50", "--hang-permille=5"];
/// Longest wait for a node to send what is due.
const PATIENCE: Duration = Duration::from_secs(60);

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Orders to be confirmed; a fifth as many again wait for the manager, and half of those are cancelled.
    pub orders: u64,
    pub kills: u64,
    pub seed: u64,
}

/// The driver: puts orders through one node after the other.
struct Driver<'a> {
    launcher: &'a Launcher,
    db: PathBuf,
    smtp: u16,
    dice: Dice,
    placed: u64,
    receipts: Vec<Receipt>,
    pending: Option<Ask>,
    cancel: Vec<Receipt>,
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let started = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("ordain.db");
    seed::plant(&db, COMPANY);
    let sink = Sink::start(&RECEIVER, plan.seed);
    let mut driver = Driver {
        launcher,
        db: db.clone(),
        smtp: sink.port,
        dice: Dice::new(plan.seed),
        placed: 0,
        receipts: Vec::new(),
        pending: None,
        cancel: Vec::new(),
    };
    let mut deaths = 0;
    for kill in 0..plan.kills {
        let point = if kill % 2 == 0 { "before_send" } else { "after_send" };
        deaths += u64::from(driver.mortal(point, plan.orders * (kill + 1) / (plan.kills + 1)));
    }
    let mut outcome = Outcome::new("R12 outbox");
    if !driver.last(plan.orders) {
        outcome.violations.push("lost: mails were still queued when patience ended".to_owned());
    }
    let verdict = examine_copy(&db, &driver.receipts);
    outcome.figure("confirmed", verdict.confirmed);
    outcome.figure("not confirmed", verdict.orders - verdict.confirmed);
    outcome.figure("deaths", deaths);
    outcome.violations.extend(verdict.violations);
    mail_check::judge(&db, &sink.mails(), deaths + sink.faults(), &mut outcome);
    outcome.figure("s", started.elapsed().as_secs());
    outcome
}

impl Driver<'_> {
    fn start(&self, launcher: &Launcher) -> Node {
        launcher.start(&self.db, &["--mail".to_owned(), self.smtp.to_string()])
    }

    /// A node that dies at a fault point; says whether it did.
    fn mortal(&mut self, point: &str, orders: u64) -> bool {
        let nth = self.dice.between(1, 12).to_string();
        let launcher = self.launcher.clone().with("ORDAIN_FAULT_POINT", point).with("ORDAIN_FAULT_NTH", nth);
        let node = self.start(&launcher);
        self.place(&node, orders);
        wait(PATIENCE, || node.is_dead() || queued(&self.db) == 0);
        node.is_dead()
    }

    /// A node that lives until everything is settled and sent.
    fn last(&mut self, orders: u64) -> bool {
        let node = self.start(self.launcher);
        self.place(&node, orders);
        wait(PATIENCE, || queued(&self.db) == 0)
    }

    /// Puts orders until so many are placed in all, or the node is gone.
    fn place(&mut self, node: &Node, orders: u64) {
        let Some(mut line) = node.connect() else { return };
        while self.pending.is_some() || self.placed < orders || !self.cancel.is_empty() {
            let ask = self.pending.take().unwrap_or_else(|| self.next());
            self.pending = Some(ask.clone());
            let Some(answer) = line.ask(&ask).filter(|answer| !answer.is_unknown()) else { return };
            self.pending = None;
            self.hear(&answer);
        }
    }

    fn hear(&mut self, answer: &Answer) {
        assert!(answer.is_done(), "an order of this bar is refused by nothing: {answer:?}");
        let Some(receipt) = answer.receipt() else { return };
        if receipt.status == "in_review" && self.dice.below(2) == 0 {
            self.cancel.push(receipt.clone());
        }
        self.receipts.push(receipt);
    }

    fn next(&mut self) -> Ask {
        let caller = "mail".to_owned();
        if let Some(receipt) = self.cancel.pop() {
            return Ask {
                caller,
                key: format!("cancel-{}", receipt.number),
                act: Act::Cancel { id: receipt.id },
            };
        }
        let waits = self.dice.below(6) == 0;
        // Only those count that will be confirmed.
        self.placed += u64::from(!waits);
        let key = format!("{}-{}", self.placed, self.dice.next_u64());
        let mut lines = vec![(seed::hot(self.dice.below(COMPANY.hot as u64) as usize), 1)];
        if waits {
            lines.push((DEAR.to_owned(), 1));
        }
        let act = Act::Place { customer: seed::customer(self.placed), po: format!("PO-{key}"), lines };
        Ask { caller, key, act }
    }
}

/// Messages that wait, as a look from outside.
fn queued(db: &Path) -> i64 {
    let count = |db: Connection| {
        db.query_row("SELECT count(*) FROM outbox WHERE state = 'queued'", (), |row| row.get(0))
    };
    Connection::open(db).and_then(count).unwrap_or(i64::MAX)
}
