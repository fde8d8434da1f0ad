//! R4: the disk is full, again and again. What does not fit is refused as such and soon, what was acknowledged stays and can
//! be read meanwhile, and as soon as there is room orders are taken again, by the same process.

use super::ask::{Answer, Ask, Receipt, answer, envelope};
use super::dice::Dice;
use super::power::{FILE, after, ask, fresh_image, nearly_full_image, options, wait_until_closed};
use super::seed::ORG;
use super::{Outcome, node};
use crate::vfs::{Image, Mounted};
use ordain_app::app::App;
use ordain_store::Synchronous;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Asks put together, so that they share a commit.
const BATCH: usize = 3;
/// The disk is full after so many batches, whatever room there was at first.
const BATCHES_MAX: usize = 400;
/// Batches that are refused before there is room again.
const REFUSED_BATCHES: usize = 4;
/// Bytes of room that a cycle begins with, at most: some ten orders.
const ROOM: u64 = 512 * 1_024;
/// The longest wait for an answer while the disk is full, and for orders to be taken once it is not.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub cycles: u64,
    pub seed: u64,
    pub until_caught: bool,
}

/// A node on a disk that is filled, and what it was heard to say.
struct Trial {
    mounted: Mounted,
    app: App,
    runtime: Runtime,
    dice: Dice,
    asked: u64,
    receipts: Vec<Receipt>,
    refused: usize,
    slowest_ms: u128,
    back_ms: u128,
    violations: Vec<String>,
}

pub fn run(plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R4 disk full");
    let (mut acknowledged, mut refused, mut slowest, mut back) = (0, 0, 0, 0);
    // The second image is about to be copied back, so that the disk is full for the checkpoint too.
    for (image, cycles) in [(fresh_image(), plan.cycles.div_ceil(2)), (nearly_full_image(), plan.cycles / 2)]
    {
        let mut trial = Trial::new(&image, plan.seed);
        for cycle in 0..cycles {
            trial.cycle(cycle);
            if plan.until_caught && !trial.violations.is_empty() {
                break;
            }
        }
        (acknowledged, refused) = (acknowledged + trial.receipts.len(), refused + trial.refused);
        (slowest, back) = (trial.slowest_ms.max(slowest), trial.back_ms.max(back));
        outcome.violations.extend(trial.end());
    }
    outcome.figure("cycles", plan.cycles);
    outcome.figure("acknowledged writes", acknowledged);
    outcome.figure("refused", refused);
    outcome.figure("slowest answer ms", slowest);
    outcome.figure("taken again within ms", back);
    outcome
}

impl Trial {
    fn new(image: &Image, seed: u64) -> Self {
        let mounted = Mounted::new(image).expect("the VFS registers");
        let app = node::open(&options(&mounted.path(FILE), Synchronous::Full)).expect("it opens");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self {
            mounted,
            app,
            runtime,
            dice: Dice::new(seed),
            asked: 0,
            receipts: Vec::new(),
            refused: 0,
            slowest_ms: 0,
            back_ms: 0,
            violations: Vec::new(),
        }
    }

    fn cycle(&mut self, cycle: u64) {
        let room = self.dice.below(ROOM);
        self.mounted.disk.fill_to(usize::try_from(room).unwrap_or_default());
        let before = self.refused;
        for _ in 0..BATCHES_MAX {
            let all_refused = self.batch(cycle).iter().all(|status| *status == 507);
            let enough = all_refused && self.refused >= before + REFUSED_BATCHES * BATCH;
            if enough || !self.violations.is_empty() {
                break;
            }
        }
        if self.refused == before {
            self.violations.push(format!("cycle {cycle}: nothing was refused"));
        }
        self.read(cycle);
        self.mounted.disk.free();
        let freed = Instant::now();
        while !self.batch(cycle).contains(&200) {
            if freed.elapsed() > BACK_WITHIN {
                self.violations.push(format!("cycle {cycle}: takes no order although there is room"));
                return;
            }
        }
        self.back_ms = self.back_ms.max(freed.elapsed().as_millis());
    }

    /// Puts a few orders; gives the states of the answers.
    fn batch(&mut self, cycle: u64) -> Vec<u16> {
        let asks: Vec<Ask> =
            (0..BATCH as u64).map(|n| ask(&mut self.dice, &format!("{cycle}-{}", self.asked + n))).collect();
        self.asked += asks.len() as u64;
        let began = Instant::now();
        let answers = self.answers(&asks);
        self.slowest_ms = self.slowest_ms.max(began.elapsed().as_millis());
        for told in &answers {
            match told {
                None => self.violations.push(format!("cycle {cycle}: not answered within a second")),
                Some(told) if told.is_done() => self.receipts.extend(told.receipt()),
                Some(told) if told.status == 507 => self.refused += 1,
                Some(told) => self.violations.push(format!("cycle {cycle}: {told:?}")),
            }
        }
        answers.iter().flatten().map(|told| told.status).collect()
    }

    fn answers(&self, asks: &[Ask]) -> Vec<Option<Answer>> {
        let queued: Vec<_> = asks.iter().map(|ask| self.app.gate.submit(envelope(&self.app, ask))).collect();
        let answered = async {
            let mut answers = Vec::new();
            for queued in queued {
                let told = match queued {
                    Ok(reply) => tokio::time::timeout(ANSWERED_WITHIN, reply).await.ok().and_then(Result::ok),
                    Err(error) => Some(Err(error)),
                };
                answers.push(told.map(answer));
            }
            answers
        };
        self.runtime.block_on(answered)
    }

    /// What was acknowledged can be read while nothing can be written.
    fn read(&mut self, cycle: u64) {
        let Some(receipt) = self.receipts.last() else { return };
        let found = self.app.store.order_by_id(ORG, receipt.id.into_bytes());
        if !matches!(&found, Ok(Some(row)) if row.version >= receipt.version) {
            self.violations.push(format!("cycle {cycle}: {} is not read: {found:?}", receipt.number));
        }
    }

    /// Ends the process in good order and judges what is on the disk.
    fn end(mut self) -> Vec<String> {
        self.mounted.disk.free();
        drop(self.app);
        wait_until_closed(&self.mounted);
        self.violations.extend(after(&self.mounted.disk.live(), &self.receipts));
        self.violations
    }
}
