//! R12 in short: three hundred confirmed orders, a receiver that fails, hangs and resets, and a node that dies around
//! its sends; and a sender that marks a mail as sent before it is.

use ordain_testkit::faults::mail::{Plan, run};
use ordain_testkit::faults::node::Launcher;

const PLAN: Plan = Plan { orders: 300, kills: 10, seed: 1 };

fn node() -> Launcher {
    Launcher::new(env!("CARGO_BIN_EXE_node"), &[])
}

#[test]
fn r12_every_confirmation_leaves_under_one_id_and_nothing_else_does() {
    run(&node(), PLAN).must_be_held();
}

#[test]
fn r12_a_mail_marked_before_it_is_sent_is_caught() {
    let plan = Plan { orders: 60, kills: 4, ..PLAN };
    run(&node().with("ORDAIN_BROKEN", "mark_before_send"), plan).must_be_caught("lost");
}
