//! The committing thread: batch, decide, commit, answer.

use super::batch::{Batch, Entry};
use super::command::{Command, Done, Envelope, GateError};
use super::house::load_house;
use super::ledger::Ledger;
use super::{Committed, Houses, Reply, Work};
use crate::clock::Clock;
use crate::faults;
use crate::seal::SealKey;
use ordain_store::{Changes, Store, StoreError, Writer};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::{broadcast, mpsc};

/// Most commands in one commit.
const BATCH_MAX: usize = 256;

pub(super) struct Committer {
    store: Store,
    writer: Writer,
    clock: Clock,
    seal_key: SealKey,
    ledger: Ledger,
    live: broadcast::Sender<Committed>,
    houses: Houses,
    work: Arc<Work>,
}

impl Committer {
    pub(super) fn new(
        store: Store,
        mut writer: Writer,
        clock: Clock,
        seal_key: SealKey,
        live: broadcast::Sender<Committed>,
        houses: Houses,
        work: Arc<Work>,
    ) -> Result<Self, GateError> {
        let ledger = Ledger::new(writer.heads()?);
        let committer = Self { store, writer, clock, seal_key, ledger, live, houses, work };
        for org in committer.ledger.orgs() {
            committer.furnish(org)?;
        }
        Ok(committer)
    }

    pub(super) fn run(mut self, mut waiting: mpsc::Receiver<(Envelope, Reply)>) {
        let mut taken = Vec::with_capacity(BATCH_MAX);
        while waiting.blocking_recv_many(&mut taken, BATCH_MAX) > 0 {
            self.commit_all(std::mem::take(&mut taken));
        }
    }

    /// Commits a batch; if it fails for a reason of one command, every command gets a commit of its own.
    fn commit_all(&mut self, taken: Vec<(Envelope, Reply)>) {
        let (envelopes, mut replies): (Vec<Envelope>, Vec<Reply>) = taken.into_iter().unzip();
        // Empty but under a negative control.
        let mut early =
            if faults::broken("ack_before_commit") { std::mem::take(&mut replies) } else { Vec::new() };
        let answers = match self.commit(&envelopes, &mut early) {
            Ok(answers) => answers,
            Err(error) if envelopes.len() > 1 && concerns_one(&error) => {
                let alone = |envelope| self.commit(std::slice::from_ref(envelope), &mut Vec::new());
                let answers = envelopes.iter().map(alone);
                answers.map(|answer| answer.map_or_else(|error| Err(error.into()), first)).collect()
            }
            Err(error) => {
                let error = GateError::from(error);
                if let GateError::Bug(why) = &error {
                    tracing::error!(why, "commit failed");
                }
                envelopes.iter().map(|_| Err(error.clone())).collect()
            }
        };
        for (reply, answer) in replies.into_iter().zip(answers) {
            // A sender that has gone away does not want to know.
            let _ = reply.send(answer);
        }
    }

    fn commit(
        &mut self,
        envelopes: &[Envelope],
        early: &mut Vec<Reply>,
    ) -> Result<Vec<Result<Done, GateError>>, StoreError> {
        let now_ms = self.clock.now_ms();
        let mut batch = Batch::load(&mut self.writer, &self.ledger, &self.houses, envelopes, now_ms)?;
        let mut answers = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            let answer = match &envelope.command {
                Command::ClaimOutbox { lease_ms, limit } => {
                    Ok(Done::Claimed(self.writer.claim_outbox(now_ms, *lease_ms, *limit)?))
                }
                Command::Seal => self.seal(envelope.org, &mut batch, now_ms),
                _ => batch.decide(envelope),
            };
            answers.push(answer);
        }
        let (changes, ledger, entries) = batch.finish();
        let anything = !changes.is_empty();
        for (reply, answer) in early.drain(..).zip(&answers) {
            let _ = reply.send(answer.clone());
        }
        if anything {
            faults::reach(faults::BEFORE_COMMIT);
            self.write(changes)?;
        }
        self.ledger = ledger;
        self.count(&answers, anything);
        self.announce(entries);
        Ok(answers)
    }

    fn count(&self, answers: &[Result<Done, GateError>], committed: bool) {
        let refused = answers.iter().filter(|answer| answer.is_err()).count();
        self.work.commits.fetch_add(u64::from(committed), Ordering::Relaxed);
        self.work.commands.fetch_add(answers.len() as u64, Ordering::Relaxed);
        self.work.refused.fetch_add(refused as u64, Ordering::Relaxed);
    }

    /// Everything in one transaction. Two negative controls take a part out of it, so that the test kit can prove
    /// that it would notice.
    fn write(&mut self, mut changes: Changes) -> Result<(), StoreError> {
        let mut late = Changes::default();
        if faults::broken("outbox_in_second_transaction") {
            late.outbox = std::mem::take(&mut changes.outbox);
        }
        if faults::broken("key_after_commit") {
            late.receipts = std::mem::take(&mut changes.receipts);
        }
        self.writer.commit(&changes)?;
        faults::reach(faults::AFTER_COMMIT);
        if late.is_empty() { Ok(()) } else { self.writer.commit(&late) }
    }

    fn seal(&self, org: i64, batch: &mut Batch<'_>, now_ms: i64) -> Result<Done, GateError> {
        if let Some(seal) = crate::seal::next(&self.store, &self.ledger, &self.seal_key, org, now_ms)? {
            batch.put_seal(seal);
        }
        Ok(Done::Nothing)
    }

    fn announce(&self, entries: Vec<Entry>) {
        for entry in entries {
            if entry.furnishes {
                // The commit is durable already: an unreadable house is reported, not undone.
                if let Err(error) = self.furnish(entry.committed.org) {
                    tracing::error!(%error, "settings could not be read again");
                }
            }
            // Without listeners there is nobody to tell.
            let _ = self.live.send(entry.committed);
        }
    }

    fn furnish(&self, org: i64) -> Result<(), GateError> {
        let house = load_house(&self.store, org).map_err(|error| GateError::Bug(error.to_string()))?;
        self.houses.put(org, Arc::new(house));
        Ok(())
    }
}

fn first(answers: Vec<Result<Done, GateError>>) -> Result<Done, GateError> {
    answers.into_iter().next().unwrap_or(Ok(Done::Nothing))
}

/// Whether a failed commit may be the fault of a single command.
fn concerns_one(error: &StoreError) -> bool {
    matches!(error, StoreError::Stale | StoreError::Conflict(_) | StoreError::Bug(_))
}
