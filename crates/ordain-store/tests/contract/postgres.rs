//! The suite on PostgreSQL, and what only a server can show.

use std::sync::OnceLock;

use ordain_store::{Database, Store};

use crate::cluster::cluster;

#[path = "concurrency.rs"]
mod concurrency;
#[path = "copy.rs"]
mod copy;
#[path = "fixture.rs"]
mod fixture;
#[path = "log.rs"]
mod log;
#[path = "master.rs"]
mod master;
#[path = "order.rs"]
mod order;
#[path = "outbox.rs"]
mod outbox;
#[path = "reach.rs"]
mod reach;
#[path = "record.rs"]
mod record;
#[path = "search.rs"]
mod search;
#[path = "server.rs"]
mod server;
#[path = "stock.rs"]
mod stock;
#[path = "task.rs"]
mod task;
#[path = "timer.rs"]
mod timer;

/// A fresh database of the server that this process has started.
pub struct Place {
    pub url: String,
}

impl Place {
    /// A copy of one whose schema is made already: making it anew takes ten times as long.
    pub fn fresh() -> Self {
        static MADE: OnceLock<String> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let url = cluster().fresh();
            drop(Store::open(Database::Postgres(&url)).unwrap());
            url
        });
        Self { url: cluster().copy_of(made) }
    }

    pub fn database(&self) -> Database<'_> {
        Database::Postgres(&self.url)
    }
}
