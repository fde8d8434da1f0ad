//! What notices say: the words as they are shipped, those that the company wrote instead, and a look at a text on an
//! order before it counts.

use super::order_act::order_id;
use super::order_notice::PreviewView;
use crate::server::body::{Raw, item, shaped};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::reader::{Kind, Shape, text};
use crate::words::{Text, named};
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::admin::{
    AdminCommand, NoticeTextItem, notice_events, notice_variables, read_notice_text, shipped_in_app,
};
use ordain_app::case::notice_text::{IN_APP, LANGUAGES, NoticeText};
use ordain_app::mail::{WriteError, preview_wording};
use ordain_app::query::order;
use ordain_app::query::sight::Sight;
use ordain_app::rights::Permission;
use ordain_connect::template::shipped;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const TEXT: Shape = &[
    ("event", Kind::Text),
    ("channel", Kind::Text),
    ("lang", Kind::OneOf(&["zh-CN", "en"])),
    ("subject", Kind::Text),
    ("text", Kind::Text),
];
const SHAPE: Shape = &[("items", Kind::List(&Kind::Object(TEXT)))];
const TRIAL: Shape = &[("order", Kind::Text), ("item", Kind::Object(TEXT))];

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NoticeTexts)]
pub struct NoticeTextsView {
    /// What the company wrote. Everything else is said as it is shipped.
    pub items: Vec<OwnTextView>,
    pub events: Vec<NoticeEventView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OwnNoticeText)]
pub struct OwnTextView {
    pub event: String,
    pub channel: String,
    pub lang: String,
    pub subject: String,
    pub text: String,
    pub by: String,
    pub at: String,
}

/// Something that is told, with the ways by which it can be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NoticeEvent)]
pub struct NoticeEventView {
    pub event: String,
    pub name: Text,
    pub channels: Vec<NoticeWayView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NoticeWay)]
pub struct NoticeWayView {
    /// `in_app`, `mail`, `sms` or `im`.
    pub channel: &'static str,
    pub variables: Vec<VariableView>,
    pub shipped: Vec<ShippedView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NoticeVariable)]
pub struct VariableView {
    pub name: &'static str,
    pub title: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShippedNoticeText)]
pub struct ShippedView {
    pub lang: &'static str,
    pub subject: String,
    pub text: String,
}

#[derive(Clone, Debug, ToSchema)]
#[schema(as = NoticeTextsBody)]
#[allow(dead_code, reason = "a shape that the document shows; it is read by the application")]
pub struct NoticeTextsBody {
    pub items: Vec<NoticeTextBody>,
}

#[derive(Clone, Debug, ToSchema)]
#[schema(as = NoticeTextBody)]
#[allow(dead_code, reason = "a shape that the document shows; it is read by the application")]
pub struct NoticeTextBody {
    pub event: String,
    /// `in_app`, `mail`, `sms` or `im`.
    pub channel: String,
    /// `zh-CN` or `en`.
    pub lang: String,
    /// Of mail alone.
    #[schema(required = false)]
    pub subject: String,
    /// Variables stand in braces; a part in brackets is left out where a variable in it has nothing to say.
    pub text: String,
}

#[derive(Clone, Debug, ToSchema)]
#[schema(as = NoticeTextTrial)]
#[allow(dead_code, reason = "a shape that the document shows; it is read by the application")]
pub struct TrialBody {
    /// Id of the order.
    pub order: String,
    pub item: NoticeTextBody,
}

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<NoticeTextItem>,
}

#[derive(Deserialize)]
struct Trial {
    #[serde(default)]
    item: NoticeTextItem,
}

/// Shows what notices say, with what their texts can name.
#[utoipa::path(get, path = "/notice-texts", operation_id = "read_notice_texts", tag = "notices",
    responses((status = 200, description = "The texts", body = NoticeTextsView)))]
pub async fn read_notice_texts(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.notice_texts;
    let own = |text: &NoticeText| OwnTextView {
        event: text.event.clone(),
        channel: text.channel.clone(),
        lang: text.lang.clone(),
        subject: text.wording.subject.clone(),
        text: text.wording.text.clone(),
        by: text.by.clone(),
        at: ctx.house.calendar.text(text.at_ms),
    };
    let events = notice_events().map(|(event, channels)| NoticeEventView {
        event: event.to_owned(),
        name: named("template", event),
        channels: channels.into_iter().map(|channel| way(event, channel)).collect(),
    });
    let view = NoticeTextsView { items: known.items.iter().map(own).collect(), events: events.collect() };
    Ok(tagged(known, &view))
}

fn way(event: &str, channel: &'static str) -> NoticeWayView {
    let said = |lang: &'static str| {
        let (subject, text) = if channel == IN_APP {
            (String::new(), shipped_in_app(event, lang)?.to_owned())
        } else {
            let wording = shipped(event, lang)?;
            (wording.subject, wording.text)
        };
        Some(ShippedView { lang, subject, text })
    };
    let variable = |name| VariableView { name, title: named("variable", name) };
    NoticeWayView {
        channel,
        variables: notice_variables(event, channel).into_iter().map(variable).collect(),
        shipped: LANGUAGES.into_iter().filter_map(said).collect(),
    }
}

/// Replaces what the company says in its own words. What is left out is said as it is shipped.
#[utoipa::path(put, path = "/notice-texts", operation_id = "put_notice_texts", tag = "notices",
    request_body = NoticeTextsBody,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag they have now", body = TaggedView)))]
pub async fn put_notice_texts(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, SHAPE)?;
    write::document(&ctx, &raw, AdminCommand::PutNoticeTexts { items, expected }).await
}

/// Shows what a text would say of an order. Nothing is kept and nothing is sent.
#[utoipa::path(post, path = "/notice-texts/preview", operation_id = "preview_notice_text", tag = "notices",
    request_body = TrialBody,
    responses((status = 200, description = "The notice as it would be told", body = PreviewView)))]
pub async fn preview_notice_text(ctx: Ctx, raw: Raw) -> Result<Json<PreviewView>, Problem> {
    let Trial { item: asked } = item(&raw, TRIAL)?;
    let id = order_id(&text(&shaped(&raw, TRIAL)?, "order").unwrap_or_default())?;
    ctx.must_reach(Permission::ReadOrders, &[id]).await?;
    let wording = read_notice_text(&asked)?;
    let (org, house, caller) = (ctx.org(), ctx.house.clone(), ctx.caller.clone());
    ctx.read(move |store| {
        let case = order::by_id(store, org, id)?;
        // As for a notice that leaves: who sees half of the order is shown none of it.
        if !Sight::of_case(&case, &house, &caller).is_clear() {
            return Err(Problem::new(StatusCode::FORBIDDEN, "notice_not_seen"));
        }
        let way = (asked.channel.as_str(), asked.lang.as_str());
        let made =
            preview_wording(store, &house, (org, &case), way, &wording).map_err(|error| match error {
                WriteError::Store(error) => Problem::from(error),
                other => Problem::bug(&other.to_string()),
            })?;
        Ok(Json(PreviewView { subject: made.subject, text: made.text, html: made.html }))
    })
    .await
}
