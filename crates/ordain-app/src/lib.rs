//! The Gate, use cases, authorization and reconcilers: the only crate in which things are combined.

pub mod admin;
pub mod answer_code;
pub mod app;
pub mod audit;
pub mod call;
pub mod case;
pub mod clock;
pub mod copy;
pub mod event_log;
pub mod faults;
pub mod figures;
pub mod gate;
pub mod import;
pub mod leaver;
pub mod mail;
pub mod outbox;
mod passing;
pub mod password;
pub mod practice;
pub mod problem;
pub mod query;
pub mod reconcile;
pub mod rights;
pub mod seal;
pub mod self_check;
pub mod session;
pub mod setup;
