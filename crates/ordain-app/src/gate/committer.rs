//! The committing thread: batch, decide, commit, answer.
//!
//! While many wait, the next batch is decided as the one before is made durable: it is loaded from what the writer has
//! staged, so it sees everything the one before did, and it is thrown away undecided if that one fails.

use super::batch::Batch;
use super::command::{Command, Done, Envelope, GateError};
use super::feed::Feed;
use super::ledger::Ledger;
use super::outlet::{Decided, Outlet, Taken};
use super::{Houses, Reply, trace};
use crate::clock::Clock;
use crate::faults;
use crate::seal::SealKey;
use ordain_store::{Store, StoreError, Writer};
use std::time::Instant;
use tokio::sync::mpsc;

/// Most commands in one commit.
const BATCH_MAX: usize = 256;
/// Commands that must wait before a thread for the commit is worth its start.
const OVERLAP_MIN: usize = 32;

pub(super) struct Committer {
    writer: Writer,
    clock: Clock,
    seal_key: SealKey,
    ledger: Ledger,
    outlet: Outlet,
}

impl Committer {
    pub(super) fn new(
        mut writer: Writer,
        clock: Clock,
        seal_key: SealKey,
        outlet: Outlet,
    ) -> Result<Self, GateError> {
        let ledger = Ledger::new(writer.heads()?);
        for org in ledger.orgs() {
            outlet.furnish(org)?;
        }
        Ok(Self { writer, clock, seal_key, ledger, outlet })
    }

    /// Tells other nodes from now on; gives what is told by them.
    pub(super) fn share(&mut self, store: &Store, houses: &Houses) -> Result<Option<Feed>, GateError> {
        let Some((feed, told)) = Feed::open(store, houses, &self.ledger)? else { return Ok(None) };
        self.outlet.told = Some(told);
        Ok(Some(feed))
    }

    pub(super) fn run(mut self, mut waiting: mpsc::Receiver<(Envelope, Reply)>) {
        let mut taken = Vec::with_capacity(BATCH_MAX);
        while waiting.blocking_recv_many(&mut taken, BATCH_MAX) > 0 {
            let first = Taken::new(std::mem::take(&mut taken));
            self.work_off(first, &mut waiting);
        }
    }

    /// Commits a batch and whatever has come in meanwhile, until nobody waits or it is another node's turn.
    fn work_off(&mut self, first: Taken, waiting: &mut mpsc::Receiver<(Envelope, Reply)>) {
        let mut decided = self.decide(first);
        loop {
            let staged = decided.and_then(|mut decided| match stage(&mut self.writer, &mut decided) {
                Ok(()) => Ok(decided),
                Err(error) => Err((decided.taken, error)),
            });
            let staged = staged.map_err(|(taken, error)| self.fall_back(taken, error)).ok();
            let next = take(waiting);
            let goes_on = next.can_overlap() && !self.writer.turn_is_up();
            decided = match staged {
                Some(staged) if !staged.furnishes() && goes_on => self.overlap(staged, next),
                staged => {
                    if let Some(staged) = staged {
                        self.settle(staged);
                    }
                    if next.is_empty() || self.writer.turn_is_up() {
                        self.writer.pass_turn();
                    }
                    if next.is_empty() {
                        return;
                    }
                    self.decide(next)
                }
            };
        }
    }

    fn decide(&mut self, taken: Taken) -> Result<Decided, (Taken, StoreError)> {
        if let Err(error) = self.take_turn() {
            return Err((taken, error));
        }
        let (now_ms, houses) = (self.clock.now_ms(), self.outlet.houses.clone());
        match Batch::load(&mut self.writer, &self.ledger, &houses, &taken.envelopes, now_ms) {
            Ok(batch) => {
                let mut alone = |batch: &mut Batch<'_>, envelope: &Envelope| match &envelope.command {
                    Command::ClaimOutbox { channel, lease_ms, limit } => {
                        Ok(Done::Claimed(self.writer.claim_outbox(channel, now_ms, *lease_ms, *limit)?))
                    }
                    Command::Seal => {
                        self.outlet.seal(&self.ledger, &self.seal_key, envelope.org, batch, now_ms)
                    }
                    _ => batch.decide(envelope),
                };
                Ok(taken.decided(batch, &mut alone))
            }
            Err(error) => Err((taken, error)),
        }
    }

    /// Waits until no other node writes. If one has written since this one did, what is known by heart is learnt anew:
    /// numbers and chains, and the houses of companies about which there is a new entry.
    fn take_turn(&mut self) -> Result<(), StoreError> {
        let heads = self.writer.take_turn()?;
        self.writer.server_time().into_iter().for_each(|heard| self.clock.hear(heard));
        let Some(heads) = heads else { return Ok(()) };
        let ledger = Ledger::new(heads);
        for org in ledger.orgs().into_iter().filter(|org| !ledger.says_the_same_of(*org, &self.ledger)) {
            // A house that cannot be read is reported; orders of its company go on as they were.
            if let Err(error) = self.outlet.furnish(org) {
                tracing::error!(%error, org, "settings could not be read again");
            }
        }
        self.ledger = ledger;
        Ok(())
    }

    /// Makes a staged batch durable on another thread while the next one is decided here.
    fn overlap(&mut self, staged: Decided, next: Taken) -> Result<Decided, (Taken, StoreError)> {
        let (now_ms, houses) = (self.clock.now_ms(), self.outlet.houses.clone());
        let loaded = Batch::load(&mut self.writer, &staged.ledger, &houses, &next.envelopes, now_ms);
        let (writer, outlet) = (&mut self.writer, &self.outlet);
        let (settled, decided) = std::thread::scope(|scope| {
            let settling = scope.spawn(move || settle(writer, outlet, staged));
            let decided = match loaded {
                Ok(batch) => Ok(next.decided(batch, &mut |batch, envelope| batch.decide(envelope))),
                Err(error) => Err((next, error)),
            };
            (settling.join(), decided)
        });
        match settled {
            Ok(Ok(ledger)) => {
                self.ledger = ledger;
                decided
            }
            Ok(Err((taken, error))) => {
                self.fall_back(taken, error);
                // It was decided on what did not come to be.
                self.decide(decided.map_or_else(|(taken, _)| taken, |decided| decided.taken))
            }
            // Nobody can tell what became of the commit: the thread ends, and with it the node stops taking commands.
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn settle(&mut self, staged: Decided) {
        match settle(&mut self.writer, &self.outlet, staged) {
            Ok(ledger) => self.ledger = ledger,
            Err((taken, error)) => self.fall_back(taken, error),
        }
    }

    /// What could not be committed together: if one command may be to blame, each gets a commit of its own.
    fn fall_back(&mut self, mut taken: Taken, mut error: StoreError) {
        // A negative control: tries for ever what cannot be until somebody makes room.
        while faults::broken("retry_when_full") && error == StoreError::Full {
            faults::linger();
            match self.commit(taken) {
                Ok(()) => return,
                Err(again) => (taken, error) = again,
            }
        }
        if taken.len() == 1 || !concerns_one(&error) {
            return taken.fail(&error);
        }
        for alone in taken.apart() {
            if let Err((taken, error)) = self.commit(alone) {
                taken.fail(&error);
            }
        }
    }

    fn commit(&mut self, taken: Taken) -> Result<(), (Taken, StoreError)> {
        let mut decided = self.decide(taken)?;
        match stage(&mut self.writer, &mut decided) {
            Ok(()) => self.ledger = settle(&mut self.writer, &self.outlet, decided)?,
            Err(error) => return Err((decided.taken, error)),
        }
        Ok(())
    }
}

/// What waits now, without waiting for more.
fn take(waiting: &mut mpsc::Receiver<(Envelope, Reply)>) -> Taken {
    Taken::new(std::iter::from_fn(|| waiting.try_recv().ok()).take(BATCH_MAX).collect())
}

impl Taken {
    /// Whether it may be decided before the batch ahead of it is durable: leases and seals look at the database itself.
    fn can_overlap(&self) -> bool {
        let plain =
            |envelope: &Envelope| !matches!(envelope.command, Command::ClaimOutbox { .. } | Command::Seal);
        self.len() >= OVERLAP_MIN && self.envelopes.iter().all(plain)
    }
}

/// Writes everything of a batch where only the writer sees it.
fn stage(writer: &mut Writer, decided: &mut Decided) -> Result<(), StoreError> {
    if faults::broken("ack_before_commit") {
        decided.answer();
        faults::linger();
    }
    if decided.changes.is_empty() {
        return Ok(());
    }
    faults::reach(faults::BEFORE_COMMIT);
    // Two negative controls take a part out of the transaction, so that the test kit can prove that it would notice.
    if faults::broken("outbox_in_second_transaction") {
        decided.late.outbox = std::mem::take(&mut decided.changes.outbox);
    }
    if faults::broken("key_after_commit") {
        decided.late.receipts = std::mem::take(&mut decided.changes.receipts);
    }
    writer.stage(&decided.changes)
}

/// Makes a staged batch durable, then answers its senders and tells whoever listens.
fn settle(writer: &mut Writer, outlet: &Outlet, mut staged: Decided) -> Result<Ledger, (Taken, StoreError)> {
    let (anything, began) = (!staged.changes.is_empty(), Instant::now());
    if anything && let Err(error) = writer.settle() {
        return Err((staged.taken, error));
    }
    if anything {
        outlet.work.commit_seconds.observe(began.elapsed().as_secs_f64());
        faults::reach(faults::AFTER_COMMIT);
    }
    if !staged.late.is_empty() {
        faults::linger();
        if let Err(error) = writer.commit(&staged.late) {
            return Err((staged.taken, error));
        }
    }
    outlet.count(&staged.answers, anything);
    if let Some(tracer) = outlet.work.tracer.get() {
        trace::tell(tracer, &staged);
    }
    outlet.announce(std::mem::take(&mut staged.entries));
    staged.answer();
    Ok(staged.ledger)
}

/// Whether a failed commit may be the fault of a single command.
fn concerns_one(error: &StoreError) -> bool {
    matches!(error, StoreError::Stale | StoreError::Conflict(_) | StoreError::Damaged(_) | StoreError::Bug(_))
}
