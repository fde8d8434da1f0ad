//! Names of everything that a run should reach, by matches without a catch-all: a new variant does not compile until
//! somebody has thought about how the generator gets there.

use ordain_app::case::decide::OrderCommand;
use ordain_app::case::timers::TimerKind;
use ordain_app::case::{Event, Refusal};
use ordain_domain::order::Event as OrderEvent;
use ordain_flow::run::Event as FlowEvent;
use std::collections::BTreeMap;

/// Every name that a full run must have seen at least once.
pub const ALL: &[&str] = &[
    "command.place",
    "command.edit",
    "command.submit",
    "command.cancel",
    "command.hold",
    "command.resume",
    "command.comment",
    "command.ask",
    "command.close_question",
    "command.claim",
    "command.decide",
    "command.recheck",
    "command.fire.gap",
    "command.fire.task_soon",
    "command.fire.task_due",
    "command.fire.notice_late",
    "command.fire.question_due",
    "command.notice_delivered",
    "refusal.not_found",
    "refusal.wrong_status",
    "refusal.on_hold",
    "refusal.not_on_hold",
    "refusal.reason_required",
    "refusal.task_not_found",
    "refusal.task_closed",
    "refusal.not_your_task",
    "refusal.claimed_by_other",
    "refusal.findings_need_reason",
    "refusal.promise_not_backed",
    "refusal.unknown_finding",
    "refusal.question_not_found",
    "refusal.question_closed",
    "refusal.questions_open",
    "refusal.nothing_due",
    "refusal.gate",
    "refusal.no_flow",
    "order.received",
    "order.edited",
    "order.checked",
    "order.submitted",
    "order.incomplete",
    "order.returned",
    "order.stock_held",
    "order.stock_released",
    "order.credit_held",
    "order.credit_released",
    "order.finding_accepted",
    "order.confirmed",
    "order.rejected",
    "order.cancelled",
    "order.held",
    "order.resumed",
    "order.commented",
    "order.question_asked",
    "order.question_closed",
    "order.notice_queued",
    "order.notice_sent",
    "order.notice_failed",
    "order.notice_late",
    "order.reminded",
    "case.pinned",
    "case.task_assigned",
    "case.task_claimed",
    "case.task_decided",
    "case.task_closed",
    "case.notice_expected",
    "case.returned_to_sender",
    "flow.entered",
    "flow.checks_passed",
    "flow.task_opened",
    "flow.passed_by_rule",
    "flow.decided",
    "flow.lane_taken",
    "flow.returned_for_completion",
    "flow.task_closed",
    "flow.notice_requested",
    "flow.went_back",
    "flow.ended",
];

/// Names that cannot be reached without the Gate, each with the reason.
pub const UNREACHABLE: &[(&str, &str)] = &[
    ("refusal.stale", "only the Gate compares entity tags; the simulation reaches it"),
    (
        "refusal.flow",
        "the case guards every input: a task is looked up before the run is asked, only editable orders are \
         submitted, only running ones cancelled, and a flow without an otherwise lane does not compile",
    ),
];

/// How often each name was seen.
#[derive(Clone, Debug, Default)]
pub struct Coverage(BTreeMap<&'static str, u64>);

impl Coverage {
    pub fn see(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }

    pub fn add(&mut self, other: &Coverage) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    pub fn count(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// What should have been seen and was not.
    pub fn missing(&self) -> Vec<&'static str> {
        ALL.iter().copied().filter(|name| self.count(name) == 0).collect()
    }

    /// What was seen although it is listed as unreachable, or is not listed at all; notes of the model apart.
    pub fn unexpected(&self) -> Vec<&'static str> {
        let noted = |name: &&str| name.starts_with("seen.");
        self.0.keys().copied().filter(|name| !ALL.contains(name) && !noted(name)).collect()
    }
}

pub fn command(command: &OrderCommand) -> &'static str {
    match command {
        OrderCommand::Place(_) => "command.place",
        OrderCommand::Edit { .. } => "command.edit",
        OrderCommand::Submit { .. } => "command.submit",
        OrderCommand::Cancel { .. } => "command.cancel",
        OrderCommand::Hold { .. } => "command.hold",
        OrderCommand::Resume => "command.resume",
        OrderCommand::Comment { .. } => "command.comment",
        OrderCommand::Ask { .. } => "command.ask",
        OrderCommand::CloseQuestion { .. } => "command.close_question",
        OrderCommand::Claim { .. } => "command.claim",
        OrderCommand::Decide { .. } => "command.decide",
        OrderCommand::Recheck => "command.recheck",
        OrderCommand::Fire { kind, .. } => match kind {
            TimerKind::Gap => "command.fire.gap",
            TimerKind::TaskSoon => "command.fire.task_soon",
            TimerKind::TaskDue => "command.fire.task_due",
            TimerKind::NoticeLate => "command.fire.notice_late",
            TimerKind::QuestionDue => "command.fire.question_due",
        },
        OrderCommand::NoticeDelivered { .. } => "command.notice_delivered",
        OrderCommand::MigrateRun { .. } => "command.migrate_run",
        OrderCommand::UndoMigration => "command.undo_migration",
    }
}

pub fn refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound => "refusal.not_found",
        Refusal::Stale { .. } => "refusal.stale",
        Refusal::WrongStatus(_) => "refusal.wrong_status",
        Refusal::OnHold => "refusal.on_hold",
        Refusal::NotOnHold => "refusal.not_on_hold",
        Refusal::ReasonRequired => "refusal.reason_required",
        Refusal::TaskNotFound => "refusal.task_not_found",
        Refusal::TaskClosed => "refusal.task_closed",
        Refusal::NotYourTask => "refusal.not_your_task",
        Refusal::ClaimedByOther => "refusal.claimed_by_other",
        Refusal::FindingsNeedReason(_) => "refusal.findings_need_reason",
        Refusal::PromiseNotBacked(_) => "refusal.promise_not_backed",
        Refusal::UnknownFinding(_) => "refusal.unknown_finding",
        Refusal::QuestionNotFound => "refusal.question_not_found",
        Refusal::QuestionClosed => "refusal.question_closed",
        Refusal::QuestionsOpen(_) => "refusal.questions_open",
        Refusal::NothingDue => "refusal.nothing_due",
        Refusal::Flow(_) => "refusal.flow",
        Refusal::Gate(_) => "refusal.gate",
        Refusal::DraftLocked { .. } => "refusal.draft_locked",
        Refusal::UnknownVersion => "refusal.unknown_version",
        Refusal::NotMovable => "refusal.not_movable",
        Refusal::TooLateToUndo => "refusal.too_late_to_undo",
        Refusal::NoFlow => "refusal.no_flow",
    }
}

pub fn event(event: &Event) -> &'static str {
    match event {
        Event::Order(event) => of_order(event),
        Event::Flow(event) => of_flow(event),
        Event::Pinned { .. } => "case.pinned",
        Event::TaskAssigned { .. } => "case.task_assigned",
        Event::TaskClaimed { .. } => "case.task_claimed",
        Event::TaskDecided { .. } => "case.task_decided",
        Event::TaskClosed { .. } => "case.task_closed",
        Event::NoticeExpected { .. } => "case.notice_expected",
        Event::ReturnedToSender(_) => "case.returned_to_sender",
        Event::Migrated { .. } => "case.migrated",
        Event::MigrationUndone => "case.migration_undone",
    }
}

fn of_order(event: &OrderEvent) -> &'static str {
    match event {
        OrderEvent::Received(_) => "order.received",
        OrderEvent::Edited { .. } => "order.edited",
        OrderEvent::Checked { .. } => "order.checked",
        OrderEvent::Submitted => "order.submitted",
        OrderEvent::Incomplete => "order.incomplete",
        OrderEvent::Returned => "order.returned",
        OrderEvent::StockHeld { .. } => "order.stock_held",
        OrderEvent::StockReleased => "order.stock_released",
        OrderEvent::CreditHeld(_) => "order.credit_held",
        OrderEvent::CreditReleased => "order.credit_released",
        OrderEvent::FindingAccepted { .. } => "order.finding_accepted",
        OrderEvent::Confirmed(_) => "order.confirmed",
        OrderEvent::Rejected => "order.rejected",
        OrderEvent::Cancelled => "order.cancelled",
        OrderEvent::Held => "order.held",
        OrderEvent::Resumed => "order.resumed",
        OrderEvent::Commented { .. } => "order.commented",
        OrderEvent::QuestionAsked { .. } => "order.question_asked",
        OrderEvent::QuestionClosed { .. } => "order.question_closed",
        OrderEvent::NoticeQueued { .. } => "order.notice_queued",
        OrderEvent::NoticeSent { .. } => "order.notice_sent",
        OrderEvent::NoticeFailed { .. } => "order.notice_failed",
        OrderEvent::NoticeLate { .. } => "order.notice_late",
        OrderEvent::Reminded { .. } => "order.reminded",
    }
}

fn of_flow(event: &FlowEvent) -> &'static str {
    match event {
        FlowEvent::Entered { .. } => "flow.entered",
        FlowEvent::ChecksPassed { .. } => "flow.checks_passed",
        FlowEvent::TaskOpened { .. } => "flow.task_opened",
        FlowEvent::PassedByRule { .. } => "flow.passed_by_rule",
        FlowEvent::Decided { .. } => "flow.decided",
        FlowEvent::LaneTaken { .. } => "flow.lane_taken",
        FlowEvent::ReturnedForCompletion { .. } => "flow.returned_for_completion",
        FlowEvent::TaskClosed { .. } => "flow.task_closed",
        FlowEvent::NoticeRequested { .. } => "flow.notice_requested",
        FlowEvent::WentBack { .. } => "flow.went_back",
        FlowEvent::Ended { .. } => "flow.ended",
        FlowEvent::WaitBegan { .. } => "flow.wait_began",
        FlowEvent::WaitEnded { .. } => "flow.wait_ended",
        FlowEvent::Answered { .. } => "flow.answered",
        FlowEvent::LapseNoted { .. } => "flow.lapse_noted",
        FlowEvent::Forked { .. } => "flow.forked",
        FlowEvent::LaneEnded { .. } => "flow.lane_ended",
        FlowEvent::Joined { .. } => "flow.joined",
        FlowEvent::Abandoned { .. } => "flow.abandoned",
        FlowEvent::CopyRequested { .. } => "flow.copy_requested",
        FlowEvent::DataSet { .. } => "flow.data_set",
        FlowEvent::SubflowDetached { .. } => "flow.subflow_detached",
        FlowEvent::LoopedBack { .. } => "flow.looped_back",
        FlowEvent::ReturnedTo { .. } => "flow.returned_to",
        FlowEvent::AskedAgain { .. } => "flow.asked_again",
        FlowEvent::CameBack { .. } => "flow.came_back",
        FlowEvent::Withdrawn { .. } => "flow.withdrawn",
        FlowEvent::Jumped { .. } => "flow.jumped",
        FlowEvent::Revived => "flow.revived",
    }
}
