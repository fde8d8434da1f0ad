//! What a client asks of the Gate, with its key, and what it is told.

use super::seed::{self, ORG};
use crate::company::person;
use ordain_app::app::App;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::faults::broken;
use ordain_app::gate::{Command, Done, Envelope, GateError, IdempotencyKey};
use ordain_app::session::authenticate_session;
use ordain_domain::actor::Actor;
use ordain_domain::order::Content;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// One write, repeated under the same key until its outcome is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ask {
    pub caller: String,
    pub key: String,
    pub act: Act,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Act {
    /// An order for whole pieces of products.
    Place {
        customer: String,
        po: String,
        lines: Vec<(String, u32)>,
    },
    Cancel {
        id: Uuid,
    },
    /// An order that is not handed in yet, with a purchase order number to be changed.
    Draft {
        po: String,
    },
    /// Changes that number, of a state of the order or of whichever it is.
    Renumber {
        id: Uuid,
        po: String,
        expected: Option<i64>,
    },
    /// Comes with the token of a session.
    Enter {
        token: String,
    },
    /// Reads and changes nothing.
    Read {
        id: Uuid,
    },
}

/// What came of it. Below 300 it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub replayed: bool,
}

impl Answer {
    pub fn is_done(&self) -> bool {
        self.status < 300
    }

    /// Whether nobody can know what became of the write: it is to be repeated under its key.
    pub fn is_unknown(&self) -> bool {
        self.status == 503
    }

    pub fn receipt(&self) -> Option<Receipt> {
        self.is_done().then(|| serde_json::from_str(&self.body).ok()).flatten()
    }
}

/// The body of an answer that acknowledges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub id: Uuid,
    pub number: String,
    pub version: i64,
    pub status: String,
    /// Pieces held, in thousandths.
    pub held_milli: i64,
    /// The customer's number.
    #[serde(default)]
    pub po: Option<String>,
}

/// Puts the ask to the Gate and waits for the commit; what reads does not go there.
pub fn put(app: &App, ask: &Ask) -> Answer {
    match &ask.act {
        Act::Enter { token } => enter(app, token),
        &Act::Read { id } if broken("stale_read") => stale(app, id),
        &Act::Read { id } => read(app, id),
        _ => answer(app.gate.send_blocking(envelope(app, ask))),
    }
}

/// How old the answers of a node may be that reads again what it has read before: a negative control.
const STALE: Duration = Duration::from_millis(200);

fn stale(app: &App, id: Uuid) -> Answer {
    static KEPT: Mutex<BTreeMap<Uuid, (Instant, Answer)>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    match kept.get(&id) {
        Some((since, answer)) if since.elapsed() < STALE => answer.clone(),
        _ => {
            let answer = read(app, id);
            kept.insert(id, (Instant::now(), answer.clone()));
            answer
        }
    }
}

fn enter(app: &App, token: &str) -> Answer {
    let (status, body) = match authenticate_session(app, token) {
        Ok(Some(_)) => (200, String::new()),
        Ok(None) => (401, String::new()),
        Err(error) => (503, error.to_string()),
    };
    Answer { status, body, replayed: false }
}

fn read(app: &App, id: Uuid) -> Answer {
    match app.store.order_by_id(ORG, id.into_bytes()) {
        Ok(Some(row)) => {
            let (number, version, status) = (row.number, row.version, row.status);
            let receipt = Receipt { id, number, version, status, held_milli: 0, po: row.customer_po };
            Answer { status: 200, body: serde_json::to_string(&receipt).unwrap_or_default(), replayed: false }
        }
        Ok(None) => Answer { status: 404, body: String::new(), replayed: false },
        Err(error) => Answer { status: 503, body: error.to_string(), replayed: false },
    }
}

pub fn envelope(app: &App, ask: &Ask) -> Envelope {
    let user = person("sales1");
    let actor = Actor::Person { id: user.id, name: user.name };
    let by = app.by(actor);
    let (id, expected, command) = match &ask.act {
        Act::Place { customer, po, lines } => {
            let content = seed::content(customer, po, lines, &requested(app));
            (None, None, place(content, true))
        }
        Act::Draft { po } => (None, None, place(draft(app, po), false)),
        Act::Renumber { id, po, expected } => {
            let content = Box::new(draft(app, po));
            (Some(*id), *expected, OrderCommand::Edit { content, submit: false, reasons: BTreeMap::new() })
        }
        Act::Cancel { id } => {
            let reason = "no longer needed".to_owned();
            (Some(*id), None, OrderCommand::Cancel { reason, code: None })
        }
        Act::Read { .. } | Act::Enter { .. } => unreachable!("reading is not asked of the Gate"),
    };
    let text = serde_json::to_vec(&ask.act).unwrap_or_default();
    let key = IdempotencyKey {
        caller: ask.caller.clone(),
        key: ask.key.clone(),
        fingerprint: Sha256::digest(text).into(),
        render: Arc::new(render),
    };
    Envelope { org: ORG, by, key: Some(key), command: Command::Order { id, expected, command } }
}

fn place(content: Content, submit: bool) -> OrderCommand {
    let channel = "api".to_owned();
    let place =
        Place { channel, source: None, content, submit, reasons: BTreeMap::new(), entered_later: None };
    OrderCommand::Place(Box::new(place))
}

fn draft(app: &App, po: &str) -> Content {
    seed::content(&seed::customer(0), po, &[(seed::hot(0), 1)], &requested(app))
}

/// Ten days from now: in the future on every day on which the tests run.
fn requested(app: &App) -> String {
    let house = app.gate.houses().get(ORG).expect("the company has a house");
    let today = house.calendar.date_at(app.clock.now_ms());
    (0..10).try_fold(today, |day, _| day.tomorrow()).unwrap_or(today).to_string()
}

fn render(done: &Done) -> (u16, String) {
    let Done::Order(case) = done else { return (500, format!("{done:?}")) };
    let receipt = Receipt {
        id: case.order.id,
        number: case.order.number.clone(),
        version: case.version,
        status: case.order.status.name().to_owned(),
        held_milli: case.order.held.iter().map(|held| held.qty_milli).sum(),
        po: case.order.content.customer_po.clone(),
    };
    (200, serde_json::to_string(&receipt).unwrap_or_default())
}

pub fn answer(result: Result<Done, GateError>) -> Answer {
    let (status, body, replayed) = match result {
        Ok(Done::Replayed { status, body }) => (status, body, true),
        Ok(done) => {
            let (status, body) = render(&done);
            (status, body, false)
        }
        Err(GateError::KeyReused) => (422, "key reused".to_owned(), false),
        Err(GateError::Refused(refusal)) => (409, format!("{refusal:?}"), false),
        Err(GateError::Invalid(faults)) => (400, format!("{faults:?}"), false),
        Err(GateError::Busy) => (429, String::new(), false),
        Err(GateError::StorageFull) => (507, String::new(), false),
        Err(GateError::Unavailable(why)) => (503, why, false),
        Err(error @ (GateError::Unusable(_) | GateError::ReadOnly)) => (503, error.to_string(), false),
        Err(GateError::Bug(why)) => (500, why, false),
    };
    Answer { status, body, replayed }
}
