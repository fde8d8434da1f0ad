//! The reading side: a few connections that cannot write, each lent to one reader at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::migrate;
use super::nodes::Nodes;
use super::session::Session;
use super::target::{READ_LIMIT, Target, Use};
use super::writer::Writer;
use crate::StoreError;

/// More would only wait for each other on the server.
const CONNECTIONS: usize = 16;

pub(crate) struct Pool {
    target: Target,
    idle: Mutex<Idle>,
    returned: Condvar,
}

#[derive(Default)]
struct Idle {
    sessions: Vec<Session>,
    lent: usize,
}

/// Counts a lent connection until the reader is done, however it ends.
struct Lent<'p>(&'p Pool);

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.0.idle().lent -= 1;
        self.0.returned.notify_one();
    }
}

impl Pool {
    pub(crate) fn open(target: Target) -> Result<(Self, Writer), StoreError> {
        let session = target.connect(Use::Write)?;
        migrate::run(&session)?;
        let writer = Writer::over(target.clone(), session)?;
        Ok((Self::over(target), writer))
    }

    pub(crate) fn open_reader(target: Target) -> Result<Self, StoreError> {
        let pool = Self::over(target);
        pool.read(None, migrate::check_current)?;
        Ok(pool)
    }

    /// Looks at a database without changing anything: can it be opened?
    pub(crate) fn recognise(target: &Target) -> Result<(), StoreError> {
        migrate::recognise(&target.connect(Use::Read)?)
    }

    fn over(target: Target) -> Self {
        Self { target, idle: Mutex::default(), returned: Condvar::new() }
    }

    pub(crate) fn nodes(&self) -> Result<Nodes, StoreError> {
        Nodes::of(self.target.clone())
    }

    /// `limit`: how long to wait for a connection; none for as long as that and the work take.
    pub(crate) fn read<T>(
        &self,
        limit: Option<Duration>,
        work: impl FnOnce(&Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (known, _lent) = self.borrow(limit)?;
        let session = match known {
            Some(session) => session,
            None => self.target.connect(Use::Read)?,
        };
        if limit.is_none() {
            session.limit(None)?;
        }
        // A connection whose work failed is closed: whatever state it is in ends with it.
        let done = work(&session).inspect_err(|error| self.suspect(error))?;
        if limit.is_none() {
            session.limit(Some(READ_LIMIT))?;
        }
        self.idle().sessions.push(session);
        Ok(done)
    }

    /// What is wrong with the way to the server is wrong with the other connections too: nobody else need find out.
    fn suspect(&self, error: &StoreError) {
        if error.is_unavailable() {
            self.idle().sessions.clear();
        }
    }

    fn borrow(&self, limit: Option<Duration>) -> Result<(Option<Session>, Lent<'_>), StoreError> {
        let until = limit.map(|limit| Instant::now() + limit);
        let mut idle = self.idle();
        while idle.lent >= CONNECTIONS {
            idle = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                None => self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => {
                    return Err(StoreError::Unavailable("every connection to read by is taken".to_owned()));
                }
                Some(left) => {
                    let woken = self.returned.wait_timeout(idle, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        idle.lent += 1;
        // What the server has closed meanwhile is of no use.
        idle.sessions.retain(|session| !session.is_closed());
        Ok((idle.sessions.pop(), Lent(self)))
    }

    /// The list is whole at every step, so another thread's panic does not spoil it.
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_finds_every_connection_taken_waits_for_one_and_not_for_ever() {
        let pool = Pool::over(Target::parse("postgres://nobody@localhost/none").unwrap());
        let lent: Vec<_> = (0..CONNECTIONS).map(|_| pool.borrow(None).unwrap().1).collect();
        let refused = pool.borrow(Some(Duration::from_millis(20))).map(|_| ()).unwrap_err();
        assert!(refused.is_unavailable(), "{refused}");
        std::thread::scope(|threads| {
            let waiting = threads.spawn(|| pool.borrow(Some(Duration::from_secs(60))).is_ok());
            drop(lent);
            assert!(waiting.join().unwrap());
        });
    }
}
