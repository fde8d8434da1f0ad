//! Where the database is, and what is asked of every connection to it.

use std::time::Duration;

use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::session::Session;
use super::tls;
use crate::{StoreError, Unusable};

/// The oldest version that has everything the statements use.
const OLDEST: i64 = 130_000;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement may take.
pub(super) const READ_LIMIT: Duration = Duration::from_secs(20);
const WRITE_LIMIT: Duration = Duration::from_secs(60);
/// A connection on which nobody speaks is asked whether it still is one, and what is sent is to be received in time.
const KEEPALIVE: Duration = Duration::from_secs(10);
const RECEIVED_WITHIN: Duration = Duration::from_secs(20);
/// The same, asked by the server: a turn that a lost node holds ends with its connection.
const WATCHED: &str = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 2; \
    SET tcp_user_timeout = '20s'";

#[derive(Clone)]
pub(crate) struct Target {
    config: Config,
    connector: MakeRustlsConnect,
}

/// What moves the bytes of a connection.
pub(super) type Carrier = Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
}

impl Target {
    /// `postgres://user:password@host:port/database`
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let (url, trust) = tls::trust(url)?;
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            StoreError::Unavailable(format!("the database URL cannot be read: {error}"))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.application_name("ordain");
        config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE / 2).keepalives_retries(2);
        config.tcp_user_timeout(RECEIVED_WITHIN);
        // Of several servers the one that takes writes, so that a failover needs no other URL.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.ssl_mode(trust.mode);
        Ok(Self { config, connector: trust.connector })
    }

    pub(super) async fn client(&self) -> Result<(Client, Carrier), tokio_postgres::Error> {
        self.config.connect(self.connector.clone()).await
    }

    pub(super) fn connect(&self, purpose: Use) -> Result<Session, StoreError> {
        // Plans are short: compiling them costs more than running them.
        let (settings, limit) = match purpose {
            Use::Read => ("SET default_transaction_read_only = on", READ_LIMIT),
            Use::Write => ("SET idle_in_transaction_session_timeout = '10s'", WRITE_LIMIT),
        };
        let settings = format!("SET jit = off; {WATCHED}; {settings}");
        Session::connect(self, &settings, limit).map_err(|error| self.explained(error))
    }

    /// The same, also where nobody can write: a standby that is being kept for reading.
    pub(crate) fn anywhere(mut self) -> Self {
        self.config.target_session_attrs(TargetSessionAttrs::Any);
        self
    }

    /// Says which server it was, for whoever has to look after it.
    fn explained(&self, error: StoreError) -> StoreError {
        use tokio_postgres::config::Host;
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let hosts = hosts.collect::<Vec<_>>().join(", ");
        let ports = self.config.get_ports().iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let port = if ports.is_empty() { "5432" } else { &ports };
        let at = |why: String| format!("PostgreSQL at {hosts}, port {port}: {why}");
        match error {
            StoreError::Unavailable(why) if why.starts_with("error performing TLS handshake") => {
                Unusable::Untrusted(at(why)).into()
            }
            StoreError::Unavailable(why) => Unusable::Unreachable(at(why)).into(),
            StoreError::Unusable(Unusable::Login(why)) => Unusable::Login(at(why)).into(),
            StoreError::Unusable(Unusable::NoSuchDatabase(why)) => Unusable::NoSuchDatabase(at(why)).into(),
            other => other,
        }
    }
}

/// What a server says of itself.
struct Server {
    number: i64,
    version: String,
    /// Names of settings that are off and must not be.
    off: Vec<&'static str>,
}

/// Refuses a server that is too old, or that may forget what it has acknowledged.
pub(super) fn check_server(session: &Session) -> Result<(), StoreError> {
    let sql = "SELECT current_setting('server_version_num')::bigint, current_setting('server_version'),
        current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let mut server = None;
    session.each(sql, [()], |row| {
        let names = ["fsync", "full_page_writes", "synchronous_commit"];
        let settings: [String; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
        let off = names.into_iter().zip(settings).filter(|(_, value)| value == "off").map(|(name, _)| name);
        server = Some(Server { number: row.get(0)?, version: row.get(1)?, off: off.collect() });
        Ok(())
    })?;
    server.map_or(Ok(()), |server| Ok(judge(server)?))
}

fn judge(server: Server) -> Result<(), Unusable> {
    if server.number < OLDEST {
        return Err(Unusable::OldServer(server.version));
    }
    if !server.off.is_empty() {
        return Err(Unusable::UnsafeServer(server.off.join(", ")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_too_old_or_forgets_is_refused() {
        let server = |number, off| Server { number, version: "12.9".to_owned(), off };
        assert_eq!(judge(server(120_009, vec![])), Err(Unusable::OldServer("12.9".to_owned())));
        let unsafe_ = judge(server(150_000, vec!["fsync", "synchronous_commit"]));
        assert_eq!(unsafe_, Err(Unusable::UnsafeServer("fsync, synchronous_commit".to_owned())));
        assert_eq!(judge(server(130_000, vec![])), Ok(()));
    }
}
