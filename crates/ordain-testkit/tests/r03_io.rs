//! R3, a sample of the I/O errors: one write or sync in twenty-nine fails, once or from then on.

use ordain_testkit::faults::io::{Plan, run};

#[test]
fn r03_an_io_error_loses_nothing_acknowledged_and_ends_all_acknowledging() {
    run(Plan { stride: 29, seed: 1 }).must_be_held();
}
