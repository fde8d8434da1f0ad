//! What happened to the orders of the demo, in figures.

use ordain_app::case::Case;
use ordain_domain::order::Status;
use ordain_flow::doc::Party;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    pub login: String,
    pub name: String,
    pub roles: String,
    pub password: String,
}

/// The summary that `ordain demo` prints.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    pub received: usize,
    pub confirmed_by_machine: usize,
    /// Orders that wait, by whom they wait for; an order in several departments counts in each.
    pub waiting: BTreeMap<String, usize>,
    /// Orders with a finding of that code.
    pub stopped: BTreeMap<String, usize>,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub logins: Vec<Login>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip)]
    latencies: Vec<Duration>,
}

impl Summary {
    pub(super) fn count(&mut self, case: &Case, took: Duration) {
        self.received += 1;
        self.latencies.push(took);
        match case.order.status {
            Status::Confirmed => self.confirmed_by_machine += 1,
            Status::Incomplete => *self.waiting.entry("sender".to_owned()).or_default() += 1,
            _ => {}
        }
        for (_, task) in case.open_tasks() {
            let whom = match &task.holder {
                Party::Department(code) => code,
                Party::Role(role) => role,
                Party::User(login) => login,
            };
            *self.waiting.entry(whom.clone()).or_default() += 1;
        }
        let codes: std::collections::BTreeSet<&str> =
            case.order.open_findings().map(|finding| finding.code.name()).collect();
        for code in codes {
            *self.stopped.entry(code.to_owned()).or_default() += 1;
        }
    }

    pub(super) fn finish(&mut self) {
        self.latencies.sort_unstable();
        let at = |share: usize| {
            let place = self.latencies.len() * share / 100;
            self.latencies.get(place).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
        };
        (self.p50_ms, self.p95_ms) = (at(50), at(95));
    }
}
