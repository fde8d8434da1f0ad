//! R3, a sample: the n-th write, truncation or sync fails, for n = 1, 2, 3 … until a run sees no error. Nothing
//! acknowledged is lost, and after the error nothing is acknowledged any more until a restart: a failed sync is never
//! tried again.

use super::ask::Ask;
use super::dice::Dice;
use super::power::{FILE, after, ask, fresh_image, nearly_full_image, options, together, wait_until_closed};
use super::{Outcome, node};
use crate::vfs::{Image, Mounted};
use ordain_store::Synchronous;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Every so many operations one is made to fail: 1 for all of them.
    pub stride: u64,
    pub seed: u64,
}

/// Batches of a run, and asks in each.
const BATCHES: usize = 6;
const BATCH: usize = 3;

#[derive(Default)]
struct Tally {
    injections: u64,
    acknowledged: usize,
    violations: Vec<String>,
}

pub fn run(plan: Plan) -> Outcome {
    let mut tally = Tally::default();
    // The second image is about to be copied back, so that the errors reach the checkpoint too.
    for image in [fresh_image(), nearly_full_image()] {
        for sticky in [false, true] {
            let mut n = 1 + plan.seed % plan.stride.max(1);
            while one_error(&image, n, sticky, &mut tally) {
                n += plan.stride.max(1);
            }
        }
    }
    let mut outcome = Outcome::new("R3 I/O errors");
    outcome.figure("injections", tally.injections);
    outcome.figure("acknowledged writes", tally.acknowledged);
    outcome.violations = tally.violations;
    outcome
}

/// Says whether the run came as far as its error.
fn one_error(image: &Image, n: u64, sticky: bool, tally: &mut Tally) -> bool {
    let mounted = Mounted::new(image).expect("the VFS registers");
    let path = mounted.path(FILE);
    let app = node::open(&options(&path, Synchronous::Full)).expect("it opens before the error");
    let mut dice = Dice::new(n);
    mounted.disk.fail_in(n, sticky);
    let mut receipts = Vec::new();
    let mut found = Vec::new();
    for batch in 0..BATCHES {
        let failed_before = mounted.disk.has_failed();
        let asks: Vec<Ask> = (0..BATCH).map(|m| ask(&mut dice, &format!("{n}-{batch}-{m}"))).collect();
        let (more, _) = together(&app, &asks);
        if failed_before && !more.is_empty() {
            found.push(format!("acknowledged after the error: {} orders in batch {batch}", more.len()));
        }
        receipts.extend(more);
    }
    let reached = mounted.disk.has_failed();
    // The process ends and the power with it: what the system still held back is gone.
    mounted.disk.cut();
    drop(app);
    wait_until_closed(&mounted);
    found.extend(after(&mounted.disk.after_cut(&mut dice), &receipts));
    tally.injections += u64::from(reached);
    tally.acknowledged += receipts.len();
    tally.violations.extend(found.into_iter().map(|v| format!("error {n} (sticky: {sticky}): {v}")));
    reached
}
