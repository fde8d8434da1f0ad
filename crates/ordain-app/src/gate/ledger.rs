//! Numbers and chain heads: what the next entry of the log continues.

use ordain_store::{Heads, SealRow};

/// Numbers and chain heads of all companies, as of the last commit.
#[derive(Clone, Debug)]
pub struct Ledger(pub(super) Heads);

impl Ledger {
    pub(super) fn new(heads: Heads) -> Self {
        Self(heads)
    }

    pub fn last_seal(&self, org: i64) -> Option<&SealRow> {
        self.0.seals.get(&org)
    }

    pub(super) fn orgs(&self) -> Vec<i64> {
        self.0.orgs.iter().map(|row| row.org).collect()
    }
}
