//! R2: the power cut. A Gate works on a disk in memory that forgets what was not synced; the power goes at a random
//! write or sync; what is left is opened by the system's own VFS and must hold everything that was acknowledged.

use super::ask::{Act, Ask, Receipt, answer, envelope, put};
use super::dice::Dice;
use super::seed::{self, Company, DEAR};
use super::{Outcome, node, oracle};
use crate::vfs::{Image, Mounted, NAME};
use ordain_app::app::App;
use ordain_store::{OpenOptions, Synchronous};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const COMPANY: Company = Company { hot: 5, pieces: 500 };
pub(super) const FILE: &str = "ordain.db";
/// Bytes of write-ahead log shortly before the store copies it back: cuts then fall into the copying too.
const NEARLY_FULL_LOG: usize = 1_960 * (8_192 + 24);
const WORKERS: usize = 2;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub cuts: u64,
    pub seed: u64,
    pub synchronous: Synchronous,
    pub until_caught: bool,
}

#[derive(Default)]
struct Tally {
    cuts: u64,
    /// Cuts that hit a commit on its way, and a checkpoint.
    in_commit: u64,
    in_checkpoint: u64,
    acknowledged: u64,
    unknown: u64,
    violations: Vec<String>,
}

pub fn run(plan: Plan) -> Outcome {
    let started = Instant::now();
    let (fresh, full) = (fresh_image(), nearly_full_image());
    let next = AtomicU64::new(0);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    let caught = !tally.lock().expect("whole").violations.is_empty();
                    if n >= plan.cuts || (plan.until_caught && caught) {
                        return;
                    }
                    // Every fourth cut near a checkpoint: dearer, because all of that log is read at each opening.
                    let image = if n % 4 == 3 { &full } else { &fresh };
                    one_cut(plan, n, image, &tally);
                }
            });
        }
    });
    let tally = tally.into_inner().expect("whole");
    let mut outcome = Outcome::new("R2 power cut");
    outcome.figure("cuts", tally.cuts);
    outcome.figure("within a commit", tally.in_commit);
    outcome.figure("within a checkpoint", tally.in_checkpoint);
    outcome.figure("acknowledged writes", tally.acknowledged);
    outcome.figure("unknown", tally.unknown);
    outcome.figure("ms per cut", started.elapsed().as_millis() / u128::from(tally.cuts.max(1)));
    outcome.violations = tally.violations;
    outcome
}

pub(super) fn options<'a>(path: &'a Path, synchronous: Synchronous) -> OpenOptions<'a> {
    OpenOptions { vfs: Some(NAME), synchronous, ..OpenOptions::new(path) }
}

/// A company and nothing else, closed in good order.
pub(super) fn fresh_image() -> Image {
    let mounted = Mounted::new(&Image::new()).expect("the VFS registers");
    seed::plant(&options(&mounted.path(FILE), Synchronous::Full), COMPANY);
    mounted.disk.live()
}

/// The same with a write-ahead log that will be copied back after a few more orders.
pub(super) fn nearly_full_image() -> Image {
    let mounted = Mounted::new(&fresh_image()).expect("the VFS registers");
    let app = node::open(&options(&mounted.path(FILE), Synchronous::Full)).expect("it opens");
    let mut dice = Dice::new(1);
    for n in 0.. {
        let image = mounted.disk.live();
        if image.get("ordain.db-wal").is_some_and(|log| log.len() > NEARLY_FULL_LOG) {
            return image;
        }
        let batch: Vec<Ask> = (0..8).map(|m| ask(&mut dice, &format!("base-{n}-{m}"))).collect();
        assert!(together(&app, &batch).1, "the base is written without faults");
    }
    unreachable!("the log grows with every order")
}

pub(super) fn ask(dice: &mut Dice, key: &str) -> Ask {
    let mut lines = vec![(seed::hot(dice.below(COMPANY.hot as u64) as usize), dice.between(1, 4) as u32)];
    if dice.below(8) == 0 {
        lines.push((DEAR.to_owned(), 1));
    }
    let act = Act::Place { customer: seed::customer(dice.next_u64()), po: format!("PO-{key}"), lines };
    Ask { caller: "power".to_owned(), key: key.to_owned(), act }
}

/// Puts asks into the queue before it waits for the first, so that they share commits. Gives the receipts and whether
/// all of them were answered.
pub(super) fn together(app: &App, asks: &[Ask]) -> (Vec<Receipt>, bool) {
    let queued: Vec<_> = asks.iter().map(|ask| app.gate.submit(envelope(app, ask))).collect();
    let mut receipts = Vec::new();
    let mut all = true;
    for queued in queued {
        let told = queued.ok().and_then(|reply| reply.blocking_recv().ok()).map(answer);
        let receipt = told.and_then(|answer| answer.receipt());
        all &= receipt.is_some();
        receipts.extend(receipt);
    }
    (receipts, all)
}

fn one_cut(plan: Plan, n: u64, image: &Image, tally: &Mutex<Tally>) {
    let mut dice = Dice::new(plan.seed.wrapping_mul(0x1_0000_0001).wrapping_add(n));
    let mounted = Mounted::new(image).expect("the VFS registers");
    let app = node::open(&options(&mounted.path(FILE), plan.synchronous)).expect("it opens before the cut");
    // An order takes some thirty to a hundred writes: the cut falls anywhere within the run, or after it.
    let orders = dice.between(1, 24);
    mounted.disk.cut_in(dice.between(1, 40 + orders * 50));
    let mut receipts = Vec::new();
    let mut sent = 0;
    while sent < orders {
        let size = dice.between(1, 6).min(orders - sent);
        let batch: Vec<Ask> = (0..size).map(|m| ask(&mut dice, &format!("{n}-{}", sent + m))).collect();
        sent += size;
        let (more, all) = together(&app, &batch);
        receipts.extend(more);
        if !all {
            break;
        }
    }
    mounted.disk.cut();
    drop(app);
    wait_until_closed(&mounted);
    let left = mounted.disk.after_cut(&mut dice);
    let mut violations = after(&left, &receipts);
    violations.iter_mut().for_each(|violation| *violation = format!("cut {n}: {violation}"));
    let mut tally = tally.lock().expect("whole");
    tally.cuts += 1;
    tally.in_commit += u64::from(mounted.disk.is_unsynced("ordain.db-wal"));
    tally.in_checkpoint += u64::from(mounted.disk.is_unsynced(FILE));
    tally.acknowledged += receipts.len() as u64;
    tally.unknown += sent - receipts.len() as u64;
    tally.violations.extend(violations);
}

/// The committer closes its connection on its own thread.
pub(super) fn wait_until_closed(mounted: &Mounted) {
    let started = Instant::now();
    while mounted.disk.open_files() > 0 && started.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Opens what is left on the system's own VFS, writes one order more and judges it all.
pub(super) fn after(left: &Image, receipts: &[Receipt]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in left {
        std::fs::write(folder.path().join(name), bytes).expect("the image is written");
    }
    let path = folder.path().join(FILE);
    let app = match node::open(&OpenOptions::new(&path)) {
        Ok(app) => app,
        Err(error) => return vec![format!("does not open: {error}")],
    };
    let next = put(&app, &ask(&mut Dice::new(1), "after"));
    drop(app);
    let mut violations = oracle::examine(&path, receipts).violations;
    if !next.is_done() {
        violations.push(format!("takes no order after the cut: {next:?}"));
    }
    violations
}
