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

    /// Whether the company itself has the same last entry here and there.
    pub(super) fn says_the_same_of(&self, org: i64, other: &Ledger) -> bool {
        let last = |ledger: &Ledger| ledger.0.org_log.get(&org).map(|row| row.hash);
        last(self) == last(other)
    }

    pub(super) fn orgs(&self) -> Vec<i64> {
        self.0.orgs.iter().map(|row| row.org).collect()
    }
}
