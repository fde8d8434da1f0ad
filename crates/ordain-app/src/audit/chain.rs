//! The log by itself: numbers without gaps, every hash, the chain of every subject, and the seals over it all.

use super::{Problem, ProblemKind, Progress, VerifyReport};
use crate::gate::covered;
use crate::seal::signed_text;
use ed25519_dalek::{Signature, VerifyingKey};
use ordain_domain::audit::{GENESIS, SealRoot, entry_hash};
use ordain_store::{Hash, Id, LogRow, SealRow, Store, StoreError};
use std::collections::{HashMap, VecDeque};
use uuid::Uuid;

/// Entries and seals read at a time.
pub(super) const PAGE: usize = 1_000;

/// A running server seals every few seconds. What is longer or older than this was sealed once.
const UNSEALED_ENTRIES: i64 = 20_000;
const UNSEALED_MS: i64 = 60 * 60 * 1_000;

/// Where the chain of one subject stands.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub count: i64,
    pub hash: Hash,
    pub seq: i64,
}

/// What the walk leaves behind: the end of every chain.
#[derive(Default)]
pub(super) struct Walked {
    pub entries: i64,
    pub sealed: i64,
    pub last_seq: i64,
    pub orders: HashMap<Id, Link>,
    pub public_key: Option<Vec<u8>>,
    pub problem: Option<Problem>,
    company: Option<Link>,
    /// When the first entry was written and the last.
    at_ms: Option<(i64, i64)>,
}

/// What a log is read from: a company's store, or what was taken out of one.
pub(super) trait Source {
    /// Entries behind `after`, in order; fewer than `most` only at the end.
    fn entries(&mut self, after: i64, most: usize) -> Result<Vec<LogRow>, StoreError>;
    /// Seals behind the one numbered `after`, in order.
    fn seals(&mut self, after: i64, most: usize) -> Result<Vec<SealRow>, StoreError>;
}

pub(super) struct Stored<'a> {
    pub store: &'a Store,
    pub org: i64,
}

impl Source for Stored<'_> {
    fn entries(&mut self, after: i64, most: usize) -> Result<Vec<LogRow>, StoreError> {
        self.store.log_range(self.org, after, most)
    }

    fn seals(&mut self, after: i64, most: usize) -> Result<Vec<SealRow>, StoreError> {
        self.store.seals(self.org, after, most)
    }
}

pub(super) fn walk(
    source: &mut dyn Source,
    progress: &mut dyn FnMut(Progress),
) -> Result<Walked, StoreError> {
    let mut walked = Walked::default();
    let mut seals = Seals::new();
    loop {
        let Some((page, last)) = next_page(source, walked.last_seq)? else {
            let next = walked.last_seq + 1;
            walked.problem = Some(Problem::new(next, "log", ProblemKind::Altered, "unreadable"));
            return Ok(walked);
        };
        for row in &page {
            let problem = walked.take(row, &page);
            let problem = match problem {
                None => seals.take(source, row, &mut walked)?,
                found => found,
            };
            if problem.is_some() {
                walked.problem = problem;
                return Ok(walked);
            }
        }
        progress(Progress::Entries(walked.entries));
        if last {
            break;
        }
    }
    let missing = || Problem::new(walked.last_seq + 1, "log", ProblemKind::Missing, "sealed_entry_is_gone");
    walked.problem = seals.waiting(source)?.then(missing);
    Ok(walked)
}

/// Entries behind `after`, and whether they are the last; nothing if the next one is so damaged that it cannot be read.
/// A page that holds such an entry is halved until the entry stands alone, so that its place can be named.
fn next_page(source: &mut dyn Source, after: i64) -> Result<Option<(Vec<LogRow>, bool)>, StoreError> {
    let mut size = PAGE;
    loop {
        match source.entries(after, size) {
            Ok(rows) => {
                let last = rows.len() < size;
                return Ok(Some((rows, last)));
            }
            Err(StoreError::Damaged(_)) if size == 1 => return Ok(None),
            Err(StoreError::Damaged(_)) => size /= 2,
            Err(error) => return Err(error),
        }
    }
}

impl Walked {
    /// Checks one entry against its place and its predecessor, and makes it the end of its chain.
    fn take(&mut self, row: &LogRow, page: &[LogRow]) -> Option<Problem> {
        let expected = self.last_seq + 1;
        if row.seq != expected {
            return Some(Problem::new(expected, "log", ProblemKind::Missing, "gap"));
        }
        let damaged = |kind, detail| Some(Problem::new(row.seq, &row.subject, kind, detail));
        if entry_hash(&row.prev, &covered(row)) != row.hash {
            return match moved(row, page) {
                true => damaged(ProblemKind::Reordered, "hash_of_another_place"),
                false => damaged(ProblemKind::Altered, "hash_differs"),
            };
        }
        let order = order_of(row);
        // The column is not covered by the hash, but what it says follows from what is.
        if order != row.order_id {
            return damaged(ProblemKind::Altered, "order_differs");
        }
        let before = match &order {
            Some(id) => self.orders.get(id).copied(),
            None => self.company,
        };
        let (count, hash) = before.map_or((0, GENESIS), |link| (link.count, link.hash));
        if row.prev != hash || row.subject_seq != count + 1 {
            return damaged(ProblemKind::Altered, "predecessor_differs");
        }
        let link = Link { count: row.subject_seq, hash: row.hash, seq: row.seq };
        match order {
            Some(id) => drop(self.orders.insert(id, link)),
            None => self.company = Some(link),
        }
        self.entries += 1;
        self.last_seq = row.seq;
        self.at_ms = Some((self.at_ms.map_or(row.at_ms, |(first, _)| first), row.at_ms));
        None
    }

    /// What was counted.
    pub fn report(&self) -> VerifyReport {
        VerifyReport {
            entries: self.entries,
            sealed: self.sealed,
            unsealed: self.entries - self.sealed,
            public_key: self.public_key.as_ref().map(hex::encode),
            ..VerifyReport::default()
        }
    }

    /// Whether nothing is sealed though a server would have done so long ago.
    pub fn unsealed(&self) -> Option<Problem> {
        let age_ms = self.at_ms.map_or(0, |(first, last)| last - first);
        let late = self.entries > UNSEALED_ENTRIES || age_ms > UNSEALED_MS;
        let missing = || Problem::new(1, "seal", ProblemKind::SealsMissing, "nothing_is_sealed");
        (self.sealed == 0 && late).then(missing)
    }
}

fn order_of(row: &LogRow) -> Option<Id> {
    let id = row.subject.strip_prefix("order:")?;
    Uuid::parse_str(id).ok().map(Uuid::into_bytes)
}

/// Whether the entry is sound but for its number: then it belongs where it was written.
fn moved(row: &LogRow, page: &[LogRow]) -> bool {
    let elsewhere = |seq: i64| {
        let row = LogRow { seq, ..row.clone() };
        entry_hash(&row.prev, &covered(&row)) == row.hash
    };
    let around = page.iter().map(|other| other.seq).chain(page.last().map(|last| last.seq + 1));
    around.filter(|seq| *seq != row.seq).any(elsewhere)
}

/// The seals in step with the log.
struct Seals {
    read: VecDeque<SealRow>,
    /// Number and root of the last seal that was found sound, and the last entry it covers.
    last: (i64, Hash, i64),
    root: SealRoot,
    ended: bool,
}

impl Seals {
    fn new() -> Self {
        let read = VecDeque::new();
        Self { read, last: (0, GENESIS, 0), root: SealRoot::after(&GENESIS), ended: false }
    }

    /// Whether there is a seal that waits for entries. Once there was none, the rest of the log is unsealed.
    fn waiting(&mut self, source: &mut dyn Source) -> Result<bool, StoreError> {
        if self.read.is_empty() && !self.ended {
            self.read.extend(source.seals(self.last.0, PAGE)?);
            self.ended = self.read.is_empty();
        }
        Ok(!self.read.is_empty())
    }

    fn take(
        &mut self,
        source: &mut dyn Source,
        row: &LogRow,
        walked: &mut Walked,
    ) -> Result<Option<Problem>, StoreError> {
        if !self.waiting(source)? {
            return Ok(None);
        }
        self.root.add(row.seq, &row.hash);
        let Some(seal) = self.read.front() else { return Ok(None) };
        if seal.from_seq != self.last.2 + 1 || seal.to_seq < seal.from_seq {
            return Ok(Some(Problem::new(row.seq, "seal", ProblemKind::Seal, "stretch_differs")));
        }
        if row.seq < seal.to_seq {
            return Ok(None);
        }
        let key = walked.public_key.get_or_insert_with(|| seal.public_key.clone());
        let fault = self.fault(seal, key);
        if let Some(detail) = fault {
            return Ok(Some(Problem::new(seal.from_seq, "seal", ProblemKind::Seal, detail)));
        }
        self.last = (seal.n, seal.root, seal.to_seq);
        self.root = SealRoot::after(&seal.root);
        walked.sealed = seal.to_seq;
        self.read.pop_front();
        Ok(None)
    }

    fn fault(&self, seal: &SealRow, key: &[u8]) -> Option<&'static str> {
        let (n, root, _) = self.last;
        if seal.n != n + 1 || seal.prev_root != root {
            Some("seal_is_missing")
        } else if seal.root != self.root.clone().finish() {
            Some("root_differs")
        } else if seal.public_key != key {
            Some("another_key")
        } else if !is_signed(seal) {
            Some("signature_differs")
        } else {
            None
        }
    }
}

/// Whether the signature belongs to the seal and the key that stands in it.
pub(super) fn is_signed(seal: &SealRow) -> bool {
    let key = <[u8; 32]>::try_from(seal.public_key.as_slice()).ok();
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = Signature::from_slice(&seal.signature).ok();
    key.zip(signature)
        .is_some_and(|(key, signature)| key.verify_strict(&signed_text(seal), &signature).is_ok())
}
