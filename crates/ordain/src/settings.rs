//! Settings: `ordain.toml`, overridden by `ORDAIN_*` variables, overridden by flags.

use ordain_connect::mail::{SmtpSettings, Tls};
use ordain_store::Database;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;

const FILE: &str = "ordain.toml";
pub const DATABASE: &str = "sqlite:ordain.db";
pub const LISTEN: &str = "127.0.0.1:8080";

/// What the program runs with.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: String,
    pub database: String,
    pub smtp: Option<SmtpSettings>,
    /// Hosts that connectors may call although they lie inside the company's network.
    pub private_hosts: Vec<String>,
    /// 64 hexadecimal digits; without them the key file beside the database is used.
    pub seal_key: Option<String>,
    pub log: String,
    pub log_format: LogFormat,
    /// The collector that traces go to.
    pub traces: Option<String>,
}

/// How what happened is written to stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    /// One object on each line.
    Json,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    database: Option<String>,
    smtp: Option<SmtpSettings>,
    private_hosts: Option<Vec<String>>,
    seal_key: Option<String>,
    log: Option<String>,
    log_format: Option<LogFormat>,
    traces: Option<String>,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("ordain.toml: {0}")]
    File(String),
    #[error("{0}: {1}")]
    Variable(&'static str, String),
    #[error("database_url: {0}")]
    Database(String),
}

/// A file of one process, or a server for many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    File(PathBuf),
    Server(String),
}

impl Place {
    /// As it may be shown.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Server(url) => without_password(url),
        }
    }

    pub fn database(&self) -> Database<'_> {
        match self {
            Self::File(path) => Database::from(path),
            Self::Server(url) => Database::Postgres(url),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Settings {
    /// Reads file and environment; flags come on top.
    ///
    /// # Errors
    /// If the file or a variable cannot be read.
    pub fn load(database: Option<String>, listen: Option<String>) -> Result<Self, SettingsError> {
        let file = match std::fs::read_to_string(variable("ORDAIN_CONFIG").as_deref().unwrap_or(FILE)) {
            Ok(text) => toml::from_str(&text).map_err(|error| SettingsError::File(error.to_string()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => return Err(SettingsError::File(error.to_string())),
        };
        let pick = |flag: Option<String>, name: &str, file: Option<String>, default: &str| {
            flag.or_else(|| variable(name)).or(file).unwrap_or_else(|| default.to_owned())
        };
        Ok(Self {
            listen: pick(listen, "ORDAIN_LISTEN", file.listen, LISTEN),
            database: pick(database, "ORDAIN_DATABASE", file.database, DATABASE),
            smtp: smtp(file.smtp)?,
            private_hosts: variable("ORDAIN_PRIVATE_HOSTS")
                .map(|hosts| hosts.split(',').map(|host| host.trim().to_owned()).collect())
                .or(file.private_hosts)
                .unwrap_or_default(),
            seal_key: variable("ORDAIN_SEAL_KEY").or(file.seal_key),
            traces: variable("ORDAIN_TRACES").or(file.traces),
            log: pick(None, "ORDAIN_LOG", file.log, "info"),
            log_format: match variable("ORDAIN_LOG_FORMAT").as_deref() {
                None => file.log_format.unwrap_or_default(),
                Some("text") => LogFormat::Text,
                Some("json") => LogFormat::Json,
                Some(other) => return Err(SettingsError::Variable("ORDAIN_LOG_FORMAT", other.to_owned())),
            },
        })
    }

    /// Where the database is.
    ///
    /// # Errors
    /// Of a URL that is none of ours.
    pub fn place(&self) -> Result<Place, SettingsError> {
        if self.database.starts_with("postgres://") || self.database.starts_with("postgresql://") {
            return Ok(Place::Server(self.database.clone()));
        }
        match self.database.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() => Ok(Place::File(PathBuf::from(path))),
            _ => Err(SettingsError::Database(self.database.clone())),
        }
    }

    /// The settings as they are used, secrets masked.
    pub fn shown(&self) -> Value {
        let tls = |tls: Tls| match tls {
            Tls::None => "none",
            Tls::Starttls => "starttls",
            Tls::Tls => "tls",
        };
        let masked = |secret: bool| if secret { json!("***") } else { Value::Null };
        let smtp = self.smtp.as_ref().map(|smtp| {
            json!({
                "host": smtp.host, "port": smtp.port, "tls": tls(smtp.tls), "user": smtp.user,
                "password": masked(smtp.password.is_some()), "from": smtp.from, "from_name": smtp.from_name,
            })
        });
        json!({
            "listen": self.listen, "database": without_password(&self.database), "smtp": smtp,
            "private_hosts": self.private_hosts, "traces": self.traces,
            "seal_key": masked(self.seal_key.is_some()), "log": self.log, "log_format": match self.log_format {
                LogFormat::Text => "text",
                LogFormat::Json => "json",
            },
        })
    }
}

/// A database URL as it may be shown.
fn without_password(url: &str) -> String {
    let masked = url.split_once("://").and_then(|(scheme, rest)| {
        let (login, server) = rest.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{server}"))
    });
    masked.unwrap_or_else(|| url.to_owned())
}

/// Mail settings from the file, with each variable that is set in place of its field.
fn smtp(file: Option<SmtpSettings>) -> Result<Option<SmtpSettings>, SettingsError> {
    let host = variable("ORDAIN_SMTP_HOST").or_else(|| file.as_ref().map(|smtp| smtp.host.clone()));
    let Some(host) = host else { return Ok(None) };
    let port = match variable("ORDAIN_SMTP_PORT") {
        None => file.as_ref().and_then(|smtp| smtp.port),
        Some(text) => Some(text.parse().map_err(|_| SettingsError::Variable("ORDAIN_SMTP_PORT", text))?),
    };
    let tls = match variable("ORDAIN_SMTP_TLS").as_deref() {
        None => file.as_ref().map(|smtp| smtp.tls).unwrap_or_default(),
        Some("none") => Tls::None,
        Some("starttls") => Tls::Starttls,
        Some("tls") => Tls::Tls,
        Some(other) => return Err(SettingsError::Variable("ORDAIN_SMTP_TLS", other.to_owned())),
    };
    let or = |name: &str, field: fn(&SmtpSettings) -> Option<String>| {
        variable(name).or_else(|| file.as_ref().and_then(field))
    };
    Ok(Some(SmtpSettings {
        port,
        tls,
        user: or("ORDAIN_SMTP_USER", |smtp| smtp.user.clone()),
        password: or("ORDAIN_SMTP_PASSWORD", |smtp| smtp.password.clone()),
        from: or("ORDAIN_SMTP_FROM", |smtp| Some(smtp.from.clone()))
            .unwrap_or_else(|| format!("ordain@{host}")),
        from_name: or("ORDAIN_SMTP_FROM_NAME", |smtp| smtp.from_name.clone()),
        host,
    }))
}
