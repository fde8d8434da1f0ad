//! The log as a file that proves itself: whoever has it, and the public key from elsewhere, needs neither the database nor
//! the company to see that nothing in it was altered, left out or moved.
//!
//! The file is compressed with gzip. Each line is a JSON object: first what it is, then the seals, then the entries.
//! The hash of an entry covers its fields as they stand here, `actor` and `events` byte for byte.

use super::chain::{PAGE, Source, walk};
use super::head::{SealText, hash};
use super::{Problem, ProblemKind, Progress, VerifyReport};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ordain_store::{LogRow, SealRow, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use uuid::Uuid;

const FORMAT: &str = "ordain-evidence-1";
/// Bytes of the longest line that is read: a file from elsewhere may unpack to anything.
const LINE_MAX: u64 = 64 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// Another kind of file, or one whose beginning is damaged.
    #[error("not evidence")]
    Foreign,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

#[derive(Serialize, Deserialize)]
struct First {
    format: String,
    org: i64,
    taken_at_ms: i64,
    seals: usize,
    entries: i64,
}

/// Hashes are hexadecimal.
#[derive(Serialize, Deserialize)]
struct Entry {
    seq: i64,
    subject: String,
    subject_seq: i64,
    at_ms: i64,
    actor: String,
    command: String,
    reason: Option<String>,
    order_id: Option<Uuid>,
    events: String,
    hash: String,
    prev: String,
}

impl Entry {
    fn of(row: LogRow) -> Self {
        Self {
            seq: row.seq,
            subject: row.subject,
            subject_seq: row.subject_seq,
            at_ms: row.at_ms,
            actor: row.actor,
            command: row.command,
            reason: row.reason,
            order_id: row.order_id.map(Uuid::from_bytes),
            events: row.events,
            hash: hex::encode(row.hash),
            prev: hex::encode(row.prev),
        }
    }

    fn row(self, org: i64) -> Option<LogRow> {
        Some(LogRow {
            org,
            seq: self.seq,
            subject: self.subject,
            subject_seq: self.subject_seq,
            at_ms: self.at_ms,
            actor: self.actor,
            command: self.command,
            reason: self.reason,
            order_id: self.order_id.map(Uuid::into_bytes),
            events: self.events,
            hash: hash(&self.hash)?,
            prev: hash(&self.prev)?,
        })
    }
}

/// Writes the log of a company as it is now.
///
/// # Errors
/// If the database cannot be read or the file not be written.
pub fn write_evidence(store: &Store, org: i64, now_ms: i64, to: impl Write) -> Result<(), EvidenceError> {
    let entries = store.log_end(org)?;
    let mut seals = Vec::new();
    loop {
        let page = store.seals(org, seals.last().map_or(0, |last: &SealRow| last.n), PAGE)?;
        let more = page.len() == PAGE;
        // What is sealed from now on is about entries that are not in it.
        seals.extend(page.into_iter().take_while(|seal| seal.to_seq <= entries));
        if !more {
            break;
        }
    }
    let mut out = GzEncoder::new(to, Compression::fast());
    let first = First { format: FORMAT.to_owned(), org, taken_at_ms: now_ms, seals: seals.len(), entries };
    line(&mut out, &first)?;
    for seal in &seals {
        line(&mut out, &SealText::of(seal))?;
    }
    let mut after = 0;
    while after < entries {
        let rows = store.log_range(org, after, PAGE)?;
        let Some(last) = rows.last().map(|row| row.seq) else { break };
        for row in rows.into_iter().filter(|row| row.seq <= entries) {
            line(&mut out, &Entry::of(row))?;
        }
        after = last;
    }
    Ok(out.finish()?.flush()?)
}

fn line(out: &mut impl Write, what: &impl Serialize) -> Result<(), EvidenceError> {
    serde_json::to_writer(&mut *out, what).map_err(std::io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// Checks a file by itself: numbers, hashes, chains, seals and their signatures.
///
/// # Errors
/// If it is no such file or cannot be read; damage is part of the report.
pub fn check_evidence(
    from: impl Read,
    progress: &mut dyn FnMut(Progress),
) -> Result<VerifyReport, EvidenceError> {
    let mut lines = BufReader::new(GzDecoder::new(from));
    let first: First =
        read(&mut lines).filter(|first: &First| first.format == FORMAT).ok_or(EvidenceError::Foreign)?;
    let mut seals = VecDeque::new();
    for _ in 0..first.seals {
        seals.push_back(
            read::<SealText>(&mut lines).and_then(|seal| seal.row()).ok_or(EvidenceError::Foreign)?,
        );
    }
    let mut file = Taken { org: first.org, lines, seals, read: VecDeque::new() };
    let walked = walk(&mut file, progress)?;
    let cut = || Problem::new(walked.last_seq + 1, "log", ProblemKind::Missing, "cut_off");
    let mut report = walked.report();
    report.first_problem = walked.problem.clone().or_else(|| (walked.entries != first.entries).then(cut));
    Ok(report)
}

/// The next line; nothing at the end, and if it is none of ours.
fn read<T: for<'de> Deserialize<'de>>(lines: &mut impl BufRead) -> Option<T> {
    let mut text = String::new();
    lines.take(LINE_MAX).read_line(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

struct Taken<R> {
    org: i64,
    lines: R,
    seals: VecDeque<SealRow>,
    /// Entries that were read and not yet asked for.
    read: VecDeque<LogRow>,
}

impl<R: BufRead> Source for Taken<R> {
    fn entries(&mut self, _: i64, most: usize) -> Result<Vec<LogRow>, StoreError> {
        while self.read.len() < most {
            let entry = read::<Entry>(&mut self.lines).and_then(|entry| entry.row(self.org));
            // Behind what cannot be read nothing counts any more: the walk says where it stopped.
            let Some(row) = entry else { break };
            self.read.push_back(row);
        }
        Ok(self.read.drain(..most.min(self.read.len())).collect())
    }

    fn seals(&mut self, _: i64, most: usize) -> Result<Vec<SealRow>, StoreError> {
        Ok(self.seals.drain(..most.min(self.seals.len())).collect())
    }
}
