//! A disk in memory that forgets what was not synced when its power is cut: the one way to find a missing sync, since
//! after `kill -9` the operating system still writes everything out.
//!
//! [`Disk`] is the model, without any pointer; `glue` lets SQLite use it under the name [`NAME`]. A path is
//! `/<disk>/<file>`, so one registration serves many disks.
#![allow(
    unsafe_code,
    reason = "SQLite calls a VFS through C function pointers; nothing else in the workspace does"
)]

mod disk;
mod glue;
mod locks;

pub use disk::{Disk, Image};
pub use glue::register;

/// Name under which SQLite knows this VFS.
pub const NAME: &str = "ordain-power";

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

static DISKS: Mutex<BTreeMap<String, Arc<Disk>>> = Mutex::new(BTreeMap::new());

/// A disk that SQLite can reach, until it is dropped.
pub struct Mounted {
    name: String,
    pub disk: Arc<Disk>,
}

impl Mounted {
    /// Mounts a disk that holds `image`, all of it synced.
    ///
    /// # Errors
    /// If SQLite refuses the VFS.
    pub fn new(image: &Image) -> Result<Self, String> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        register()?;
        let name = format!("disk-{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let disk = Arc::new(Disk::new(image));
        DISKS.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), disk.clone());
        Ok(Self { name, disk })
    }

    /// The path under which SQLite opens a file of this disk.
    pub fn path(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/{}/{file}", self.name))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        DISKS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

/// The disk and the file that a path means.
fn resolve(path: &str) -> Option<(Arc<Disk>, String)> {
    let (disk, file) = path.strip_prefix('/')?.split_once('/')?;
    let disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    Some((disks.get(disk)?.clone(), file.to_owned()))
}
