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
    /// The database cannot be opened, and somebody has to see to it.
    #[error(transparent)]
    Unusable(#[from] Unusable),
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

impl StoreError {
    /// Whether the database cannot be used, now or at all.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Unusable(_))
    }
}

/// Why a database is not opened. Nothing was changed in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("it is not a database of Ordain")]
    Foreign,
    #[error("the database has schema {found}, newer than the schema {known} of this program")]
    NewerSchema { found: i64, known: i64 },
    #[error("the database has schema {found}, older than the schema {known} of this program")]
    OlderSchema { found: i64, known: i64 },
    #[error("the schema file {0} was changed afterwards")]
    AlteredSchema(&'static str),
    #[error("its disk or folder cannot be written: {0}")]
    NotWritable(String),
    #[error("{0}")]
    Unreachable(String),
    /// The way to it is not encrypted, or it is not the server it should be.
    #[error("{0}")]
    Untrusted(String),
    #[error("{0}")]
    Login(String),
    #[error("{0}")]
    NoSuchDatabase(String),
    #[error("PostgreSQL {0} is too old: 13 or newer is needed")]
    OldServer(String),
    /// The server may forget what it has acknowledged.
    #[error("{0} of PostgreSQL is off")]
    UnsafeServer(String),
}

impl Unusable {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Foreign => "foreign",
            Self::NewerSchema { .. } => "newer_schema",
            Self::OlderSchema { .. } => "older_schema",
            Self::AlteredSchema(_) => "altered_schema",
            Self::NotWritable(_) => "not_writable",
            Self::Unreachable(_) => "unreachable",
            Self::Untrusted(_) => "untrusted",
            Self::Login(_) => "login",
            Self::NoSuchDatabase(_) => "no_such_database",
            Self::OldServer(_) => "old_server",
            Self::UnsafeServer(_) => "unsafe_server",
        }
    }
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
            ErrorCode::NotADatabase => Unusable::Foreign.into(),
            ErrorCode::ReadOnly => Unusable::NotWritable(error.to_string()).into(),
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
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
