//! Copies of the whole database: kept in a file, brought back, or moved to another engine.

use super::audit::damaged;
use super::{DatabaseArgs, Failed, Outcome, open, path_text, say};
use crate::lock::{Taken, take};
use crate::settings::Place;
use crate::words::Text;
use clap::Args;
use ordain_app::copy::{Copied, copy, damage};
use ordain_store::{Store, StoreError, Unusable};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct BackupArgs {
    /// The new file.
    file: PathBuf,
    #[command(flatten)]
    at: DatabaseArgs,
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct RestoreArgs {
    /// What `ordain backup` has made.
    file: PathBuf,
    #[command(flatten)]
    at: DatabaseArgs,
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct MigrateArgs {
    /// The database that is left; nothing writes to it meanwhile.
    #[arg(long, value_name = "URL")]
    from: String,
    /// An empty one, or a file that does not exist yet.
    #[arg(long, value_name = "URL")]
    to: String,
    #[arg(long)]
    json: bool,
}

pub(super) fn backup(args: &BackupArgs) -> Outcome {
    let from = existing(args.at.database.clone())?;
    let copied = into_file(&from, &args.file)?;
    told(&copied, args.json)
}

pub(super) fn restore(args: &RestoreArgs) -> Outcome {
    let to = place(args.at.database.clone())?;
    brought(&existing_file(&args.file)?, &to, args.json)
}

pub(super) fn migrate(args: &MigrateArgs) -> Outcome {
    let (from, to) = (existing(Some(args.from.clone()))?, place(Some(args.to.clone()))?);
    // Whatever is written from now on would be left behind.
    let _lock = match &from {
        Place::Server(_) => None,
        Place::File(path) => match take(path, None, &open::secret()?)? {
            Taken::Mine(lock) => Some(lock),
            Taken::Theirs(Some(owner)) => {
                return Err(Failed(say("held", &[("pid", Text::plain(owner.pid.to_string()))])));
            }
            Taken::Theirs(None) => return Err(Failed(say("locked", &[("path", path_text(path))]))),
        },
    };
    brought(&from, &to, args.json)
}

/// Copies to where people will work, and proves that the log and every order of it are whole.
fn brought(from: &Place, to: &Place, json: bool) -> Outcome {
    let copied = match to {
        Place::File(path) => into_file(from, path)?,
        Place::Server(_) => copied(from, to)?,
    };
    match damage(to.database())? {
        Some(problem) => Err(damaged(problem)),
        None => told(&copied, json),
    }
}

fn place(database: Option<String>) -> Result<Place, Failed> {
    open::place(&open::settings(database, None)?)
}

fn existing(database: Option<String>) -> Result<Place, Failed> {
    match place(database)? {
        Place::File(path) => existing_file(&path),
        server @ Place::Server(_) => Ok(server),
    }
}

fn existing_file(path: &Path) -> Result<Place, Failed> {
    if path.exists() {
        return Ok(Place::File(path.to_owned()));
    }
    Err(Failed(say("no_database", &[("path", path_text(path))])))
}

/// The file has its name only once it is whole and on the disk.
fn into_file(from: &Place, path: &Path) -> Result<Copied, Failed> {
    if path.exists() {
        return Err(Failed(say("exists", &[("path", path_text(path))])));
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let kept = copied(from, &Place::File(partial.clone())).and_then(|copied| {
        File::open(&partial)?.sync_all()?;
        fs::rename(&partial, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(copied)
    });
    if kept.is_err() {
        // The copy that failed is of no use; where it cannot be removed its name says what it is.
        for end in ["", "-wal", "-shm"] {
            let mut name = partial.as_os_str().to_owned();
            name.push(end);
            let _ = fs::remove_file(name);
        }
    }
    kept
}

fn copied(from: &Place, to: &Place) -> Result<Copied, Failed> {
    Store::recognise(from.database()).map_err(|error| open::unusable(from, error))?;
    copy(from.database(), to.database()).map_err(|error| match error {
        StoreError::Conflict("not_empty") => Failed(say("not_empty", &[])),
        StoreError::Unusable(Unusable::OlderSchema { .. }) => open::unusable(from, error),
        other => open::unusable(to, other),
    })
}

fn told(copied: &Copied, json: bool) -> Outcome {
    if json {
        super::out!("{}", serde_json::to_string(copied)?);
        return Ok(());
    }
    let n = |n: u64| Text::plain(n.to_string());
    let counts = [
        ("orders", n(copied.orders)),
        ("entries", n(copied.entries)),
        ("rows", n(copied.rows)),
        ("hash", Text::plain(copied.hash.clone())),
    ];
    super::out!("{}", say("copied", &counts));
    Ok(())
}
