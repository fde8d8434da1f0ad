//! The fault harness: the reliability bars R1, R2, R3 (a sample), R4, R7, R8, R10, R12, R15, R16, R17 and R19, each with the negative controls it must catch.
//!
//! [`seed`] makes a company, [`ask`] is what clients want of it, [`node`] runs it in a process that can be killed,
//! [`oracle`] judges a database file without the code that wrote it. The bars differ in their plan of faults only.
//! Controls are named in the environment (`ORDAIN_BROKEN`), so a broken build is a process of its own: a node, or for
//! the bars within one process this harness started again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness of tests: it ends on surprise"
)]

pub mod ask;
mod client;
pub mod clocks;
pub mod dice;
pub mod failover;
pub mod full;
mod ground;
pub mod history;
pub mod idempotency;
pub mod io;
pub mod kill;
pub mod mail;
mod mail_check;
pub mod network;
pub mod node;
pub mod oracle;
pub mod oversell;
mod postman;
pub mod power;
pub mod proxy;
pub mod seed;
mod shopper;
mod sink;
pub mod timers;
mod web;

use std::fmt::Display;
use std::time::{Duration, Instant};

/// What a bar measured and what it found wrong.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub bar: &'static str,
    pub figures: Vec<(&'static str, String)>,
    pub violations: Vec<String>,
}

impl Outcome {
    pub fn new(bar: &'static str) -> Self {
        Self { bar, figures: Vec::new(), violations: Vec::new() }
    }

    pub fn figure(&mut self, name: &'static str, value: impl Display) {
        self.figures.push((name, value.to_string()));
    }

    pub fn is_held(&self) -> bool {
        self.violations.is_empty()
    }

    /// A row of the table in `docs/reliability.md`.
    pub fn row(&self) -> String {
        let figures: Vec<String> =
            self.figures.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let verdict =
            if self.is_held() { "held".to_owned() } else { format!("{} violations", self.violations.len()) };
        format!("| {} | {} | {verdict} |", self.bar, figures.join(", "))
    }

    /// # Panics
    /// If the bar was not held.
    pub fn must_be_held(&self) {
        println!("{}", self.row());
        let first: Vec<&String> = self.violations.iter().take(10).collect();
        assert!(self.is_held(), "{}: {} violations, first {first:#?}", self.bar, self.violations.len());
    }

    /// # Panics
    /// If a broken build was not caught.
    pub fn must_be_caught(&self, by: &str) {
        println!("{} (negative control)", self.row());
        let caught = self.violations.iter().any(|violation| violation.contains(by));
        assert!(caught, "{}: nothing about `{by}` in {:?}", self.bar, self.violations);
    }
}

/// Looks again and again until it is so; says whether it became so in time.
fn wait(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while started.elapsed() < patience {
        if is_so() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// The value below which `permille` of the sorted values lie.
pub(crate) fn quantile(values: &mut [u128], permille: usize) -> u128 {
    values.sort_unstable();
    let at = (values.len() * permille / 1_000).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or_default()
}
