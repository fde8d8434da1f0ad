//! One node of Ordain in a process of its own, which can be killed: a loopback port, one JSON line per ask and answer.
//! The other half is the driver's view of it.

use super::ask::{Answer, Ask, put};
use super::{postman, web};
use crate::home::Home;
use ordain_app::app::App;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::faults::{broken, skew};
use ordain_app::gate::GateError;
use ordain_app::outbox::Carriers;
use ordain_app::reconcile::run_reconcilers;
use ordain_app::seal::SealKey;
use ordain_store::Database;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Opens the application as a node does: real clock, real ids.
///
/// # Errors
/// See [`App::open`].
pub fn open<'a>(database: impl Into<Database<'a>>) -> Result<App, GateError> {
    open_at(database, Clock::Real)
}

fn open_at<'a>(database: impl Into<Database<'a>>, clock: Clock) -> Result<App, GateError> {
    App::open(database, clock, IdSource::Real, SealKey::from_bytes(&[7; 32]))
}

/// The node itself: serves the database until it is killed; arguments are the path or URL of the database and perhaps
/// `--mail` with the port of an SMTP server, `--hurry` with the instant from which a second counts as a minute,
/// `--skew` with a file that says how far the clock is wrong in milliseconds, or
/// `--http` with the port of an SMTP server: then it is asked over HTTP, as what ships. The first line on stdout is the
/// port.
///
/// # Panics
/// If the database or the port cannot be opened.
pub fn serve(args: &[String]) {
    let home = Home::of(args.first().expect("where the database is"));
    if let Some([name, port]) = args.get(1..)
        && name == "--http"
    {
        let app = open(home.database()).expect("the database opens");
        return web::serve(app, port.parse().expect("a port"));
    }
    let (mail, clock) = match args.get(1..) {
        Some([name, port]) if name == "--mail" => (Some(port.parse().expect("a port")), postman::clock()),
        Some([name, file]) if name == "--skew" => (None, follow(file.into())),
        Some([name, since_ms]) if name == "--hurry" => (None, hurry(since_ms.parse().expect("an instant"))),
        _ => (None, Clock::Real),
    };
    // A negative control: what was only in the memory of the process that died is gone.
    if broken("timers_in_memory") {
        home.tamper("DELETE FROM timer RETURNING 1");
    }
    let app = open_at(home.database(), clock).expect("the database opens");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("{}", listener.local_addr().expect("a bound port").port());
    // Only now: what works beside the doors commits too, and a death planted behind the n-th commit must find a
    // node that was ready, whichever of the two commits first.
    let beside = app.clone();
    std::thread::spawn(move || match mail {
        Some(port) => postman::work(&beside, port),
        None => reconcile(beside),
    });
    for stream in listener.incoming().flatten() {
        let app = app.clone();
        std::thread::spawn(move || converse(&app, stream));
    }
}

/// How much faster time passes for whoever hurries.
pub const HURRY: i64 = 60;

/// A clock that stood with the real one at an instant and goes faster since: the same in each process.
fn hurry(since_ms: i64) -> Clock {
    let now_ms = move || since_ms + (Clock::Real.now_ms() - since_ms) * HURRY;
    let clock = Clock::manual(now_ms());
    let hand = clock.clone();
    std::thread::spawn(move || {
        loop {
            hand.set_ms(now_ms());
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    clock
}

/// The real clock, set wrong as the file says, which may say something else at any time.
fn follow(file: PathBuf) -> Clock {
    let read = move || std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
    skew(read().unwrap_or_default());
    std::thread::spawn(move || {
        loop {
            // A file that is being written says nothing.
            read().into_iter().for_each(skew);
            std::thread::sleep(Duration::from_millis(2));
        }
    });
    Clock::Real
}

/// What a node does beside its doors until the process ends: it seals, fires timers, removes. Mail stays queued.
fn reconcile(app: App) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (_up, down) = tokio::sync::watch::channel(false);
    runtime.block_on(run_reconcilers(app, Carriers::default(), down));
}

/// Answers line by line until the client hangs up.
fn converse(app: &App, stream: TcpStream) {
    let Ok(mut out) = stream.try_clone() else { return };
    for line in BufReader::new(stream).lines() {
        let Some(ask) = line.ok().and_then(|line| serde_json::from_str::<Ask>(&line).ok()) else { return };
        let answer = put(app, &ask);
        let mut text = serde_json::to_string(&answer).unwrap_or_default();
        text.push('\n');
        if out.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// How to start a node.
#[derive(Clone, Debug)]
pub struct Launcher {
    pub program: PathBuf,
    /// Arguments before the database.
    pub args: Vec<String>,
    pub envs: Vec<(&'static str, String)>,
}

impl Launcher {
    pub fn new(program: impl Into<PathBuf>, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { program: program.into(), args, envs: Vec::new() }
    }

    /// With a negative control or a fault point switched on.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.envs.push((name, value.into()));
        self
    }

    /// Starts the node and waits until it is ready.
    ///
    /// # Panics
    /// If it cannot be started or ends before it is ready.
    pub fn start(&self, db: impl AsRef<OsStr>, more: &[String]) -> Node {
        let started = Instant::now();
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .arg(db)
            .args(more)
            .envs(self.envs.iter().map(|(name, value)| (*name, value.as_str())))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the node starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its stdout was asked for");
        BufReader::new(out).read_line(&mut line).expect("the node writes its port");
        let port = line.trim().parse().expect("a node that cannot open its database is a failure of the bar");
        Node { child: Mutex::new(child), port, ready: started.elapsed() }
    }
}

/// A running node. Dropping it kills it.
pub struct Node {
    child: Mutex<Child>,
    port: u16,
    /// From the start of the process until it could be asked.
    pub ready: Duration,
}

impl Node {
    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Kill -9, and the wait until it is gone.
    pub fn kill(&self) {
        let mut child = self.child();
        // A process that has already died is as dead as it is wanted to be.
        let _ = child.kill();
        let _ = child.wait();
    }

    pub fn is_dead(&self) -> bool {
        !matches!(self.child().try_wait(), Ok(None))
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its number among the processes of the machine.
    pub fn pid(&self) -> u32 {
        self.child().id()
    }

    pub fn connect(&self) -> Option<Client> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_nodelay(true).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        Some(Client { lines: BufReader::new(stream) })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A connection to a node.
pub struct Client {
    lines: BufReader<TcpStream>,
}

impl Client {
    /// `None`: the connection ended, and nobody knows what became of the ask.
    pub fn ask(&mut self, ask: &Ask) -> Option<Answer> {
        let mut text = serde_json::to_string(ask).ok()?;
        text.push('\n');
        self.lines.get_mut().write_all(text.as_bytes()).ok()?;
        let mut line = String::new();
        self.lines.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }
}
