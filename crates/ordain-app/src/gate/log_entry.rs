//! What the log says of a command: its name, its reason, and which fields the hash covers.

use crate::case::Event;
use crate::case::decide::{Fulfil, Intervention, OrderCommand, PromiseStep, QuestionOutcome, Settlement};
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

/// Asking for a second person is not what is asked for.
pub(super) fn entry_name(command: &OrderCommand, events: &[Event]) -> &'static str {
    let asks =
        |event: &Event| matches!(event, Event::ExceptionRaised { exception } if exception.asked.is_some());
    if events.iter().any(asks) { "ask_second_person" } else { command_name(command) }
}

pub(super) fn command_name(command: &OrderCommand) -> &'static str {
    match command {
        OrderCommand::Place(_) | OrderCommand::PlacePart { .. } => "place_order",
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
        OrderCommand::See { .. } => "see_task",
        OrderCommand::Recall { .. } => "recall_order",
        OrderCommand::Decide { .. }
        | OrderCommand::DecideInBatch { .. }
        | OrderCommand::DecideSigned { .. } => "decide_task",
        OrderCommand::Attach { .. } => "attach_file",
        OrderCommand::Transfer { .. } => "transfer_task",
        OrderCommand::Delegate { .. } => "delegate_task",
        OrderCommand::GiveBack { .. } => "give_back_task",
        OrderCommand::HoldTask { .. } => "hold_task",
        OrderCommand::ResumeTask { .. } => "resume_task",
        OrderCommand::SendCopy { .. } => "send_copy",
        OrderCommand::AddSigner { .. } => "add_signer",
        OrderCommand::RemoveSigner { .. } => "remove_signer",
        OrderCommand::Urge { .. } => "urge_task",
        OrderCommand::Press { .. } => "press_button",
        OrderCommand::Reassign { .. } => "reassign_task",
        OrderCommand::ReturnTo { .. } => "return_task",
        OrderCommand::Withdraw { .. } => "withdraw_decision",
        OrderCommand::WriteFields { .. } => "write_fields",
        OrderCommand::Tick { .. } => "tick_point",
        OrderCommand::ChoosePeople { .. } => "choose_people",
        OrderCommand::RecordAnswer { .. } => "record_answer",
        OrderCommand::SendCode => "send_answer_code",
        OrderCommand::RefuseCode { .. } => "refuse_answer_code",
        OrderCommand::SendNotice { .. } => "send_notice",
        OrderCommand::Signal { .. } => "signal_event",
        OrderCommand::Fulfil(act) => fulfil_name(act),
        OrderCommand::Promise(step) => promise_name(step),
        OrderCommand::SettlePromise { by: Settlement::Exchange { .. }, .. } => "exchange_promise",
        OrderCommand::SettlePromise { .. } => "settle_promise",
        OrderCommand::GiveForExchange { .. } => "give_for_exchange",
        OrderCommand::Intervene { act, .. } => intervention_name(act),
        OrderCommand::ReportIssue { .. } => "report_issue",
        OrderCommand::ExplainLoss { .. } => "explain_loss",
        OrderCommand::TakeException { .. } => "take_exception",
        OrderCommand::CloseException { .. } => "close_exception",
        OrderCommand::Recheck => "recheck_order",
        OrderCommand::Fire { .. } => "fire_timer",
        OrderCommand::NoticeDelivered { .. } => "record_delivery",
        OrderCommand::CallEnded { .. } => "record_call",
        OrderCommand::MigrateRun { .. } => "migrate_run",
        OrderCommand::MigrationFailed { .. } => "migration_failed",
        OrderCommand::UndoMigration => "undo_migration",
        OrderCommand::RequestChange(_) => "request_change",
        OrderCommand::TakeChange { .. } | OrderCommand::TakePart { .. } => "take_change",
        OrderCommand::Split { .. } => "split_order",
        OrderCommand::Merge { .. } => "merge_orders",
        OrderCommand::RejectChange { .. } => "reject_change",
        OrderCommand::WithdrawChange { .. } => "withdraw_change",
        OrderCommand::Acknowledge => "acknowledge_copy",
        OrderCommand::Watch { .. } => "watch_order",
    }
}

pub(super) fn reason(command: &OrderCommand) -> Option<String> {
    match command {
        OrderCommand::Cancel { reason, .. } if reason.trim().is_empty() => None,
        OrderCommand::Cancel { reason, .. }
        | OrderCommand::Hold { reason }
        | OrderCommand::Recall { reason }
        | OrderCommand::Transfer { reason, .. }
        | OrderCommand::Delegate { reason, .. }
        | OrderCommand::HoldTask { reason, .. }
        | OrderCommand::Reassign { reason, .. }
        | OrderCommand::ReturnTo { reason, .. }
        | OrderCommand::Intervene { reason, .. }
        | OrderCommand::RejectChange { reason, .. }
        | OrderCommand::WithdrawChange { reason, .. }
        | OrderCommand::TakePart { reason, .. }
        | OrderCommand::Split { reason, .. }
        | OrderCommand::Merge { reason, .. }
        | OrderCommand::CloseException { reason, .. } => Some(reason.clone()),
        OrderCommand::RequestChange(asked) => Some(asked.reason.clone()),
        OrderCommand::Fulfil(act) => match &**act {
            Fulfil::ReversePayment { reason, .. } | Fulfil::CorrectInvoice { reason, .. } => {
                Some(reason.clone())
            }
            _ => None,
        },
        OrderCommand::MigrateRun { reason, .. } => reason.clone().filter(|reason| !reason.trim().is_empty()),
        OrderCommand::Decide { reason, .. }
        | OrderCommand::DecideInBatch { reason, .. }
        | OrderCommand::DecideSigned { reason, .. } => reason.clone(),
        _ => None,
    }
}

fn fulfil_name(act: &Fulfil) -> &'static str {
    match act {
        Fulfil::Ship { .. } => "ship_order",
        Fulfil::Pay { .. } => "record_payment",
        Fulfil::ReversePayment { .. } => "reverse_payment",
        Fulfil::Invoice { number: None, .. } => "request_invoice",
        Fulfil::Invoice { number: Some(_), .. } => "issue_invoice",
        Fulfil::CorrectInvoice { .. } => "correct_invoice",
        Fulfil::Complain { .. } => "record_complaint",
        Fulfil::AnswerComplaint { .. } => "answer_complaint",
        Fulfil::CloseComplaint { .. } => "close_complaint",
    }
}

fn promise_name(step: &PromiseStep) -> &'static str {
    match step {
        PromiseStep::Arrived { .. } => "hold_arrived",
        PromiseStep::Moved { .. } => "move_supply",
        PromiseStep::Gone { .. } => "lose_goods",
    }
}

fn intervention_name(act: &Intervention) -> &'static str {
    match act {
        Intervention::Jump { .. } => "jump_run",
        Intervention::Skip { .. } => "skip_step",
        Intervention::RunAgain { .. } => "run_step_again",
        Intervention::End { .. } => "end_run",
        Intervention::Revive => "revive_order",
        Intervention::Override { .. } => "override_finding",
        Intervention::TakeOver => "take_over_order",
        Intervention::PutBack => "put_back_order",
        Intervention::Reassign { .. } => "reassign_task",
        Intervention::Agree { .. } => "agree_by_hand",
    }
}
