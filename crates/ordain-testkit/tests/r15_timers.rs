//! R15, six deaths while orders wait, and timers that only a process remembers.

use ordain_testkit::faults::node::Launcher;
use ordain_testkit::faults::timers::{Plan, run};

const PLAN: Plan = Plan { kills: 6, orders_per_kill: 50, seed: 1 };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r15_no_timer_is_missed_fires_twice_or_too_early_whoever_dies() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r15_timers_that_only_a_process_remembers_are_caught() {
    let plan = Plan { kills: 1, orders_per_kill: 10, ..PLAN };
    run(&node().with("ORDAIN_BROKEN", "timers_in_memory"), plan).must_be_caught("missed");
}
