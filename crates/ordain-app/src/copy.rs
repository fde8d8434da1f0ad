//! Copies of a whole database, as of one moment: kept in a file, brought back, or moved to another engine.

use crate::audit::{self, Problem};
use ordain_store::{Database, Store, StoreError};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copied {
    pub orders: u64,
    pub entries: u64,
    pub rows: u64,
    /// Over every value of every table, in hexadecimal: two copies with the same one hold the same.
    pub hash: String,
}

/// Copies a database into one that is empty or does not exist, and compares both. Whoever writes meanwhile goes on; what
/// was acknowledged before is in the copy.
///
/// # Errors
/// See [`Store::copy_to`].
pub fn copy(from: Database<'_>, to: Database<'_>) -> Result<Copied, StoreError> {
    let source = Store::open_reader(from)?;
    let (target, mut writer) = Store::open(to)?;
    let contents = source.copy_to(&target, &mut writer)?;
    // Whoever writes to a file closes it last: then all of it is in that one file.
    drop(target);
    drop(writer);
    let rows = |table: &str| contents.iter().find(|of| of.table == table).map_or(0, |of| of.rows);
    let mut hash = Sha256::new();
    contents.iter().for_each(|content| hash.update(content.hash));
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let all = contents.iter().map(|content| content.rows).sum();
    Ok(Copied { orders: rows("orders"), entries: rows("log"), rows: all, hash })
}

/// The first damage in the log and the states of any company of a database.
///
/// # Errors
/// If the database cannot be read.
pub fn damage(at: Database<'_>) -> Result<Option<Problem>, StoreError> {
    let store = Store::open_reader(at)?;
    for org in store.orgs()? {
        let report = audit::verify(&store, org.org, false, None, &mut |_| {})?;
        if report.first_problem.is_some() {
            return Ok(report.first_problem);
        }
    }
    Ok(None)
}
