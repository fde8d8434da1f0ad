//! Nodes wake each other: one that has committed says so, after its commit and never within it, because a notification
//! in a transaction makes all commits wait for each other. What is said is only that there is something; what it is
//! stands in the log, and whoever misses a call finds it by looking now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::sync::Notify;
use tokio_postgres::AsyncMessage;

use super::session::runtime;
use super::target::Target;
use crate::StoreError;

/// Between two calls of a node: fifty a second at most.
const PAUSE: Duration = Duration::from_millis(20);
const RECONNECT: Duration = Duration::from_secs(1);

/// The other nodes of a database.
pub struct Nodes {
    told: Arc<Notify>,
    /// Set when nobody listens any more.
    over: Arc<AtomicBool>,
    heard: Receiver<()>,
}

impl Nodes {
    pub(super) fn of(target: Target) -> Result<Self, StoreError> {
        let told = Arc::new(Notify::new());
        // One call waiting says as much as many.
        let (calls, heard) = sync_channel(1);
        let over = Arc::new(AtomicBool::new(false));
        let (telling, ends) = (Arc::clone(&told), Arc::clone(&over));
        runtime()?.spawn(async move {
            while !ends.load(Ordering::Relaxed) {
                // Lost and made again: polling bridges the gap.
                drop(pass_on(&target, &telling, &calls, &ends).await);
                tokio::time::sleep(RECONNECT).await;
            }
        });
        Ok(Self { told, over, heard })
    }

    /// How to say that this node has committed something.
    pub fn caller(&self) -> Caller {
        Caller(Arc::clone(&self.told))
    }

    /// Waits until another node has said so, at most so long.
    pub fn wait(&self, at_most: Duration) {
        // Both mean: look.
        let _ = self.heard.recv_timeout(at_most);
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.told.notify_one();
    }
}

/// Says that this node has committed something. Returns at once.
#[derive(Clone)]
pub struct Caller(Arc<Notify>);

impl Caller {
    pub fn call(&self) {
        self.0.notify_one();
    }
}

/// Until the connection ends.
async fn pass_on(
    target: &Target,
    told: &Notify,
    calls: &SyncSender<()>,
    over: &AtomicBool,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = target.client().await?;
    let own = Arc::new(AtomicI32::new(0));
    let (calls, this) = (calls.clone(), Arc::clone(&own));
    let mut listening = tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(call) = message
                && call.process_id() != this.load(Ordering::Relaxed)
            {
                // A full channel has a call waiting already.
                let _ = calls.try_send(());
            }
        }
    });
    let pid = client.query_one("SELECT pg_backend_pid()", &[]).await?.try_get(0)?;
    own.store(pid, Ordering::Relaxed);
    client.batch_execute("LISTEN ordain").await?;
    while !over.load(Ordering::Relaxed) {
        tokio::select! {
            _ = &mut listening => return Ok(()),
            () = told.notified() => client.batch_execute("NOTIFY ordain").await?,
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
