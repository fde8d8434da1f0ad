//! What people do with a task beside deciding it: hand it on, add signers, urge.

use super::task::{case_of, elsewhere};
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::body::{
    COPIES, CopiesBody, EmptyBody, FIELDS, FieldsBody, HOLD_TASK, HoldTaskBody, NOTE, NOTHING, NoteBody,
    POINT, PRESS, PointBody, PressBody, REASSIGNMENT, RETURN, ReassignmentBody, ReturnBody, SEEN, SIGNER,
    SeenBody, SignerBody, TRANSFER, TransferBody,
};
use crate::wire::order::OrderView;
use crate::wire::reader::{boolean, integer, items, text};
use axum::response::Response;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::{HandOverWhy, SignerAt};
use ordain_app::problem::Fault;
use ordain_flow::doc::Party;
use ordain_flow::run::Decision;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Reads the task that a path names and sends a command about it.
async fn act(
    ctx: &Ctx,
    raw: &Raw,
    id: &str,
    command: impl FnOnce(Uuid) -> OrderCommand,
) -> Result<Response, Problem> {
    let (id, case) = case_of(ctx, id).await?;
    let acted = write::order(ctx, raw, Some(case.order.id), command(id), 200).await;
    acted.map_err(|problem| elsewhere(ctx, id, &case, problem))
}

/// Gives one's own task to a colleague.
#[utoipa::path(post, path = "/tasks/{id}/transfer", operation_id = "transfer_task", tag = "tasks",
    request_body = TransferBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn transfer_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, TRANSFER)?;
    let to = text(&value, "to").ok_or_else(|| unreadable(vec![Fault::new("missing", "to")]))?;
    let reason = text(&value, "reason").unwrap_or_default();
    act(&ctx, &raw, &id, |task| OrderCommand::Transfer { task, to, reason }).await
}

/// Has a colleague work on one's own task, to decide it afterwards.
#[utoipa::path(post, path = "/tasks/{id}/delegate", operation_id = "delegate_task", tag = "tasks",
    request_body = TransferBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn delegate_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, TRANSFER)?;
    let to = text(&value, "to").ok_or_else(|| unreadable(vec![Fault::new("missing", "to")]))?;
    let reason = text(&value, "reason").unwrap_or_default();
    act(&ctx, &raw, &id, |task| OrderCommand::Delegate { task, to, reason }).await
}

/// Ends the work on a delegated task: it goes back to whoever decides it.
#[utoipa::path(post, path = "/tasks/{id}/give-back", operation_id = "give_back_task", tag = "tasks",
    request_body = NoteBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn give_back_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let note = text(&shaped(&raw, NOTE)?, "note").unwrap_or_default();
    act(&ctx, &raw, &id, |task| OrderCommand::GiveBack { task, note }).await
}

/// Lets one's own task stand still for a while; its clock stands still with it.
#[utoipa::path(post, path = "/tasks/{id}/hold", operation_id = "hold_task", tag = "tasks",
    request_body = HoldTaskBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn hold_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, HOLD_TASK)?;
    let minutes = integer(&value, "minutes").and_then(|minutes| u32::try_from(minutes).ok());
    let minutes = minutes.ok_or_else(|| unreadable(vec![Fault::new("missing", "minutes")]))?;
    let reason = text(&value, "reason").unwrap_or_default();
    act(&ctx, &raw, &id, |task| OrderCommand::HoldTask { task, minutes, reason }).await
}

/// Goes on with a task that stands still.
#[utoipa::path(post, path = "/tasks/{id}/resume", operation_id = "resume_task", tag = "tasks",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn resume_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    act(&ctx, &raw, &id, |task| OrderCommand::ResumeTask { task }).await
}

/// Puts people in copy of the order of one's own task.
#[utoipa::path(post, path = "/tasks/{id}/copies", operation_id = "send_copy", tag = "tasks",
    request_body = CopiesBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn send_copy(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, COPIES)?;
    let to: Vec<String> = items(&value, "to").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if to.is_empty() {
        return Err(unreadable(vec![Fault::new("missing", "to")]));
    }
    let note = text(&value, "note").unwrap_or_default();
    act(&ctx, &raw, &id, |task| OrderCommand::SendCopy { task, to, note }).await
}

/// Asks somebody else for an answer to one's own task.
#[utoipa::path(post, path = "/tasks/{id}/add-signer", operation_id = "add_signer", tag = "tasks",
    request_body = SignerBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn add_signer(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, SIGNER)?;
    let at = match text(&value, "at").as_deref() {
        Some("before") => Some(SignerAt::Before),
        Some("parallel") => Some(SignerAt::Parallel),
        Some("after") => Some(SignerAt::After),
        _ => None,
    };
    let login = text(&value, "login");
    let missing = [("login", login.is_none()), ("at", at.is_none())];
    let (Some(login), Some(at)) = (login, at) else {
        let absent = missing.into_iter().filter(|(_, absent)| *absent);
        return Err(unreadable(absent.map(|(name, _)| Fault::new("missing", name)).collect()));
    };
    let counts = boolean(&value, "counts");
    act(&ctx, &raw, &id, |task| OrderCommand::AddSigner { task, login, at, counts }).await
}

/// Takes away a signer whom one has added and who has not answered.
#[utoipa::path(post, path = "/tasks/{id}/remove-signer", operation_id = "remove_signer", tag = "tasks",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the signer's task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn remove_signer(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    act(&ctx, &raw, &id, |task| OrderCommand::RemoveSigner { task }).await
}

/// Urges whoever holds a task.
#[utoipa::path(post, path = "/tasks/{id}/urge", operation_id = "urge_task", tag = "tasks",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn urge_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    act(&ctx, &raw, &id, |task| OrderCommand::Urge { task }).await
}

/// Presses a button of the step's own: another system is told behind the commit, and the answer is not waited for.
#[utoipa::path(post, path = "/tasks/{id}/press", operation_id = "press_button", tag = "tasks",
    request_body = PressBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn press_button(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, PRESS)?;
    let button = text(&value, "button").ok_or_else(|| unreadable(vec![Fault::new("missing", "button")]))?;
    act(&ctx, &raw, &id, |task| OrderCommand::Press { task, button }).await
}

/// Gives anybody's open task to somebody else.
#[utoipa::path(post, path = "/tasks/{id}/reassign", operation_id = "reassign_task", tag = "tasks",
    request_body = ReassignmentBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn reassign_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, REASSIGNMENT)?;
    let named = [
        text(&value, "user").map(Party::User),
        text(&value, "department").map(Party::Department),
        text(&value, "role").map(Party::Role),
    ];
    let mut named = named.into_iter().flatten();
    let (Some(to), None) = (named.next(), named.next()) else {
        return Err(unreadable(vec![Fault::new("missing", "user")]));
    };
    let reason = text(&value, "reason").unwrap_or_default();
    act(&ctx, &raw, &id, |task| OrderCommand::Reassign { task, to, why: HandOverWhy::Reassigned, reason })
        .await
}

/// Sends the order back: to an earlier step, or to its sender.
#[utoipa::path(post, path = "/tasks/{id}/return", operation_id = "return_task", tag = "tasks",
    request_body = ReturnBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn return_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, RETURN)?;
    let (to, direct) = (text(&value, "to"), boolean(&value, "direct"));
    let reason = text(&value, "reason").unwrap_or_default();
    act(&ctx, &raw, &id, |task| match to {
        Some(to) => OrderCommand::ReturnTo { task, to, direct, reason },
        None => OrderCommand::Decide {
            task,
            decision: Decision::Return,
            reason: Some(reason),
            accept: BTreeMap::new(),
        },
    })
    .await
}

/// Takes one's own decision back, while nobody has built on it.
#[utoipa::path(post, path = "/tasks/{id}/withdraw", operation_id = "withdraw_decision", tag = "tasks",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn withdraw_decision(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    act(&ctx, &raw, &id, |task| OrderCommand::Withdraw { task }).await
}

/// Writes fields that one's own task may write; all others stay as they are.
#[utoipa::path(put, path = "/tasks/{id}/fields", operation_id = "write_fields", tag = "tasks",
    request_body = FieldsBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn write_fields(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, FIELDS)?;
    let values = value.get("values").and_then(Value::as_object).cloned().unwrap_or_default();
    if values.is_empty() {
        return Err(unreadable(vec![Fault::new("missing", "values")]));
    }
    let values = values.into_iter().collect();
    act(&ctx, &raw, &id, |task| OrderCommand::WriteFields { task, values }).await
}

/// Says that one has opened a task of one's own, and which of the fields it shows first one has seen.
#[utoipa::path(post, path = "/tasks/{id}/seen", operation_id = "see_task", tag = "tasks",
    request_body = SeenBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn see_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, SEEN)?;
    let fields = items(&value, "fields").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    act(&ctx, &raw, &id, |task| OrderCommand::See { task, fields }).await
}

/// Ticks a point of a task's checklist.
#[utoipa::path(post, path = "/tasks/{id}/tick", operation_id = "tick_point", tag = "tasks",
    request_body = PointBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn tick_point(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, POINT)?;
    let point = integer(&value, "point").and_then(|point| u32::try_from(point).ok());
    let point = point.ok_or_else(|| unreadable(vec![Fault::new("missing", "point")]))?;
    act(&ctx, &raw, &id, |task| OrderCommand::Tick { task, point }).await
}
