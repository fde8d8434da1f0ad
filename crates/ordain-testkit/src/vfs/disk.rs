//! What is on the disk, what is only on its way there, and what is left after the power went.
//!
//! Kept simple on purpose: a sector (512 bytes) is written whole or not at all; of the writes to a sector since the
//! last sync any first part may have arrived, independently of other sectors, so that writes are torn and reordered.
//! An unsynced truncation arrives or does not. A file that was never synced may be missing altogether. A deletion
//! is durable at once: SQLite deletes only what it no longer needs.

use super::locks::Sharing;
use crate::faults::dice::Dice;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const SECTOR: usize = 512;

/// Files by name.
pub type Image = BTreeMap<String, Vec<u8>>;

/// Why an operation does not come about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The power is off and nothing can be read or written any more, or it was planned to fail.
    Failed,
    /// There is no room for more.
    Full,
}

enum Pending {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Default)]
struct File {
    /// What survives for certain; `None` until the first sync.
    synced: Option<Vec<u8>>,
    /// What a reader sees.
    live: Vec<u8>,
    pending: Vec<Pending>,
}

struct State {
    files: BTreeMap<String, File>,
    sharing: BTreeMap<String, Arc<Sharing>>,
    /// Writes, truncations and syncs so far.
    operations: u64,
    cut_at: Option<u64>,
    /// The operation that fails while the power stays on, and whether all later ones fail too.
    fail_at: Option<(u64, bool)>,
    failed: bool,
    /// Bytes of all files together beyond which none grows.
    room: Option<usize>,
    off: bool,
    open: usize,
}

/// One disk.
pub struct Disk(Mutex<State>);

impl Disk {
    pub(super) fn new(image: &Image) -> Self {
        let file =
            |bytes: &Vec<u8>| File { synced: Some(bytes.clone()), live: bytes.clone(), pending: Vec::new() };
        Self(Mutex::new(State {
            files: image.iter().map(|(name, bytes)| (name.clone(), file(bytes))).collect(),
            sharing: BTreeMap::new(),
            operations: 0,
            cut_at: None,
            fail_at: None,
            failed: false,
            room: None,
            off: false,
            open: 0,
        }))
    }

    /// The state is whole at every step, so another thread's panic does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cuts the power at the `n`-th write, truncation or sync from now on: a write is still under way then, a sync
    /// does not come about.
    pub fn cut_in(&self, n: u64) {
        let mut state = self.state();
        state.cut_at = Some(state.operations + n.max(1));
    }

    /// Lets the `n`-th write, truncation or sync from now on fail without effect; with `sticky` all later ones too.
    pub fn fail_in(&self, n: u64, sticky: bool) {
        let mut state = self.state();
        state.fail_at = Some((state.operations + n.max(1), sticky));
    }

    /// Leaves room for so many bytes more, and no others.
    pub fn fill_to(&self, bytes: usize) {
        let mut state = self.state();
        state.room = Some(state.used() + bytes);
    }

    /// Takes that back.
    pub fn free(&self) {
        self.state().room = None;
    }

    /// Whether an operation has failed as planned.
    pub fn has_failed(&self) -> bool {
        self.state().failed
    }

    /// Cuts the power now.
    pub fn cut(&self) {
        self.state().off = true;
    }

    pub fn is_off(&self) -> bool {
        self.state().off
    }

    /// Writes, truncations and syncs so far.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Whether a file has changes that are not synced.
    pub fn is_unsynced(&self, name: &str) -> bool {
        self.state().files.get(name).is_some_and(|file| !file.pending.is_empty())
    }

    /// Files that SQLite has not closed yet.
    pub fn open_files(&self) -> usize {
        self.state().open
    }

    /// What a reader sees now.
    pub fn live(&self) -> Image {
        self.state().files.iter().map(|(name, file)| (name.clone(), file.live.clone())).collect()
    }

    /// What is found when the power is back.
    pub fn after_cut(&self, dice: &mut Dice) -> Image {
        // None of the unsynced sectors, all of them, or any.
        let mood = dice.below(4);
        let state = self.state();
        let mut image = Image::new();
        for (name, file) in &state.files {
            if file.synced.is_some() || dice.below(2) == 0 {
                image.insert(name.clone(), file.after_cut(mood, dice));
            }
        }
        image
    }

    pub(super) fn sharing(&self, name: &str) -> Arc<Sharing> {
        self.state().sharing.entry(name.to_owned()).or_default().clone()
    }

    pub(super) fn open(&self, name: &str, create: bool) -> Result<bool, Refused> {
        let mut state = self.state().on()?;
        let found = state.files.contains_key(name);
        if create && !found {
            state.files.insert(name.to_owned(), File::default());
        }
        let opened = found || create;
        state.open += usize::from(opened);
        Ok(opened)
    }

    pub(super) fn close(&self) {
        let mut state = self.state();
        state.open = state.open.saturating_sub(1);
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.state().files.contains_key(name)
    }

    pub(super) fn delete(&self, name: &str) -> Result<bool, Refused> {
        Ok(self.state().on()?.files.remove(name).is_some())
    }

    /// Fills the buffer; beyond the end of the file with zeros. Says whether all of it was there.
    pub(super) fn read(&self, name: &str, buffer: &mut [u8], offset: usize) -> Result<bool, Refused> {
        let state = self.state().on()?;
        let live = state.files.get(name).map_or(&[][..], |file| &file.live);
        let there = live.get(offset..).unwrap_or_default();
        let n = there.len().min(buffer.len());
        buffer[..n].copy_from_slice(&there[..n]);
        buffer[n..].fill(0);
        Ok(n == buffer.len())
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8], offset: usize) -> Result<(), Refused> {
        self.state().has_room(name, offset + bytes.len())?;
        self.change(name, |file| {
            put(&mut file.live, bytes, offset);
            file.pending.push(Pending::Write { offset, bytes: bytes.to_owned() });
        })
    }

    pub(super) fn truncate(&self, name: &str, length: usize) -> Result<(), Refused> {
        self.change(name, |file| {
            file.live.resize(length, 0);
            file.pending.push(Pending::Truncate(length));
        })
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut File)) -> Result<(), Refused> {
        let mut state = self.state().on()?;
        let last = state.step()?;
        if let Some(file) = state.files.get_mut(name) {
            change(file);
        }
        if last { Err(Refused::Failed) } else { Ok(()) }
    }

    pub(super) fn sync(&self, name: &str) -> Result<(), Refused> {
        let mut state = self.state().on()?;
        if state.step()? {
            return Err(Refused::Failed);
        }
        if let Some(file) = state.files.get_mut(name) {
            file.sync();
        }
        Ok(())
    }

    pub(super) fn size(&self, name: &str) -> Result<usize, Refused> {
        Ok(self.state().on()?.files.get(name).map_or(0, |file| file.live.len()))
    }
}

trait Powered: Sized {
    fn on(self) -> Result<Self, Refused>;
}

impl Powered for MutexGuard<'_, State> {
    fn on(self) -> Result<Self, Refused> {
        if self.off { Err(Refused::Failed) } else { Ok(self) }
    }
}

impl State {
    fn used(&self) -> usize {
        self.files.values().map(|file| file.live.len()).sum()
    }

    /// Whether a file may become that long. What it has already it may always write over.
    fn has_room(&self, name: &str, length: usize) -> Result<(), Refused> {
        let now = self.files.get(name).map_or(0, |file| file.live.len());
        let grown = length.saturating_sub(now);
        let full = grown > 0 && self.room.is_some_and(|room| self.used() + grown > room);
        if full { Err(Refused::Full) } else { Ok(()) }
    }

    /// Counts an operation; true if the power goes with it, an error if it fails as planned.
    fn step(&mut self) -> Result<bool, Refused> {
        self.operations += 1;
        let fails = self
            .fail_at
            .is_some_and(|(at, sticky)| self.operations == at || (sticky && self.operations > at));
        if fails {
            self.failed = true;
            return Err(Refused::Failed);
        }
        self.off |= self.cut_at.is_some_and(|at| self.operations >= at);
        Ok(self.off)
    }
}

impl File {
    fn sync(&mut self) {
        let synced = self.synced.get_or_insert_with(Vec::new);
        for pending in self.pending.drain(..) {
            match pending {
                Pending::Write { offset, bytes } => put(synced, &bytes, offset),
                Pending::Truncate(length) => synced.resize(length, 0),
            }
        }
    }

    fn after_cut(&self, mood: u64, dice: &mut Dice) -> Vec<u8> {
        let mut writes: BTreeMap<usize, u64> = BTreeMap::new();
        for pending in &self.pending {
            if let Pending::Write { offset, bytes } = pending {
                pieces(*offset, bytes).for_each(|(at, _)| *writes.entry(at / SECTOR).or_default() += 1);
            }
        }
        // How many of the writes to each sector arrived.
        let mut left: BTreeMap<usize, u64> = BTreeMap::new();
        for (sector, count) in writes {
            let arrived = match mood {
                0 => 0,
                1 => count,
                _ => dice.below(count + 1),
            };
            left.insert(sector, arrived);
        }
        let mut bytes = self.synced.clone().unwrap_or_default();
        for pending in &self.pending {
            match pending {
                Pending::Write { offset, bytes: written } => {
                    for (at, piece) in pieces(*offset, written) {
                        let left = left.entry(at / SECTOR).or_default();
                        if *left > 0 {
                            *left -= 1;
                            put(&mut bytes, piece, at);
                        }
                    }
                }
                Pending::Truncate(length) if mood == 1 || (mood > 1 && dice.below(2) == 0) => {
                    bytes.resize(*length, 0);
                }
                Pending::Truncate(_) => {}
            }
        }
        bytes
    }
}

/// The parts of a write that fall into one sector each.
fn pieces(offset: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = offset;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = (SECTOR - at % SECTOR).min(rest.len());
        let (piece, behind) = rest.split_at(length);
        let found = (at, piece);
        at += length;
        rest = behind;
        Some(found)
    })
}

fn put(file: &mut Vec<u8>, bytes: &[u8], offset: usize) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_synced_survives_every_cut_and_the_rest_by_sectors() {
        let mut kinds = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let disk = Disk::new(&Image::new());
            disk.open("f", true).unwrap();
            disk.write("f", &[1; 1_024], 0).unwrap();
            disk.sync("f").unwrap();
            disk.write("f", &[2; 1_024], 0).unwrap();
            disk.cut_in(1);
            assert_eq!(disk.sync("f"), Err(Refused::Failed));
            assert_eq!(disk.write("f", &[3], 0), Err(Refused::Failed));
            let file = disk.after_cut(&mut Dice::new(seed)).remove("f").unwrap();
            assert_eq!(file.len(), 1_024);
            assert!(file.chunks(SECTOR).all(|sector| sector.iter().all(|byte| *byte == sector[0])));
            kinds.insert((file[0], file[512]));
        }
        assert_eq!(kinds.len(), 4, "each sector is the old or the new one, independently: {kinds:?}");
    }
}
