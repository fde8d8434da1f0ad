//! R16 in short: every jump once, under one node and under one of two whose clocks differ; and nodes that go by the clock
//! that each of them has.

use ordain_testkit::faults::clocks::{Nodes, Plan, run};
use ordain_testkit::faults::node::Launcher;

const PLAN: Plan = Plan { nodes: Nodes::One, jumps: 5, hold_ms: 250, seed: 1 };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r16_a_clock_that_jumps_does_nothing_early_twice_or_again() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r16_nodes_whose_clocks_differ_agree_on_what_is_due() {
    run(&node(), Plan { nodes: Nodes::TwoThatDiffer, ..PLAN }).must_be_held();
}

#[test]
fn r16_nodes_that_go_by_their_own_clocks_are_caught() {
    let plan = Plan { nodes: Nodes::TwoThatDiffer, jumps: 2, ..PLAN };
    run(&node().with("ORDAIN_BROKEN", "node_clock"), plan).must_be_caught("early");
}
