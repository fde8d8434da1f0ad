//! Questions on an order, and their answers.

use super::order_act::order_id;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::body::{COMMENT, CommentBody, QUESTION, QuestionBody, REASONED, ReasonedBody};
use crate::wire::order::OrderView;
use crate::wire::reader::{instant_ms, text};
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::decide::{OrderCommand, QuestionOutcome};
use ordain_app::problem::Fault;
use ordain_domain::order::QuestionTo;

fn question_id(id: &str) -> Result<u32, Problem> {
    id.parse().map_err(|_| Problem::new(StatusCode::NOT_FOUND, "question_not_found"))
}

/// Puts a question about an order to the customer or to sales.
#[utoipa::path(post, path = "/orders/{id}/questions", operation_id = "ask_question", tag = "questions",
    request_body = QuestionBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn ask_question(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, QUESTION)?;
    let to = match text(&value, "to").as_deref() {
        Some("customer") => QuestionTo::Customer,
        Some("sales") => QuestionTo::Sales,
        _ => return Err(unreadable(vec![Fault::new("missing", "to")])),
    };
    let due_ms = instant_ms(&value, "due_at");
    if due_ms.is_some_and(|due_ms| due_ms <= ctx.now_ms) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "due_in_past"));
    }
    let command = OrderCommand::Ask {
        finding: text(&value, "finding_id"),
        to,
        text: text(&value, "text").unwrap_or_default(),
        due_ms,
    };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Answers a question.
#[utoipa::path(post, path = "/orders/{id}/questions/{qid}/answer", operation_id = "answer_question",
    tag = "questions", request_body = CommentBody,
    params(("id" = String, Path, description = "Id of the order"),
        ("qid" = String, Path, description = "Id of the question")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn answer_question(
    ctx: Ctx,
    Path((id, qid)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let text = text(&shaped(&raw, COMMENT)?, "text").unwrap_or_default();
    let outcome = QuestionOutcome::Answer { text };
    let command = OrderCommand::CloseQuestion { id: question_id(&qid)?, outcome };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Withdraws a question, with a reason.
#[utoipa::path(post, path = "/orders/{id}/questions/{qid}/withdraw", operation_id = "withdraw_question",
    tag = "questions", request_body = ReasonedBody,
    params(("id" = String, Path, description = "Id of the order"),
        ("qid" = String, Path, description = "Id of the question")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn withdraw_question(
    ctx: Ctx,
    Path((id, qid)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let reason = text(&shaped(&raw, REASONED)?, "reason").unwrap_or_default();
    let outcome = QuestionOutcome::Withdraw { reason };
    let command = OrderCommand::CloseQuestion { id: question_id(&qid)?, outcome };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}
