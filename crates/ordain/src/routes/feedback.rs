//! Feedback of people on the page, the step and the order it is about.

use super::cursor;
use super::order_act::order_id;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::Page;
use crate::wire::body::{EmptyBody, NOTHING};
use crate::wire::feedback::{
    ANSWER, FEEDBACK, FeedbackAnswerBody, FeedbackBody, FeedbackCountsView, FeedbackView, count, feedback,
};
use crate::wire::reader::text;
use axum::Json;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, FeedbackEnd, FeedbackItem};
use ordain_app::problem::Fault;
use ordain_app::query::order::by_id;
use ordain_app::rights::Permission;
use ordain_store::FeedbackFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

const STATES: [&str; 3] = ["new", "answered", "closed"];

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedbackQuery {
    /// `new`, `answered` or `closed`.
    pub state: Option<String>,
    pub flow: Option<String>,
    pub step: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Gives feedback. With an order it is tied to the step at which the order waits, where no other is named.
#[utoipa::path(post, path = "/feedback", operation_id = "give_feedback", tag = "feedback",
    request_body = FeedbackBody, responses((status = 201, description = "Kept")))]
pub async fn give_feedback(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, FEEDBACK)?;
    ctx.user()?;
    let given = |name: &str| text(&value, name).unwrap_or_default();
    let asked = text(&value, "order").filter(|_| ctx.caller.may(Permission::ReadOrders));
    let mut item = FeedbackItem { page: given("page"), text: given("text"), ..FeedbackItem::default() };
    if let Some(order) = asked {
        let (id, org, step) = (order_id(&order)?, ctx.org(), text(&value, "step"));
        ctx.must_reach(Permission::ReadOrders, &[id]).await?;
        let case = ctx.read(move |store| Ok(by_id(store, org, id)?)).await?;
        let known = |step: &String| case.named(&ctx.house, step).is_some();
        if let Some(unknown) = step.as_ref().filter(|step| !known(step)) {
            return Err(unknown_step(unknown));
        }
        let waits = case.open_tasks().next().map(|(_, task)| task.node.clone());
        item.step = step.or(waits).unwrap_or_default();
        item.flow = case.flow.as_ref().map(|pin| pin.key.clone()).unwrap_or_default();
        item.order = Some(id);
    }
    let command = AdminCommand::GiveFeedback(item);
    Ok(write::admin(&ctx, &raw, command, 201, |_| "{}".to_owned()).await?.response)
}

fn unknown_step(step: &str) -> Problem {
    crate::server::body::unreadable(vec![Fault::new("unknown_step", "step").with("asked", step.to_owned())])
}

/// Lists feedback, the newest first: all of it to whoever answers it, to others their own.
#[utoipa::path(get, path = "/feedback", operation_id = "list_feedback", tag = "feedback", params(FeedbackQuery),
    responses((status = 200, description = "A page of feedback", body = Page<FeedbackView>)))]
pub async fn list_feedback(
    ctx: Ctx,
    Query(asked): Query<FeedbackQuery>,
) -> Result<Json<Page<FeedbackView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let before: Option<Uuid> = cursor::read(asked.cursor.as_deref())?;
    let state = asked.state.unwrap_or_default();
    if !state.is_empty() && !STATES.contains(&state.as_str()) {
        return Err(Problem::bad_query("state", &state));
    }
    let own = ctx.caller.user().map(|user| user.id);
    let all = ctx.caller.may(Permission::AnswerFeedback);
    let filter = FeedbackFilter {
        state,
        flow: asked.flow.unwrap_or_default(),
        step: asked.step.unwrap_or_default(),
        author: if all { None } else { Some(own.unwrap_or_default().into_bytes()) },
    };
    let org = ctx.org();
    let before = before.map(Uuid::into_bytes);
    let rows = ctx.read(move |store| Ok(store.list_feedback(org, &filter, before, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&Uuid::from_bytes(row.id)));
    let items = rows.into_iter().map(|row| feedback(row, &ctx.house, own)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Counts feedback by step.
#[utoipa::path(get, path = "/feedback/steps", operation_id = "count_feedback", tag = "feedback",
    responses((status = 200, description = "How much was said of which step", body = FeedbackCountsView)))]
pub async fn count_feedback(ctx: Ctx) -> Result<Json<FeedbackCountsView>, Problem> {
    let org = ctx.org();
    let counts = ctx.read(move |store| Ok(store.feedback_counts(org)?)).await?;
    Ok(Json(FeedbackCountsView { items: counts.into_iter().map(|each| count(each, &ctx.house)).collect() }))
}

/// Answers feedback; the author is told.
#[utoipa::path(post, path = "/feedback/{id}/answer", operation_id = "answer_feedback", tag = "feedback",
    request_body = FeedbackAnswerBody, params(("id" = String, Path, description = "Id of the feedback")),
    responses((status = 200, description = "Answered")))]
pub async fn answer_feedback(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let answer = text(&shaped(&raw, ANSWER)?, "answer").unwrap_or_default();
    end(&ctx, &raw, &id, FeedbackEnd::Answered(answer)).await
}

/// Closes feedback.
#[utoipa::path(post, path = "/feedback/{id}/close", operation_id = "close_feedback", tag = "feedback",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the feedback")),
    responses((status = 200, description = "Closed")))]
pub async fn close_feedback(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    end(&ctx, &raw, &id, FeedbackEnd::Closed).await
}

async fn end(ctx: &Ctx, raw: &Raw, id: &str, end: FeedbackEnd) -> Result<Response, Problem> {
    let id = order_id(id)?;
    let command = AdminCommand::EndFeedback { id, end };
    Ok(write::admin(ctx, raw, command, 200, |_| "{}".to_owned()).await?.response)
}
