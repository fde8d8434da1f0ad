//! Orders over HTTP: as many as go in, or so many a second whatever the answers take.

use crate::company;
use crate::http::{Failure, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::time::{Instant as Moment, sleep_until};

/// Where orders are sent, by how many at once, and as whom.
#[derive(Clone)]
pub struct Doors {
    client: reqwest::Client,
    addresses: Arc<[String]>,
    token: Arc<str>,
    connections: usize,
}

/// What orders took, and how many there were in a commit.
pub struct Load {
    pub took: Duration,
    pub latencies: Vec<Duration>,
    pub group: f64,
}

impl Doors {
    /// Waits until every program answers.
    pub async fn open(addresses: &[&str], token: &str, connections: usize) -> Result<Self, Failure> {
        ordain_connect::http::provide_tls();
        let client = reqwest::Client::builder().pool_max_idle_per_host(connections).build()?;
        for address in addresses {
            ready(&client, address).await?;
        }
        let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
        Ok(Self { client, addresses, token: token.into(), connections })
    }

    /// Closed loop: each connection sends the next order when it has its answer.
    pub async fn as_fast_as_it_goes(&self, orders: std::ops::Range<usize>) -> Result<Load, Failure> {
        let (before, count) = (self.commits().await?, orders.len());
        let started = Instant::now();
        let latencies = self.send_all(orders, None).await?;
        let took = started.elapsed();
        let commits = self.commits().await? - before;
        Ok(Load { took, latencies, group: count as f64 / commits.max(1.0) })
    }

    /// Open loop: an order is due every so often, and is measured from then on, even if it was sent late.
    pub async fn at_rate(
        &self,
        orders: std::ops::Range<usize>,
        per_second: f64,
    ) -> Result<Vec<Duration>, Failure> {
        self.send_all(orders, Some(per_second)).await
    }

    /// From all connections; without a pace the next order is due when the one before has its answer.
    async fn send_all(
        &self,
        orders: std::ops::Range<usize>,
        per_second: Option<f64>,
    ) -> Result<Vec<Duration>, Failure> {
        let (started, from) = (Moment::now(), orders.start);
        let next = Arc::new(AtomicUsize::new(from));
        let senders = (0..self.connections).map(|_| {
            let (doors, next) = (self.clone(), next.clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= orders.end {
                        return Ok::<_, String>(latencies);
                    }
                    let after = |pace: f64| Duration::from_secs_f64((n - from) as f64 / pace);
                    let due = per_second.map_or_else(Moment::now, |pace| started + after(pace));
                    sleep_until(due).await;
                    doors.place(n).await?;
                    latencies.push(due.elapsed());
                }
            })
        });
        let mut latencies = Vec::new();
        for sender in senders.collect::<Vec<_>>() {
            latencies.extend(sender.await??);
        }
        Ok(latencies)
    }

    /// One page, read whole; how long it took.
    pub async fn read(&self, path: &str) -> Result<Duration, Failure> {
        let address = self.addresses.first().ok_or("no address")?;
        let started = Instant::now();
        let request = self.client.get(format!("http://{address}/api/v1{path}")).bearer_auth(&self.token);
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            return Err(format!("{path}: {status} {text:.300}").into());
        }
        Ok(started.elapsed())
    }

    async fn place(&self, n: usize) -> Result<(), String> {
        let address = self.addresses.get(n % self.addresses.len()).ok_or("no address")?;
        let request = self
            .client
            .post(format!("http://{address}/api/v1/orders"))
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .body(body(n).map_err(|error| error.to_string())?);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        if status == 201 && text.contains(r#""status":"confirmed""#) {
            return Ok(());
        }
        Err(format!("order {n} was answered {status}: {text:.500}"))
    }

    /// Commits of all programs so far.
    async fn commits(&self) -> Result<f64, Failure> {
        let mut sum = 0.0;
        for address in self.addresses.iter() {
            let text = self.client.get(format!("http://{address}/metrics")).send().await?.text().await?;
            let line = text.lines().find_map(|line| line.strip_prefix("ordain_gate_commits_total "));
            sum += line.ok_or("no ordain_gate_commits_total in /metrics")?.trim().parse::<f64>()?;
        }
        Ok(sum)
    }
}

/// The n-th order as a sender writes it.
fn body(n: usize) -> Result<String, serde_json::Error> {
    let mut order = serde_json::to_value(company::order(n))?;
    if let Some(lines) = order.get_mut("lines").and_then(|lines| lines.as_array_mut()) {
        for line in lines.iter_mut().filter_map(|line| line.as_object_mut()) {
            line.remove("id");
        }
    }
    if let Some(order) = order.as_object_mut() {
        order.insert("submit".into(), true.into());
        order.insert("channel".into(), "api".into());
    }
    Ok(order.to_string())
}
