//! What the rest of Ordain relies on from the store, one module per subject. Each test has a database
//! file of its own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing step is a failing test")]

mod concurrency;
mod fixture;
mod log;
mod master;
mod order;
mod outbox;
mod schema;
mod search;
mod stock;
mod task;
mod timer;
