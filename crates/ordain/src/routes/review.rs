//! Monthly reviews: read, written on, and printed.

use crate::paper::Printer;
use crate::server::body::{Raw, item};
use crate::server::context::{Ctx, asked_language};
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::review::{REVIEW, ReviewBody, ReviewView, ReviewsView, review};
use crate::words::Lang;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use ordain_app::admin::{AdminCommand, ReviewItem};
use ordain_app::figures::{Review, review_key, review_months};

/// A month as `2026-03`.
fn month(text: &str) -> Result<Date, Problem> {
    format!("{text}-01").parse().map_err(|_| Problem::not_found())
}

async fn stored(ctx: &Ctx, month: Date) -> Result<Review, Problem> {
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.setting(org, &review_key(month))?)).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    serde_json::from_str(&row.value).map_err(|error| Problem::bug(&error.to_string()))
}

/// Lists the months that have a review, the latest first.
#[utoipa::path(get, path = "/reviews", operation_id = "list_reviews", tag = "reports",
    responses((status = 200, description = "Months", body = ReviewsView)))]
pub async fn list_reviews(ctx: Ctx) -> Result<Json<ReviewsView>, Problem> {
    let org = ctx.org();
    let months = ctx.read(move |store| Ok(review_months(store, org)?)).await?;
    Ok(Json(ReviewsView { months }))
}

/// Shows the review of a month.
#[utoipa::path(get, path = "/reviews/{month}", operation_id = "read_review", tag = "reports",
    params(("month" = String, Path, description = "A month, as 2026-03")),
    responses((status = 200, description = "The review", body = ReviewView)))]
pub async fn read_review(ctx: Ctx, Path(named): Path<String>) -> Result<Response, Problem> {
    let found = stored(&ctx, month(&named)?).await?;
    Ok(tagged(&found, &review(&found, &ctx.house)))
}

/// Replaces the findings and actions of a month; its figures stay as they were.
#[utoipa::path(put, path = "/reviews/{month}", operation_id = "put_review", tag = "reports",
    request_body = ReviewBody,
    params(("month" = String, Path, description = "A month, as 2026-03"),
        ("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_review(ctx: Ctx, Path(named): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let (month, expected) = (month(&named)?, Some(ctx.required()?));
    let item: ReviewItem = item(&raw, REVIEW)?;
    write::document(&ctx, &raw, AdminCommand::PutReview { month, item, expected }).await
}

/// The review of a month as a page to print.
#[utoipa::path(get, path = "/reviews/{month}/print", operation_id = "print_review", tag = "reports",
    params(("month" = String, Path, description = "A month, as 2026-03")),
    responses((status = 200, description = "A page", content_type = "text/html", body = String)))]
pub async fn print_review(ctx: Ctx, Path(named): Path<String>) -> Result<Response, Problem> {
    let found = stored(&ctx, month(&named)?).await?;
    let own = ctx.caller.user().and_then(|user| Lang::parse(&user.lang));
    let lang = own.or(asked_language(&ctx.headers)).unwrap_or_default();
    let org = ctx.org();
    let orgs = ctx.read(move |store| Ok(store.orgs()?)).await?;
    let company = orgs.into_iter().find(|row| row.org == org).map(|row| row.name).unwrap_or_default();
    let printer =
        Printer { house: &ctx.house, caller: &ctx.caller, company: &company, lang, now_ms: ctx.now_ms };
    let page =
        printer.review(&review(&found, &ctx.house)).map_err(|error| Problem::bug(&error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ];
    Ok((headers, page).into_response())
}
