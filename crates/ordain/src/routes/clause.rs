//! The standard clauses of the company's contracts.

use super::master_write::{read_items, upserted};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::body::CLAUSES;
use crate::wire::master::UpsertedView;
use crate::words::Text;
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
pub struct ClausesBody {
    pub items: Vec<ClauseItemBody>,
}

/// What is left out stays as it is. A changed text is a further version.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ClauseItemBody {
    pub code: String,
    pub zh: Option<String>,
    pub en: Option<String>,
    /// Whether an order without the clause is flagged.
    pub required: Option<bool>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Clauses)]
pub struct ClausesView {
    pub items: Vec<ClauseView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Clause)]
pub struct ClauseView {
    pub code: String,
    pub required: bool,
    /// The version in force.
    pub version: u32,
    /// All versions, the oldest first.
    pub versions: Vec<ClauseVersionView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClauseVersion)]
pub struct ClauseVersionView {
    pub version: usize,
    pub text: Text,
    pub since: String,
}

/// Lists the standard clauses with all their versions.
#[utoipa::path(get, path = "/clauses", operation_id = "list_clauses", tag = "master data",
    responses((status = 200, description = "The clauses", body = ClausesView)))]
pub async fn list_clauses(ctx: Ctx) -> Json<ClausesView> {
    let house = &ctx.house;
    let view = |(code, clause): (&String, &ordain_domain::clause::Clause)| ClauseView {
        code: code.clone(),
        required: clause.required,
        version: clause.current(),
        versions: (1..)
            .zip(&clause.versions)
            .map(|(version, text)| ClauseVersionView {
                version,
                text: Text { zh: text.zh.clone(), en: text.en.clone() },
                since: house.calendar.text(text.since_ms),
            })
            .collect(),
    };
    Json(ClausesView { items: house.clauses.0.iter().map(view).collect() })
}

/// Puts standard clauses; orders keep the version they were made under.
#[utoipa::path(put, path = "/clauses", operation_id = "put_clauses", tag = "master data", request_body = ClausesBody,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_clauses(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let bulk = read_items(&raw, CLAUSES)?.sound()?;
    Ok(write::admin(&ctx, &raw, AdminCommand::PutClauses(bulk), 200, upserted).await?.response)
}
