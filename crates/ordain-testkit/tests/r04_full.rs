//! R4: the disk is filled and freed, and the broken build that would wait for room.

use ordain_testkit::faults::full::{Plan, run};

const PLAN: Plan = Plan { cycles: 20, seed: 1, until_caught: false };

#[test]
fn r04_a_full_disk_loses_nothing_refuses_soon_and_needs_no_restart() {
    run(PLAN).must_be_held();
}

/// A process of its own, because the control is named in the environment.
#[test]
fn r04_trying_again_for_ever_is_caught() {
    let harness = env!("CARGO_BIN_EXE_faults");
    let mut broken = std::process::Command::new(harness);
    let said = broken.args(["--bar", "r4"]).env("ORDAIN_BROKEN", "retry_when_full").output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    assert!(said.as_ref().is_ok_and(|said| said.contains("not answered within")), "{said:?}");
}
