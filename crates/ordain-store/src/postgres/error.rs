//! What PostgreSQL reports, as the store's callers know it.

use tokio_postgres::error::{DbError, SqlState};

use crate::{StoreError, Unusable};

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(reported) => from_server(reported),
            None if error.to_string().starts_with("error deserializing") => Self::Damaged(in_full(&error)),
            // A parameter that does not fit is ours; everything else is the way to the server.
            None if error.is_closed() || std::error::Error::source(&error).is_some() => {
                Self::Unavailable(in_full(&error))
            }
            None => Self::Bug(error.to_string()),
        }
    }
}

fn in_full(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", in_full(source)),
        None => error.to_string(),
    }
}

fn from_server(reported: &DbError) -> StoreError {
    let code = reported.code();
    if *code == SqlState::DISK_FULL {
        return StoreError::Full;
    }
    if [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED].contains(code) {
        return StoreError::Damaged(reported.message().to_owned());
    }
    match code.code().get(..2) {
        // Integrity constraint violations.
        Some("23") => StoreError::Conflict(constraint_name(reported)),
        Some("28") => Unusable::Login(reported.message().to_owned()).into(),
        Some("3D") => Unusable::NoSuchDatabase(reported.message().to_owned()).into(),
        // Connection, resources, states of the server, and what gave way to another transaction or ran out of time.
        Some("08" | "53" | "55" | "57" | "58" | "40" | "25") => {
            StoreError::Unavailable(reported.message().to_owned())
        }
        _ if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            StoreError::Unavailable(reported.message().to_owned())
        }
        _ => StoreError::Bug(format!("{} ({})", reported.message(), code.code())),
    }
}

/// The word for a constraint that SQLite's error gets too.
fn constraint_name(reported: &DbError) -> &'static str {
    const NAMES: &[(&str, &str)] = &[
        ("order_by_number", "order_number"),
        ("orders_", "order_id"),
        ("log_by_order", "log_subject_seq"),
        ("log_", "log_seq"),
        ("stock_reserved", "stock_reserved"),
        ("users_org_id_login", "login"),
        ("receipt_", "receipt"),
        ("outbox_", "outbox_id"),
        ("reservation_", "reservation"),
        ("seal_", "seal"),
    ];
    match *reported.code() {
        SqlState::NOT_NULL_VIOLATION => "missing",
        SqlState::FOREIGN_KEY_VIOLATION => "reference",
        _ => {
            let name = reported.constraint().unwrap_or_default();
            NAMES.iter().find(|(part, _)| name.starts_with(part)).map_or("unique", |(_, name)| name)
        }
    }
}
