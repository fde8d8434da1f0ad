//! The lock file beside a SQLite database: who holds its Gate, and how a command line of the same user reaches it.

use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// What the holder says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// None for a command that is about to end.
    pub address: Option<String>,
    pub secret: String,
    pub pid: u32,
}

/// The held lock; it is released when dropped or when the process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// How a try to take the lock ended.
#[derive(Debug)]
pub enum Taken {
    Mine(Lock),
    /// Somebody else holds it; who, if that can be read.
    Theirs(Option<Owner>),
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Takes the lock of a database for the process that opens its Gate.
///
/// # Errors
/// If the file cannot be written.
pub fn take(database: &Path, address: Option<String>, secret: &str) -> std::io::Result<Taken> {
    let mut file = open(&beside(database))?;
    match file.try_lock() {
        Ok(()) => {
            let owner = Owner { address, secret: secret.to_owned(), pid: std::process::id() };
            let text = serde_json::to_string(&owner).map_err(std::io::Error::other)?;
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
            Ok(Taken::Mine(Lock { _file: file }))
        }
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            Ok(Taken::Theirs(serde_json::from_str(&text).ok()))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_one_finds_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.db");
        let first = take(&database, Some("127.0.0.1:1".into()), "s").unwrap();
        assert!(matches!(first, Taken::Mine(_)));
        match take(&database, None, "t").unwrap() {
            Taken::Theirs(Some(owner)) => assert_eq!(owner.address.as_deref(), Some("127.0.0.1:1")),
            other => panic!("{other:?}"),
        }
        drop(first);
        assert!(matches!(take(&database, None, "t").unwrap(), Taken::Mine(_)));
    }
}
