//! The same orders over HTTP: the real program, 16 connections, each waiting for its answer.

use crate::company::{self, company};
use crate::measure::{Measured, resident_mib};
use ordain_store::{OpenOptions, Store};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 16;

type Failure = Box<dyn std::error::Error>;

/// The running program; it ends with this value.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn measure(program: &Path, dir: &Path, orders: usize) -> Result<Measured, Failure> {
    let database = dir.join("http.db");
    {
        let (_, mut writer) = Store::open(&OpenOptions::new(&database))?;
        writer.commit(&company()?)?;
    }
    let url = format!("sqlite:{}", database.display());
    let token = token(program, &url)?;
    let (server, address) = serve(program, &url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = runtime.block_on(drive(&address, &token, orders));
    let resident_mib = resident_mib(server.0.id());
    drop(server);
    let (took, mut latencies, group) = measured?;
    latencies.sort_unstable();
    Ok(Measured { database, orders, took, group, latencies, resident_mib, replay: Duration::ZERO })
}

/// Starts the program on a free port; gives its address too.
pub fn serve(program: &Path, url: &str) -> Result<(Server, String), Failure> {
    let address = format!("127.0.0.1:{}", TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
    let child = Command::new(program)
        .args(["serve", "--database", url, "--listen", &address])
        .env("ORDAIN_SEAL_KEY", company::SEAL_KEY)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok((Server(child), address))
}

pub fn token(program: &Path, url: &str) -> Result<String, Failure> {
    let output =
        Command::new(program).args(["token", "create", "--database", url, "--role", "admin"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

async fn drive(address: &str, token: &str, orders: usize) -> Result<(Duration, Vec<Duration>, f64), Failure> {
    ordain_connect::http::provide_tls();
    let client = reqwest::Client::builder().pool_max_idle_per_host(CONNECTIONS).build()?;
    ready(&client, address).await?;
    let before = commits(&client, address).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            tokio::spawn(send(
                client.clone(),
                format!("http://{address}/api/v1/orders"),
                token.to_owned(),
                next.clone(),
                orders,
            ))
        })
        .collect();
    let mut latencies = Vec::with_capacity(orders);
    for sender in senders {
        latencies.extend(sender.await??);
    }
    let took = started.elapsed();
    let commits = commits(&client, address).await? - before;
    Ok((took, latencies, orders as f64 / commits.max(1.0)))
}

pub async fn ready(client: &reqwest::Client, address: &str) -> Result<(), Failure> {
    for _ in 0..500 {
        let answer = client.get(format!("http://{address}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err("the program did not become ready within five seconds".into())
}

async fn commits(client: &reqwest::Client, address: &str) -> Result<f64, Failure> {
    let text = client.get(format!("http://{address}/metrics")).send().await?.text().await?;
    let line = text.lines().find_map(|line| line.strip_prefix("ordain_gate_commits_total "));
    Ok(line.ok_or("no ordain_gate_commits_total in /metrics")?.trim().parse()?)
}

async fn send(
    client: reqwest::Client,
    url: String,
    token: String,
    next: Arc<AtomicUsize>,
    orders: usize,
) -> Result<Vec<Duration>, String> {
    let mut latencies = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= orders {
            return Ok(latencies);
        }
        let body = body(n).map_err(|error| error.to_string())?;
        let request =
            client.post(&url).bearer_auth(&token).header("content-type", "application/json").body(body);
        let started = Instant::now();
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        latencies.push(started.elapsed());
        if status != 201 || !text.contains(r#""status":"confirmed""#) {
            return Err(format!("order {n} was answered {status}: {text:.500}"));
        }
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
