//! To whom figures are mailed, and how often.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::reader::{Kind, Shape};
use axum::response::Response;
use ordain_app::admin::{AdminCommand, DigestItem};
use ordain_app::figures::{DIGESTS, Digest, Digests};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const DIGEST: Shape = &[
    ("code", Kind::Text),
    ("every", Kind::OneOf(&["day", "week", "month"])),
    ("board", Kind::OneOf(&["all", "overview", "lost", "speed"])),
    ("to", Kind::List(&Kind::Text)),
    ("lang", Kind::OneOf(&["zh-CN", "en"])),
];
const SHAPE: Shape = &[("items", Kind::List(&Kind::Object(DIGEST)))];

/// What is left out does not exist afterwards.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Digests)]
pub struct DigestsView {
    pub items: Vec<DigestView>,
}

/// Figures that are mailed once for each period that is over: a day, a week from Monday on, or a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Digest)]
pub struct DigestView {
    pub code: String,
    /// `day`, `week` or `month`.
    pub every: &'static str,
    /// `all`, `overview`, `lost` or `speed`.
    pub board: &'static str,
    /// Addresses of mail.
    pub to: Vec<String>,
    /// `zh-CN` or `en`.
    pub lang: String,
}

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<DigestItem>,
}

/// Shows to whom figures are mailed.
#[utoipa::path(get, path = "/settings/digests", operation_id = "read_digests", tag = "reports",
    responses((status = 200, description = "The digests", body = DigestsView)))]
pub async fn read_digests(ctx: Ctx) -> Result<Response, Problem> {
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.setting(org, DIGESTS)?)).await?;
    let known: Digests = match row {
        Some(row) => serde_json::from_str(&row.value).map_err(|error| Problem::bug(&error.to_string()))?,
        None => Digests::default(),
    };
    let view = |digest: &Digest| DigestView {
        code: digest.code.clone(),
        every: digest.every.name(),
        board: digest.board.name(),
        to: digest.to.clone(),
        lang: digest.lang.clone(),
    };
    Ok(tagged(&known, &DigestsView { items: known.items.iter().map(view).collect() }))
}

/// Replaces to whom figures are mailed. A new digest tells the last period that is over at once.
#[utoipa::path(put, path = "/settings/digests", operation_id = "put_digests", tag = "reports",
    request_body = DigestsView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_digests(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, SHAPE)?;
    write::document(&ctx, &raw, AdminCommand::PutDigests { items, expected }).await
}
