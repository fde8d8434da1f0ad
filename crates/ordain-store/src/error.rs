//! What can go wrong in the store, sorted by what the caller should do about it.
//! `Stale` and `Conflict` are answers to one command, `Full`, `Unavailable` and `Damaged` are states of the
//! installation, and `Bug` is ours.

use rusqlite::ErrorCode;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row was changed since it was loaded.
    #[error("a row was changed since it was loaded")]
    Stale,
    /// A constraint of the data refuses the change; the name is stable.
    #[error("refused by the constraint {0}")]
    Conflict(&'static str),
    /// The disk is full. Nothing was written; later commits may succeed.
    #[error("the disk is full")]
    Full,
    /// The database cannot be used at the moment or any more.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// What stands in the file is not what was written there.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// A defect of this program.
    #[error("defect in the store: {0}")]
    Bug(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, InvalidColumnType, SqliteFailure, Utf8Error};
        let (failure, message) = match &error {
            SqliteFailure(failure, message) => (failure, message),
            FromSqlConversionFailure(..) | InvalidColumnType(..) | Utf8Error(..) => {
                return Self::Damaged(error.to_string());
            }
            _ => return Self::Bug(error.to_string()),
        };
        match failure.code {
            ErrorCode::DatabaseCorrupt => Self::Damaged(error.to_string()),
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::ConstraintViolation => Self::Conflict(constraint_name(message.as_deref())),
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::NotADatabase
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::OperationInterrupted => Self::Unavailable(error.to_string()),
            _ => Self::Bug(error.to_string()),
        }
    }
}

/// SQLite names the columns, PostgreSQL the constraint: callers see one word for both.
fn constraint_name(message: Option<&str>) -> &'static str {
    const NAMES: &[(&str, &str)] = &[
        ("orders.number", "order_number"),
        ("orders.", "order_id"),
        ("log.subject_seq", "log_subject_seq"),
        ("log.", "log_seq"),
        ("reserved_milli >= 0", "stock_reserved"),
        ("users.login", "login"),
        ("receipt.", "receipt"),
        ("outbox.", "outbox_id"),
        ("reservation.", "reservation"),
        ("seal.", "seal"),
        ("FOREIGN KEY", "reference"),
        ("NOT NULL", "missing"),
    ];
    let message = message.unwrap_or_default();
    NAMES.iter().find(|(part, _)| message.contains(part)).map_or("unique", |(_, name)| name)
}
