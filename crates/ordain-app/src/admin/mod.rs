//! Commands about the company itself: set-up, master data, people, tokens, sessions, flows.
//!
//! They go through the same Gate as orders and end in the same commit and log, under the subject `org`.

use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use ordain_store::Keys;

/// What can be asked of the company's data.
#[derive(Clone, Debug)]
pub enum AdminCommand {
    Todo,
}

/// What it did.
#[derive(Clone, Debug)]
pub enum AdminDone {
    Upserted { created: usize, updated: usize, unchanged: usize },
}

impl AdminCommand {
    pub(crate) fn keys(&self, _org: i64, _keys: &mut Keys) {}

    pub(crate) fn decide(&self, _batch: &mut Batch<'_>, _org: i64, _by: &By) -> Result<AdminDone, GateError> {
        Ok(AdminDone::Upserted { created: 0, updated: 0, unchanged: 0 })
    }
}
