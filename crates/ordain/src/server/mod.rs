//! The HTTP side of the program: what every request passes before and behind its handler.

pub mod body;
pub mod border;
pub mod connections;
pub mod context;
pub mod download;
pub mod gatekeeper;
pub mod metrics;
pub mod openapi;
pub mod path;
pub mod problem;
pub mod query;
pub mod refusal;
pub mod run;
pub mod scope;
pub mod ui;
pub mod write;

use connections::Limits;
use metrics::Metrics;
use ordain_app::app::App;
use std::sync::Arc;
use tokio::sync::watch;

/// What handlers share.
pub struct Server {
    pub app: App,
    pub metrics: Metrics,
    pub limits: Limits,
    /// The secret by which a command line of the same user proves itself; none where there is no lock file.
    pub local: Option<String>,
    /// Becomes true when the program is about to end, so that open streams end too.
    pub shutdown: watch::Receiver<bool>,
}

pub type Shared = Arc<Server>;
