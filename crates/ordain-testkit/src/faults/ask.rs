//! What a client asks of the Gate, with its key, and what it is told.

use super::seed::{self, ORG};
use crate::company::person;
use ordain_app::app::App;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::gate::{Command, Done, Envelope, GateError, IdempotencyKey};
use ordain_domain::actor::Actor;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
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
}

/// Puts the ask to the Gate and waits for the commit.
pub fn put(app: &App, ask: &Ask) -> Answer {
    answer(app.gate.send_blocking(envelope(app, ask)))
}

pub fn envelope(app: &App, ask: &Ask) -> Envelope {
    let user = person("sales1");
    let actor = Actor::Person { id: user.id, name: user.name };
    let by = app.by(actor);
    let (id, command) = match &ask.act {
        Act::Place { customer, po, lines } => {
            let content = seed::content(customer, po, lines, &requested(app));
            let place = Place {
                channel: "api".to_owned(),
                source: None,
                content,
                submit: true,
                reasons: BTreeMap::new(),
                entered_later: None,
            };
            (None, OrderCommand::Place(Box::new(place)))
        }
        Act::Cancel { id } => {
            (Some(*id), OrderCommand::Cancel { reason: "no longer needed".to_owned(), code: None })
        }
    };
    let text = serde_json::to_vec(&ask.act).unwrap_or_default();
    let key = IdempotencyKey {
        caller: ask.caller.clone(),
        key: ask.key.clone(),
        fingerprint: Sha256::digest(text).into(),
        render: Arc::new(render),
    };
    Envelope { org: ORG, by, key: Some(key), command: Command::Order { id, expected: None, command } }
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
