//! The running application: store, Gate, clock and ids, and the short ways to put a command.

use crate::admin::{AdminCommand, AdminDone};
use crate::answer_code::AnswerCodes;
use crate::case::Case;
use crate::case::decide::{By, OrderCommand};
use crate::clock::{Clock, IdSource};
use crate::faults;
use crate::gate::{Command, Done, Envelope, Gate, GateError, IdempotencyKey};
use crate::passing::Passing;
use crate::seal::SealKey;
use ordain_domain::actor::Actor;
use ordain_store::{Database, Store};
use std::sync::Arc;
use uuid::Uuid;

/// Everything that use cases need.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub gate: Gate,
    pub clock: Clock,
    pub ids: IdSource,
    pub codes: AnswerCodes,
    /// In read-only mode: who has signed in here.
    pub passing: Option<Passing>,
}

impl App {
    /// Opens the database and starts the Gate.
    ///
    /// # Errors
    /// If the database cannot be opened or its settings not be read.
    pub fn open<'a>(
        database: impl Into<Database<'a>>,
        clock: Clock,
        ids: IdSource,
        key: SealKey,
    ) -> Result<Self, GateError> {
        let (store, writer) = Store::open(database)?;
        let clock = match (clock, writer.server_time()) {
            // A negative control: each node has its own clock.
            (Clock::Real, Some(heard)) if !faults::broken("node_clock") => Clock::shared(heard),
            (clock, _) => clock,
        };
        let codes = AnswerCodes::new(key.clone());
        let gate = Gate::open(store.clone(), writer, clock.clone(), key)?;
        Ok(Self { store, gate, clock, ids, codes, passing: None })
    }

    /// Opens the database for reading alone, wherever it lies: every command is refused.
    ///
    /// # Errors
    /// If the database cannot be opened or its settings not be read.
    pub fn open_read_only<'a>(database: impl Into<Database<'a>>, clock: Clock) -> Result<Self, GateError> {
        let store = Store::open_read_only(database)?;
        let gate = Gate::read_only(store.clone())?;
        // No code is sent from here, so none has to be known again.
        let codes = AnswerCodes::new(SealKey::from_bytes(&[0; 32]));
        Ok(Self { store, gate, clock, ids: IdSource::Real, codes, passing: Some(Passing::default()) })
    }

    /// The circumstances of a command put now.
    pub fn by(&self, actor: Actor) -> By {
        let at_ms = self.clock.now_ms();
        By { actor, at_ms, id: self.ids.fresh(at_ms) }
    }

    pub fn envelope(
        &self,
        org: i64,
        actor: Actor,
        command: Command,
        key: Option<IdempotencyKey>,
    ) -> Envelope {
        Envelope { org, by: self.by(actor), key, command }
    }

    /// Puts a command about an order and gives the case as it is after the commit.
    ///
    /// # Errors
    /// See [`GateError`].
    pub async fn order(
        &self,
        org: i64,
        actor: Actor,
        id: Option<Uuid>,
        command: OrderCommand,
    ) -> Result<Arc<Case>, GateError> {
        let command = Command::Order { id, expected: None, command };
        match self.gate.send(self.envelope(org, actor, command, None)).await? {
            Done::Order(case) => Ok(case),
            other => Err(GateError::Bug(format!("an order command answered {other:?}"))),
        }
    }

    /// Puts a command about the company.
    ///
    /// # Errors
    /// See [`GateError`].
    pub async fn admin(&self, org: i64, actor: Actor, command: AdminCommand) -> Result<AdminDone, GateError> {
        let command = Command::Admin(Box::new(command));
        match self.gate.send(self.envelope(org, actor, command, None)).await? {
            Done::Admin(done) => Ok(done),
            other => Err(GateError::Bug(format!("an admin command answered {other:?}"))),
        }
    }
}
