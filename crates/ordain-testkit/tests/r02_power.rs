//! R2, two hundred power cuts on a disk in memory, and the setting that loses orders.

use ordain_store::Synchronous;
use ordain_testkit::faults::power::{Plan, run};

const PLAN: Plan = Plan { cuts: 200, seed: 1, synchronous: Synchronous::Full, until_caught: false };

#[test]
fn r02_s061_a_power_cut_loses_nothing_acknowledged() {
    run(PLAN).must_be_held();
}

#[test]
fn r02_a_commit_without_a_sync_is_caught() {
    run(Plan { synchronous: Synchronous::Normal, until_caught: true, ..PLAN }).must_be_caught("lost");
}
