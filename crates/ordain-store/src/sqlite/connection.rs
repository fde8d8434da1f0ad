//! Opening a database with the settings that the promises rest on: acknowledged is durable
//! (`synchronous=FULL`), one connection writes and checkpoints, all others cannot.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// An order or a log entry fits on one page: a fifth more orders per second than with SQLite's 4096.
const PAGE_SIZE: i64 = 8192;
/// KiB of pages kept: the writer needs the inner pages of every index at hand, a reader little.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
const READER_CACHE_KIB: i64 = 4 * 1024;
const STATEMENT_CACHE: usize = 256;

#[derive(Clone, Debug)]
pub struct OpenOptions<'a> {
    pub path: &'a Path,
    /// The name of a registered SQLite VFS; the system's own if absent.
    pub vfs: Option<&'a str>,
    #[cfg(feature = "faults")]
    pub synchronous: Synchronous,
}

/// How eagerly the writer syncs. `Normal` loses acknowledged commits at a power cut: it exists so that
/// the test of power cuts can prove that it would notice.
#[cfg(feature = "faults")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    Full,
    Normal,
}

impl<'a> OpenOptions<'a> {
    pub fn new(path: &'a Path) -> Self {
        Self {
            path,
            vfs: None,
            #[cfg(feature = "faults")]
            synchronous: Synchronous::Full,
        }
    }

    #[cfg(feature = "faults")]
    fn synchronous(&self) -> &'static str {
        match self.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
        }
    }

    #[cfg(not(feature = "faults"))]
    fn synchronous(&self) -> &'static str {
        "FULL"
    }
}

/// Where a database lies, kept to open further readers.
pub(crate) struct Location {
    path: PathBuf,
    vfs: Option<String>,
    /// Nobody can change the file, so that SQLite need not look whether somebody does.
    immutable: bool,
}

impl Location {
    pub(crate) fn of(options: &OpenOptions<'_>) -> Self {
        Self { path: options.path.to_owned(), vfs: options.vfs.map(str::to_owned), immutable: false }
    }

    /// As [`Self::of`], also on a disk that cannot be written. There SQLite cannot keep the index of a write-ahead log
    /// beside the file; it needs none where nothing is left in the log.
    pub(crate) fn read_only(path: &Path) -> Self {
        let shut = std::fs::OpenOptions::new().append(true).open(path).is_err();
        let immutable = shut && size_beside(path, "-wal") == 0;
        Self { path: path.to_owned(), vfs: None, immutable }
    }
}

/// Bytes of a companion of a database file.
fn size_beside(path: &Path, end: &str) -> u64 {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    std::fs::metadata(name).map_or(0, |file| file.len())
}

/// Looks at a file: can it be opened? Neither it nor what its journal holds is changed.
pub(crate) fn recognise(path: &Path) -> Result<(), StoreError> {
    let left_over = size_beside(path, "-wal") > 0;
    let connection = open_reader(&Location::read_only(path))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, left_over)?;
    super::migrate::recognise(&connection)
}

/// The name by which SQLite opens a file that nobody changes.
fn immutable(path: &Path) -> PathBuf {
    let mut name = String::from("file:");
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => name.push_str("%25"),
            '?' => name.push_str("%3f"),
            '#' => name.push_str("%23"),
            other => name.push(other),
        }
    }
    name.push_str("?immutable=1");
    PathBuf::from(name)
}

pub(crate) fn open_writer(options: &OpenOptions<'_>) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if options.vfs.is_none() {
        create_private(options.path);
    }
    let left_over = options.vfs.is_none() && size_beside(options.path, "-wal") > 0;
    let connection = open(options.path, options.vfs, flags)?;
    // Somebody else's file is left as it is, with whatever its journal holds.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, left_over)?;
    super::migrate::recognise(&connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    // Counts only while the file is empty.
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Unavailable(format!("journal_mode is {mode} where WAL is needed")));
    }
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "synchronous", options.synchronous())?;
    Ok(connection)
}

/// Creates the file for its owner alone before SQLite would create it for everybody; SQLite gives its companions
/// the same mode. What goes wrong here goes wrong again when SQLite opens the file, and is told then.
#[cfg(unix)]
fn create_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
}

#[cfg(not(unix))]
fn create_private(_: &Path) {}

pub(crate) fn open_reader(location: &Location) -> Result<Connection, StoreError> {
    let connection = if location.immutable {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        open(&immutable(&location.path), None, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?
    } else {
        // Write access to the file is needed even to read in WAL mode; query_only takes it back.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        open(&location.path, location.vfs.as_deref(), flags)?
    };
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn open(path: &Path, vfs: Option<&str>, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    // Plans depend on the text alone. Otherwise a statement whose plan looked at a bound value, as with a partial
    // index, is prepared anew for every value: a twelfth of the committing thread's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    // The writer checkpoints by itself, between commits, where a failing sync cannot pass unnoticed.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_database_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let connection = open_writer(&OpenOptions::new(&path)).unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        for name in ["new.db", "new.db-wal", "new.db-shm"] {
            let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
