//! Chance that can be repeated: the same seed answers the same question in the same way, whenever it is asked.

use sha2::{Digest, Sha256};

pub(super) struct Dice {
    seed: String,
}

impl Dice {
    pub(super) fn of(seed: &str) -> Self {
        Self { seed: seed.to_owned() }
    }

    /// From (inclusive) to (exclusive).
    pub(super) fn between(&self, question: &str, from: i64, to: i64) -> i64 {
        let mut digest = Sha256::new();
        digest.update(&self.seed);
        digest.update([0]);
        digest.update(question);
        let mut low = [0; 8];
        low.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
        let span = to.saturating_sub(from).max(1).unsigned_abs();
        from.saturating_add_unsigned(u64::from_be_bytes(low) % span)
    }

    pub(super) fn percent(&self, question: &str) -> i64 {
        self.between(question, 0, 100)
    }

    /// One of several.
    pub(super) fn one<'a, T>(&self, question: &str, of: &'a [T]) -> Option<&'a T> {
        let n = self.between(question, 0, i64::try_from(of.len()).ok()?);
        of.get(usize::try_from(n).ok()?)
    }
}
