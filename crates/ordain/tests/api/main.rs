//! The API from outside: a real server on a port of its own over a fresh database: a SQLite file, or
//! one of a PostgreSQL server where `ORDAIN_TEST_DATABASE=postgres` asks for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// The one the program ships with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod acts;
mod answers;
mod attachments;
mod boards;
mod changes;
mod channels;
// The test kit is built on parts of this program's crates with more features.
#[path = "../../../ordain-testkit/src/cluster.rs"]
#[allow(dead_code)] // others use the rest of it
mod cluster;
mod commerce;
mod company;
mod connectors;
#[path = "../../../ordain-testkit/src/contract_fake.rs"]
#[allow(dead_code)] // others use the rest of it
mod contract_fake;
mod counted;
mod custom_fields;
mod data_scope;
mod doors;
mod exceptions;
mod facts;
mod family;
mod feedback;
mod figures_told;
mod flow_codes;
mod flow_safety;
mod flow_settings;
mod flows;
mod fulfilment;
mod guarded;
mod hand_overs;
mod hand_work;
#[path = "../../../ordain-testkit/src/home.rs"]
#[allow(dead_code)] // others use the rest of it
mod home;
mod hostile;
mod issues;
mod keys;
mod known_failures;
mod known_flow_failures;
mod mentions;
mod notice_texts;
mod operate;
mod order_form;
mod organisation;
mod outage;
mod play;
mod practice;
mod promise;
mod purchase;
mod queue_filter;
mod read_only;
mod records;
mod releases;
mod reports;
mod reservation;
mod review;
mod rights;
mod roles;
mod saved_sets;
mod saved_views;
mod second_person;
mod self_check;
mod sight;
mod start_settings;
mod step_settings;
mod stock;
mod time;
mod view_as;
mod views;
mod work;
