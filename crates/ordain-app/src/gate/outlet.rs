//! What leads out of the committing thread: answers to senders, news to listeners, counts, and the houses that
//! readers share. Also the batch on its way there.

use super::batch::{Batch, Entry};
use super::command::{Done, Envelope, GateError};
use super::feed::Told;
use super::house::load_house;
use super::ledger::Ledger;
use super::{Committed, Houses, Reply, Work};
use crate::seal::SealKey;
use ordain_store::{Changes, Store, StoreError};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::broadcast;

/// Commands that were taken from the queue together, with those who wait for them.
pub(super) struct Taken {
    pub envelopes: Vec<Envelope>,
    pub replies: Vec<Reply>,
    pub at: SystemTime,
}

/// A batch whose outcome is known and not durable yet.
pub(super) struct Decided {
    pub taken: Taken,
    pub answers: Vec<Result<Done, GateError>>,
    pub changes: Changes,
    /// Empty but under a negative control.
    pub late: Changes,
    pub ledger: Ledger,
    pub entries: Vec<Entry>,
}

impl Taken {
    pub fn new(commands: Vec<(Envelope, Reply)>) -> Self {
        let (envelopes, replies) = commands.into_iter().unzip();
        Self { envelopes, replies, at: SystemTime::now() }
    }

    pub fn len(&self) -> usize {
        self.envelopes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.envelopes.is_empty()
    }

    /// Each command by itself.
    pub fn apart(self) -> impl Iterator<Item = Taken> {
        let each = self.envelopes.into_iter().zip(self.replies);
        let at = self.at;
        each.map(move |(envelope, reply)| Self { envelopes: vec![envelope], replies: vec![reply], at })
    }

    /// Decides the commands one after the other.
    pub fn decided<'b>(
        self,
        mut batch: Batch<'b>,
        decide: &mut dyn FnMut(&mut Batch<'b>, &Envelope) -> Result<Done, GateError>,
    ) -> Decided {
        let answers = self.envelopes.iter().map(|envelope| decide(&mut batch, envelope)).collect();
        let (changes, ledger, entries) = batch.finish();
        Decided { taken: self, answers, changes, late: Changes::default(), ledger, entries }
    }

    pub fn fail(self, error: &StoreError) {
        let error = GateError::from(error.clone());
        if let GateError::Bug(why) = &error {
            tracing::error!(why, "commit failed");
        }
        for reply in self.replies {
            // A sender that has gone away does not want to know.
            let _ = reply.to.send(Err(error.clone()));
        }
    }
}

impl Decided {
    /// Settings, people or flows change, so that the house must be loaded again before anything else is decided.
    pub fn furnishes(&self) -> bool {
        self.entries.iter().any(|entry| entry.committed.furnishes)
    }

    pub fn answer(&mut self) {
        for (reply, answer) in self.taken.replies.drain(..).zip(self.answers.drain(..)) {
            // A sender that has gone away does not want to know.
            let _ = reply.to.send(answer);
        }
    }
}

pub(super) struct Outlet {
    pub store: Store,
    pub live: broadcast::Sender<Committed>,
    pub houses: Houses,
    pub work: Arc<Work>,
    /// Where other nodes may be.
    pub told: Option<Told>,
}

impl Outlet {
    pub fn count(&self, answers: &[Result<Done, GateError>], committed: bool) {
        let refused = answers.iter().filter(|answer| answer.is_err()).count();
        self.work.commits.inc_by(u64::from(committed));
        self.work.commands.inc_by(answers.len() as u64);
        self.work.refused.inc_by(refused as u64);
    }

    pub fn seal(
        &self,
        ledger: &Ledger,
        key: &SealKey,
        org: i64,
        batch: &mut Batch<'_>,
        now_ms: i64,
    ) -> Result<Done, GateError> {
        if let Some(seal) = crate::seal::next(&self.store, ledger, key, org, now_ms)? {
            batch.put_seal(seal);
        }
        Ok(Done::Nothing)
    }

    pub fn announce(&self, entries: Vec<Entry>) {
        if let Some(told) = self.told.as_ref().filter(|_| !entries.is_empty()) {
            told.own(entries.iter().map(|entry| &entry.committed));
        }
        for entry in entries {
            if entry.committed.furnishes {
                // The commit is durable already: an unreadable house is reported, not undone.
                if let Err(error) = self.furnish(entry.committed.org) {
                    tracing::error!(%error, "settings could not be read again");
                }
            }
            // Without listeners there is nobody to tell.
            let _ = self.live.send(entry.committed);
        }
    }

    pub fn furnish(&self, org: i64) -> Result<(), GateError> {
        let house = load_house(&self.store, org).map_err(|error| GateError::Bug(error.to_string()))?;
        self.houses.put(org, Arc::new(house));
        Ok(())
    }
}
