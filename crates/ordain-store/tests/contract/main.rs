//! What the rest of Ordain relies on from the store, one module per subject, run on both engines. Each test has a
//! database of its own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing step is a failing test")]
#![allow(clippy::duplicate_mod, reason = "the same suite runs on each engine")]

// A dependency on the test kit would be a circle.
#[path = "../../../ordain-testkit/src/cluster.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
mod cluster;
mod postgres;
mod sqlite;
mod tls;
