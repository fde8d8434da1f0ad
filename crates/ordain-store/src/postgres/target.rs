//! Where the database is, and what is asked of every connection to it.

use std::time::Duration;

use tokio_postgres::Config;

use super::session::Session;
use crate::StoreError;

/// The oldest version that has everything the statements use.
const OLDEST: i64 = 130_000;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) struct Target(pub(super) Config);

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
}

impl Target {
    /// `postgres://user:password@host:port/database`
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            StoreError::Unavailable(format!("the database URL cannot be read: {error}"))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.application_name("ordain");
        // Of several servers the one that takes writes, so that a failover needs no other URL.
        config.target_session_attrs(tokio_postgres::config::TargetSessionAttrs::ReadWrite);
        Ok(Self(config))
    }

    pub(super) fn connect(&self, purpose: Use) -> Result<Session, StoreError> {
        // Plans are short: compiling them costs more than running them.
        let settings = match purpose {
            Use::Read => {
                "SET jit = off; SET statement_timeout = '20s'; SET default_transaction_read_only = on"
            }
            Use::Write => {
                "SET jit = off; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '10s'"
            }
        };
        Session::connect(&self.0, settings).map_err(|error| self.explained(error))
    }

    /// Says which server it was, for whoever has to look after it.
    fn explained(&self, error: StoreError) -> StoreError {
        use tokio_postgres::config::Host;
        let StoreError::Unavailable(why) = error else { return error };
        let hosts = self.0.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let hosts = hosts.collect::<Vec<_>>().join(", ");
        let ports = self.0.get_ports().iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let port = if ports.is_empty() { "5432" } else { &ports };
        StoreError::Unavailable(format!("PostgreSQL at {hosts}, port {port}: {why}"))
    }
}

/// Refuses a server that is too old, or that may forget what it has acknowledged.
pub(super) fn check_server(session: &Session) -> Result<(), StoreError> {
    let sql = "SELECT current_setting('server_version_num')::bigint, current_setting('server_version'),
        current_setting('fsync') || current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let mut found = (0, String::new(), String::new(), String::new());
    session.each(sql, [()], |row| {
        found = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(())
    })?;
    let (number, version, safety, synchronous) = found;
    let refuse = |why: String| Err(StoreError::Unavailable(why));
    if number < OLDEST {
        return refuse(format!("PostgreSQL {version} is too old: 13 or newer is needed"));
    }
    if safety != "onon" {
        return refuse(
            "fsync or full_page_writes of PostgreSQL is off: a crash would lose orders; set both to on"
                .into(),
        );
    }
    if synchronous == "off" {
        return refuse(
            "synchronous_commit of PostgreSQL is off: a crash would lose orders; set it to on".into(),
        );
    }
    Ok(())
}
