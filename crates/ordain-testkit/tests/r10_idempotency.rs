//! R10, a thousand writes sent up to five times each, and a key that is stored behind the commit.

use ordain_testkit::faults::idempotency::{Plan, run, run_kills};
use ordain_testkit::faults::node::Launcher;

const PLAN: Plan = Plan { writes: 1_000, kills: 5, seed: 1 };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r10_a_write_has_one_effect_however_often_it_is_sent() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r10_a_key_stored_after_the_commit_is_caught() {
    run_kills(&node().with("ORDAIN_BROKEN", "key_after_commit"), PLAN).must_be_caught("twice");
}
