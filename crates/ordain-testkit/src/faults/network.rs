//! R19: a bad network between the program and its clients, its mail server or its database. What was acknowledged is
//! there once, nobody waits longer than agreed, and soon after the network is well again all is as before.

use super::dice::Dice;
use super::ground::{Ground, examine_server};
use super::node::{Launcher, Node};
use super::proxy::{Proxy, Weather};
use super::seed::{self, Company, TOKEN};
use super::shopper::{Shopper, Told, client};
use super::sink::Sink;
use super::web::LIMIT;
use super::{Outcome, mail_check, quantile, wait};
use crate::cluster::own_cluster;
use ordain_store::Database;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const COMPANY: Company = Company { hot: 20, pieces: 100_000 };
const SHOPPERS: u64 = 4;
const PAUSE: Duration = Duration::from_millis(80);
/// What a client grants the program, and how much longer a request may last.
const DEADLINE: Duration = Duration::from_secs(2);
const GRACE: Duration = Duration::from_secs(1);
const WELL_WITHIN: Duration = Duration::from_secs(5);
/// The mail server says nothing for so long: longer than a send may last, shorter than two of them.
const SILENCE: Duration = Duration::from_millis(2_500);
const PATIENCE: Duration = Duration::from_secs(60);
/// What is spoken to the database may take so long in these tests: see `ordain_store::faults`.
const STORE_PATIENCE_MS: &str = "1500";
/// Those who never finish what they say.
const LORISES: usize = 9;

/// What is befallen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Clients that come over HTTP, and the mail server.
    Doors,
    /// A server of PostgreSQL, which is started for it.
    Database,
}

#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub between: Between,
    /// How often each weather comes.
    pub rounds: u64,
    /// How long it stays.
    pub spell_ms: u64,
    pub seed: u64,
    /// Whether to end with the first violation: enough for a negative control.
    pub until_caught: bool,
}

impl Plan {
    fn spells(self) -> [Weather; 5] {
        match self.between {
            Between::Doors => [
                Weather::Late(500),
                Weather::Reset(50),
                Weather::Mute(50),
                Weather::Cut(100),
                Weather::Trickle(1),
            ],
            // One order is some dozen questions to the database.
            Between::Database => [
                Weather::Late(20),
                Weather::Reset(10),
                Weather::Lost(1_000),
                Weather::Cut(20),
                Weather::Trickle(1),
            ],
        }
    }
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    match plan.between {
        Between::Doors => doors(launcher, plan),
        Between::Database => database(launcher, plan),
    }
}

fn doors(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R19 bad network before the doors");
    let ground = Ground::new(COMPANY);
    let sink = Sink::start(&[], plan.seed);
    let post = Proxy::to(sink.port, plan.seed);
    post.set(Weather::Mute(1_000));
    let node = launcher.start(ground.home.address(), &["--http".to_owned(), post.port.to_string()]);
    let door = Proxy::to(node.port(), plan.seed);
    let shopping = Shopping::begin(door.port, plan.seed);
    if !wait(SILENCE, || shopping.least() > 2) {
        outcome.violations.push("stopped: few orders while the mail server says nothing".to_owned());
    }
    std::thread::sleep(SILENCE);
    post.set(Weather::Calm);
    let lorises = std::thread::spawn({
        let port = node.port();
        move || lorises(port)
    });
    weather(&door, &shopping, plan, &mut outcome);
    outcome.violations.extend(lorises.join().expect("they end"));
    let shoppers = shopping.end();
    quiet(&node, &mut outcome);
    let sent = wait(PATIENCE, || {
        ground.count("SELECT count(*) FROM outbox WHERE state = 'queued'").is_some_and(|left| left == 0)
    });
    if !sent && outcome.is_held() {
        outcome.violations.push("lost: mails were still queued when patience ended".to_owned());
    }
    drop(node);
    if outcome.is_held() {
        match ground.copied() {
            Ok(copied) => mail_check::judge(&copied.file, &sink.mails(), post.hurt(), &mut outcome),
            Err(why) => outcome.violations.push(why),
        }
    }
    judge(shoppers, |receipts| ground.examine(receipts), &mut outcome);
    outcome.figure("connections hurt", door.hurt() + post.hurt());
    outcome
}

fn database(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R19 bad network before the database");
    let server = own_cluster();
    let url = server.fresh();
    seed::plant(Database::Postgres(&url), COMPANY);
    let way = Proxy::to(server.port, plan.seed);
    let far = url.replace(&format!(":{}/", server.port), &format!(":{}/", way.port));
    let launcher = launcher.clone().with("ORDAIN_PATIENCE_MS", STORE_PATIENCE_MS);
    let node = launcher.start(&far, &["--http".to_owned(), "0".to_owned()]);
    let shopping = Shopping::begin(node.port(), plan.seed);
    // Everything that is prepared once is prepared.
    wait(PATIENCE, || shopping.least() > 3);
    weather(&way, &shopping, plan, &mut outcome);
    let shoppers = shopping.end();
    quiet(&node, &mut outcome);
    drop(node);
    let hurt = way.hurt();
    // What hangs in the proxy goes with it, and the server hears of it.
    drop(way);
    judge(shoppers, |receipts| examine_server(&url, receipts), &mut outcome);
    outcome.figure("connections hurt", hurt);
    outcome
}

/// Lets each weather come and go, and looks how long it takes until all is well again.
fn weather(proxy: &Proxy, shopping: &Shopping, plan: Plan, outcome: &mut Outcome) {
    let mut dice = Dice::new(plan.seed);
    let mut well_ms = Vec::new();
    for _ in 0..plan.rounds {
        for spell in plan.spells() {
            proxy.set(spell);
            std::thread::sleep(Duration::from_millis(dice.between(plan.spell_ms / 2, plan.spell_ms)));
            proxy.set(Weather::Calm);
            let (since, before) = (Instant::now(), shopping.each());
            // Of two orders the second was begun in calm weather.
            let all = || shopping.each().iter().zip(&before).all(|(now, before)| *now >= before + 2);
            let well = wait(WELL_WITHIN, all);
            well_ms.push(since.elapsed().as_millis());
            if !well {
                outcome
                    .violations
                    .push(format!("stuck: not all get answers {WELL_WITHIN:?} after {spell:?}"));
                if plan.until_caught {
                    return;
                }
            }
        }
    }
    outcome.figure("spells", well_ms.len());
    outcome.figure("well again p50 ms", quantile(&mut well_ms, 500));
    outcome.figure("well again at most ms", quantile(&mut well_ms, 1_000));
}

/// Shoppers at work, on a runtime of their own.
struct Shopping {
    runtime: tokio::runtime::Runtime,
    over: Arc<AtomicBool>,
    done: Vec<Arc<AtomicU64>>,
    at_work: Vec<tokio::task::JoinHandle<Shopper>>,
}

impl Shopping {
    fn begin(port: u16, seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a thread");
        let over = Arc::new(AtomicBool::new(false));
        let shoppers: Vec<Shopper> =
            (0..SHOPPERS).map(|n| Shopper::new(n, seed, COMPANY, port, client(DEADLINE))).collect();
        let done = shoppers.iter().map(|shopper| Arc::clone(&shopper.done)).collect();
        let at_work =
            shoppers.into_iter().map(|shopper| runtime.spawn(shop(shopper, Arc::clone(&over)))).collect();
        Self { runtime, over, done, at_work }
    }

    /// Acknowledged orders of each.
    fn each(&self) -> Vec<u64> {
        self.done.iter().map(|done| done.load(Ordering::SeqCst)).collect()
    }

    fn least(&self) -> u64 {
        self.each().into_iter().min().unwrap_or_default()
    }

    fn end(self) -> Vec<Shopper> {
        self.over.store(true, Ordering::SeqCst);
        let ended = futures_of(self.at_work);
        self.runtime.block_on(ended)
    }
}

async fn futures_of(at_work: Vec<tokio::task::JoinHandle<Shopper>>) -> Vec<Shopper> {
    let mut shoppers = Vec::new();
    for one in at_work {
        shoppers.push(one.await.expect("a shopper ends"));
    }
    shoppers
}

/// Until it is over and nothing is unknown any more, or patience is.
async fn shop(mut shopper: Shopper, over: Arc<AtomicBool>) -> Shopper {
    let mut left = 5;
    loop {
        if over.load(Ordering::SeqCst) {
            if shopper.pending.is_none() || left == 0 {
                return shopper;
            }
            left -= 1;
        }
        if shopper.ask().await != Told::Done && over.load(Ordering::SeqCst) {
            tokio::time::sleep(PAUSE * 3).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Senders that say one letter after the other, of a head or of a body, or nothing at all, until they are sent away.
fn lorises(port: u16) -> Vec<String> {
    let one = |n: usize| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the node takes connections");
        let began = Instant::now();
        let head = "POST /api/v1/orders HTTP/1.1\r\nhost: a\r\n";
        let rest = format!("authorization: Bearer {TOKEN}\r\ncontent-length: 1000000\r\n\r\n");
        let start = match n % 3 {
            0 => head.to_owned(),
            1 => format!("{head}{rest}"),
            _ => String::new(),
        };
        stream.write_all(start.as_bytes()).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_millis(50))).expect("a time");
        let most = LIMIT + GRACE;
        while began.elapsed() < most {
            let mut answer = [0; 1_024];
            // An answer that says that it came too slowly ends it as well as the end of the connection.
            let gone = match stream.read(&mut answer) {
                Ok(_) => true,
                Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
            };
            let says = if n % 3 == 2 { "" } else { "x" };
            if gone || stream.write_all(says.as_bytes()).is_err() {
                return None;
            }
        }
        Some(format!("stuck: sender {n} is still listened to after {most:?}"))
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..LORISES).map(|n| scope.spawn(move || one(n))).collect();
        all.into_iter().filter_map(|one| one.join().expect("they end")).collect()
    })
}

/// Nobody is being served any more, and what fell mute is not kept.
fn quiet(node: &Node, outcome: &mut Outcome) {
    let most = LIMIT + GRACE + Duration::from_secs(1);
    let mut left = String::new();
    let is_quiet = wait(most, || {
        let open = doors_open(node);
        left = format!("{open} connections");
        open == 0
    });
    if !is_quiet {
        outcome.violations.push(format!("stuck: {left} are still open {most:?} after all have gone"));
    }
}

/// Connections to the port of a node that it has not closed.
fn doors_open(node: &Node) -> usize {
    let table = std::fs::read_to_string(format!("/proc/{}/net/tcp", node.pid())).unwrap_or_default();
    let port = format!(":{:04X}", node.port());
    // Local address, remote address, state: 01 is established, 08 left by the other side only.
    table
        .lines()
        .filter(|line| {
            let mut words = line.split_whitespace().skip(1);
            let own = words.next().is_some_and(|local| local.ends_with(&port));
            own && matches!(words.nth(1), Some("01" | "08"))
        })
        .count()
}

fn judge(
    shoppers: Vec<Shopper>,
    examine: impl FnOnce(&[super::ask::Receipt]) -> super::oracle::Verdict,
    outcome: &mut Outcome,
) {
    let (mut receipts, mut unknown, mut longest) = (Vec::new(), 0, Duration::ZERO);
    for shopper in shoppers {
        outcome.violations.extend(shopper.violations);
        if let Some((key, _)) = shopper.pending {
            outcome.violations.push(format!("stuck: {key} was never answered"));
        }
        receipts.extend(shopper.receipts);
        unknown += shopper.unknown;
        longest = longest.max(shopper.longest);
    }
    if longest > DEADLINE + GRACE {
        outcome.violations.push(format!("stuck: a request took {longest:?}"));
    }
    let verdict = examine(&receipts);
    outcome.violations.extend(verdict.violations);
    if verdict.orders != receipts.len() && outcome.is_held() {
        let (orders, keys) = (verdict.orders, receipts.len());
        outcome.violations.push(format!("twice: {orders} orders for {keys} keys"));
    }
    outcome.figure("orders", verdict.orders);
    outcome.figure("unknown settled", unknown);
    outcome.figure("longest request ms", longest.as_millis());
}
