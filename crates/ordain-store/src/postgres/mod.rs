//! PostgreSQL: one database behind any number of nodes. They take turns in writing; each reads for itself.

mod argument;
mod dialect;
mod error;
mod migrate;
mod nodes;
pub(crate) mod order;
mod pool;
mod session;
mod stats;
mod target;
mod tls;
mod writer;

pub use nodes::{Caller, Nodes};
pub(crate) use pool::Pool;
pub(crate) use session::Session;
pub(crate) use target::Target;
pub(crate) use writer::Writer;
