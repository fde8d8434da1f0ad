//! A PostgreSQL server for tests: a private cluster from the server programs of the machine, on a free port, started by
//! the first test that asks and removed when the process of the tests ends, in whatever way it ends.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The owner of everything in it.
pub const USER: &str = "ordain";
pub const PASSWORD: &str = "secret";
const INSTALLED: &str = "/usr/lib/postgresql";

/// A running server.
pub struct Cluster {
    pub port: u16,
    bin: PathBuf,
    folder: PathBuf,
    /// Ends the server when its input ends, and that ends with this process.
    _watch: Child,
}

/// The server of this process.
///
/// # Panics
/// Where no server can be started; it says what is missing.
#[allow(clippy::panic)] // a test without its server has failed
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| start().unwrap_or_else(|why| panic!("no PostgreSQL for this test: {why}")))
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
        let origin = url.rsplit('/').next().unwrap_or(url);
        let made = self.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {origin}"));
        made.unwrap_or_else(|why| panic!("no database for this test: {why}"));
        self.url(&name)
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements as the owner of everything; gives what they print.
    ///
    /// # Errors
    /// What the server says.
    pub fn psql(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database), "-c", sql]);
        output(&mut psql)
    }
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
    let bin = programs()?;
    let folder = std::env::temp_dir().join(format!("ordain-postgres-{}", std::process::id()));
    let text = |error: io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(text)?;
    fs::write(folder.join("password"), PASSWORD).map_err(text)?;
    if is_root() {
        output(Command::new("chown").args(["-R", "postgres:"]).arg(&folder))?;
    }
    let data = folder.join("data");
    let port = free_port().map_err(text)?;
    let as_nobody = |program: &str| as_server(&bin.join(program));
    output(
        as_nobody("initdb")
            .arg("-D")
            .arg(&data)
            .args(["-U", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--pwfile"])
            .arg(folder.join("password")),
    )?;
    // Its input ends with this process: then the server goes, and all it has written.
    let watch = Command::new("sh")
        .args(["-c", "cat >/dev/null; \"$@\"; rm -rf \"$0\""])
        .arg(&folder)
        .args(words(as_nobody("pg_ctl").arg("-D").arg(&data).args(["-m", "immediate", "stop"])))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(text)?;
    let settings = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=300",
        folder.display()
    );
    let started = output(
        as_nobody("pg_ctl")
            .arg("-D")
            .arg(&data)
            .args(["-w", "-o", &settings, "-l"])
            .arg(folder.join("log"))
            .arg("start"),
    );
    started.map_err(|why| format!("{why} {}", fs::read_to_string(folder.join("log")).unwrap_or_default()))?;
    Ok(Cluster { port, bin, folder, _watch: watch })
}

impl Cluster {
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
