//! R7, sixty-four threads and fifty products, and a decision that does not look at what is reserved: then the guard
//! in the database alone must keep every piece from being promised twice.

use ordain_testkit::faults::oversell::{Plan, run};
use std::process::Command;

#[test]
fn r07_nothing_is_oversold_and_nothing_sold_out_while_free() {
    run(Plan { asks: 10_000, seed: 1 }).must_be_held();
}

#[test]
fn r07_a_decision_that_ignores_reservations_is_caught_by_the_guard_in_the_database() {
    let output = Command::new(env!("CARGO_BIN_EXE_faults"))
        .args(["--bar", "r7", "--rounds", "2000"])
        .env("ORDAIN_BROKEN", "ignore_reserved")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("guard: the database refused"), "{text}");
    assert!(!text.contains("oversold"), "the second wall must hold alone: {text}");
}
