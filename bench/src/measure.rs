//! What a run yields, and how it is summed up.

use crate::reference::Bare;
use ordain_testkit::home::Home;
use std::time::Duration;

/// A measured run against a database that still lies there.
pub struct Measured {
    pub home: Home,
    pub orders: usize,
    pub took: Duration,
    /// Mean number of orders per commit.
    pub group: f64,
    /// One per order, sorted.
    pub latencies: Vec<Duration>,
    /// Resident memory of the measured process after the run, in MiB.
    pub resident_mib: f64,
    /// All orders through two flows; nothing where that was not measured.
    pub replay: Duration,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        self.orders as f64 / self.took.as_secs_f64()
    }

    pub fn quantile_ms(&self, share: f64) -> f64 {
        quantile_ms(&self.latencies, share)
    }
}

/// A run beside its reference.
pub struct Round {
    pub measured: Measured,
    pub bare: Bare,
}

impl Round {
    /// Speed of the run in percent of the reference's.
    pub fn share(&self) -> f64 {
        100.0 * self.measured.per_second() / self.bare.per_second()
    }
}

/// The rounds of one measurement.
pub struct Rounds {
    by_share: Vec<Round>,
    /// Resident memory after the first run, before this process held a reference.
    pub resident_mib: f64,
}

impl Rounds {
    pub fn measure(
        rounds: usize,
        mut one: impl FnMut(usize) -> Result<Round, Box<dyn std::error::Error>>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let mut measured = Vec::with_capacity(rounds);
        for round in 1..=rounds.max(1) {
            measured.push(one(round)?);
        }
        let resident_mib = measured.first().map_or(0.0, |round| round.measured.resident_mib);
        measured.sort_by(|a, b| a.share().total_cmp(&b.share()));
        Ok(Self { by_share: measured, resident_mib })
    }

    pub fn median(&self) -> Option<&Round> {
        self.by_share.get(self.by_share.len() / 2)
    }

    /// The lowest and the highest ratio.
    pub fn range(&self) -> (f64, f64) {
        let share = |round: Option<&Round>| round.map_or(0.0, Round::share);
        (share(self.by_share.first()), share(self.by_share.last()))
    }
}

/// Resident memory of a process in MiB, 0 where the system does not say.
pub fn resident_mib(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib: f64 = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0.0);
    kib / 1_024.0
}

/// Of latencies that are sorted.
pub fn quantile_ms(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
}
