//! What the company says in notices in its own words: for each event, way and language. What is not here is said as it
//! is shipped.

use ordain_connect::template::shipped;
use ordain_connect::wording::Wording;
use serde::{Deserialize, Serialize};

/// The way inside the program.
pub const IN_APP: &str = "in_app";
pub const MAIL: &str = "mail";
/// Ways to customers. What SMS and instant messages have no words of their own for, they say as mail does.
pub const TO_CUSTOMERS: [&str; 3] = [MAIL, "sms", "im"];
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// They are replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeTexts {
    pub items: Vec<NoticeText>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeText {
    pub event: String,
    pub channel: String,
    pub lang: String,
    #[serde(flatten)]
    pub wording: Wording,
    /// Who wrote it, and when.
    pub by: String,
    pub at_ms: i64,
}

impl NoticeTexts {
    pub fn find(&self, event: &str, channel: &str, lang: &str) -> Option<&NoticeText> {
        self.items.iter().find(|text| text.event == event && text.channel == channel && text.lang == lang)
    }

    /// What customers are told of an event by a way.
    pub fn to_customers(&self, event: &str, channel: &str, lang: &str) -> Option<Wording> {
        let own = self.find(event, channel, lang).or_else(|| self.find(event, MAIL, lang));
        own.map(|text| text.wording.clone()).or_else(|| shipped(event, lang))
    }
}
