//! The program: HTTP API, embedded web app, command line and demo company.
//!
//! Rules live below, in `ordain-app` and the pure crates; this crate translates, words and runs.

pub mod commands;
pub mod lock;
mod paper;
pub mod routes;
pub mod server;
pub mod settings;
pub mod wire;
pub mod words;
