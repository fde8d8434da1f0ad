//! Straight-through orders through the Gate: validate, price, credit, reserve, confirm, notice queued, durable.

use crate::company;
use crate::measure::{Measured, resident_mib};
use ordain_app::app::App;
use ordain_app::gate::{Command, Done};
use ordain_app::query::flow;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_testkit::home::Home;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Senders that each wait for their answer: enough for full batches.
const SENDERS: usize = 256;

/// The n-th order.
pub type OrderOf = fn(usize) -> Content;

pub fn measure(home: Home, orders: usize, order: OrderOf) -> Result<Measured, Box<dyn std::error::Error>> {
    let app = company::open(&home)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let commits_before = app.gate.work().commits.get();
    let started = Instant::now();
    let mut latencies = runtime.block_on(send_all(&app, 0..orders, order))?;
    let took = started.elapsed();
    let commits = app.gate.work().commits.get() - commits_before;
    latencies.sort_unstable();
    let resident_mib = resident_mib(std::process::id());
    let group = orders as f64 / commits.max(1) as f64;
    let replay = replay(&app)?;
    Ok(Measured { home, orders, took, group, latencies, resident_mib, replay })
}

/// Places these orders; gives how long each took, in no order.
pub async fn send_all(
    app: &App,
    orders: Range<usize>,
    order: impl Fn(usize) -> Content + Copy + Send + 'static,
) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let next = Arc::new(AtomicUsize::new(orders.start));
    let senders: Vec<_> =
        (0..SENDERS).map(|_| tokio::spawn(send(app.clone(), next.clone(), orders.end, order))).collect();
    let mut latencies = Vec::with_capacity(orders.len());
    for sender in senders {
        latencies.extend(sender.await??);
    }
    Ok(latencies)
}

async fn send(
    app: App,
    next: Arc<AtomicUsize>,
    end: usize,
    order: impl Fn(usize) -> Content,
) -> Result<Vec<Duration>, String> {
    let mut latencies = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= end {
            return Ok(latencies);
        }
        let command = Command::Order { id: None, expected: None, command: company::place_content(order(n)) };
        let envelope = app.envelope(company::ORG, Actor::system("bench"), command, None);
        let started = Instant::now();
        let done = app.gate.send(envelope).await.map_err(|error| error.to_string())?;
        latencies.push(started.elapsed());
        match done {
            Done::Order(case) if case.order.status == Status::Confirmed => {}
            other => return Err(format!("order {n} was not confirmed: {other:?}")),
        }
    }
}

/// How long it takes to send every stored order through the flow in force and through a draft of it.
fn replay(app: &App) -> Result<Duration, Box<dyn std::error::Error>> {
    let house = app.gate.houses().get(company::ORG).ok_or("no house")?;
    let (_, draft) = house.active_flows().next().ok_or("no flow")?;
    let started = Instant::now();
    std::hint::black_box(flow::replay(&app.store, &house, company::ORG, draft, 0)?);
    Ok(started.elapsed())
}
