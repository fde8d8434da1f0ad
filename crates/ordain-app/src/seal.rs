//! Seals over the log: a signed root over each stretch, so that nobody without the key can rewrite history.

use crate::gate::GateError;
use crate::gate::Ledger;
use ed25519_dalek::{Signer, SigningKey};
use ordain_domain::audit::{GENESIS, SealRoot};
use ordain_store::{SealRow, Store};
use std::path::Path;

/// Entries read at a time while sealing.
const STRETCH: usize = 1_000;

/// The private key that signs seals. It never stands in the database.
#[derive(Clone)]
pub struct SealKey(SigningKey);

/// The key file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("seal key: {0}")]
pub struct KeyError(String);

impl SealKey {
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// Reads the key file, or makes a new one that only its owner can read.
    ///
    /// # Errors
    /// If the file cannot be read, has the wrong form or cannot be written.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let refused = |error: std::io::Error| KeyError(format!("{}: {error}", path.display()));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).map_err(|error| KeyError(error.to_string()))?;
                write_private(path, &hex::encode(bytes)).map_err(refused)?;
                Ok(Self::from_bytes(&bytes))
            }
            Err(error) => Err(refused(error)),
        }
    }

    /// What nobody without the key can make of a text; no seal covers a text of this kind.
    pub fn mark(&self, what: &[u8]) -> [u8; 64] {
        self.0.sign(&[&b"ordain mark "[..], what].concat()).to_bytes()
    }

    /// Reads a key written as 64 hexadecimal digits.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|error| KeyError(error.to_string()))?;
        Ok(Self::from_bytes(&bytes))
    }
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}

/// What a seal's signature covers.
pub fn signed_text(seal: &SealRow) -> Vec<u8> {
    let mut text = Vec::with_capacity(104);
    for number in [seal.org, seal.n, seal.from_seq, seal.to_seq, seal.at_ms] {
        text.extend_from_slice(&number.to_be_bytes());
    }
    text.extend_from_slice(&seal.prev_root);
    text.extend_from_slice(&seal.root);
    text
}

/// The next seal of a company, if its log has grown since the last one.
pub fn next(
    store: &Store,
    ledger: &Ledger,
    key: &SealKey,
    org: i64,
    now_ms: i64,
) -> Result<Option<SealRow>, GateError> {
    let last = ledger.last_seal(org);
    let (n, from, prev_root) = last.map_or((1, 1, GENESIS), |seal| (seal.n + 1, seal.to_seq + 1, seal.root));
    let mut root = SealRoot::after(&prev_root);
    let mut to = from - 1;
    loop {
        let rows = store.log_range(org, to, STRETCH)?;
        for row in &rows {
            root.add(row.seq, &row.hash);
            to = row.seq;
        }
        if rows.len() < STRETCH {
            break;
        }
    }
    if to < from {
        return Ok(None);
    }
    let public_key = key.0.verifying_key().to_bytes().to_vec();
    let mut seal = SealRow {
        org,
        n,
        from_seq: from,
        to_seq: to,
        at_ms: now_ms,
        root: root.finish(),
        prev_root,
        signature: Vec::new(),
        public_key,
    };
    seal.signature = key.0.sign(&signed_text(&seal)).to_bytes().to_vec();
    Ok(Some(seal))
}
