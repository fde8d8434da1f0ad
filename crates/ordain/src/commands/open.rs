//! Opens the data of a command: the Gate under the lock, a reader beside it, or the way to whoever holds the lock.

use super::{Failed, path_text, say};
use crate::lock::{Lock, Owner, Taken, take};
use crate::settings::{Place, Settings, SettingsError};
use crate::words::Text;
use ordain_app::app::App;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::seal::SealKey;
use ordain_store::Store;
use std::path::Path;

/// Name of the key file beside the database.
const KEY: &str = "ordain.key";

/// The Gate, or who holds it.
pub enum Opened {
    /// With the lock of its file; on a server many have their Gate open.
    Mine(Box<(App, Option<Lock>)>),
    Theirs(Owner),
}

pub fn settings(database: Option<String>, listen: Option<String>) -> Result<Settings, Failed> {
    Settings::load(database, listen).map_err(worded)
}

fn worded(error: SettingsError) -> Failed {
    match error {
        SettingsError::Database(url) => Failed(say("bad_database", &[("url", Text::plain(url))])),
        other => Failed(other.to_string()),
    }
}

/// A secret for the lock file.
pub fn secret() -> Result<String, Failed> {
    Ok(ordain_app::password::token()?)
}

/// Where the database is.
pub fn place(settings: &Settings) -> Result<Place, Failed> {
    settings.place().map_err(worded)
}

/// Beside a database file; with a server, in the folder the program runs in.
fn seal_key(settings: &Settings, place: &Place) -> Result<SealKey, Failed> {
    match (&settings.seal_key, place) {
        (Some(text), _) => Ok(SealKey::parse(text)?),
        (None, Place::File(path)) => Ok(SealKey::open(&path.with_file_name(KEY))?),
        (None, Place::Server(_)) => Ok(SealKey::open(Path::new(KEY))?),
    }
}

/// Opens the Gate, unless somebody else has.
pub fn gate(
    settings: &Settings,
    address: Option<String>,
    secret: &str,
    ids: IdSource,
) -> Result<Opened, Failed> {
    let place = place(settings)?;
    let lock = match &place {
        Place::File(path) => match take(path, address, secret)? {
            Taken::Mine(lock) => Some(lock),
            Taken::Theirs(Some(owner)) => return Ok(Opened::Theirs(owner)),
            Taken::Theirs(None) => return Err(Failed(say("locked", &[("path", path_text(path))]))),
        },
        Place::Server(_) => None,
    };
    let key = seal_key(settings, &place)?;
    let app = App::open(place.database(), Clock::Real, ids, key)?;
    Ok(Opened::Mine(Box::new((app, lock))))
}

/// Opens the Gate or fails.
pub fn own_gate(
    settings: &Settings,
    address: Option<String>,
    secret: &str,
    ids: IdSource,
) -> Result<(App, Option<Lock>), Failed> {
    match gate(settings, address, secret, ids)? {
        Opened::Mine(mine) => Ok(*mine),
        Opened::Theirs(owner) => Err(Failed(say("held", &[("pid", Text::plain(owner.pid.to_string()))]))),
    }
}

/// Reads beside whoever writes.
pub fn reader(database: Option<String>) -> Result<Store, Failed> {
    let place = place(&settings(database, None)?)?;
    if let Place::File(path) = &place
        && !path.exists()
    {
        return Err(Failed(say("no_database", &[("path", path_text(path))])));
    }
    Ok(Store::open_reader(place.database())?)
}

/// The company that commands are about: the first.
pub fn org(store: &Store) -> Result<i64, Failed> {
    let first = store.orgs()?.first().map(|row| row.org);
    first.ok_or_else(|| Failed(say("no_company", &[])))
}
