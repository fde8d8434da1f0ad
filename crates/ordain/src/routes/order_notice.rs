//! Notices to the customer by hand: looked at first, then sent.

use super::order_act::order_id;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::body::{NOTICE, NoticeBody};
use crate::wire::order::OrderView;
use crate::wire::reader::text;
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::decide::OrderCommand;
use ordain_app::mail::{WriteError, preview};
use ordain_app::problem::Fault;
use ordain_app::query::order;
use ordain_app::query::sight::Sight;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    pub template: Option<String>,
    /// `zh-CN` (the default) or `en`.
    pub lang: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NoticePreview)]
pub struct PreviewView {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Shows what a notice to the customer would say now. Nothing is sent.
#[utoipa::path(get, path = "/orders/{id}/notices/preview", operation_id = "preview_notice", tag = "orders",
    params(("id" = String, Path, description = "Id of the order"), PreviewQuery),
    responses((status = 200, description = "The notice as it would leave", body = PreviewView)))]
pub async fn preview_notice(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<PreviewQuery>,
) -> Result<Json<PreviewView>, Problem> {
    let id = order_id(&id)?;
    let template = asked.template.unwrap_or_else(|| "order_confirmed".to_owned());
    let lang = asked.lang.unwrap_or_else(|| "zh-CN".to_owned());
    let (org, house, caller) = (ctx.org(), ctx.house.clone(), ctx.caller.clone());
    ctx.read(move |store| {
        let case = order::by_id(store, org, id)?;
        // A notice is for the customer, who sees all of it; half of it would be none.
        if !Sight::of_case(&case, &house, &caller).is_clear() {
            return Err(Problem::new(StatusCode::FORBIDDEN, "notice_not_seen"));
        }
        let unknown = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_notice");
        let rendered = preview(store, &house, org, &case, &template, &lang).map_err(|error| match error {
            WriteError::Store(error) => Problem::from(error),
            WriteError::Template(_) => unknown().with("template", template.clone()),
            WriteError::Unreadable(why) => Problem::bug(&why),
        })?;
        Ok(Json(PreviewView { subject: rendered.subject, text: rendered.text, html: rendered.html }))
    })
    .await
}

/// Sends a notice to the customer, once more or to another address.
#[utoipa::path(post, path = "/orders/{id}/notices", operation_id = "send_notice", tag = "orders",
    request_body = NoticeBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn send_notice(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, NOTICE)?;
    let template =
        text(&value, "template").ok_or_else(|| unreadable(vec![Fault::new("missing", "template")]))?;
    let command = OrderCommand::SendNotice { template, to: text(&value, "to") };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}
