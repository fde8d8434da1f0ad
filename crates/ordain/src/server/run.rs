//! Puts the server together and runs it until it is told to stop.

use super::connections::{self, Limits};
use super::metrics::Metrics;
use super::{Server, Shared, border, gatekeeper, ui};
use crate::routes::{self, docs, internal, table::PREFIX, watch};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use ordain_app::app::App;
use ordain_app::outbox::Carriers;
use ordain_app::reconcile::run_reconcilers;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch::{Receiver, Sender};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// How long requests may take to end after the program was told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything below one address.
pub fn router(server: Shared) -> Router {
    let (api, _) = routes::api().split_for_parts();
    let api = api.route_layer(from_fn_with_state(server.clone(), gatekeeper::guard));
    let api = api
        .route("/openapi.json", get(docs::openapi_json))
        .route("/schemas/flow.json", get(docs::flow_schema))
        .method_not_allowed_fallback(border::wrong_method)
        .fallback(border::nowhere);
    Router::new()
        .nest(PREFIX, api)
        .route("/api/docs", get(docs::page))
        .route("/api/docs.js", get(docs::script))
        .route("/internal/cli", post(internal::run))
        .route("/healthz", get(watch::healthz))
        .route("/readyz", get(watch::readyz))
        .route("/metrics", get(watch::metrics))
        .fallback(ui::serve)
        .method_not_allowed_fallback(border::wrong_method)
        .layer(CatchPanicLayer::custom(border::panicked))
        .layer(from_fn_with_state(server.clone(), border::border))
        .layer(CompressionLayer::new())
        .with_state(server)
}

pub fn server(app: App, limits: Limits, local: Option<String>, shutdown: Receiver<bool>) -> Shared {
    let metrics = Metrics::of(&app.gate);
    Arc::new(Server { app, metrics, limits, local, shutdown })
}

/// Serves until `shutdown` becomes true.
pub async fn serve(
    listener: TcpListener,
    app: App,
    carriers: Carriers,
    limits: Limits,
    local: Option<String>,
    shutdown: Receiver<bool>,
) {
    let server = server(app.clone(), limits, local, shutdown.clone());
    // Where nothing may be written, others do what comes due.
    let works = !app.gate.is_read_only();
    let reconcilers = works.then(|| tokio::spawn(run_reconcilers(app, carriers, shutdown.clone())));
    let mut late = shutdown.clone();
    tokio::select! {
        () = connections::take(listener, router(server), limits, shutdown) => {}
        () = async {
            connections::down(&mut late).await;
            tokio::time::sleep(PATIENCE).await;
        } => {}
    }
    // The last stretch of the log is sealed here.
    if let Some(reconcilers) = reconcilers {
        let _ = reconcilers.await;
    }
}

/// Says stop at Ctrl-C or SIGTERM.
pub async fn wait_for_signal(stop: Sender<bool>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            let _ = stop.send(true);
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
    let _ = stop.send(true);
}
