//! The same orders over HTTP: the real program, 16 connections, each waiting for its answer.

use crate::company::{self, company};
use crate::load::{Doors, Load};
use crate::measure::{Measured, resident_mib};
use crate::site::url;
use ordain_store::Store;
use ordain_testkit::home::Home;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub const CONNECTIONS: usize = 16;

pub type Failure = Box<dyn std::error::Error>;

/// The running program; it ends with this value.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// All orders as fast as they go in, through so many programs over one database.
pub fn measure(program: &Path, home: Home, orders: usize, nodes: usize) -> Result<Measured, Failure> {
    let company = Running::start(program, &home, nodes)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let load = runtime.block_on(async {
        let doors = company.doors(CONNECTIONS).await?;
        doors.as_fast_as_it_goes(0..orders).await
    });
    let resident_mib = company.resident_mib();
    drop(company);
    let Load { took, mut latencies, group } = load?;
    latencies.sort_unstable();
    Ok(Measured { home, orders, took, group, latencies, resident_mib, replay: Duration::ZERO })
}

/// Programs over one database with the company in it.
pub struct Running {
    servers: Vec<(Server, String)>,
    token: String,
}

impl Running {
    pub fn start(program: &Path, home: &Home, nodes: usize) -> Result<Self, Failure> {
        {
            let (_, mut writer) = Store::open(home.database())?;
            writer.commit(&company()?)?;
        }
        let url = url(home);
        let token = token(program, &url)?;
        let servers = (0..nodes).map(|_| serve(program, &url)).collect::<Result<_, _>>()?;
        Ok(Self { servers, token })
    }

    pub async fn doors(&self, connections: usize) -> Result<Doors, Failure> {
        let addresses: Vec<&str> = self.servers.iter().map(|(_, address)| address.as_str()).collect();
        Doors::open(&addresses, &self.token, connections).await
    }

    /// Of all programs together.
    pub fn resident_mib(&self) -> f64 {
        self.servers.iter().map(|(server, _)| resident_mib(server.0.id())).sum()
    }

    /// Open files and sockets of all programs together.
    pub fn handles(&self) -> usize {
        let of = |(server, _): &(Server, String)| {
            std::fs::read_dir(format!("/proc/{}/fd", server.0.id())).map_or(0, Iterator::count)
        };
        self.servers.iter().map(of).sum()
    }
}

/// The program with the key that the database was sealed with.
pub fn ordain(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("ORDAIN_SEAL_KEY", company::SEAL_KEY);
    command
}

/// Starts the program on a free port; gives its address too.
pub fn serve(program: &Path, url: &str) -> Result<(Server, String), Failure> {
    let address = format!("127.0.0.1:{}", TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
    let child = ordain(program)
        .args(["serve", "--database", url, "--listen", &address])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok((Server(child), address))
}

pub fn token(program: &Path, url: &str) -> Result<String, Failure> {
    let output = ordain(program).args(["token", "create", "--database", url, "--role", "admin"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
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
