//! Takes connections and serves each until it ends. One that keeps its place without saying what it wants is closed:
//! networks lose connections without a word, and some senders never finish.

use axum::Router;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use ordain_app::faults::broken;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;

/// How long those who ask may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From one answer, or the beginning, to the end of the head of the next request.
    pub head: Duration,
    /// For a whole body: eight mebibytes over a poor line.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(60), body: Duration::from_secs(120) }
    }
}

/// Serves until `shutdown` becomes true and what was begun is answered.
pub(super) async fn take(
    mut listener: TcpListener,
    routes: Router,
    limits: Limits,
    mut shutdown: Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            (stream, _) = Listener::accept(&mut listener) => stream,
            () = down(&mut shutdown) => break,
        };
        while connections.try_join_next().is_some() {}
        connections.spawn(converse(stream, routes.clone(), limits.head, shutdown.clone()));
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Until the program is about to end. Its sender gone means the same.
pub(super) async fn down(shutdown: &mut Receiver<bool>) {
    let _ = shutdown.wait_for(|down| *down).await;
}

async fn converse(stream: TcpStream, routes: Router, head: Duration, mut shutdown: Receiver<bool>) {
    // To find out what is spoken would mean to wait for the first byte, without an end.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    // A negative control: whoever says nothing more is waited for.
    if !broken("waits_for_ever") {
        builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    }
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = down(&mut shutdown) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(target: "ordain::access", %error, "a connection broke");
    }
}
