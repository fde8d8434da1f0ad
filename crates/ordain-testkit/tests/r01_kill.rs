//! R1, twenty rounds of `kill -9` under load, and the two broken builds that it must catch.

use ordain_testkit::faults::kill::{Plan, run};
use ordain_testkit::faults::node::Launcher;

const PLAN: Plan = Plan { rounds: 20, seed: 1, kill_after_ms: (200, 600), until_caught: false };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r01_s061_a_kill_loses_nothing_acknowledged_and_leaves_nothing_by_half() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r01_an_acknowledgement_before_the_commit_is_caught() {
    let broken = node().with("ORDAIN_BROKEN", "ack_before_commit");
    run(&broken, Plan { until_caught: true, ..PLAN }).must_be_caught("lost");
}

#[test]
fn r01_a_mail_in_a_second_transaction_is_caught() {
    let broken = node().with("ORDAIN_BROKEN", "outbox_in_second_transaction");
    run(&broken, Plan { until_caught: true, ..PLAN }).must_be_caught("mail");
}
