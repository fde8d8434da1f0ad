//! Files on an order: added, and fetched again. They are never shown as a page of the program.

use super::order_act::order_id;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::attachment::{ATTACHMENT, AttachmentBody, new_file};
use crate::wire::order::OrderView;
use crate::wire::reader::text;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ordain_app::case::attachment::{About, Attachment};
use ordain_app::case::decide::OrderCommand;
use ordain_app::query;
use ordain_app::query::sight::Sight;
use uuid::Uuid;

/// Adds a file to an order, to one's own task, or as a proof of the customer's answer.
#[utoipa::path(post, path = "/orders/{id}/attachments", operation_id = "attach_file", tag = "orders",
    request_body = AttachmentBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn attach_file(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, ATTACHMENT)?;
    let about = match (text(&value, "task"), text(&value, "about").as_deref()) {
        (Some(task), _) => About::Task(
            Uuid::parse_str(&task).map_err(|_| Problem::new(StatusCode::NOT_FOUND, "task_not_found"))?,
        ),
        (None, Some("answer")) => About::Answer,
        (None, _) => About::Order,
    };
    let file = new_file(&value)?;
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::Attach { file, about }, 200).await
}

/// Fetches a file of an order.
#[utoipa::path(get, path = "/orders/{id}/attachments/{file}", operation_id = "fetch_attachment", tag = "orders",
    params(("id" = String, Path, description = "Id or number of the order"),
        ("file" = String, Path, description = "Id of the file")),
    responses((status = 200, description = "The bytes of the file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn fetch_attachment(
    ctx: Ctx,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (org, file) = (ctx.org(), Uuid::parse_str(&file).map_err(|_| Problem::not_found())?);
    let case = ctx.read(move |store| Ok(query::order::named(store, org, &id)?)).await?;
    let found = case.attachments.iter().find(|known| known.id == file).cloned();
    let found = found.ok_or_else(Problem::not_found)?;
    // What the flow keeps back from somebody may stand in a file.
    let own = found.by == ctx.caller.actor();
    if !own && !Sight::of_case(&case, &ctx.house, &ctx.caller).is_clear() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "attachment_not_seen"));
    }
    let row = ctx.read(move |store| Ok(store.attachment(org, file.into_bytes())?)).await?;
    let row = row.ok_or_else(|| Problem::bug("a file without bytes"))?;
    Ok(saved(&found, row.content))
}

/// To be saved under its name, whatever a browser makes of its bytes.
fn saved(file: &Attachment, content: Vec<u8>) -> Response {
    let name = percent_encoding::utf8_percent_encode(&file.name, percent_encoding::NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let mut response = (StatusCode::OK, content).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(&file.media_type);
    headers.extend(kind.ok().map(|kind| (header::CONTENT_TYPE, kind)));
    headers.extend(HeaderValue::from_str(&disposition).ok().map(|to| (header::CONTENT_DISPOSITION, to)));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
