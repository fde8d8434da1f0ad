//! Opens the data of a command: the Gate under the lock, a reader beside it, or the way to whoever holds the lock.

use super::{Failed, path_text, say};
use crate::lock::{Lock, Owner, Taken, take};
use crate::settings::{Place, Settings, SettingsError};
use crate::words::Text;
use ordain_app::app::App;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::gate::GateError;
use ordain_app::practice::is_practice;
use ordain_app::seal::SealKey;
use ordain_store::{Store, StoreError, Unusable};
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
    gate_at(settings, address, secret, ids, Clock::Real)
}

fn gate_at(
    settings: &Settings,
    address: Option<String>,
    secret: &str,
    ids: IdSource,
    clock: Clock,
) -> Result<Opened, Failed> {
    let place = place(settings)?;
    // Nothing is made beside a database that cannot be used.
    Store::recognise(place.database()).map_err(|error| unusable(&place, error))?;
    let lock = match &place {
        Place::File(path) => {
            match take(path, address, secret).map_err(|error| not_writable(&place, &error))? {
                Taken::Mine(lock) => Some(lock),
                Taken::Theirs(Some(owner)) => return Ok(Opened::Theirs(owner)),
                Taken::Theirs(None) => return Err(Failed(say("locked", &[("path", path_text(path))]))),
            }
        }
        Place::Server(_) => None,
    };
    let key = seal_key(settings, &place)?;
    let app = App::open(place.database(), clock, ids, key).map_err(|error| not_opened(&place, error))?;
    Ok(Opened::Mine(Box::new((app, lock))))
}

/// Opens the Gate or fails.
pub fn own_gate(
    settings: &Settings,
    address: Option<String>,
    secret: &str,
    ids: IdSource,
) -> Result<(App, Option<Lock>), Failed> {
    own_gate_at(settings, address, secret, ids, Clock::Real)
}

/// Opens the Gate on a clock or fails.
pub fn own_gate_at(
    settings: &Settings,
    address: Option<String>,
    secret: &str,
    ids: IdSource,
    clock: Clock,
) -> Result<(App, Option<Lock>), Failed> {
    match gate_at(settings, address, secret, ids, clock)? {
        Opened::Mine(mine) => Ok(*mine),
        Opened::Theirs(owner) => Err(Failed(say("held", &[("pid", Text::plain(owner.pid.to_string()))]))),
    }
}

/// Reads beside whoever writes.
pub fn reader(database: Option<String>) -> Result<Store, Failed> {
    let place = existing(&settings(database, None)?)?;
    Store::open_reader(place.database()).map_err(|error| unusable(&place, error))
}

/// Opens for reading alone, also where nobody can write.
pub fn read_only(settings: &Settings) -> Result<App, Failed> {
    let place = existing(settings)?;
    App::open_read_only(place.database(), Clock::Real).map_err(|error| not_opened(&place, error))
}

fn existing(settings: &Settings) -> Result<Place, Failed> {
    let place = place(settings)?;
    if let Place::File(path) = &place {
        if !path.exists() {
            return Err(Failed(say("no_database", &[("path", path_text(path))])));
        }
        // A reader leaves its companions beside the file: not beside one that it cannot use.
        Store::recognise(path).map_err(|error| unusable(&place, error))?;
    }
    Ok(place)
}

/// Why a database cannot be opened, and what to do about it.
pub fn unusable(place: &Place, error: StoreError) -> Failed {
    let (mut code, mut why, mut versions) = ("not_opened", error.to_string(), [0, 0]);
    match error {
        StoreError::Unusable(unusable) => {
            (code, why) = (unusable.code(), fact(&unusable));
            if let Unusable::NewerSchema { found, known } | Unusable::OlderSchema { found, known } = unusable
            {
                versions = [found, known];
            }
        }
        StoreError::Damaged(reason) => (code, why) = ("damaged_file", reason),
        StoreError::Full => code = "disk_full",
        StoreError::Unavailable(reason) => why = reason,
        StoreError::Stale | StoreError::Conflict(_) | StoreError::Bug(_) => {}
    }
    let [found, known] = versions.map(|version| Text::plain(version.to_string()));
    let place = Text::plain(place.shown());
    let facts = [("place", place), ("why", Text::plain(why)), ("found", found), ("known", known)];
    Failed(say(&format!("unusable.{code}"), &facts))
}

fn not_opened(place: &Place, error: GateError) -> Failed {
    match error {
        GateError::Unusable(why) => unusable(place, why.into()),
        GateError::Unavailable(why) => unusable(place, StoreError::Unavailable(why)),
        GateError::StorageFull => unusable(place, StoreError::Full),
        other => Failed(other.to_string()),
    }
}

/// What a reason is about, without the words around it.
fn fact(why: &Unusable) -> String {
    match why {
        Unusable::AlteredSchema(name) => (*name).to_owned(),
        Unusable::OldServer(of) | Unusable::UnsafeServer(of) | Unusable::NotWritable(of) => of.clone(),
        other => other.to_string(),
    }
}

fn not_writable(place: &Place, error: &std::io::Error) -> Failed {
    unusable(place, Unusable::NotWritable(error.to_string()).into())
}

/// The company that commands are about: the first that is no practice company.
pub fn org(store: &Store) -> Result<i64, Failed> {
    let first = store.orgs()?.into_iter().map(|row| row.org).find(|org| !is_practice(*org));
    first.ok_or_else(|| Failed(say("no_company", &[])))
}
