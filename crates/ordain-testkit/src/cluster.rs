//! A PostgreSQL server for tests: a private cluster from the server programs of the machine, on a free port, started by
//! the first test that asks and removed when the process of the tests ends, in whatever way it ends.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The owner of everything in it.
pub const USER: &str = "ordain";
pub const PASSWORD: &str = "secret";
const INSTALLED: &str = "/usr/lib/postgresql";
const MEMORY: &str = "/dev/shm";
/// Free memory below which servers lie on the disk, in KiB: a container may have been given 64 MiB.
const ROOM_KIB: u64 = 2 << 20;
/// Lines of its log that are shown when it refuses.
const LAST_WORDS: usize = 30;
/// Databases that are taken away together: before each the server writes back what all the others have changed.
const GONE_TOGETHER: usize = 48;

/// A running server.
pub struct Cluster {
    pub port: u16,
    bin: PathBuf,
    folder: PathBuf,
    settings: String,
    /// Ends the server when its input ends, and that ends with this process.
    _watch: Child,
}

/// The server of this process.
///
/// # Panics
/// Where no server can be started; it says what is missing.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(own_cluster)
}

/// Another one, for a test that changes its settings or stops it.
///
/// # Panics
/// As [`cluster`].
#[allow(clippy::panic)] // a test without its server has failed
pub fn own_cluster() -> Cluster {
    start().unwrap_or_else(|why| panic!("no PostgreSQL for this test: {why}"))
}

/// Takes a database of the server of this process away when it goes itself: no disk has room for what a thousand tests
/// leave.
pub struct Passing {
    name: String,
}

impl Passing {
    /// Of the database at an address.
    pub fn of(url: &str) -> Self {
        Self { name: name_of(url).to_owned() }
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        static GONE: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let mut gone = GONE.lock().unwrap_or_else(PoisonError::into_inner);
        gone.push(std::mem::take(&mut self.name));
        if gone.len() < GONE_TOGETHER {
            return;
        }
        // A test that has passed has passed, whatever becomes of its database.
        for name in gone.drain(..) {
            let _ = cluster().psql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

impl Cluster {
    /// The address of a database of its own, which is empty.
    ///
    /// # Panics
    /// If the server refuses.
    pub fn fresh(&self) -> String {
        self.copy_of("template1")
    }

    /// The address of a copy of a database, at which nobody may be at work.
    ///
    /// # Panics
    /// If the server refuses.
    #[allow(clippy::panic)] // a test without its database has failed
    pub fn copy_of(&self, url: &str) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("company_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let made = self.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {}", name_of(url)));
        made.unwrap_or_else(|why| panic!("no database for this test: {why}\n{}", self.last_words()));
        self.url(&name)
    }

    /// Sends everybody away from a database, so that it can be copied.
    ///
    /// # Panics
    /// If the server refuses.
    #[allow(clippy::panic)] // a test without its database has failed
    pub fn clear(&self, url: &str) {
        let sql = format!(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'",
            name_of(url)
        );
        self.psql("postgres", &sql).unwrap_or_else(|why| panic!("they stay: {why}"));
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements as the owner of everything; gives what they print.
    ///
    /// # Errors
    /// What the server says.
    pub fn psql(&self, database: &str, sql: &str) -> Result<String, String> {
        psql(&self.url(database), sql)
    }
}

/// Runs statements at a database; gives what they print, the columns of a row with `|` between them.
///
/// # Errors
/// What the server says.
pub fn psql(url: &str, sql: &str) -> Result<String, String> {
    let mut psql = Command::new(programs()?.join("psql"));
    output(psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]))
}

/// The folder with the server's programs, of the newest version installed.
///
/// # Errors
/// If there is none, with what to install.
pub fn programs() -> Result<PathBuf, String> {
    let versions = fs::read_dir(INSTALLED).into_iter().flatten().filter_map(Result::ok);
    let version = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().parse::<u32>().ok();
    let newest = versions.filter(|entry| entry.path().join("bin/initdb").exists()).max_by_key(version);
    newest
        .map(|entry| entry.path().join("bin"))
        .ok_or_else(|| format!("no server programs in {INSTALLED}: install Debian's package `postgresql`"))
}

fn start() -> Result<Cluster, String> {
    let (bin, folder) = (programs()?, own_folder()?);
    // Nobody watches over the folder yet.
    founded(&bin, &folder).inspect_err(|_| drop(fs::remove_dir_all(&folder)))?;
    Cluster::over(bin, folder)
}

fn founded(bin: &Path, folder: &Path) -> Result<(), String> {
    let mut initdb = as_server(&bin.join("initdb"));
    initdb.arg("-D").arg(folder.join("data"));
    initdb.args(["-U", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--pwfile"]);
    output(initdb.arg(folder.join("password"))).map(drop)
}

/// Where there is room, as far as `df` knows: the free KiB stand in the fourth column of the second line.
fn has_room(place: &str) -> bool {
    let told = output(Command::new("df").args(["-Pk", place])).unwrap_or_default();
    let free = told.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    free.is_some_and(|free| free >= ROOM_KIB)
}

/// A folder of the server's, with the owner's password in a file.
fn own_folder() -> Result<PathBuf, String> {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let n = STARTED.fetch_add(1, Ordering::Relaxed);
    // Memory where the machine has some: nothing of it outlives the tests, and there nobody waits for a disk.
    let place = if has_room(MEMORY) { PathBuf::from(MEMORY) } else { std::env::temp_dir() };
    let folder = place.join(format!("ordain-postgres-{}-{n}", std::process::id()));
    let made = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join("password"), PASSWORD));
    made.map_err(|error| format!("{}: {error}", folder.display()))?;
    if is_root() {
        output(Command::new("chown").args(["-R", "postgres:"]).arg(&folder))?;
    }
    Ok(folder)
}

impl Cluster {
    /// Starts a server over what lies in the folder.
    fn over(bin: PathBuf, folder: PathBuf) -> Result<Self, String> {
        let text = |error: io::Error| format!("{}: {error}", folder.display());
        let port = free_port().map_err(text)?;
        let mut stop = as_server(&bin.join("pg_ctl"));
        stop.arg("-D").arg(folder.join("data")).args(["-m", "immediate", "stop"]);
        // Its input ends with this process: then the server goes, and all it has written, also where a signal ends both.
        let watch = Command::new("sh")
            .args(["-c", "trap '' INT TERM HUP; cat >/dev/null; \"$@\"; rm -rf \"$0\""])
            .arg(&folder)
            .args(words(&stop))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(text)?;
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=300",
            folder.display()
        );
        let cluster = Self { port, bin, folder, settings, _watch: watch };
        cluster.start()?;
        Ok(cluster)
    }

    fn ctl(&self, words: &[&str]) -> Result<String, String> {
        output(
            as_server(&self.bin.join("pg_ctl")).arg("-D").arg(self.folder.join("data")).arg("-w").args(words),
        )
    }

    fn start(&self) -> Result<(), String> {
        let log = self.log().display().to_string();
        let started = self.ctl(&["-o", &self.settings, "-l", &log, "start"]);
        started.map(drop).map_err(|why| format!("{why}\n{}", self.last_words()))
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The end of what it wrote to its log: why it refuses what it is asked for.
    fn last_words(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let lines: Vec<_> = log.split(|byte| *byte == b'\n').map(String::from_utf8_lossy).collect();
        lines[lines.len().saturating_sub(LAST_WORDS)..].join("\n")
    }

    /// Lets the server die as in a crash.
    ///
    /// # Panics
    /// If it cannot be stopped.
    #[allow(clippy::panic)] // a test without its server has failed
    pub fn die(&self) {
        self.ctl(&["-m", "immediate", "stop"]).unwrap_or_else(|why| panic!("the server does not die: {why}"));
    }

    /// Lets the server die as in a crash, and starts it again: it has to recover.
    ///
    /// # Panics
    /// If it cannot be stopped or does not come back.
    #[allow(clippy::panic)] // a test without its server has failed
    pub fn crash(&self) {
        self.die();
        self.start().unwrap_or_else(|why| panic!("the server does not come back: {why}"));
    }

    /// A standby of this server, without which it acknowledges nothing from now on.
    ///
    /// # Panics
    /// If it cannot be made.
    #[allow(clippy::panic)] // a test without its server has failed
    pub fn standby(&self) -> Self {
        let standby = self.follower();
        let wait = |sql| self.psql("postgres", sql).unwrap_or_else(|why| panic!("no standby: {why}"));
        wait("ALTER SYSTEM SET synchronous_standby_names = '*'");
        wait("SELECT pg_reload_conf()");
        standby
    }

    /// A standby that follows this server, which does not wait for it.
    ///
    /// # Panics
    /// If it cannot be made.
    #[allow(clippy::panic)] // a test without its server has failed
    pub fn follower(&self) -> Self {
        self.copied().unwrap_or_else(|why| panic!("no standby for this test: {why}"))
    }

    fn copied(&self) -> Result<Self, String> {
        let folder = own_folder()?;
        let primary = format!("host=127.0.0.1 port={} user={USER} password={PASSWORD}", self.port);
        let mut copy = as_server(&self.bin.join("pg_basebackup"));
        output(
            copy.args(["-R", "-X", "stream", "-c", "fast", "-d", &primary, "-D"]).arg(folder.join("data")),
        )?;
        Self::over(self.bin.clone(), folder)
    }

    /// Stops what a standby receives, as a network does that stands still, or lets it go on (`STOP`, `CONT`).
    ///
    /// # Panics
    /// If it receives nothing.
    #[allow(clippy::panic)] // a test without its standby has failed
    pub fn signal_receiver(&self, pid: &str, signal: &str) {
        let sent = output(Command::new("kill").arg(format!("-{signal}")).arg(pid));
        sent.unwrap_or_else(|why| panic!("the receiver is not reached: {why}"));
    }

    /// The process by which a standby receives.
    ///
    /// # Panics
    /// If it receives nothing for some seconds.
    #[allow(clippy::panic)] // a test without its standby has failed
    pub fn receiver(&self) -> String {
        for _ in 0..100 {
            match self.psql("postgres", "SELECT pid FROM pg_stat_wal_receiver WHERE status = 'streaming'") {
                Ok(pid) if !pid.is_empty() => return pid,
                _ => std::thread::sleep(std::time::Duration::from_millis(100)),
            }
        }
        panic!("the standby receives nothing");
    }

    /// Makes a standby a server that takes writes.
    ///
    /// # Panics
    /// If it does not become one.
    #[allow(clippy::panic)] // a test without its server has failed
    pub fn promote(&self) {
        self.ctl(&["promote"]).unwrap_or_else(|why| panic!("the standby is not promoted: {why}"));
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The server refuses to run as root.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

fn words(command: &Command) -> Vec<std::ffi::OsString> {
    std::iter::once(command.get_program()).chain(command.get_args()).map(Into::into).collect()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// What a program prints. The server must not inherit a pipe, or its end would never come.
fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let out = tempfile::tempfile().map_err(|error| error.to_string())?;
    let both = out.try_clone().and_then(|out| out.try_clone().map(|err| (out, err)));
    let (stdout, stderr) = both.map_err(|error| error.to_string())?;
    let status = command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).current_dir("/").status();
    let status = status.map_err(|error| format!("{name}: {error}"))?;
    let said = said(out).map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(said) } else { Err(format!("{name}: {said}")) }
}

fn said(mut file: fs::File) -> io::Result<String> {
    use io::{Read, Seek};
    let mut said = String::new();
    file.rewind()?;
    file.read_to_string(&mut said)?;
    Ok(said.trim().to_owned())
}
