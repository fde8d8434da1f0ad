//! A database that has grown: what placing, reading, starting and verifying cost then.

use crate::company::{self, ORG};
use crate::http::{self, Server};
use crate::in_process::send_all;
use crate::measure::resident_mib;
use crate::site::url;
use ordain_app::app::App;
use ordain_app::clock::Clock;
use ordain_app::figures::follow;
use ordain_app::gate::Command as GateCommand;
use ordain_domain::actor::Actor;
use ordain_domain::order::Content;
use ordain_store::Store;
use ordain_testkit::home::Home;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Orders between two looks at the speed; the calendar moves by a part of the years after each.
const STRIDE: usize = 10_000;
/// How far back the first order lies.
const YEARS_MS: i64 = 3 * 365 * 86_400_000;
/// How often each page is asked for.
const REQUESTS: usize = 200;

type Failure = Box<dyn std::error::Error>;
/// The address of the n-th request.
type PathOf<'a> = &'a dyn Fn(usize) -> String;

pub struct Grown {
    pub orders: usize,
    pub first_per_second: f64,
    pub last_per_second: f64,
    pub start: Duration,
    pub pages: Vec<Page>,
    pub resident_mib: f64,
    pub chain: Verified,
    pub whole: Verified,
}

/// A page that was asked for again and again, each time for something else.
pub struct Page {
    pub what: String,
    pub requests: usize,
    /// Of one answer, in the mean.
    pub bytes: usize,
    pub p50: Duration,
    pub p95: Duration,
    pub budget: &'static str,
}

pub struct Verified {
    pub entries: i64,
    /// Of everything the entries say.
    pub bytes: i64,
    pub took: Duration,
}

pub fn measure(program: &Path, home: &Home, orders: usize) -> Result<Grown, Failure> {
    let speeds = grow(home, orders)?;
    let url = url(home);
    let token = http::token(program, &url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    let (server, address) = http::serve(program, &url)?;
    ordain_connect::http::provide_tls();
    let client = reqwest::Client::new();
    runtime.block_on(http::ready(&client, &address))?;
    let start = started.elapsed();
    eprintln!("pages of {orders} orders …");
    let base = format!("http://{address}/api/v1");
    let pages = runtime.block_on(pages(&client, &base, &token, orders))?;
    let resident_mib = resident_mib(server.0.id());
    stop(server)?;
    eprintln!("audit …");
    let size = log_size(&Store::open_reader(home.database())?)?;
    let chain = verify(program, &url, size, &["--chain"])?;
    let whole = verify(program, &url, size, &[])?;
    let [first_per_second, .., last_per_second] = speeds[..] else { return Err("too few orders".into()) };
    Ok(Grown { orders, first_per_second, last_per_second, start, pages, resident_mib, chain, whole })
}

/// Places the orders over some years up to now; gives the speed of each stride.
fn grow(home: &Home, orders: usize) -> Result<Vec<f64>, Failure> {
    let now_ms = Clock::Real.now_ms();
    let clock = Clock::manual(now_ms - YEARS_MS);
    let app = company::open_at(home, &company::company()?, clock.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut speeds = Vec::new();
    for from in (0..orders).step_by(STRIDE) {
        let done = from as f64 / orders as f64;
        clock.set_ms(now_ms - (YEARS_MS as f64 * (1.0 - done)) as i64);
        let to = (from + STRIDE).min(orders);
        let started = Instant::now();
        let requested_date = company::two_weeks_from(clock.now_ms());
        let order = move |n| Content { requested_date, ..company::order(n) };
        runtime.block_on(send_all(&app, from..to, order))?;
        speeds.push((to - from) as f64 / started.elapsed().as_secs_f64());
        runtime.block_on(settle(&app))?;
        eprintln!("{to} orders, {:.0}/s", speeds.last().unwrap_or(&0.0));
    }
    Ok(speeds)
}

/// What a running program does beside the orders: figures and seals.
async fn settle(app: &App) -> Result<(), Failure> {
    follow(app).await?;
    app.gate.send(app.envelope(ORG, Actor::system("bench"), GateCommand::Seal, None)).await?;
    Ok(())
}

async fn pages(
    client: &reqwest::Client,
    base: &str,
    token: &str,
    orders: usize,
) -> Result<Vec<Page>, Failure> {
    let ask = |path: String| client.get(format!("{base}{path}")).bearer_auth(token).send();
    let list: serde_json::Value = serde_json::from_str(&ask("/orders?limit=50".into()).await?.text().await?)?;
    let ids: Vec<&str> =
        list["items"].as_array().into_iter().flatten().filter_map(|row| row["id"].as_str()).collect();
    let id = |n: usize| ids.get(n % ids.len().max(1)).copied().unwrap_or_default();
    let somewhere = |n: usize| n * 7_919 % orders;
    let kinds: [(&str, &'static str, PathOf<'_>); 7] = [
        ("list of 50 orders", "≤ 50 ms", &|n| format!("/orders?limit=50&customer=C{:03}", n % 100)),
        ("search for an order by the customer's number", "≤ 50 ms", &|n| {
            format!("/orders?q=PO-{:08}", somewhere(n))
        }),
        ("order", "≤ 50 ms", &|n| format!("/orders/{}", id(n))),
        ("its timeline", "≤ 50 ms", &|n| format!("/orders/{}/timeline", id(n))),
        ("dashboard: figures of 30 days", "≤ 100 ms", &|_| "/reports/overview".to_owned()),
        ("dashboard: lost orders", "≤ 100 ms", &|_| "/reports/lost".to_owned()),
        ("dashboard: speed of departments", "≤ 100 ms", &|_| "/reports/speed".to_owned()),
    ];
    let mut pages = Vec::new();
    for (what, budget, path) in kinds {
        let (mut took, mut bytes) = (Vec::with_capacity(REQUESTS), 0);
        for n in 0..REQUESTS {
            let started = Instant::now();
            let answer = ask(path(n)).await?;
            let status = answer.status();
            let text = answer.text().await?;
            took.push(started.elapsed());
            bytes += text.len();
            if !status.is_success() {
                return Err(format!("{what}: {status} {text:.300}").into());
            }
        }
        took.sort_unstable();
        let at = |share: usize| took.get(REQUESTS * share / 100).copied().unwrap_or_default();
        pages.push(Page {
            what: what.into(),
            requests: REQUESTS,
            bytes: bytes / REQUESTS,
            p50: at(50),
            p95: at(95),
            budget,
        });
    }
    Ok(pages)
}

/// Entries of the log, and the bytes of what they say.
fn log_size(store: &Store) -> Result<(i64, i64), Failure> {
    let (mut last, mut bytes) = (0, 0);
    loop {
        let rows = store.log_range(ORG, last, 1_000)?;
        let Some(row) = rows.last() else { return Ok((last, bytes)) };
        last = row.seq;
        bytes += rows.iter().map(|row| (row.events.len() + row.actor.len()) as i64).sum::<i64>();
    }
}

/// Ends the program in order, so that the last stretch of the log is sealed.
fn stop(mut server: Server) -> Result<(), Failure> {
    Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status()?;
    server.0.wait()?;
    Ok(())
}

fn verify(
    program: &Path,
    url: &str,
    (entries, bytes): (i64, i64),
    how: &[&str],
) -> Result<Verified, Failure> {
    let started = Instant::now();
    let output = http::ordain(program).args(["audit", "verify", "--database", url]).args(how).output()?;
    let took = started.elapsed();
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(format!("audit verify: {:.600}", String::from_utf8_lossy(&said)).into());
    }
    Ok(Verified { entries, bytes, took })
}
