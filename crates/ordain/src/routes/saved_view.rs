//! The views that a person keeps of a page; nobody sees or changes those of others.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::saved_view::{SavedViewsView, VIEWS, saved_views};
use axum::response::Response;
use ordain_app::admin::{self, AdminCommand, PutViews, SavedView, SavedViews, VIEW_PAGES};
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<SavedView>,
}

fn page(asked: &str) -> Result<&'static str, Problem> {
    VIEW_PAGES.into_iter().find(|page| *page == asked).ok_or_else(Problem::not_found)
}

/// Shows the views that the caller keeps of a page. A program has none.
#[utoipa::path(get, path = "/views/{page}", operation_id = "read_views", tag = "views",
    params(("page" = String, Path, description = "`orders`, `tasks` or `reports`")),
    responses((status = 200, description = "The views", body = SavedViewsView)))]
pub async fn read_views(ctx: Ctx, Path(asked): Path<String>) -> Result<Response, Problem> {
    let page = page(&asked)?;
    let (org, user) = (ctx.org(), ctx.caller.user().map(|user| user.id));
    let known = match user {
        Some(user) => ctx.read(move |store| Ok(admin::saved_views(store, org, user, page)?)).await?,
        None => SavedViews::default(),
    };
    Ok(tagged(&known, &saved_views(known.clone())))
}

/// Replaces the views that the caller keeps of a page.
#[utoipa::path(put, path = "/views/{page}", operation_id = "put_views", tag = "views",
    request_body = SavedViewsView,
    params(("page" = String, Path, description = "`orders`, `tasks` or `reports`"),
        ("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_views(ctx: Ctx, Path(asked): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let (page, user) = (page(&asked)?, ctx.user()?.id);
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, VIEWS)?;
    write::document(&ctx, &raw, AdminCommand::PutViews(PutViews { user, page, items, expected })).await
}
