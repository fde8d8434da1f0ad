//! Sessions of a process that may write nothing: they are known to it alone, and end with it.

use crate::admin::{LOCKED_MS, TRIES};
use ordain_store::{Hash, Id, SessionRow};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Default)]
pub struct Passing(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    sessions: BTreeMap<Hash, SessionRow>,
    /// Wrong passwords in a row by person, and when the last one came.
    wrong: BTreeMap<Id, (i64, i64)>,
}

impl Passing {
    pub(crate) fn open(&self, session: SessionRow, now_ms: i64) {
        let mut known = self.known();
        known.sessions.retain(|_, session| session.expires_at_ms > now_ms);
        known.sessions.insert(session.hash, session);
    }

    pub(crate) fn close(&self, hash: Hash) {
        self.known().sessions.remove(&hash);
    }

    pub(crate) fn find(&self, hash: Hash) -> Option<SessionRow> {
        self.known().sessions.get(&hash).cloned()
    }

    /// Until when somebody who was too often wrong has to wait.
    pub(crate) fn locked_until_ms(&self, user: Id, now_ms: i64) -> Option<i64> {
        let known = self.known();
        let (wrong, at_ms) = known.wrong.get(&user)?;
        let until = at_ms + LOCKED_MS;
        (*wrong >= TRIES && until > now_ms).then_some(until)
    }

    /// Counts a try; gives how many are left.
    pub(crate) fn tried(&self, user: Id, good: bool, now_ms: i64) -> i64 {
        let mut known = self.known();
        if good {
            known.wrong.remove(&user);
            return TRIES;
        }
        let (wrong, at_ms) = known.wrong.entry(user).or_default();
        // A lock that has passed leaves all tries.
        *wrong = if *wrong >= TRIES { 1 } else { *wrong + 1 };
        *at_ms = now_ms;
        TRIES - *wrong
    }

    /// Each change is one step, so another thread's panic does not spoil it.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
