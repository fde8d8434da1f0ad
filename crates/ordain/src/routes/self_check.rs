//! The self-check: what its last runs found, how often it runs, and running it now.

use crate::server::body::{Raw, item, shaped};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::body::{EmptyBody, NOTHING};
use crate::wire::self_check::{
    SELF_CHECK_RULES, SelfCheckRulesView, SelfCheckView, SelfChecksView, self_check,
};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use ordain_app::self_check::{SelfCheckRules, rules, run};

/// Runs that are shown.
const SHOWN: usize = 50;

/// Shows what the last runs found.
#[utoipa::path(get, path = "/self-checks", operation_id = "list_self_checks", tag = "audit",
    responses((status = 200, description = "The latest runs", body = SelfChecksView)))]
pub async fn list_self_checks(ctx: Ctx) -> Result<Json<SelfChecksView>, Problem> {
    let org = ctx.org();
    let (rows, rules) =
        ctx.read(move |store| Ok((store.self_checks(org, SHOWN)?, rules(store, org)?))).await?;
    let items = rows.iter().map(|row| self_check(row, &ctx.house)).collect();
    Ok(Json(SelfChecksView { every_minutes: rules.every_minutes, items }))
}

/// Runs the self-check now.
#[utoipa::path(post, path = "/self-checks", operation_id = "run_self_check", tag = "audit",
    request_body = EmptyBody,
    responses((status = 200, description = "What was found", body = SelfCheckView)))]
pub async fn run_self_check(ctx: Ctx, raw: Raw) -> Result<Json<SelfCheckView>, Problem> {
    shaped(&raw, NOTHING)?;
    let row = run(&ctx.server.app, ctx.org(), ctx.caller.actor()).await?;
    Ok(Json(self_check(&row, &ctx.house)))
}

/// Shows how often the self-check runs by itself.
#[utoipa::path(get, path = "/settings/self-check", operation_id = "read_self_check_rules", tag = "audit",
    responses((status = 200, description = "How often", body = SelfCheckRulesView)))]
pub async fn read_self_check_rules(ctx: Ctx) -> Result<Response, Problem> {
    let org = ctx.org();
    let known = ctx.read(move |store| Ok(rules(store, org)?)).await?;
    Ok(tagged(&known, &SelfCheckRulesView { every_minutes: known.every_minutes }))
}

/// Says how often the self-check runs by itself.
#[utoipa::path(put, path = "/settings/self-check", operation_id = "put_self_check_rules", tag = "audit",
    request_body = SelfCheckRulesView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_self_check_rules(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item: SelfCheckRules = item(&raw, SELF_CHECK_RULES)?;
    write::document(&ctx, &raw, AdminCommand::PutSelfCheckRules { item, expected }).await
}
