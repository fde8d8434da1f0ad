//! Writing commands that can be carried out here or by the process that holds the Gate, in the same way.

use super::open::{self, Opened};
use super::{Failed, refusal, say};
use crate::lock::Owner;
use crate::routes::internal::SECRET;
use crate::server::problem::FaultView;
use crate::words::Text;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ordain_app::admin::{AdminCommand, UserItem};
use ordain_app::app::App;
use ordain_app::clock::IdSource;
use ordain_app::gate::GateError;
use ordain_app::import::{ImportFile, ImportOptions, ImportReport, import_master, import_orders};
use ordain_app::{password, session};
use ordain_connect::mapping::{Kind, Mapping};
use ordain_domain::actor::Actor;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the holder of the Gate may take: a large file has many orders.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Request {
    CreateToken {
        name: String,
        role: String,
    },
    AddUser {
        login: String,
        name: String,
        department: Option<String>,
        roles: Vec<String>,
        email: Option<String>,
        password: Option<String>,
    },
    Import {
        kind: Kind,
        name: String,
        /// Base64.
        bytes: String,
        mapping: Option<Mapping>,
        dry_run: bool,
        partial: bool,
        fill_defaults: bool,
    },
}

/// What a command came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    pub ok: bool,
    /// The result, for stdout.
    pub result: serde_json::Value,
    /// What went wrong, for stderr.
    pub problem: String,
}

impl Said {
    fn result(result: impl Serialize) -> Self {
        let result = serde_json::to_value(result).unwrap_or_default();
        Said { ok: true, result, problem: String::new() }
    }
}

/// What the Gate refused, in words.
pub(super) fn worded(error: GateError) -> Failed {
    match error {
        GateError::Invalid(faults) => {
            let word = |fault| FaultView::from(fault).message.of(super::lang()).to_owned();
            Failed(faults.into_iter().map(word).collect::<Vec<_>>().join("\n"))
        }
        other => Failed(other.to_string()),
    }
}

/// Carries the request out where the Gate is.
pub async fn carry_out(app: &App, request: Request) -> Said {
    match perform(app, request).await {
        Ok(said) => said,
        Err(Failed(problem)) => Said { ok: false, problem, ..Said::default() },
    }
}

async fn perform(app: &App, request: Request) -> Result<Said, Failed> {
    let org = open::org(&app.store)?;
    let actor = Actor::system("cli");
    match request {
        Request::CreateToken { name, role } => {
            let (_, token) = session::create_token(app, org, actor, &name, &role).await.map_err(worded)?;
            Ok(Said::result(token))
        }
        Request::AddUser { login, name, department, roles, email, password } => {
            let (chosen, shown) = match password {
                Some(password) => (password, None),
                None => {
                    let made = password::one_time()?;
                    (made.clone(), Some(made))
                }
            };
            let item = UserItem {
                password_once: Some(shown.is_some()),
                login,
                name: Some(name),
                department,
                roles: Some(roles),
                email,
                password_hash: Some(password::hash(chosen.into()).await?),
                ..UserItem::default()
            };
            app.admin(org, actor, AdminCommand::PutUsers(vec![item])).await.map_err(worded)?;
            Ok(Said::result(shown))
        }
        Request::Import { kind, name, bytes, mapping, dry_run, partial, fill_defaults } => {
            let file = ImportFile { name, bytes: STANDARD.decode(bytes)?, mapping };
            let options = ImportOptions { dry_run, fill_defaults, partial };
            let report: ImportReport = match kind {
                Kind::Orders => import_orders(app, org, actor, &file, options).await,
                kind => import_master(app, org, actor, kind, &file, options).await,
            }
            .map_err(refusal::import)?;
            Ok(Said::result(report))
        }
    }
}

/// Carries a request out here, or sends it to the process that holds the Gate.
pub async fn ask(database: Option<String>, request: Request) -> Result<Said, Failed> {
    let settings = open::settings(database, None)?;
    match open::gate(&settings, None, &open::secret()?, IdSource::Real)? {
        Opened::Mine(mine) => {
            let (app, _lock) = *mine;
            let said = carry_out(&app, request).await;
            ordain_app::reconcile::seal_all(&app).await?;
            Ok(said)
        }
        Opened::Theirs(owner) => tokio::task::spawn_blocking(move || send(&owner, &request)).await?,
    }
}

/// Gives the result, or fails with what was said.
pub fn result(said: Said) -> Result<serde_json::Value, Failed> {
    if said.ok { Ok(said.result) } else { Err(Failed(said.problem)) }
}

/// One request over loopback; a client library would be a way out of the machine, which this crate must not have.
fn send(owner: &Owner, request: &Request) -> Result<Said, Failed> {
    let busy = || Failed(say("held", &[("pid", Text::plain(owner.pid.to_string()))]));
    let address: SocketAddr = owner.address.as_deref().ok_or_else(busy)?.parse()?;
    let body = serde_json::to_string(request)?;
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "POST /internal/cli HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
        content-type: application/json\r\n{SECRET}: {}\r\ncontent-length: {}\r\n\r\n",
        owner.secret,
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(busy)?;
    if !head.starts_with("HTTP/1.1 200") {
        return Err(Failed(head.lines().next().unwrap_or_default().to_owned()));
    }
    Ok(serde_json::from_str(body)?)
}
