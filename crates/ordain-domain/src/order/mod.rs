//! An order: what the sender asked, what the checks say of it, and what became of it.
//!
//! [`event::Event`] is the only way in which an [`Order`] changes; [`confirm`] is the only place that makes the event
//! which confirms one.

pub mod change;
pub mod confirm;
pub mod content;
pub mod event;
pub mod exchange;
pub mod family;
pub mod fulfilment;
mod invoice;
mod promise;
pub mod rebase;
mod state;
pub mod status;

pub use change::{Change, ChangeState, Origin};
pub use content::{Content, Line};
pub use event::{AnswerProof, Event, Way, apply};
pub use fulfilment::Fulfilment;
pub use state::{Acceptance, CreditHeld, EnteredLater, Order, Question, QuestionState, QuestionTo};
pub use status::Status;
