//! The API from outside: a real server on a port of its own over a fresh SQLite file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acts;
mod changes;
mod commerce;
mod company;
mod custom_fields;
mod doors;
mod exceptions;
mod flow_settings;
mod flows;
mod fulfilment;
mod guarded;
mod hostile;
mod issues;
mod keys;
mod organisation;
mod purchase;
mod review;
mod rights;
mod sight;
mod stock;
mod time;
mod views;
