//! Counts of what the server did and of what waits, in the text form of OpenMetrics. What they mean, and which of them
//! ask for somebody, stands in `docs/operations.md`. No label names a company, a person or an order.

use ordain_app::gate::Gate;
use ordain_app::outbox::{CALL, MAIL};
use ordain_store::Backlog;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// Upper bounds of the latency of requests, in seconds.
const BOUNDS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "OTHER"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Ways by which something leaves.
const CHANNELS: [&str; 2] = [MAIL, CALL];

type Labels<const N: usize> = [(&'static str, &'static str); N];
type Seconds = Gauge<f64, AtomicU64>;

pub struct Metrics {
    registry: Registry,
    started: Instant,
    requests: Family<Labels<2>, Counter>,
    latency: Histogram,
    pub in_flight: Gauge,
    pub streams: Gauge,
    queue: Gauge,
    uptime: Seconds,
    waiting: Waiting,
}

/// What waits in the database, as it was when somebody last looked.
#[derive(Default)]
struct Waiting {
    database_up: Gauge,
    read_only: Gauge,
    timers_late: Gauge,
    timer_lateness: Seconds,
    outbox: Family<Labels<1>, Gauge>,
    outbox_age: Family<Labels<1>, Seconds>,
    exceptions: Gauge,
    exceptions_late: Gauge,
    self_check_failed: Gauge,
    database_bytes: Gauge,
}

impl Metrics {
    pub fn of(gate: &Gate) -> Self {
        let metrics = Self {
            registry: Registry::with_prefix("ordain"),
            started: Instant::now(),
            requests: Family::default(),
            latency: Histogram::new(BOUNDS),
            in_flight: Gauge::default(),
            streams: Gauge::default(),
            queue: Gauge::default(),
            uptime: Seconds::default(),
            waiting: Waiting::default(),
        };
        metrics.registered(gate)
    }

    fn registered(mut self, gate: &Gate) -> Self {
        let (to, work) = (&mut self.registry, gate.work());
        to.register("http_requests", "Requests by method and class of status", self.requests.clone());
        let latency = self.latency.clone();
        to.register_with_unit("http_request_duration", "Time to the answer", Unit::Seconds, latency);
        to.register("requests_in_flight", "Requests being answered", self.in_flight.clone());
        to.register("event_streams", "Browsers that listen for news", self.streams.clone());
        to.register("gate_queue_length", "Commands that wait to be committed", self.queue.clone());
        to.register("gate_commits", "Transactions that wrote something", work.commits.clone());
        to.register("gate_commands", "Commands decided", work.commands.clone());
        to.register("gate_refused", "Commands refused", work.refused.clone());
        let commits = work.commit_seconds.clone();
        to.register_with_unit(
            "gate_commit_duration",
            "Time until a commit is durable",
            Unit::Seconds,
            commits,
        );
        to.register_with_unit("uptime", "Since the program started", Unit::Seconds, self.uptime.clone());
        self.waiting.register(to);
        self
    }

    pub fn record(&self, method: &str, status: u16, took: Duration) {
        let method = METHODS.iter().find(|known| **known == method).copied().unwrap_or("OTHER");
        let class = CLASSES.get(usize::from(status / 100).saturating_sub(1)).copied().unwrap_or("5xx");
        self.requests.get_or_create(&[("method", method), ("status", class)]).inc();
        self.latency.observe(took.as_secs_f64());
    }

    /// All of it; without a backlog the database could not be read.
    ///
    /// # Errors
    /// Never: writing to a string cannot fail.
    pub fn text(&self, gate: &Gate, backlog: Option<&Backlog>, now_ms: i64) -> Result<String, fmt::Error> {
        self.queue.set(i64::try_from(gate.queue_length()).unwrap_or(i64::MAX));
        self.uptime.set(self.started.elapsed().as_secs_f64());
        self.waiting.read_only.set(i64::from(gate.is_read_only()));
        self.waiting.see(backlog, now_ms);
        let mut out = String::with_capacity(8_192);
        encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// Since then, in seconds; 0 where there is nothing.
fn age(since_ms: Option<i64>, now_ms: i64) -> f64 {
    let ms = since_ms.map_or(0, |since| now_ms.saturating_sub(since).max(0));
    Duration::from_millis(u64::try_from(ms).unwrap_or_default()).as_secs_f64()
}

impl Waiting {
    fn register(&self, to: &mut Registry) {
        to.register("database_up", "Whether the database could be read just now", self.database_up.clone());
        to.register("read_only", "Whether every change is refused here", self.read_only.clone());
        to.register("timers_late", "Timers that are due and have not fired", self.timers_late.clone());
        let late = self.timer_lateness.clone();
        to.register_with_unit("timer_lateness", "Since when the oldest of them is due", Unit::Seconds, late);
        to.register(
            "outbox_waiting",
            "Messages and calls that have to leave, by channel",
            self.outbox.clone(),
        );
        let oldest = self.outbox_age.clone();
        to.register_with_unit("outbox_oldest_age", "Age of the oldest of them", Unit::Seconds, oldest);
        to.register("exceptions_open", "Exceptions that nobody has closed", self.exceptions.clone());
        to.register(
            "exceptions_late",
            "Those of them that are past their time",
            self.exceptions_late.clone(),
        );
        let failed = self.self_check_failed.clone();
        to.register("self_check_failed", "Checks that found something at the last self-check", failed);
        let bytes = self.database_bytes.clone();
        to.register_with_unit("database_size", "What the database takes on its disk", Unit::Bytes, bytes);
    }

    fn see(&self, backlog: Option<&Backlog>, now_ms: i64) {
        self.database_up.set(i64::from(backlog.is_some()));
        let Some(backlog) = backlog else { return };
        self.timers_late.set(backlog.timers_late);
        self.timer_lateness.set(age(backlog.timer_due_ms, now_ms));
        for channel in CHANNELS {
            let found = backlog.outbox.get(channel).copied();
            let (waiting, since_ms) =
                found.map_or((0, None), |(waiting, since_ms)| (waiting, Some(since_ms)));
            self.outbox.get_or_create(&[("channel", channel)]).set(waiting);
            self.outbox_age.get_or_create(&[("channel", channel)]).set(age(since_ms, now_ms));
        }
        self.exceptions.set(backlog.exceptions_open);
        self.exceptions_late.set(backlog.exceptions_late);
        self.self_check_failed.set(backlog.self_check_failed);
        self.database_bytes.set(backlog.database_bytes);
    }
}
