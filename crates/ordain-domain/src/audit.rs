//! The hash chain of the log and the root over a sealed stretch.
//!
//! Every field goes into the digest with its length before it, so that no two different entries can be spelt
//! alike. Signing is not done here: the key is not the core's business.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// Head of a chain that has no entry yet.
pub const GENESIS: Hash = [0; 32];

/// The fields of a log entry that its hash covers.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub org: i64,
    pub seq: i64,
    pub subject: &'a str,
    pub subject_seq: i64,
    pub at_ms: i64,
    pub actor: &'a str,
    pub command: &'a str,
    pub reason: Option<&'a str>,
    pub events: &'a str,
}

fn feed(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_be_bytes());
    digest.update(bytes);
}

/// The hash of an entry that follows `prev` in its subject's chain.
pub fn entry_hash(prev: &Hash, entry: &Entry<'_>) -> Hash {
    let mut digest = Sha256::new();
    digest.update(prev);
    for number in [entry.org, entry.seq, entry.subject_seq, entry.at_ms] {
        digest.update(number.to_be_bytes());
    }
    for text in [entry.subject, entry.actor, entry.command, entry.events] {
        feed(&mut digest, text.as_bytes());
    }
    digest.update([u8::from(entry.reason.is_some())]);
    feed(&mut digest, entry.reason.unwrap_or_default().as_bytes());
    digest.finalize().into()
}

/// Root over a stretch of the log: chains the previous root with every entry's number and hash.
#[derive(Clone)]
pub struct SealRoot(Sha256);

impl SealRoot {
    pub fn after(prev_root: &Hash) -> Self {
        let mut digest = Sha256::new();
        digest.update(prev_root);
        Self(digest)
    }

    pub fn add(&mut self, seq: i64, hash: &Hash) {
        self.0.update(seq.to_be_bytes());
        self.0.update(hash);
    }

    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: Entry<'static> = Entry {
        org: 1,
        seq: 7,
        subject: "order:a",
        subject_seq: 2,
        at_ms: 1_000,
        actor: "{}",
        command: "decide_task",
        reason: Some("ok"),
        events: "[]",
    };

    #[test]
    fn every_field_changes_the_hash() {
        let base = entry_hash(&GENESIS, &ENTRY);
        let altered = [
            Entry { org: 2, ..ENTRY },
            Entry { seq: 8, ..ENTRY },
            Entry { subject: "order:b", ..ENTRY },
            Entry { subject_seq: 3, ..ENTRY },
            Entry { at_ms: 1_001, ..ENTRY },
            Entry { actor: "{ }", ..ENTRY },
            Entry { command: "decide_tas", ..ENTRY },
            Entry { reason: None, ..ENTRY },
            Entry { reason: Some("o"), ..ENTRY },
            Entry { events: "[1]", ..ENTRY },
        ];
        assert!(altered.iter().all(|entry| entry_hash(&GENESIS, entry) != base));
        assert_ne!(entry_hash(&[1; 32], &ENTRY), base);
    }

    #[test]
    fn moving_bytes_between_fields_changes_the_hash() {
        let left = entry_hash(&GENESIS, &Entry { actor: "ab", command: "c", ..ENTRY });
        let right = entry_hash(&GENESIS, &Entry { actor: "a", command: "bc", ..ENTRY });
        assert_ne!(left, right);
    }
}
