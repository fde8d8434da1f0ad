//! Sheets of paper to work by while the system is away: the orders under way, and blank orders.

use crate::wire::order::order;
use crate::wire::review::{FindingView, ReviewView};
use crate::words::{Lang, Text, of_kinds, word};
use ordain_app::case::Case;
use ordain_app::case::world::House;
use ordain_app::rights::Caller;
use ordain_connect::template::{TemplateError, paper};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Writes sheets in one language, with what one person may see.
pub struct Printer<'a> {
    pub house: &'a House,
    pub caller: &'a Caller,
    pub company: &'a str,
    pub lang: Lang,
    pub now_ms: i64,
}

/// What a part of a sheet is made of.
#[derive(Serialize)]
struct Sheet<'a, D: Serialize> {
    w: BTreeMap<String, String>,
    lang: &'a str,
    #[serde(flatten)]
    data: D,
}

impl Printer<'_> {
    /// The beginning of a sheet: `open_orders` with `how_open`, or `blank_order` with `how_blank`.
    fn head(&self, title: &str, how: &str) -> Result<String, TemplateError> {
        let say = |key: &str| word(&format!("paper.{key}")).of(self.lang).to_owned();
        let printed_at = self.house.calendar.text(self.now_ms);
        let data = json!({ "title": say(title), "how": say(how), "company": self.company, "printed_at": printed_at });
        self.part("head", data)
    }

    /// The beginning of the list of orders under way.
    ///
    /// # Errors
    /// If a template of ours is broken.
    pub fn begin_open_orders(&self) -> Result<String, TemplateError> {
        self.head("open_orders", "how_open")
    }

    /// One order of the list.
    ///
    /// # Errors
    /// If a template of ours is broken.
    pub fn open_order(&self, case: &Case) -> Result<String, TemplateError> {
        let view = order(case, self.house, self.caller, self.now_ms, &BTreeMap::new());
        let status = word(&format!("status.{}", view.status)).of(self.lang).to_owned();
        self.part("order", json!({ "order": view, "status": status }))
    }

    /// The end of the list, saying whether it holds all orders.
    ///
    /// # Errors
    /// If a template of ours is broken.
    pub fn end_open_orders(&self, orders: usize, more: bool) -> Result<String, TemplateError> {
        self.part("foot", json!({ "orders": orders, "more": more }))
    }

    /// So many sheets for an order each.
    ///
    /// # Errors
    /// If a template of ours is broken.
    pub fn blank_orders(&self, copies: usize) -> Result<String, TemplateError> {
        let head = self.head("blank_order", "how_blank")?;
        let sheet = self.part("blank", json!({}))?;
        Ok(format!("{head}{}</body>\n</html>\n", sheet.repeat(copies)))
    }

    /// The review of a month.
    ///
    /// # Errors
    /// If a template of ours is broken.
    pub fn review(&self, review: &ReviewView) -> Result<String, TemplateError> {
        let head = self.head("review", "how_review")?;
        let words = |text: &Text| text.of(self.lang).to_owned();
        let said = |finding: &FindingView| json!({ "said": finding.said.as_ref().map(words).unwrap_or_default(), "text": finding.text });
        let data = json!({
            "review": review,
            "findings": review.findings.iter().map(said).collect::<Vec<_>>(),
            "steps": review.steps.iter().map(|step| words(&step.node_name)).collect::<Vec<_>>(),
            "reasons": review.reasons.iter().map(|found| words(&found.reason.name)).collect::<Vec<_>>(),
        });
        Ok(format!("{head}{}</body>\n</html>\n", self.part("review", data)?))
    }

    fn part(&self, name: &str, data: impl Serialize) -> Result<String, TemplateError> {
        let words = of_kinds(self.lang, &["paper"]).into_iter();
        let w = words.map(|(key, words)| (key.trim_start_matches("paper.").to_owned(), words)).collect();
        paper(name, &Sheet { w, lang: self.lang.code(), data })
    }
}
