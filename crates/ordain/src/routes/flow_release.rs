//! Publishing: at once, at a time, with a second pair of eyes; and taking out of force.

use super::flow_draft::field;
use crate::server::body::{Raw, object};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::flow::{PendingView, pending};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, AdminDone, Pending, Release};
use ordain_flow::doc::FlowDoc;
use serde_json::json;

/// Puts the draft in force, or lets it wait; with `restore` an old version, as a new one. `effective_at` is an instant or
/// a date.
#[utoipa::path(post, path = "/flows/{key}/publish", operation_id = "publish_flow", tag = "flows",
    request_body = serde_json::Value, params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The new version, or what it waits for", body = serde_json::Value),
        (status = 409, description = "A release waits already"),
        (status = 422, description = "What keeps it from being published: blockers, and warnings nobody acknowledged")))]
pub async fn publish_flow(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let body = object(&raw)?;
    let release = Release {
        key,
        expected: ctx.expected()?,
        note: field(&body, "note")?.unwrap_or_default(),
        acknowledged: field(&body, "acknowledged")?.unwrap_or_default(),
        restore: field(&body, "restore")?,
        effective_at: field(&body, "effective_at")?,
    };
    Ok(write::admin(&ctx, &raw, AdminCommand::ReleaseFlow(release), 200, told).await?.response)
}

fn told(done: &AdminDone) -> String {
    match done {
        AdminDone::Published { key, version } => {
            json!({ "key": key, "version": version, "waits_for": [] }).to_string()
        }
        AdminDone::ReleaseWaits { key, waits_for } => {
            json!({ "key": key, "version": null, "waits_for": waits_for }).to_string()
        }
        _ => "{}".to_owned(),
    }
}

/// Shows the release of a flow that waits.
#[utoipa::path(get, path = "/flows/{key}/release", operation_id = "read_release", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "What waits, and for what", body = PendingView)))]
pub async fn read_release(ctx: Ctx, Path(key): Path<String>) -> Result<Json<PendingView>, Problem> {
    let known = stored(&ctx, key.clone()).await?;
    Ok(Json(pending(key, &known, &ctx.house, ctx.now_ms)))
}

async fn stored(ctx: &Ctx, key: String) -> Result<Pending, Problem> {
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.flow_pending(org, &key)?)).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    serde_json::from_str(&row.body).map_err(|error| Problem::bug(&error.to_string()))
}

/// The document that waits.
pub async fn waiting(ctx: &Ctx, key: String) -> Result<FlowDoc, Problem> {
    let known = stored(ctx, key).await?;
    serde_json::from_value(known.doc).map_err(|error| Problem::bug(&error.to_string()))
}

/// Agrees to a release. Whoever wrote it, or asked for it, cannot.
#[utoipa::path(post, path = "/flows/{key}/release/approve", operation_id = "approve_release", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The new version, or what it waits for still", body = serde_json::Value),
        (status = 403, description = "One's own work"), (status = 409, description = "Nothing to agree to")))]
pub async fn approve_release(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Response, Problem> {
    Ok(write::admin(&ctx, &raw, AdminCommand::ApproveRelease { key }, 200, told).await?.response)
}

/// Takes a release back that waits.
#[utoipa::path(post, path = "/flows/{key}/release/withdraw", operation_id = "withdraw_release", tag = "flows",
    request_body = serde_json::Value, params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "Done", body = serde_json::Value)))]
pub async fn withdraw_release(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let reason = field(&object(&raw)?, "reason")?.unwrap_or_default();
    Ok(write::admin(&ctx, &raw, AdminCommand::WithdrawRelease { key, reason }, 200, told).await?.response)
}

/// Takes a flow out of force. Its running orders go on.
#[utoipa::path(post, path = "/flows/{key}/disable", operation_id = "disable_flow", tag = "flows",
    request_body = serde_json::Value, params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "Done", body = serde_json::Value)))]
pub async fn disable_flow(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let reason = field(&object(&raw)?, "reason")?.unwrap_or_default();
    Ok(write::admin(&ctx, &raw, AdminCommand::DisableFlow { key, reason }, 200, told).await?.response)
}
