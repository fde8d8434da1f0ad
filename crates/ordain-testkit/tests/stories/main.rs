//! Stories told from outside: what people do with the program, and what they see of it. Each carries the number of
//! the requirement that it holds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod approval;
mod entry;
mod finance;
mod fixture;
mod gaps;
mod import;
mod mail;
mod master;
mod notice;
mod people;
mod question;
mod review;
mod time;

use ordain_app::case::Case;
use ordain_domain::finding::Finding;

/// Ids of what the checks found.
fn findings(case: &Case) -> Vec<String> {
    case.order.checked.findings.iter().map(Finding::id).collect()
}

/// How often somebody was told something.
fn times(notices: &[String], kind: &str) -> usize {
    notices.iter().filter(|notice| *notice == kind).count()
}
