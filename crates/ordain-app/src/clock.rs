//! The clock and the source of ids, each with a real and a manual mode.
//!
//! Only this crate and those above it ask them; the pure crates get the answers as arguments.

use crate::faults;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// How far the clock of the server may be from what was made of it before it is believed anew: it is heard over a network.
const TOLERANCE_MS: i64 = 200;

/// What time it is, in milliseconds since 1970 UTC.
#[derive(Clone, Debug)]
pub enum Clock {
    Real,
    /// Stands still until it is moved; shared by its clones.
    Manual(Arc<AtomicI64>),
    /// What the clock of the server showed that several nodes share, when this one heard it. The time since is that of
    /// this machine, but not its clock: nodes whose clocks differ agree on what is due, and on whose lease is over.
    Shared(Arc<Mutex<(i64, Instant)>>),
}

fn since(heard: (i64, Instant)) -> i64 {
    heard.0.saturating_add(i64::try_from(heard.1.elapsed().as_millis()).unwrap_or(i64::MAX))
}

impl Clock {
    pub fn shared(heard: (i64, Instant)) -> Self {
        Clock::Shared(Arc::new(Mutex::new(heard)))
    }

    /// Hears again what the clock shows that is shared.
    pub fn hear(&self, heard: (i64, Instant)) {
        if let Clock::Shared(known) = self {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if since(*known).abs_diff(since(heard)) > TOLERANCE_MS.unsigned_abs() {
                *known = heard;
            }
        }
    }

    pub fn manual(at_ms: i64) -> Self {
        Clock::Manual(Arc::new(AtomicI64::new(at_ms)))
    }

    pub fn now_ms(&self) -> i64 {
        match self {
            Clock::Real => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
                .saturating_add(faults::skew_ms()),
            Clock::Shared(heard) => since(*heard.lock().unwrap_or_else(PoisonError::into_inner)),
            Clock::Manual(at_ms) => at_ms.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock; a real one is not moved.
    pub fn set_ms(&self, to_ms: i64) {
        if let Clock::Manual(at_ms) = self {
            at_ms.store(to_ms, Ordering::SeqCst);
        }
    }
}

/// Where ids come from.
#[derive(Clone, Debug)]
pub enum IdSource {
    /// UUIDv7: sorted by time.
    Real,
    /// Counts up from a seed, so that a run can be repeated byte for byte.
    Seeded(Arc<AtomicI64>),
}

impl IdSource {
    pub fn seeded(seed: i64) -> Self {
        IdSource::Seeded(Arc::new(AtomicI64::new(seed)))
    }

    /// A fresh id made at `now_ms`.
    pub fn fresh(&self, now_ms: i64) -> Uuid {
        match self {
            IdSource::Real => Uuid::now_v7(),
            IdSource::Seeded(next) => {
                let count = next.fetch_add(1, Ordering::SeqCst).unsigned_abs();
                let at = now_ms.unsigned_abs() & 0xFFFF_FFFF_FFFF;
                let high = (at << 16) | 0x7000;
                Uuid::from_u64_pair(high, (0b10 << 62) | ((count & 0x3_FFFF_FFFF) << 16))
            }
        }
    }
}

/// The ids of one command: all derived from the one that the command came with, so that deciding it again gives the
/// same ids.
#[derive(Clone, Debug)]
pub struct Ids {
    base: Uuid,
    used: u16,
}

impl Ids {
    pub fn of(base: Uuid) -> Self {
        Self { base, used: 0 }
    }

    /// From the n-th on: for what is beside a decision, which mints from the first on.
    pub fn from(base: Uuid, n: u16) -> Self {
        Self { base, used: n }
    }

    /// The next id: the base itself first.
    pub fn mint(&mut self) -> Uuid {
        let (high, low) = self.base.as_u64_pair();
        let id =
            Uuid::from_u64_pair(high, (low & !0xFFFF) | (low.wrapping_add(u64::from(self.used)) & 0xFFFF));
        self.used = self.used.wrapping_add(1);
        id
    }
}

/// The id of a decision that another one causes, for one of several: the same every time it is decided.
pub fn beside(base: Uuid, of: Uuid, what: &str) -> Uuid {
    let mut digest = Sha256::new();
    digest.update(base);
    digest.update(of);
    digest.update(what);
    let mut low = [0; 8];
    low.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    // The last bits count what the decision mints.
    let low = (u64::from_be_bytes(low) & 0x3FFF_FFFF_FFFF_0000) | (0b10 << 62);
    Uuid::from_u64_pair(base.as_u64_pair().0, low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_a_command_are_distinct_and_repeatable() {
        let base = IdSource::seeded(7).fresh(1_700_000_000_000);
        let take = || {
            let mut ids = Ids::of(base);
            (0..100).map(|_| ids.mint()).collect::<Vec<_>>()
        };
        let distinct: std::collections::BTreeSet<Uuid> = take().into_iter().collect();
        assert_eq!(distinct.len(), 100);
        assert_eq!(take(), take());
        assert_eq!(base.get_version_num(), 7);
    }
}
