//! R19 in short: each bad weather once, before the doors with a mail server that says nothing, and before the database;
//! and a program that waits for ever for whoever asks.

use ordain_testkit::faults::network::{Between, Plan, run};
use ordain_testkit::faults::node::Launcher;

const DOORS: Plan = Plan { between: Between::Doors, rounds: 1, spell_ms: 600, seed: 1, until_caught: false };
const DATABASE: Plan = Plan { between: Between::Database, ..DOORS };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r19_before_the_doors_nothing_is_lost_twice_or_stuck() {
    run(&node(), DOORS).must_be_held();
}

#[test]
fn r19_before_the_database_nothing_is_lost_twice_or_stuck() {
    run(&node(), DATABASE).must_be_held();
}

#[test]
fn r19_a_program_that_waits_for_whoever_says_nothing_is_caught() {
    run(&node().with("ORDAIN_BROKEN", "waits_for_ever"), Plan { until_caught: true, ..DOORS })
        .must_be_caught("still listened to");
}
