//! The one writing connection of a node. Nodes take turns: whoever has the turn knows that nobody else commits, so what
//! it reads stays true until its own commit, numbers of the log have no gaps, and no two commits can wait for each
//! other. A turn lasts a few batches, and ends with the connection that holds it.

use std::time::{Duration, Instant};

use super::migrate;
use super::session::Session;
use super::target::{Target, Use};
use crate::sql::{Connection, any_number};
use crate::{Changes, Id, StoreError};

/// The advisory lock that is the turn.
const TURN: i64 = 0x7475_726e;
/// After so long others have theirs: much longer than a hand-over takes, much shorter than people notice.
const TURN_MAX: Duration = Duration::from_millis(25);

pub(crate) struct Writer {
    target: Target,
    session: Option<Session>,
    node: Id,
    /// Since when it is this node's turn.
    turn: Option<Instant>,
    /// A transaction is open.
    staged: bool,
    /// A connection broke: whether its last commit came to be is not known.
    unsure: bool,
    /// What the clock of the server showed in milliseconds, and when this node heard it.
    time: (i64, Instant),
}

impl Writer {
    pub(super) fn over(target: Target, session: Session) -> Result<Self, StoreError> {
        let (mut node, mut server_ms) = (Id::default(), 0);
        let sql =
            "SELECT uuid_send(gen_random_uuid()), (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        session.each(sql, [()], |row| {
            (node, server_ms) = (row.get(0)?, row.get(1)?);
            Ok(())
        })?;
        let time = (server_ms, Instant::now());
        Ok(Self { target, session: Some(session), node, turn: None, staged: false, unsure: false, time })
    }

    /// Waits for the turn. True if another node wrote since this one did, or this one does not know what it wrote, so
    /// that nothing known by heart is to be trusted.
    pub(crate) fn take_turn(&mut self) -> Result<bool, StoreError> {
        if self.turn.is_some() {
            return Ok(false);
        }
        let node = self.node;
        let taken = self.session().and_then(|session| {
            session.batch(&format!("SELECT pg_advisory_lock({TURN})"))?;
            let sql = "SELECT (SELECT node FROM writing_node), (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
            let mut found = (None, 0);
            session.each(sql, [()], |row| {
                found = (row.get::<Option<Id>>(0)?, row.get(1)?);
                Ok(())
            })?;
            Ok((found.0 == Some(node), found.1))
        });
        // Whatever went wrong, a lock that nobody knows of must not stay.
        let (own, server_ms) = taken.inspect_err(|_| self.give_up())?;
        self.turn = Some(Instant::now());
        self.time = (server_ms, Instant::now());
        Ok(!own || std::mem::take(&mut self.unsure))
    }

    /// What the clock of the server showed when this node last began its turn, and when that was.
    pub(crate) fn server_time(&self) -> (i64, Instant) {
        self.time
    }

    pub(crate) fn pass_turn(&mut self) {
        if self.turn.take().is_none() {
            return;
        }
        let passed =
            self.session().and_then(|session| session.batch(&format!("SELECT pg_advisory_unlock({TURN})")));
        if passed.is_err() {
            // The turn ends with the connection.
            self.give_up();
        }
    }

    pub(crate) fn turn_is_up(&self) -> bool {
        self.turn.is_some_and(|since| since.elapsed() > TURN_MAX)
    }

    /// Reads; of staged changes, as they will be.
    pub(crate) fn read<T>(
        &mut self,
        work: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = self.session().and_then(|session| work(&Connection::Postgres(session)));
        self.kept(done)
    }

    /// Writes all of it where only this connection sees it, or nothing.
    pub(crate) fn stage(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let (node, turn) = (self.node, self.turn.is_some());
        let staged = self.session().and_then(|session| {
            session.forget();
            changes.apply(&Connection::Postgres(session))?;
            let sql = "INSERT INTO writing_node AS w (node) VALUES (?)
                ON CONFLICT (id) DO UPDATE SET node = excluded.node WHERE w.node <> excluded.node";
            session.run_each(sql, [(node,)], any_number)?;
            // Without a turn of its own the commit takes one for itself.
            let wait = if turn { String::new() } else { format!("; SELECT pg_advisory_xact_lock({TURN})") };
            session.send(&format!("BEGIN{wait}"))
        });
        if staged.as_ref().is_err_and(|error| !error.is_unavailable()) {
            let undone = self.session().and_then(|session| session.batch("ROLLBACK"));
            self.kept(undone)?;
        }
        self.kept(staged)?;
        self.staged = true;
        Ok(())
    }

    /// Does the work in a new transaction, which stays open; if it fails nothing stays.
    pub(crate) fn begin(
        &mut self,
        work: impl FnOnce(&Connection<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let begun = self.session().and_then(|session| {
            session.batch(&format!("BEGIN; SELECT pg_advisory_xact_lock({TURN})"))?;
            work(&Connection::Postgres(session))
        });
        // The transaction ends with its connection.
        begun.inspect_err(|_| self.give_up())?;
        self.staged = true;
        Ok(())
    }

    /// Makes durable what is staged. If the connection breaks on the way nobody can tell whether it was: the sender's
    /// repetition under the same key finds out.
    pub(crate) fn settle(&mut self) -> Result<(), StoreError> {
        if !std::mem::take(&mut self.staged) {
            return Ok(());
        }
        let settled = self.session().and_then(|session| session.batch("COMMIT"));
        if settled.is_err() {
            self.give_up();
        }
        settled
    }

    /// The connection, made again if it was lost. A lost turn or transaction is not made again.
    fn session(&mut self) -> Result<&Session, StoreError> {
        if self.session.as_ref().is_some_and(Session::is_closed) {
            self.session = None;
        }
        let lost = self.session.is_none() && (self.turn.is_some() || self.staged);
        if lost {
            self.give_up();
            return Err(StoreError::Unavailable("the connection to PostgreSQL was lost".to_owned()));
        }
        match &mut self.session {
            Some(session) => Ok(session),
            none => {
                let session = self.target.connect(Use::Write)?;
                migrate::check_current(&session)?;
                Ok(none.insert(session))
            }
        }
    }

    /// A connection that failed is not used again: whatever state it is in ends with it.
    fn kept<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        done.inspect_err(|error| {
            if error.is_unavailable() {
                self.give_up();
            }
        })
    }

    fn give_up(&mut self) {
        self.session = None;
        self.turn = None;
        self.staged = false;
        self.unsure = true;
    }
}
