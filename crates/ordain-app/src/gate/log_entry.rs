//! What the log says of a command: its name, its reason, and which fields the hash covers.

use crate::case::decide::{OrderCommand, QuestionOutcome};
use ordain_domain::audit;
use ordain_store::LogRow;

/// The fields of a log row that its hash covers.
pub fn covered(row: &LogRow) -> audit::Entry<'_> {
    audit::Entry {
        org: row.org,
        seq: row.seq,
        subject: &row.subject,
        subject_seq: row.subject_seq,
        at_ms: row.at_ms,
        actor: &row.actor,
        command: &row.command,
        reason: row.reason.as_deref(),
        events: &row.events,
    }
}

pub(super) fn command_name(command: &OrderCommand) -> &'static str {
    match command {
        OrderCommand::Place(_) => "place_order",
        OrderCommand::Edit { .. } => "edit_order",
        OrderCommand::Submit { .. } => "submit_order",
        OrderCommand::Cancel { .. } => "cancel_order",
        OrderCommand::Hold { .. } => "hold_order",
        OrderCommand::Resume => "resume_order",
        OrderCommand::Comment { .. } => "comment_order",
        OrderCommand::Ask { .. } => "ask_question",
        OrderCommand::CloseQuestion { outcome: QuestionOutcome::Answer { .. }, .. } => "answer_question",
        OrderCommand::CloseQuestion { outcome: QuestionOutcome::Withdraw { .. }, .. } => "withdraw_question",
        OrderCommand::Claim { .. } => "claim_task",
        OrderCommand::Decide { .. } => "decide_task",
        OrderCommand::Recheck => "recheck_order",
        OrderCommand::Fire { .. } => "fire_timer",
        OrderCommand::NoticeDelivered { .. } => "record_delivery",
        OrderCommand::MigrateRun { .. } => "migrate_run",
        OrderCommand::UndoMigration => "undo_migration",
    }
}

pub(super) fn reason(command: &OrderCommand) -> Option<String> {
    match command {
        OrderCommand::Cancel { reason } | OrderCommand::Hold { reason } => Some(reason.clone()),
        OrderCommand::Decide { reason, .. } => reason.clone(),
        _ => None,
    }
}
