//! The words of notices as they are put: replaced as a whole, after everything in them that cannot be has been named.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::reading::{Reading, shortened};
use crate::case::decide::By;
use crate::case::notice_text::{IN_APP, LANGUAGES, MAIL, NoticeText, NoticeTexts, TO_CUSTOMERS};
use crate::gate::{Batch, GateError, NOTICE_TEXTS};
use crate::problem::Fault;
use ordain_connect::template::{TERMS, sent_to_customers};
use ordain_connect::wording::{Wording, variables};
use ordain_store::Keys;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const TEXT_MAX: usize = 5_000;
const SUBJECT_MAX: usize = 200;
/// What every notice inside the program about an order knows.
const OF_NOTICE: [&str; 3] = ["number", "customer", "by"];
/// What every message to a customer knows.
const OF_MESSAGE: [&str; 20] = [
    "company",
    "order.number",
    "order.revision",
    "order.later_revision",
    "order.customer_po",
    "order.customer_name",
    "order.currency",
    "order.net",
    "order.tax",
    "order.gross",
    "order.payment_terms",
    "order.requested_date",
    "order.special_requests",
    "order.ship_to.name",
    "order.ship_to.phone",
    "order.ship_to.address",
    TERMS,
    "contact.name",
    "contact.phone",
    "contact.email",
];

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeTextItem {
    pub event: String,
    pub channel: String,
    pub lang: String,
    pub subject: String,
    pub text: String,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, NOTICE_TEXTS.to_owned()));
}

/// What people inside are told of, and what customers are sent, each with the ways that it has.
pub fn notice_events() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let inside = WORDS[0].keys().map(String::as_str);
    let beside = sent_to_customers().filter(|event| !WORDS[0].contains_key(*event));
    inside.chain(beside).map(|event| {
        let told = WORDS[0].contains_key(event).then_some(IN_APP);
        let sent = sent_to_customers().any(|known| known == event);
        (event, told.into_iter().chain(TO_CUSTOMERS.into_iter().filter(|_| sent)).collect())
    })
}

/// The words that people inside are told of an event with, where nobody wrote others.
pub fn shipped_in_app(event: &str, lang: &str) -> Option<&'static str> {
    let words = if lang == "en" { &WORDS[1] } else { &WORDS[0] };
    words.get(event).map(String::as_str)
}

/// What a text about an event can name.
pub fn notice_variables(event: &str, channel: &str) -> Vec<&'static str> {
    if channel != IN_APP {
        let more: &[&str] = match event {
            "question_to_customer" => &["question.text", "question.due"],
            "answer_code" => &["answer.code", "answer.minutes"],
            _ => &[],
        };
        return OF_MESSAGE.iter().chain(more).copied().collect();
    }
    let shipped = variables(shipped_in_app(event, "zh-CN").unwrap_or_default());
    let of_order = OF_NOTICE.iter().take(2).all(|name| shipped.contains(name));
    let beside = OF_NOTICE.into_iter().filter(|name| of_order && !shipped.contains(name));
    shipped.iter().copied().chain(beside).collect()
}

/// The words of `notice` in Chinese and English, by event.
static WORDS: LazyLock<[BTreeMap<String, String>; 2]> = LazyLock::new(|| {
    let read = |json: &str| {
        let all: BTreeMap<String, Value> = serde_json::from_str(json).unwrap_or_default();
        let word = |(key, value): (String, Value)| {
            Some((key.strip_prefix("notice.")?.to_owned(), value.as_str()?.to_owned()))
        };
        all.into_iter().filter_map(word).collect()
    };
    [read(include_str!("../../../../locales/zh-CN.json")), read(include_str!("../../../../locales/en.json"))]
});

pub(super) fn put(
    items: &[NoticeTextItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: NoticeTexts = unchanged(batch, org, NOTICE_TEXTS, expected)?;
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let mut after = NoticeTexts::default();
    for (index, item) in items.iter().enumerate() {
        let path = |name: &str| format!("items[{index}].{name}");
        reading.once(&mut seen, (&item.event, &item.channel, &item.lang), path("event"));
        let wording = wording(item, &path, &mut reading);
        let known = before.find(&item.event, &item.channel, &item.lang);
        let known = known.filter(|known| known.wording == wording).cloned();
        after.items.push(known.unwrap_or_else(|| NoticeText {
            event: item.event.clone(),
            channel: item.channel.clone(),
            lang: item.lang.clone(),
            wording,
            by: by.actor.name().to_owned(),
            at_ms: by.at_ms,
        }));
    }
    reading.refuse()?;
    replace(batch, org, by, "put_notice_texts", NOTICE_TEXTS, (&before, &after))
}

/// Reads one text for a look at it.
///
/// # Errors
/// Everything in it that cannot be.
pub fn read_notice_text(item: &NoticeTextItem) -> Result<Wording, GateError> {
    let mut reading = Reading::default();
    let wording = wording(item, &str::to_owned, &mut reading);
    reading.refuse()?;
    Ok(wording)
}

fn wording(item: &NoticeTextItem, path: &dyn Fn(&str) -> String, reading: &mut Reading) -> Wording {
    let mut unknown = |code: &'static str, name: &str, found: &str| {
        reading.fault(Fault::new(code, path(name)).with("found", shortened(found)));
    };
    let ways = notice_events().find(|(event, _)| *event == item.event).map(|(_, ways)| ways);
    match &ways {
        None => unknown("unknown_event", "event", &item.event),
        Some(ways) if !ways.contains(&item.channel.as_str()) => {
            unknown("unknown_channel", "channel", &item.channel);
        }
        Some(_) => {}
    }
    if !LANGUAGES.contains(&item.lang.as_str()) {
        unknown("unknown_value", "lang", &item.lang);
    }
    let mailed = item.channel == MAIL;
    if ways.is_some_and(|ways| ways.contains(&item.channel.as_str())) {
        let known = notice_variables(&item.event, &item.channel);
        let subject = if mailed { item.subject.as_str() } else { "" };
        for (name, text) in [("subject", subject), ("text", item.text.as_str())] {
            for found in variables(text).into_iter().filter(|found| !known.contains(found)) {
                unknown("unknown_variable", name, found);
            }
        }
    }
    let subject = words(&item.subject, (mailed, SUBJECT_MAX), path("subject"), reading);
    Wording { subject, text: words(&item.text, (true, TEXT_MAX), path("text"), reading) }
}

fn words(text: &str, (needed, max): (bool, usize), path: String, reading: &mut Reading) -> String {
    let text = text.trim_end();
    if needed && text.trim().is_empty() {
        reading.fault(Fault::new("missing_field", path));
    } else if text.chars().count() > max {
        reading.fault(Fault::new("too_long", path).with("limit", max.to_string()));
    } else if text.chars().any(|c| c.is_control() && c != '\n') {
        reading.fault(Fault::new("bad_character", path));
    }
    if needed { text.to_owned() } else { String::new() }
}
