//! What the connections of one file share: its locks and the memory of the write-ahead log's index.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Somebody else holds it.
pub(super) struct Busy;

/// SQLite's lock levels.
pub(super) const NONE: i32 = 0;
pub(super) const SHARED: i32 = 1;
pub(super) const RESERVED: i32 = 2;
pub(super) const PENDING: i32 = 3;
pub(super) const EXCLUSIVE: i32 = 4;

const SLOTS: usize = 8;

#[derive(Default)]
struct Held {
    shared: usize,
    reserved: bool,
    pending: bool,
    exclusive: bool,
    /// Per slot: -1 exclusive, else how many share it.
    slots: [i32; SLOTS],
    /// Atomics, because SQLite changes them from several threads; boxed, so that they never move.
    regions: Vec<Box<[AtomicU64]>>,
    mapped: usize,
}

#[derive(Default)]
pub(super) struct Sharing(Mutex<Held>);

/// What one connection holds of a file.
#[derive(Default)]
pub(super) struct Own {
    pub level: i32,
    shared_slots: u8,
    exclusive_slots: u8,
    mapped: bool,
}

impl Sharing {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises the lock. A failed step to exclusive leaves the pending lock in place, as SQLite expects.
    pub fn lock(&self, own: &mut Own, wanted: i32) -> Result<(), Busy> {
        let mut held = self.held();
        if wanted <= own.level {
            return Ok(());
        }
        match wanted {
            SHARED if held.pending || held.exclusive => return Err(Busy),
            SHARED => held.shared += 1,
            RESERVED if held.reserved => return Err(Busy),
            RESERVED => held.reserved = true,
            _ => {
                if own.level < PENDING {
                    if held.pending || (held.reserved && own.level < RESERVED) {
                        return Err(Busy);
                    }
                    held.pending = true;
                    own.level = PENDING;
                }
                if held.shared > 1 {
                    return Err(Busy);
                }
                held.exclusive = true;
            }
        }
        own.level = wanted;
        Ok(())
    }

    /// Lowers the lock to shared or none.
    pub fn unlock(&self, own: &mut Own, to: i32) {
        let mut held = self.held();
        if own.level <= to {
            return;
        }
        held.exclusive &= own.level < EXCLUSIVE;
        held.pending &= own.level < PENDING;
        held.reserved &= own.level < RESERVED;
        if to == NONE {
            held.shared = held.shared.saturating_sub(1);
        }
        own.level = to;
    }

    pub fn is_reserved(&self) -> bool {
        let held = self.held();
        held.reserved || held.pending || held.exclusive
    }

    pub fn lock_slots(&self, own: &mut Own, from: usize, n: usize, exclusive: bool) -> Result<(), Busy> {
        let mut held = self.held();
        for slot in from..(from + n).min(SLOTS) {
            let bit = 1_u8 << slot;
            let is_own = own.shared_slots & bit != 0 || own.exclusive_slots & bit != 0;
            let free = if exclusive { held.slots[slot] == 0 } else { held.slots[slot] >= 0 };
            if !is_own && !free {
                return Err(Busy);
            }
        }
        for slot in from..(from + n).min(SLOTS) {
            let bit = 1_u8 << slot;
            if exclusive && own.exclusive_slots & bit == 0 {
                held.slots[slot] = -1;
                own.exclusive_slots |= bit;
            } else if !exclusive && own.shared_slots & bit == 0 {
                held.slots[slot] += 1;
                own.shared_slots |= bit;
            }
        }
        Ok(())
    }

    pub fn unlock_slots(&self, own: &mut Own, from: usize, n: usize) {
        let mut held = self.held();
        for slot in from..(from + n).min(SLOTS) {
            let bit = 1_u8 << slot;
            if own.exclusive_slots & bit != 0 {
                held.slots[slot] = 0;
            } else if own.shared_slots & bit != 0 {
                held.slots[slot] -= 1;
            }
            own.exclusive_slots &= !bit;
            own.shared_slots &= !bit;
        }
    }

    /// Memory of one region, made if `extend`; it stays where it is until the last connection has let go.
    pub fn region(&self, own: &mut Own, index: usize, bytes: usize, extend: bool) -> Option<*mut u64> {
        let mut held = self.held();
        held.mapped += usize::from(!own.mapped);
        own.mapped = true;
        while extend && held.regions.len() <= index {
            held.regions.push((0..bytes.div_ceil(8)).map(|_| AtomicU64::new(0)).collect());
        }
        held.regions.get(index).and_then(|region| region.first()).map(AtomicU64::as_ptr)
    }

    pub fn unmap(&self, own: &mut Own) {
        let mut held = self.held();
        held.mapped -= usize::from(own.mapped);
        own.mapped = false;
        if held.mapped == 0 {
            held.regions.clear();
            held.slots = [0; SLOTS];
        }
    }
}
