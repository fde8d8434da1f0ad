//! The writing side, whichever engine is behind it: loads what a batch of commands needs, and commits all that they
//! changed or nothing.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::row::{all, first};
use crate::sql::Connection;
use crate::{
    Changes, CounterRow, Keys, LogRow, OrgRow, OutboxRow, SealRow, Slice, StoreError, postgres, sqlite,
};

/// Owned by the one thread that commits.
pub struct Writer(pub(crate) WritingEngine);

pub(crate) enum WritingEngine {
    Sqlite(sqlite::Writer),
    Postgres(Box<postgres::Writer>),
}

/// Where the numbers and chains of each company stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heads {
    pub orgs: Vec<OrgRow>,
    /// The last log row of each company: the highest number.
    pub log: BTreeMap<i64, LogRow>,
    /// The last log row of each company that belongs to no order.
    pub org_log: BTreeMap<i64, LogRow>,
    pub seals: BTreeMap<i64, SealRow>,
    /// By (org, name).
    pub counters: BTreeMap<(i64, String), CounterRow>,
}

impl Writer {
    /// All that is asked for, as of one moment; of staged changes, as they will be.
    pub fn load(&mut self, keys: &Keys) -> Result<Slice, StoreError> {
        match &mut self.0 {
            WritingEngine::Sqlite(writer) => writer.in_read(|connection| keys.load(connection)),
            WritingEngine::Postgres(writer) => writer.read(|connection| keys.load(connection)),
        }
    }

    pub fn heads(&mut self) -> Result<Heads, StoreError> {
        match &mut self.0 {
            WritingEngine::Sqlite(writer) => writer.in_read(heads),
            WritingEngine::Postgres(writer) => writer.read(heads),
        }
    }

    /// Waits until no other node writes, and until [`Self::pass_turn`] none will. Gives the heads anew if another one
    /// has written since the last turn: then nothing known by heart is to be trusted.
    pub fn take_turn(&mut self) -> Result<Option<Heads>, StoreError> {
        match &mut self.0 {
            WritingEngine::Sqlite(_) => Ok(None),
            WritingEngine::Postgres(writer) => {
                if writer.take_turn()? {
                    writer.read(heads).map(Some)
                } else {
                    Ok(None)
                }
            }
        }
    }

    /// What the clock that all nodes share showed in milliseconds, and when it did; none where there is one node alone.
    pub fn server_time(&self) -> Option<(i64, Instant)> {
        match &self.0 {
            WritingEngine::Sqlite(_) => None,
            WritingEngine::Postgres(writer) => Some(writer.server_time()),
        }
    }

    /// Lets others write.
    pub fn pass_turn(&mut self) {
        if let WritingEngine::Postgres(writer) = &mut self.0 {
            writer.pass_turn();
        }
    }

    /// Whether others have waited long enough.
    pub fn turn_is_up(&self) -> bool {
        matches!(&self.0, WritingEngine::Postgres(writer) if writer.turn_is_up())
    }

    /// Writes all of it, durably, or nothing.
    pub fn commit(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.stage(changes)?;
        self.settle()
    }

    /// Writes all of it where only this connection sees it, or nothing: the first half of a commit.
    pub fn stage(&mut self, changes: &Changes) -> Result<(), StoreError> {
        match &mut self.0 {
            WritingEngine::Sqlite(writer) => writer.begin(|connection| changes.apply(connection)),
            WritingEngine::Postgres(writer) => writer.stage(changes),
        }
    }

    /// Makes durable what is staged, or takes it back: the second half.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            WritingEngine::Sqlite(writer) => writer.settle(),
            WritingEngine::Postgres(writer) => writer.settle(),
        }
    }

    /// Writes whatever the work does, durably, or nothing.
    pub(crate) fn fill(
        &mut self,
        work: impl FnOnce(&Connection<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match &mut self.0 {
            WritingEngine::Sqlite(writer) => writer.begin(work)?,
            WritingEngine::Postgres(writer) => writer.begin(work)?,
        }
        self.settle()
    }

    /// Takes due messages for `lease_ms`, each with a new fencing token, in a commit of its own.
    pub fn claim_outbox(
        &mut self,
        channel: &str,
        now_ms: i64,
        lease_ms: i64,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let claim =
            |connection: &Connection<'_>| crate::outbox::claim(connection, channel, now_ms, lease_ms, limit);
        match &mut self.0 {
            WritingEngine::Sqlite(writer) => {
                let claimed = writer.begin(claim)?;
                writer.settle()?;
                Ok(claimed)
            }
            WritingEngine::Postgres(writer) => writer.read(claim),
        }
    }

    /// Whether commits are possible: false from the first failed sync until the restart.
    pub fn is_sound(&self) -> bool {
        match &self.0 {
            WritingEngine::Sqlite(writer) => writer.is_sound(),
            // It makes its connection anew.
            WritingEngine::Postgres(_) => true,
        }
    }
}

fn heads(connection: &Connection<'_>) -> Result<Heads, StoreError> {
    let mut heads = Heads { orgs: all(connection, "ORDER BY org_id", ())?, ..Heads::default() };
    for org in heads.orgs.iter().map(|org| org.org) {
        let last = "WHERE org_id = ? ORDER BY seq DESC LIMIT 1";
        heads.log.extend(first(connection, last, (org,))?.map(|row| (org, row)));
        let last = "WHERE org_id = ? AND order_id IS NULL ORDER BY subject_seq DESC LIMIT 1";
        heads.org_log.extend(first(connection, last, (org,))?.map(|row| (org, row)));
        let last = "WHERE org_id = ? ORDER BY n DESC LIMIT 1";
        heads.seals.extend(first(connection, last, (org,))?.map(|row| (org, row)));
    }
    let counters: Vec<CounterRow> = all(connection, "", ())?;
    heads.counters = counters.into_iter().map(|row| ((row.org, row.name.clone()), row)).collect();
    Ok(heads)
}
