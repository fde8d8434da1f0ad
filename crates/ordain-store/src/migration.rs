//! The numbered schema files. Both engines apply the same ones; where they have to differ, the other engine's file of
//! that number lies beside.

use sha2::{Digest, Sha256};

use crate::{StoreError, Unusable};

pub(crate) struct Migration {
    pub version: i64,
    pub name: &'static str,
    pub sql: &'static str,
}

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "start", sql: include_str!("migrations/0001_start.sql") },
    Migration { version: 2, name: "flow_drafts", sql: include_str!("migrations/0002_flow_drafts.sql") },
    Migration { version: 3, name: "exceptions", sql: include_str!("migrations/0003_exceptions.sql") },
    Migration { version: 4, name: "price_lists", sql: include_str!("migrations/0004_price_lists.sql") },
    Migration { version: 5, name: "stock_ledger", sql: include_str!("migrations/0005_stock_ledger.sql") },
    Migration { version: 6, name: "purchases", sql: include_str!("migrations/0006_purchases.sql") },
    Migration { version: 7, name: "changes", sql: include_str!("migrations/0007_changes.sql") },
    Migration { version: 8, name: "bom", sql: include_str!("migrations/0008_bom.sql") },
    Migration { version: 9, name: "payments", sql: include_str!("migrations/0009_payments.sql") },
    Migration { version: 10, name: "password_once", sql: include_str!("migrations/0010_password_once.sql") },
    Migration {
        version: 11,
        name: "pending_releases",
        sql: include_str!("migrations/0011_pending_releases.sql"),
    },
    Migration { version: 12, name: "promises", sql: include_str!("migrations/0012_promises.sql") },
    Migration { version: 13, name: "task_history", sql: include_str!("migrations/0013_task_history.sql") },
    Migration { version: 14, name: "attachments", sql: include_str!("migrations/0014_attachments.sql") },
    Migration { version: 15, name: "order_facts", sql: include_str!("migrations/0015_order_facts.sql") },
    Migration { version: 16, name: "work", sql: include_str!("migrations/0016_work.sql") },
    Migration {
        version: 17,
        name: "shortage_tasks",
        sql: include_str!("migrations/0017_shortage_tasks.sql"),
    },
    Migration {
        version: 18,
        name: "invoices_stages",
        sql: include_str!("migrations/0018_invoices_stages.sql"),
    },
    Migration { version: 19, name: "hand_overs", sql: include_str!("migrations/0019_hand_overs.sql") },
    Migration { version: 20, name: "feedback", sql: include_str!("migrations/0020_feedback.sql") },
    Migration { version: 21, name: "self_check", sql: include_str!("migrations/0021_self_check.sql") },
    Migration { version: 22, name: "cycle_parts", sql: include_str!("migrations/0022_cycle_parts.sql") },
    Migration { version: 23, name: "saved_views", sql: include_str!("migrations/0023_saved_views.sql") },
    Migration { version: 24, name: "task_flow", sql: include_str!("migrations/0024_task_flow.sql") },
    Migration { version: 25, name: "data_scope", sql: include_str!("migrations/0025_data_scope.sql") },
    Migration { version: 26, name: "view_as", sql: include_str!("migrations/0026_view_as.sql") },
    Migration { version: 27, name: "order_records", sql: include_str!("migrations/0027_order_records.sql") },
    Migration { version: 28, name: "board_facts", sql: include_str!("migrations/0028_board_facts.sql") },
];

impl Migration {
    pub(crate) fn checksum(&self) -> [u8; 32] {
        Sha256::digest(self.sql).into()
    }

    /// Refuses a file that is not what it was when it was applied.
    pub(crate) fn check(&self, applied: [u8; 32]) -> Result<(), StoreError> {
        if applied == self.checksum() {
            return Ok(());
        }
        Err(Unusable::AlteredSchema(self.name).into())
    }
}

/// Refuses a schema that this program's statements do not fit.
pub(crate) fn check_version(found: i64) -> Result<(), StoreError> {
    check_not_newer(found)?;
    let known = newest();
    if found < known { Err(Unusable::OlderSchema { found, known }.into()) } else { Ok(()) }
}

/// Refuses a schema that a newer program has made.
pub(crate) fn check_not_newer(found: i64) -> Result<(), StoreError> {
    let known = newest();
    if found > known { Err(Unusable::NewerSchema { found, known }.into()) } else { Ok(()) }
}

fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |last| last.version)
}
