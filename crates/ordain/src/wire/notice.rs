//! Messages to people inside the program.

use crate::words::{Lang, Text, has, text};
use ordain_app::case::notice_text::IN_APP;
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_connect::wording::line;
use ordain_store::NoticeRow;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    pub id: String,
    pub at: String,
    pub kind: String,
    pub text: Text,
    pub order_id: Option<String>,
    pub task_id: Option<String>,
    pub read: bool,
    /// Unread notices of the same kind that came shortly before and are told with it.
    pub others: Vec<OtherNotice>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OtherNotice {
    pub id: String,
    pub text: Text,
    pub order_id: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NoticePage)]
pub struct NoticePageView {
    pub items: Vec<NoticeView>,
    pub next_cursor: Option<String>,
    pub unread: i64,
}

/// In the words of the company, where it has some.
fn said(event: &str, fields: &[(&str, Text)], house: &House) -> Text {
    let shipped = text(&format!("notice.{event}"), fields);
    let own = |lang: Lang, tag: &str| {
        let own = house.notice_texts.find(event, IN_APP, tag)?;
        let data = fields.iter().map(|(name, value)| ((*name).to_owned(), value.of(lang).into()));
        Some(line(&own.wording.text, &Value::Object(data.collect())))
    };
    Text { zh: own(Lang::Zh, "zh-CN").unwrap_or(shipped.zh), en: own(Lang::En, "en").unwrap_or(shipped.en) }
}

/// What somebody reads of an event of an order, as a row says it.
pub fn said_of(event: &str, number: &str, customer: Option<&str>, by: &str, house: &House) -> Text {
    let event = if has(&format!("notice.{event}")) { event } else { "other" };
    let fields = [("number", number), ("customer", customer.unwrap_or_default()), ("by", by)];
    said(event, &fields.map(|(name, value)| (name, Text::plain(value))), house)
}

/// The rows of a page, the newest first: unread ones of one kind that came within the company's time of each other are
/// one. Each stays what it is for its order and for the log of who has read it.
pub fn merged(rows: Vec<NoticeRow>, house: &House, sight: &Sight) -> Vec<NoticeView> {
    const MINUTE_MS: i64 = 60_000;
    let within_ms = house.rules.notice_merge_minutes.saturating_mul(MINUTE_MS);
    let mut told: Vec<(i64, NoticeView)> = Vec::new();
    for row in rows {
        let at_ms = row.at_ms;
        let view = notice(row, house, sight);
        let newer = told.iter_mut().find(|(newer_ms, newer)| {
            within_ms > 0
                && !newer.read
                && !view.read
                && newer.kind == view.kind
                && newer_ms.saturating_sub(at_ms) <= within_ms
        });
        match newer {
            Some((_, newer)) => {
                newer.others.push(OtherNotice { id: view.id, text: view.text, order_id: view.order_id });
            }
            None => told.push((at_ms, view)),
        }
    }
    told.into_iter().map(|(_, view)| view.with_count()).collect()
}

impl NoticeView {
    /// Says how many it stands for.
    fn with_count(mut self) -> Self {
        if !self.others.is_empty() {
            let n = Text::plain(self.others.len().to_string());
            self.text = text("notices.merged", &[("what", self.text), ("n", n)]);
        }
        self
    }
}

fn notice(row: NoticeRow, house: &House, sight: &Sight) -> NoticeView {
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    let field = |(name, value): (&String, &Value)| {
        let value = value.as_str().unwrap_or_default().to_owned();
        (name.clone(), Text::plain(sight.text(name, Some(value)).unwrap_or_default()))
    };
    let fields: Vec<(String, Text)> = body.as_object().into_iter().flatten().map(field).collect();
    let fields: Vec<(&str, Text)> = fields.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let event = if has(&format!("notice.{}", row.kind)) { row.kind.as_str() } else { "other" };
    let said = said(event, &fields, house);
    let id = |id: Option<[u8; 16]>| id.map(|id| Uuid::from_bytes(id).to_string());
    NoticeView {
        id: Uuid::from_bytes(row.id).to_string(),
        at: house.calendar.text(row.at_ms),
        text: said,
        kind: row.kind,
        order_id: id(row.order_id),
        task_id: id(row.task_id),
        read: row.read,
        others: Vec::new(),
    }
}
