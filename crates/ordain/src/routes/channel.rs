//! What carries messages other than mail.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::channel::{CHANNELS, ChannelsView, channels};
use axum::response::Response;
use ordain_app::admin::{AdminCommand, ChannelItem};
use serde::Deserialize;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<ChannelItem>,
}

/// Shows what carries messages by SMS and instant messaging.
#[utoipa::path(get, path = "/settings/channels", operation_id = "read_channels", tag = "connectors",
    responses((status = 200, description = "The channels", body = ChannelsView)))]
pub async fn read_channels(ctx: Ctx) -> Response {
    tagged(&ctx.house.channels, &channels(&ctx.house.channels))
}

/// Replaces what carries messages.
#[utoipa::path(put, path = "/settings/channels", operation_id = "put_channels", tag = "connectors",
    request_body = ChannelsView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_channels(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, CHANNELS)?;
    write::document(&ctx, &raw, AdminCommand::PutChannels { items, expected }).await
}
