//! R17, three failovers under load to a standby that lags, and the set-up that loses what it acknowledged.

use ordain_testkit::faults::failover::{Plan, run};
use ordain_testkit::faults::node::Launcher;

const PLAN: Plan = Plan { rounds: 3, seed: 1, waits: true, until_caught: false };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r17_s067_what_was_acknowledged_survives_the_server() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r17_a_server_that_does_not_wait_for_its_standby_is_caught() {
    run(&node(), Plan { rounds: 10, waits: false, until_caught: true, ..PLAN }).must_be_caught("lost");
}
