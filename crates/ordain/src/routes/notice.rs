//! Messages to the caller inside the program.

use super::cursor;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::body::{READ_NOTICES, ReadNoticesBody};
use crate::wire::notice::{NoticePageView, merged};
use crate::wire::reader::{boolean, items, text};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, read_all_notices};
use ordain_app::query::sight::Sight;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// Of one kind: `mentioned` for those that speak to the caller.
    pub kind: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Lists the caller's notices, the newest first. A program has none.
#[utoipa::path(get, path = "/notices", operation_id = "list_notices", tag = "notices", params(NoticeQuery),
    responses((status = 200, description = "A page of notices", body = NoticePageView)))]
pub async fn list_notices(
    ctx: Ctx,
    Query(asked): Query<NoticeQuery>,
) -> Result<Json<NoticePageView>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let before: Option<Uuid> = cursor::read(asked.cursor.as_deref())?;
    let Some(user) = ctx.caller.user().map(|user| user.id.into_bytes()) else {
        return Ok(Json(NoticePageView { items: Vec::new(), next_cursor: None, unread: 0 }));
    };
    let org = ctx.org();
    let (rows, unread) = ctx
        .read(move |store| {
            let before = before.map(Uuid::into_bytes);
            Ok((
                store.notices_of_user(org, user, asked.kind.as_deref(), before, limit)?,
                store.unread_notices(org, user)?,
            ))
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&Uuid::from_bytes(row.id)));
    let sight = Sight::in_lists(&ctx.house, &ctx.caller);
    let items = merged(rows, &ctx.house, &sight);
    let hidden: usize = items.iter().map(|item| item.others.len()).sum();
    let unread = unread.saturating_sub(i64::try_from(hidden).unwrap_or_default());
    Ok(Json(NoticePageView { items, next_cursor, unread }))
}

/// Marks notices as read.
#[utoipa::path(post, path = "/notices/read", operation_id = "read_notices", tag = "notices",
    request_body = ReadNoticesBody, responses((status = 200, description = "Marked as read")))]
pub async fn read_notices(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, READ_NOTICES)?;
    let user = ctx.user()?.id;
    if boolean(&value, "all") {
        read_all_notices(&ctx.server.app, ctx.org(), ctx.caller.actor(), user).await?;
        return Ok(write::json(200, "{}".to_owned()));
    }
    let named = items(&value, "ids").iter().filter_map(|id| Uuid::parse_str(id.as_str()?).ok());
    let mut ids: Vec<Uuid> = named.collect();
    if let Some(order) = text(&value, "copies_of").and_then(|id| Uuid::parse_str(&id).ok()) {
        let org = ctx.org();
        let copies =
            ctx.read(move |store| Ok(store.unread_copies(org, user.into_bytes(), order.into_bytes())?));
        ids.extend(copies.await?.into_iter().map(Uuid::from_bytes));
    }
    let command = AdminCommand::ReadNotices { user, ids };
    Ok(write::admin(&ctx, &raw, command, 200, |_| "{}".to_owned()).await?.response)
}
