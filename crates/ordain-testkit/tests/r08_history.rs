//! R8: what sixteen clients were told of four orders while nodes died under them, and a node that reads what it read before.

use ordain_testkit::faults::history::{Plan, run};
use ordain_testkit::faults::node::Launcher;

const PLAN: Plan = Plan { kills: 8, seed: 1, until_caught: false };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r08_what_everybody_was_told_fits_one_order_of_events() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r08_a_stale_read_is_caught() {
    let broken = node().with("ORDAIN_BROKEN", "stale_read");
    run(&broken, Plan { until_caught: true, ..PLAN }).must_be_caught("stale");
}
