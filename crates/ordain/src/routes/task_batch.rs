//! Deciding several tasks at once: exactly those that are named, each by itself, with what became of each.

use super::task::case_of;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::context::asked_language;
use crate::server::problem::{FaultView, Problem};
use crate::server::write;
use crate::wire::body::{BATCH, BatchBody};
use crate::wire::reader::{items, text};
use crate::words::Lang;
use axum::Json;
use axum::http::StatusCode;
use ordain_app::case::decide::OrderCommand;
use ordain_app::gate::{Command, Done};
use ordain_app::problem::Fault;
use ordain_app::rights::Permission;
use ordain_flow::run::Decision;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// Tasks in one request.
const TASKS_MAX: usize = 200;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BatchResult)]
pub struct BatchResultView {
    pub decided: usize,
    pub refused: usize,
    pub items: Vec<BatchItemView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BatchItem)]
pub struct BatchItemView {
    pub id: String,
    pub decided: bool,
    /// Status of the order afterwards.
    pub status: Option<String>,
    /// Why it was not decided; it is as it was.
    pub problem: Option<BatchProblemView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BatchProblem)]
pub struct BatchProblemView {
    pub code: String,
    pub title: String,
    pub detail: String,
    pub findings: Vec<FaultView>,
}

/// Decides tasks, each in a command of its own: what is refused leaves no trace on the others.
#[utoipa::path(post, path = "/tasks/batch", operation_id = "decide_tasks", tag = "tasks",
    request_body = BatchBody,
    responses((status = 200, description = "What became of each", body = BatchResultView)))]
pub async fn decide_tasks(ctx: Ctx, raw: Raw) -> Result<Json<BatchResultView>, Problem> {
    let value = shaped(&raw, BATCH)?;
    let ids: Vec<String> = items(&value, "ids").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let decision = match text(&value, "decision").as_deref() {
        Some("approve") => Decision::Approve,
        Some("reject") => Decision::Reject,
        Some("return") => Decision::Return,
        _ => return Err(unreadable(vec![Fault::new("missing", "decision")])),
    };
    if ids.is_empty() {
        return Err(unreadable(vec![Fault::new("missing", "ids")]));
    }
    if ids.len() > TASKS_MAX {
        return Err(
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_tasks").with("most", TASKS_MAX.to_string())
        );
    }
    let reason = text(&value, "reason");
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.push(match decide(&ctx, &raw, &id, decision, reason.clone()).await {
            Ok(status) => BatchItemView { id, decided: true, status: Some(status), problem: None },
            Err(problem) => {
                BatchItemView { id, decided: false, status: None, problem: Some(worded(&ctx, &problem)) }
            }
        });
    }
    let decided = items.iter().filter(|item| item.decided).count();
    Ok(Json(BatchResultView { decided, refused: items.len() - decided, items }))
}

async fn decide(
    ctx: &Ctx,
    raw: &Raw,
    id: &str,
    decision: Decision,
    reason: Option<String>,
) -> Result<String, Problem> {
    let (task, case) = case_of(ctx, id).await?;
    ctx.must_reach(Permission::DecideTasks, &[case.order.id]).await?;
    let command = OrderCommand::DecideInBatch { task, decision, reason };
    let command = Command::Order { id: Some(case.order.id), expected: None, command };
    let status = |done: &Done| match done {
        Done::Order(case) => case.order.status.name().to_owned(),
        _ => String::new(),
    };
    // Each task has a key of its own: what a repeated request finds decided by itself is no refusal.
    let key = ctx.key.as_ref().map(|key| {
        write::key_of(ctx, raw, format!("{key}:{task}"), Arc::new(move |done| (200, status(done))))
    });
    let envelope = ctx.server.app.envelope(ctx.org(), ctx.caller.actor(), command, key);
    match ctx.server.app.gate.send(envelope).await? {
        Done::Replayed { body, .. } => Ok(body),
        done @ Done::Order(_) => Ok(status(&done)),
        _ => Err(Problem::bug("a decision answered with something else")),
    }
}

fn worded(ctx: &Ctx, problem: &Problem) -> BatchProblemView {
    let own = ctx.caller.user().and_then(|user| Lang::parse(&user.lang));
    let view =
        problem.view(asked_language(&ctx.headers).or(own).unwrap_or_default(), "", Some(&ctx.house.calendar));
    BatchProblemView { code: view.code, title: view.title, detail: view.detail, findings: view.findings }
}
