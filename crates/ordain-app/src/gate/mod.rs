//! The Gate: the one way in which anything changes.
//!
//! One bounded queue; one thread that takes what has come in while the previous commit ran, loads what it needs,
//! decides the commands one after the other and writes everything in one transaction; then it answers. A refused
//! command leaves no trace on its neighbours.

mod batch;
mod command;
mod committer;
mod family;
mod feed;
pub(crate) mod free;
mod house;
pub(crate) mod keys;
mod ledger;
mod log_entry;
pub(crate) mod low_stock;
pub(crate) mod master_rows;
pub(crate) mod moves;
mod outlet;
mod part_shortage;
mod project;
mod records;
mod rows;
pub(crate) mod shortage;
pub(crate) mod supplies;
pub(crate) mod trace;
mod turns;

pub use batch::Batch;
pub use command::{Command, Done, Envelope, GateError, IdempotencyKey, Renderer};
pub(crate) use family::of_both;
pub use house::{
    ABSENCES, CALENDAR, CALENDAR_LAYERS, CANCEL_REASONS, CHANNELS, CLAUSES, COMPANY, CONNECTOR_SECRETS,
    CONNECTORS, CREDIT_GROUPS, HouseError, ISSUE_TYPES, NOTICE_TEXTS, ORDER_FORM, ORGANISATION, OWN_ROLES,
    RATES, SAVED_SETS, SLA, load_house, user,
};
pub use ledger::Ledger;
pub use log_entry::covered;
pub use low_stock::{free_milli as stock_free_milli, is_low as stock_is_low};
pub(crate) use master_rows::QUOTATION;
pub use master_rows::{CustomerBody, ProductBody, Substitute};
pub use project::{
    FigureMail, HOOK, OutboxMessage, figure_mail_row, party_key, receivable_rows, stage, stage_row,
};
pub(crate) use project::{call_id, department_of};
pub use records::record_rows;
pub use shortage::DEPARTMENT as SHORTAGE_DEPARTMENT;

use crate::case::world::House;
use crate::clock::Clock;
use committer::Committer;
use feed::Feed;
use ordain_connect::trace::Tracer;
use ordain_store::{Store, Writer};
use outlet::Outlet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Commands that may wait for the committer; beyond that senders are told to come back.
const QUEUE_MAX: usize = 1_024;
/// Live events that a slow listener may fall behind by before it must catch up from the log.
const LIVE_BUFFER: usize = 1_024;

/// Something that was committed, for live feeds and reconcilers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub org: i64,
    pub seq: i64,
    pub command: Cow<'static, str>,
    pub order: Option<CommittedOrder>,
    /// Whether there is something new to deliver.
    pub outbox: bool,
    /// Whether settings, people or flows changed.
    pub furnishes: bool,
    /// Products of which an order gave goods back: others may wait for them.
    pub freed: Vec<String>,
}

/// The order that an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOrder {
    pub id: uuid::Uuid,
    pub number: String,
    pub status: Cow<'static, str>,
    pub departments: Vec<String>,
}

/// What the Gate has done since it was opened.
#[derive(Debug)]
pub struct Work {
    pub commits: Counter,
    pub commands: Counter,
    pub refused: Counter,
    /// How long commits took to be durable, in seconds.
    pub commit_seconds: Histogram,
    /// Who is told of each step of each order; nobody until somebody is set.
    pub tracer: OnceLock<Tracer>,
}

impl Default for Work {
    fn default() -> Self {
        // From half a millisecond to four seconds.
        let commit_seconds = Histogram::new(exponential_buckets(0.000_5, 2.0, 14));
        let [commits, commands, refused] = Default::default();
        Self { commits, commands, refused, commit_seconds, tracer: OnceLock::new() }
    }
}

/// Who waits for an answer, and since when.
struct Reply {
    to: oneshot::Sender<Result<Done, GateError>>,
    since: SystemTime,
}

/// Handle of the Gate. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    /// None where nothing may be written.
    queue: Option<mpsc::Sender<(Envelope, Reply)>>,
    live: broadcast::Sender<Committed>,
    houses: Houses,
    work: Arc<Work>,
}

/// The houses as the committer last loaded them, shared with readers.
#[derive(Clone, Default)]
pub struct Houses(Arc<RwLock<BTreeMap<i64, Arc<House>>>>);

impl Houses {
    pub fn get(&self, org: i64) -> Option<Arc<House>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&org).cloned()
    }

    fn put(&self, org: i64, house: Arc<House>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(org, house);
    }
}

impl Gate {
    /// Starts the committer on a thread of its own. It ends when the last handle is gone and the queue is empty.
    ///
    /// # Errors
    /// If the database cannot be read or the thread not be started.
    pub fn open(
        store: Store,
        writer: Writer,
        clock: Clock,
        keys: crate::seal::SealKey,
    ) -> Result<Self, GateError> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let (live, _) = broadcast::channel(LIVE_BUFFER);
        let houses = Houses::default();
        let work = Arc::new(Work::default());
        let outlet = Outlet {
            store: store.clone(),
            live: live.clone(),
            houses: houses.clone(),
            work: work.clone(),
            told: None,
        };
        let mut committer = Committer::new(writer, clock, keys, outlet)?;
        if let Some(feed) = committer.share(&store, &houses)? {
            let live = live.downgrade();
            spawn("feed", move || feed.run(&live))?;
        }
        spawn("committer", move || committer.run(waiting))?;
        Ok(Self { queue: Some(queue), live, houses, work })
    }

    /// A gate that nothing passes: every command is answered with [`GateError::ReadOnly`]. What others commit is
    /// followed and told as on any node.
    ///
    /// # Errors
    /// If the database cannot be read or the thread not be started.
    pub fn read_only(store: Store) -> Result<Self, GateError> {
        let (live, _) = broadcast::channel(LIVE_BUFFER);
        let houses = Houses::default();
        let feed = Feed::beside(store, &houses)?;
        let weak = live.downgrade();
        spawn("feed", move || feed.run(&weak))?;
        Ok(Self { queue: None, live, houses, work: Arc::default() })
    }

    pub fn is_read_only(&self) -> bool {
        self.queue.is_none()
    }

    /// Puts a command into the queue; the receiver gets the answer after the commit.
    ///
    /// # Errors
    /// `Busy` if the queue is full, `Unavailable` if the committer is gone, `ReadOnly` where there is none.
    pub fn submit(
        &self,
        envelope: Envelope,
    ) -> Result<oneshot::Receiver<Result<Done, GateError>>, GateError> {
        let (to, answer) = oneshot::channel();
        let reply = Reply { to, since: SystemTime::now() };
        let queue = self.queue.as_ref().ok_or(GateError::ReadOnly)?;
        match queue.try_send((envelope, reply)) {
            Ok(()) => Ok(answer),
            Err(mpsc::error::TrySendError::Full(_)) => Err(GateError::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(gone()),
        }
    }

    /// Sends a command and waits for its commit.
    ///
    /// # Errors
    /// See [`GateError`].
    pub async fn send(&self, envelope: Envelope) -> Result<Done, GateError> {
        self.submit(envelope)?.await.map_err(|_| gone())?
    }

    /// As [`Gate::send`], for threads outside the runtime.
    ///
    /// # Errors
    /// See [`GateError`].
    pub fn send_blocking(&self, envelope: Envelope) -> Result<Done, GateError> {
        self.submit(envelope)?.blocking_recv().map_err(|_| gone())?
    }

    /// What is committed from now on.
    pub fn listen(&self) -> broadcast::Receiver<Committed> {
        self.live.subscribe()
    }

    /// Commands that wait for the committer now.
    pub fn queue_length(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    pub fn work(&self) -> &Work {
        &self.work
    }

    pub fn houses(&self) -> &Houses {
        &self.houses
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), GateError> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    thread.map(drop).map_err(|error| GateError::Unavailable(error.to_string()))
}

fn gone() -> GateError {
    GateError::Unavailable("the committer has stopped".to_owned())
}
