//! The demo company: real orders of a wholesaler, driven through the Gate as if they came in now. No check is weakened
//! for it and nobody clicks: what needs a person stays waiting.

mod drive;
mod found;
mod source;
mod summary;

pub use drive::drive;
pub use found::{Founded, found};
pub use summary::{Login, Summary};

use ordain_app::gate::GateError;
use ordain_app::import::ImportRefusal;

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Source(#[from] source::Unreadable),
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    Import(#[from] ImportRefusal),
    #[error(transparent)]
    Store(#[from] ordain_store::StoreError),
    /// The built-in data was not taken whole.
    #[error("{kind} of the demo were refused: {detail}")]
    Refused { kind: &'static str, detail: String },
}
