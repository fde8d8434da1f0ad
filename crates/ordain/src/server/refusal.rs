//! What a refused command on an order becomes for whoever asked: one status and one code for each obstacle.

use super::problem::{FaultView, Problem};
use crate::wire::task::close_reason;
use crate::words::{Text, field, list, named, text};
use axum::http::StatusCode;
use ordain_app::case::Refusal;
use ordain_app::case::attachment::ATTACHMENTS_MAX;
use ordain_app::problem::Fault;
use ordain_domain::decimal::{Currency, money_text};
use ordain_domain::order::change::CHANGES_MAX;
use ordain_domain::order::confirm::Obstacle;
use ordain_domain::order::fulfilment::ReleaseObstacle;
use ordain_flow::run::{CloseReason, Decision, StepRefusal};
use std::collections::BTreeMap;

impl From<Refusal> for Problem {
    #[allow(clippy::too_many_lines)] // one arm for each refusal
    fn from(refusal: Refusal) -> Self {
        let conflict = |code: &str| Problem::new(StatusCode::CONFLICT, code);
        let wrong = |code: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code);
        let absent = |code: &str| Problem::new(StatusCode::NOT_FOUND, code);
        match refusal {
            Refusal::NotFound => Problem::not_found(),
            Refusal::Stale { current } => {
                Problem::new(StatusCode::PRECONDITION_FAILED, "stale").with("current", current.to_string())
            }
            Refusal::WrongStatus(status) => {
                conflict("wrong_status").with("status", named("status", status.name()))
            }
            Refusal::OnHold => conflict("on_hold"),
            Refusal::NotOnHold => conflict("not_on_hold"),
            Refusal::TakenOver => conflict("taken_over"),
            Refusal::NotAStarter => Problem::new(StatusCode::FORBIDDEN, "not_a_starter"),
            Refusal::PastRecall => conflict("past_recall"),
            Refusal::FieldsUnseen(paths) => wrong("fields_unseen").paths("unseen", paths),
            Refusal::ReasonRequired => wrong("reason_required"),
            Refusal::TaskNotFound => absent("task_not_found"),
            Refusal::TaskClosed { by, decision, reason, at_ms } => over(by, decision, reason, at_ms),
            Refusal::NotYourTask => Problem::new(StatusCode::FORBIDDEN, "not_your_task"),
            Refusal::OpenedFurtherOn { by } => conflict("opened_further_on").with("by", by),
            Refusal::ClaimedByOther => conflict("claimed_by_other"),
            Refusal::FourEyes => Problem::new(StatusCode::FORBIDDEN, "four_eyes"),
            Refusal::AlreadyHeard => conflict("already_heard"),
            Refusal::Entrusted => conflict("entrusted"),
            Refusal::NotEntrusted => conflict("not_entrusted"),
            Refusal::HoldTooLong { left } => wrong("hold_too_long").with("left", left.to_string()),
            Refusal::SignersPending => conflict("signers_pending"),
            Refusal::UnknownButton(button) => conflict("unknown_button").with("button", Text::plain(button)),
            Refusal::StillTold => conflict("still_told"),
            Refusal::NotOffered(action) => {
                conflict("not_offered").with("action", named("task_action", &word(action)))
            }
            Refusal::UnknownPerson(login) => wrong("unknown_person").with("login", login),
            Refusal::UnfitPerson(login) => wrong("unfit_person").with("login", login),
            Refusal::AlreadyAsked(login) => conflict("already_asked").with("login", login),
            Refusal::TooManySigners => conflict("too_many_signers"),
            Refusal::NotYourSigner => Problem::new(StatusCode::FORBIDDEN, "not_your_signer"),
            Refusal::SameHolder => conflict("same_holder"),
            Refusal::UrgedLately { until_ms } => conflict("urged_lately").at("until", until_ms),
            Refusal::FindingsNeedReason(ids) => wrong("finding_needs_reason").named(ids),
            Refusal::ChecksOpen(ids) => wrong("checks_open").named(ids),
            Refusal::PromiseNotBacked(ids) => wrong("promise_not_backed").named(ids),
            Refusal::UnknownFinding(id) => wrong("unknown_finding").with("finding", id),
            Refusal::QuestionNotFound => absent("question_not_found"),
            Refusal::QuestionClosed => conflict("question_closed"),
            Refusal::QuestionsOpen(ids) => {
                let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
                conflict("questions_open").with("questions", ids.join(", "))
            }
            Refusal::FieldsNotWritable(paths) => {
                Problem::new(StatusCode::FORBIDDEN, "fields_not_writable").paths("not_writable", paths)
            }
            Refusal::FieldsUnreadable(paths) => wrong("fields_unreadable").paths("unreadable_value", paths),
            Refusal::FieldGuarded { path, node } => {
                conflict("field_guarded").with("node", node).paths("guarded", vec![path])
            }
            Refusal::FieldsMissing(paths) => wrong("fields_missing").paths("missing", paths),
            Refusal::PointsOpen(points) => {
                let points: Vec<String> = points.iter().map(|point| (point + 1).to_string()).collect();
                wrong("points_open").with("points", points.join(", "))
            }
            Refusal::NotInBatch => conflict("not_in_batch"),
            Refusal::SignatureMissing => wrong("signature_missing"),
            Refusal::AttachmentMissing => wrong("attachment_missing"),
            Refusal::TooManyAttachments => {
                conflict("too_many_attachments").with("most", ATTACHMENTS_MAX.to_string())
            }
            Refusal::UnknownStep(node) => wrong("unknown_step").with("node", node),
            Refusal::UnknownNotice(template) => wrong("unknown_notice").with("template", template),
            Refusal::BadAddress(to) => wrong("bad_address").with("to", to),
            Refusal::CustomerNotAsked => conflict("customer_not_asked"),
            Refusal::ProofNeeded(proof) => wrong(&format!("{}_needed", proof.name())),
            Refusal::CodeVoid => conflict("code_void"),
            Refusal::CodeSentLately { until_ms } => conflict("code_sent_lately").at("until", until_ms),
            Refusal::TooManyCodes => conflict("too_many_codes"),
            Refusal::NoOtherChannel => conflict("no_other_channel"),
            Refusal::NobodyWaits(event) => conflict("nobody_waits").with("event", event),
            Refusal::NotTakenOver => conflict("not_taken_over"),
            Refusal::AgreementPending => conflict("agreement_pending"),
            Refusal::OwnAct => Problem::new(StatusCode::FORBIDDEN, "own_act"),
            Refusal::PromiseNotBroken => conflict("promise_not_broken"),
            Refusal::NothingInstead => conflict("nothing_instead"),
            Refusal::NothingToExchange { with } => conflict("nothing_to_exchange").with("number", with),
            Refusal::ExceptionNotFound => absent("exception_not_found"),
            Refusal::NotYourException => Problem::new(StatusCode::FORBIDDEN, "not_your_exception"),
            Refusal::UnknownIssueType(code) => wrong("unknown_issue_type").with("type", code),
            Refusal::ExceptionClosed { by, at_ms } => {
                conflict("exception_closed").with("by", by).at("at", at_ms)
            }
            Refusal::Invalid(faults) => wrong("invalid").faults(faults),
            Refusal::RevisionSuperseded { asked, current } => conflict("revision_superseded")
                .with("asked", asked.to_string())
                .with("current", current.to_string()),
            Refusal::NotReleased { obstacles, currency } => {
                let obstacles: Vec<Text> =
                    obstacles.iter().map(|obstacle| release_obstacle(obstacle, currency)).collect();
                conflict("not_released").with("obstacles", list(&obstacles))
            }
            Refusal::PaymentKnown { reference, number } => {
                conflict("payment_known").with("reference", reference).with("number", number)
            }
            Refusal::ComplaintNotFound => absent("complaint_not_found"),
            Refusal::InvoiceNotFound => absent("invoice_not_found"),
            Refusal::ComplaintClosed => conflict("complaint_closed"),
            Refusal::NothingToAcknowledge => conflict("nothing_to_acknowledge"),
            Refusal::NothingDue => conflict("nothing_due"),
            Refusal::Flow(step) => flow(&step),
            Refusal::Gate(obstacles) => {
                let obstacles: Vec<Text> = obstacles.iter().map(obstacle).collect();
                conflict("not_confirmable").with("obstacles", list(&obstacles))
            }
            Refusal::NoFlow => conflict("no_flow"),
            Refusal::ReleasePending => conflict("release_pending"),
            Refusal::DraftLocked { by } => conflict("draft_locked").with("by", by),
            Refusal::UnknownVersion => absent("unknown_version"),
            Refusal::NotMovable => conflict("not_movable"),
            Refusal::NotMoved => conflict("not_moved"),
            Refusal::TooLateToUndo => conflict("too_late_to_undo"),
            Refusal::ChangeNotFound => absent("change_not_found"),
            Refusal::ChangeClosed => conflict("change_closed"),
            Refusal::ChangeUnderReview => conflict("change_under_review"),
            Refusal::ChangeOutdated { base, current, conflicts } => {
                let code = if conflicts.is_empty() { "change_outdated" } else { "change_overtaken" };
                let told = conflict(code).with("base", base.to_string()).with("current", current.to_string());
                if conflicts.is_empty() { told } else { told.paths("conflicts", conflicts) }
            }
            Refusal::NotYourChange => Problem::new(StatusCode::FORBIDDEN, "not_your_change"),
            Refusal::NothingChanged => wrong("nothing_changed"),
            Refusal::TooManyChanges => conflict("too_many_changes").with("most", CHANGES_MAX.to_string()),
            Refusal::ChangeNotAllowed(paths) => wrong("change_not_allowed").paths("fixed", paths),
            Refusal::ChangeIncomplete(ids) => {
                wrong("change_incomplete").with("n", ids.len().to_string()).named(ids)
            }
            Refusal::NotLost => conflict("not_lost"),
            Refusal::LossExplained => conflict("loss_explained"),
            Refusal::UnknownCancelReason(code) => wrong("unknown_cancel_reason").with("code", code),
            Refusal::NotAlike(paths) => wrong("not_alike").paths("differs", paths),
        }
    }
}

impl Problem {
    /// Fields of the order, each with the same fault.
    fn paths(self, code: &str, paths: Vec<String>) -> Self {
        self.faults(paths.iter().map(|path| Fault::new(code, path)).collect())
    }

    /// Findings of an order by their ids: `code:path`.
    fn named(mut self, ids: Vec<String>) -> Self {
        for id in ids {
            let (code, path) = id.split_once(':').unwrap_or((id.as_str(), ""));
            self.faults.push(FaultView {
                id: id.clone(),
                code: code.to_owned(),
                severity: "warning",
                path: path.to_owned(),
                facts: BTreeMap::new(),
                message: crate::words::field(path),
            });
        }
        self
    }
}

/// What keeps goods from leaving.
pub fn release_obstacle(obstacle: &ReleaseObstacle, currency: Currency) -> Text {
    let money = |minor: i64| Text::plain(money_text(minor, currency));
    match obstacle {
        ReleaseObstacle::DepositMissing { due_minor, paid_minor } => {
            text("release_obstacle.deposit", &[("due", money(*due_minor)), ("paid", money(*paid_minor))])
        }
        ReleaseObstacle::InvoiceData(path) => text("release_obstacle.invoice", &[("field", field(path))]),
    }
}

fn obstacle(obstacle: &Obstacle) -> Text {
    let code = match obstacle {
        Obstacle::Status(_) => "status",
        Obstacle::OnHold => "on_hold",
        Obstacle::RunNotAtConfirmingEnd => "run_not_at_end",
        Obstacle::PendingTasks(_) => "pending_tasks",
        Obstacle::OpenFinding(_) => "open_finding",
        Obstacle::OpenQuestion(_) => "open_question",
        Obstacle::Unbacked(_) => "unbacked",
        Obstacle::SupersededRevision { .. } => "superseded_revision",
        Obstacle::NoTotals => "no_totals",
    };
    named("obstacle", code)
}

/// Somebody has been faster: who, with what, and when.
fn over(by: Option<String>, decision: Option<Decision>, reason: Option<CloseReason>, at_ms: i64) -> Problem {
    match (by, decision) {
        (Some(by), Some(decision)) => Problem::new(StatusCode::CONFLICT, "task_decided")
            .with("by", by)
            .with("decision", named("decision", &word(decision)))
            .at("at", at_ms),
        (Some(by), None) => Problem::new(StatusCode::CONFLICT, "task_closed_by")
            .with("by", by)
            .with("why", close_reason(reason))
            .at("at", at_ms),
        (None, _) => Problem::new(StatusCode::CONFLICT, "task_closed").at("at", at_ms),
    }
}

/// The name under which a unit variant is written in documents.
fn word(value: impl serde::Serialize) -> String {
    let written = serde_json::to_value(value).unwrap_or_default();
    written.as_str().unwrap_or_default().to_owned()
}

/// Why a flow does not take an input, in words.
fn flow(step: &StepRefusal) -> Problem {
    if let StepRefusal::UnknownNode { node } = step {
        return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_step")
            .with("node", &**node)
            .faults(vec![Fault::new("unknown_step", "to").with("asked", &**node)]);
    }
    let told = serde_json::to_value(step).unwrap_or_default();
    let part = |name: &str| told.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let key = format!("step_refusal.{}", part("reason"));
    let reason =
        text(&key, &[("node", Text::plain(part("node"))), ("outcome", named("status", part("outcome")))]);
    Problem::new(StatusCode::CONFLICT, "flow_refused").with("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::has;
    use ordain_domain::order::Status;
    use ordain_flow::doc::{Proof, TaskAction};

    #[test]
    #[allow(clippy::too_many_lines, reason = "one line for each refusal")]
    fn every_refusal_has_words() {
        let refusals = [
            Refusal::NotFound,
            Refusal::Stale { current: 1 },
            Refusal::WrongStatus(Status::Draft),
            Refusal::OnHold,
            Refusal::NotOnHold,
            Refusal::TakenOver,
            Refusal::ReasonRequired,
            Refusal::TaskNotFound,
            Refusal::TaskClosed { by: None, decision: None, reason: None, at_ms: 0 },
            Refusal::TaskClosed {
                by: Some("Li".into()),
                decision: Some(Decision::Approve),
                reason: None,
                at_ms: 0,
            },
            Refusal::TaskClosed {
                by: Some("Li".into()),
                decision: None,
                reason: Some(CloseReason::Withdrawn),
                at_ms: 0,
            },
            Refusal::FourEyes,
            Refusal::AlreadyHeard,
            Refusal::Entrusted,
            Refusal::NotEntrusted,
            Refusal::HoldTooLong { left: 1 },
            Refusal::SignersPending,
            Refusal::NotOffered(TaskAction::Transfer),
            Refusal::UnknownButton("b1".to_owned()),
            Refusal::StillTold,
            Refusal::UnknownPerson("x".into()),
            Refusal::UnfitPerson("x".into()),
            Refusal::AlreadyAsked("x".into()),
            Refusal::TooManySigners,
            Refusal::NotYourSigner,
            Refusal::SameHolder,
            Refusal::UrgedLately { until_ms: 0 },
            Refusal::NotYourTask,
            Refusal::OpenedFurtherOn { by: "Li".into() },
            Refusal::ClaimedByOther,
            Refusal::FindingsNeedReason(Vec::new()),
            Refusal::PromiseNotBacked(Vec::new()),
            Refusal::UnknownFinding(String::new()),
            Refusal::QuestionNotFound,
            Refusal::QuestionClosed,
            Refusal::QuestionsOpen(vec![1]),
            Refusal::FieldsNotWritable(vec!["lines[0].quantity".into()]),
            Refusal::FieldsUnreadable(Vec::new()),
            Refusal::FieldGuarded { path: "lines".into(), node: "x".into() },
            Refusal::FieldsMissing(Vec::new()),
            Refusal::PointsOpen(vec![0]),
            Refusal::NotInBatch,
            Refusal::SignatureMissing,
            Refusal::AttachmentMissing,
            Refusal::TooManyAttachments,
            Refusal::UnknownStep("x".into()),
            Refusal::UnknownNotice("x".into()),
            Refusal::BadAddress("x".into()),
            Refusal::CustomerNotAsked,
            Refusal::ProofNeeded(Proof::Code),
            Refusal::ProofNeeded(Proof::Signature),
            Refusal::CodeVoid,
            Refusal::CodeSentLately { until_ms: 0 },
            Refusal::TooManyCodes,
            Refusal::NoOtherChannel,
            Refusal::NobodyWaits("x".into()),
            Refusal::NotTakenOver,
            Refusal::AgreementPending,
            Refusal::OwnAct,
            Refusal::ExceptionNotFound,
            Refusal::NotYourException,
            Refusal::UnknownIssueType("x".into()),
            Refusal::ExceptionClosed { by: "Li".into(), at_ms: 0 },
            Refusal::Invalid(Vec::new()),
            Refusal::RevisionSuperseded { asked: 1, current: 2 },
            Refusal::NotReleased { obstacles: Vec::new(), currency: Currency::Cny },
            Refusal::PaymentKnown { reference: "B-1".into(), number: "SO-1".into() },
            Refusal::NothingToExchange { with: "SO-2".into() },
            Refusal::ComplaintNotFound,
            Refusal::InvoiceNotFound,
            Refusal::ComplaintClosed,
            Refusal::NothingDue,
            Refusal::Flow(StepRefusal::NotStarted),
            Refusal::Gate(vec![Obstacle::OnHold]),
            Refusal::NoFlow,
            Refusal::ReleasePending,
            Refusal::DraftLocked { by: String::new() },
            Refusal::UnknownVersion,
            Refusal::NotMovable,
            Refusal::NotMoved,
            Refusal::TooLateToUndo,
            Refusal::ChangeNotFound,
            Refusal::ChangeClosed,
            Refusal::ChangeUnderReview,
            Refusal::ChangeOutdated { base: 1, current: 2, conflicts: Vec::new() },
            Refusal::ChangeOutdated { base: 1, current: 2, conflicts: vec!["customer_po".to_owned()] },
            Refusal::NotYourChange,
            Refusal::UnknownCancelReason("x".into()),
            Refusal::NotLost,
            Refusal::LossExplained,
            Refusal::NotAlike(vec!["ship_to".into()]),
            Refusal::NothingChanged,
            Refusal::TooManyChanges,
            Refusal::ChangeNotAllowed(vec!["customer".into()]),
            Refusal::ChangeIncomplete(Vec::new()),
        ];
        for problem in refusals.into_iter().map(Problem::from) {
            assert!(has(&format!("problem.{}.title", problem.code)), "{}", problem.code);
        }
    }
}
