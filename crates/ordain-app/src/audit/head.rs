//! The signed head: the last seal with the entry it ends at, kept outside the database. Whoever cuts the log and
//! rewrites everything that would show it cannot rewrite a file that is elsewhere.

use super::chain::{Walked, is_signed};
use super::{Problem, ProblemKind};
use ordain_store::{Hash, SealRow, Store, StoreError};
use serde::{Deserialize, Serialize};

/// What the log had come to when it was last sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Of the last sealed entry, hexadecimal.
    pub hash: String,
    #[serde(flatten)]
    pub seal: SealText,
}

/// A seal outside the database. Roots, signature and key are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealText {
    pub org: i64,
    /// The last entry it covers.
    pub seq: i64,
    pub seal: i64,
    pub from_seq: i64,
    pub at_ms: i64,
    pub prev_root: String,
    pub root: String,
    pub signature: String,
    pub public_key: String,
}

impl SealText {
    pub(super) fn of(seal: &SealRow) -> Self {
        Self {
            org: seal.org,
            seq: seal.to_seq,
            seal: seal.n,
            from_seq: seal.from_seq,
            at_ms: seal.at_ms,
            prev_root: hex::encode(seal.prev_root),
            root: hex::encode(seal.root),
            signature: hex::encode(&seal.signature),
            public_key: hex::encode(&seal.public_key),
        }
    }

    /// Nothing if it is not written in hexadecimal.
    pub(super) fn row(&self) -> Option<SealRow> {
        Some(SealRow {
            org: self.org,
            n: self.seal,
            from_seq: self.from_seq,
            to_seq: self.seq,
            at_ms: self.at_ms,
            root: hash(&self.root)?,
            prev_root: hash(&self.prev_root)?,
            signature: hex::decode(&self.signature).ok()?,
            public_key: hex::decode(&self.public_key).ok()?,
        })
    }
}

/// A hash that is written in hexadecimal.
pub(super) fn hash(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}

/// The head as of the last seal; nothing if nothing was sealed yet.
///
/// # Errors
/// If the database cannot be read.
pub fn export_head(store: &Store, org: i64) -> Result<Option<SignedHead>, StoreError> {
    let Some(seal) = store.last_seal(org)? else { return Ok(None) };
    let Some(hash) = hash_at(store, org, seal.to_seq)? else { return Ok(None) };
    Ok(Some(SignedHead { hash: hex::encode(hash), seal: SealText::of(&seal) }))
}

fn hash_at(store: &Store, org: i64, seq: i64) -> Result<Option<Hash>, StoreError> {
    let row = store.log_range(org, seq - 1, 1)?.into_iter().next();
    Ok(row.filter(|row| row.seq == seq).map(|row| row.hash))
}

/// What the log lacks of the head.
pub(super) fn check(
    store: &Store,
    org: i64,
    head: &SignedHead,
    walked: &Walked,
) -> Result<Option<Problem>, StoreError> {
    let problem = |seq, kind, detail| Ok(Some(Problem::new(seq, "head", kind, detail)));
    let Some(seal) = head.seal.row().filter(|seal| seal.org == org && is_signed(seal)) else {
        return problem(head.seal.seq, ProblemKind::Head, "head_is_not_signed");
    };
    if walked.public_key.as_ref().is_some_and(|key| *key != seal.public_key) {
        return problem(seal.from_seq, ProblemKind::Head, "another_key");
    }
    if walked.last_seq < head.seal.seq {
        return problem(walked.last_seq + 1, ProblemKind::Missing, "cut_before_head");
    }
    stands(store, org, head, &seal)
}

/// Whether the log still says what it did when the head was exported: a look at two rows, not a walk.
///
/// # Errors
/// If the database cannot be read.
pub fn verify_head(store: &Store, org: i64, head: &SignedHead) -> Result<Option<Problem>, StoreError> {
    match head.seal.row().filter(|seal| seal.org == org && is_signed(seal)) {
        Some(seal) => stands(store, org, head, &seal),
        None => Ok(Some(Problem::new(head.seal.seq, "head", ProblemKind::Head, "head_is_not_signed"))),
    }
}

/// What entry and seal of a head say now.
fn stands(store: &Store, org: i64, head: &SignedHead, seal: &SealRow) -> Result<Option<Problem>, StoreError> {
    let problem = |seq, kind, detail| Ok(Some(Problem::new(seq, "head", kind, detail)));
    if hash_at(store, org, head.seal.seq)?.map(hex::encode).as_ref() != Some(&head.hash) {
        return problem(head.seal.seq, ProblemKind::Altered, "hash_differs_from_head");
    }
    let stored = store.seals(org, seal.n - 1, 1)?.into_iter().next();
    if stored.as_ref() != Some(seal) {
        return problem(seal.from_seq, ProblemKind::Seal, "seal_differs_from_head");
    }
    Ok(None)
}
