//! Counts of what the server did, in the text form of Prometheus. A handful of counters needs no library.

use ordain_app::gate::Gate;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Upper bounds of the latency histogram, in milliseconds.
const BOUNDS_MS: [u64; 11] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "OTHER"];

pub struct Metrics {
    started: Instant,
    /// By method and class of status (1xx to 5xx).
    requests: [[AtomicU64; 5]; 5],
    buckets: [AtomicU64; 12],
    latency_us: AtomicU64,
    pub in_flight: AtomicI64,
    pub streams: AtomicI64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            requests: Default::default(),
            buckets: Default::default(),
            latency_us: AtomicU64::new(0),
            in_flight: AtomicI64::new(0),
            streams: AtomicI64::new(0),
        }
    }
}

impl Metrics {
    pub fn record(&self, method: &str, status: u16, took: Duration) {
        let method = METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len() - 1);
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        if let Some(count) = self.requests.get(method).and_then(|classes| classes.get(class)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_MS.iter().position(|bound| ms <= *bound).unwrap_or(BOUNDS_MS.len());
        if let Some(count) = self.buckets.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.latency_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub fn text(&self, gate: &Gate) -> String {
        let mut out = String::with_capacity(4_096);
        self.requests_text(&mut out);
        self.latency_text(&mut out);
        let gauges = [
            ("ordain_requests_in_flight", "gauge", self.in_flight.load(Ordering::Relaxed).to_string()),
            ("ordain_event_streams", "gauge", self.streams.load(Ordering::Relaxed).to_string()),
            ("ordain_gate_queue_length", "gauge", gate.queue_length().to_string()),
            ("ordain_gate_commits_total", "counter", gate.work().commits.load(Ordering::Relaxed).to_string()),
            (
                "ordain_gate_commands_total",
                "counter",
                gate.work().commands.load(Ordering::Relaxed).to_string(),
            ),
            ("ordain_gate_refused_total", "counter", gate.work().refused.load(Ordering::Relaxed).to_string()),
            ("ordain_uptime_seconds", "gauge", self.started.elapsed().as_secs().to_string()),
        ];
        for (name, kind, value) in gauges {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "# TYPE {name} {kind}\n{name} {value}");
        }
        out
    }

    fn requests_text(&self, out: &mut String) {
        out.push_str("# TYPE ordain_http_requests_total counter\n");
        for (method, classes) in METHODS.iter().zip(&self.requests) {
            for (class, count) in classes.iter().enumerate() {
                let n = count.load(Ordering::Relaxed);
                if n > 0 {
                    let class = class + 1;
                    let _ = writeln!(
                        out,
                        "ordain_http_requests_total{{method=\"{method}\",status=\"{class}xx\"}} {n}"
                    );
                }
            }
        }
    }

    fn latency_text(&self, out: &mut String) {
        let name = "ordain_http_request_duration_seconds";
        let _ = writeln!(out, "# TYPE {name} histogram");
        let mut total = 0;
        let bounds = BOUNDS_MS.iter().map(|ms| format!("{}", *ms as f64 / 1_000.0));
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(&self.buckets) {
            total += count.load(Ordering::Relaxed);
            let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {total}");
        }
        let sum = self.latency_us.load(Ordering::Relaxed) as f64 / 1_000_000.0;
        let _ = writeln!(out, "{name}_sum {sum}\n{name}_count {total}");
    }
}
