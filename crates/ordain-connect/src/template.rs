//! Renders what is sent to customers, and what is printed, from the files in `locales/mail` and `locales/paper`, or in the
//! words of the company. Data is foreign: values are escaped in HTML, a key that is not there is an error, and a loop
//! cannot run for ever.

use crate::wording::{Said, Wording, body, subject, value};
use std::error::Error;
use std::sync::OnceLock;

use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("unknown_template: {template} in {lang}")]
    Unknown { template: String, lang: String },
    #[error("missing_template_data: {detail}")]
    MissingData { detail: String },
    #[error("template_too_long")]
    TooLong,
    #[error("template_failed: {detail}")]
    Failed { detail: String },
}

macro_rules! mail {
    ($file:expr) => {
        include_str!(concat!("../../../locales/mail/", $file))
    };
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, mail!($name))),*]
    };
}

/// What is more than words with variables: tables.
const FILES: [(&str, &str); 11] = files![
    "frame.html",
    "zh-CN/digest.subject.txt",
    "zh-CN/digest.txt",
    "zh-CN/digest.html",
    "en/digest.subject.txt",
    "en/digest.txt",
    "en/digest.html",
    "zh-CN/order_terms.txt",
    "zh-CN/order_terms.html",
    "en/order_terms.txt",
    "en/order_terms.html",
];

macro_rules! wordings {
    ($($name:literal),* $(,)?) => {
        [$(
            ($name, "zh-CN", mail!(concat!("zh-CN/", $name, ".subject.txt")), mail!(concat!("zh-CN/", $name, ".txt"))),
            ($name, "en", mail!(concat!("en/", $name, ".subject.txt")), mail!(concat!("en/", $name, ".txt"))),
        )*]
    };
}

/// What customers are sent, as it is shipped: name, language, subject and text.
const WORDINGS: [(&str, &str, &str, &str); 14] = wordings![
    "order_confirmed",
    "customer_confirmation",
    "question_to_customer",
    "change_confirmed",
    "change_rejected",
    "delivery_changed",
    "answer_code",
];

/// What an order says in full: a table in HTML, lines elsewhere.
pub const TERMS: &str = "order.terms";

/// Parts of sheets of paper; their words come with the data.
const PAPER: [(&str, &str); 5] = [
    ("paper/head.html", include_str!("../../../locales/paper/head.html")),
    ("paper/order.html", include_str!("../../../locales/paper/order.html")),
    ("paper/blank.html", include_str!("../../../locales/paper/blank.html")),
    ("paper/review.html", include_str!("../../../locales/paper/review.html")),
    ("paper/foot.html", include_str!("../../../locales/paper/foot.html")),
];

/// Enough for an order of 5,000 lines, the most an order can have.
const FUEL: u64 = 2_000_000;

/// Whether customers can be sent a template.
pub fn is_known(template: &str) -> bool {
    shipped(template, "zh-CN").is_some()
}

/// The names of what customers can be sent.
pub fn sent_to_customers() -> impl Iterator<Item = &'static str> {
    WORDINGS.iter().filter(|(_, lang, ..)| *lang == "zh-CN").map(|(name, ..)| *name)
}

/// The words that a template has where nobody wrote others.
pub fn shipped(template: &str, lang: &str) -> Option<Wording> {
    let lang = folder(lang);
    let (.., subject, text) = WORDINGS.iter().find(|(name, of, ..)| *name == template && *of == lang)?;
    Some(Wording { subject: subject.trim_end().to_owned(), text: (*text).to_owned() })
}

fn folder(lang: &str) -> &'static str {
    if lang.to_lowercase().starts_with("zh") { "zh-CN" } else { "en" }
}

/// Every key a template names must be in `data`; a value that does not exist is `null` there.
pub fn render(template: &str, lang: &str, data: &serde_json::Value) -> Result<Rendered, TemplateError> {
    if let Some(wording) = shipped(template, lang) {
        return render_wording(&wording, lang, data);
    }
    let part = |ending: &str| file(&format!("{}/{template}{ending}", folder(lang)), data, (template, lang));
    let subject = part(".subject.txt")?.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Rendered { subject, text: part(".txt")?, html: part(".html")? })
}

/// As [`render`], with words that somebody wrote.
pub fn render_wording(
    wording: &Wording,
    lang: &str,
    data: &serde_json::Value,
) -> Result<Rendered, TemplateError> {
    let look = |name: &str| {
        if name == TERMS {
            return terms(lang, data).map(Some);
        }
        value(name, data).ok_or_else(|| TemplateError::MissingData { detail: name.to_owned() })
    };
    let subject = subject(&wording.subject, &look)?;
    let said = body(&wording.text, &look)?;
    let framed = serde_json::json!({ "lang": folder(lang), "subject": &subject, "body": said.html });
    let html = file("frame.html", &framed, ("frame", lang))?;
    Ok(Rendered { subject, text: said.text, html })
}

fn terms(lang: &str, data: &serde_json::Value) -> Result<Said, TemplateError> {
    let part =
        |ending: &str| file(&format!("{}/order_terms{ending}", folder(lang)), data, ("order_terms", lang));
    Ok(Said { text: part(".txt")?, html: part(".html")? })
}

fn file(
    name: &str,
    data: &serde_json::Value,
    (template, lang): (&str, &str),
) -> Result<String, TemplateError> {
    let file = environment()?.get_template(name);
    file.and_then(|file| file.render(data)).map_err(|error| failure(&error, template, lang))
}

/// A part of a sheet of paper: `head`, `order`, `blank`, `review` or `foot`.
pub fn paper(part: &str, data: &impl Serialize) -> Result<String, TemplateError> {
    let file = environment()?.get_template(&format!("paper/{part}.html"));
    file.and_then(|file| file.render(data)).map_err(|error| failure(&error, part, ""))
}

fn environment() -> Result<&'static Environment<'static>, TemplateError> {
    static READY: OnceLock<Result<Environment<'static>, String>> = OnceLock::new();
    let ready = READY.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_keep_trailing_newline(true);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        });
        for (name, source) in FILES.into_iter().chain(PAPER) {
            environment.add_template(name, source).map_err(|error| error.to_string())?;
        }
        Ok(environment)
    });
    ready.as_ref().map_err(|detail| TemplateError::Failed { detail: detail.clone() })
}

fn failure(error: &minijinja::Error, template: &str, lang: &str) -> TemplateError {
    let error = root(error);
    match error.kind() {
        ErrorKind::TemplateNotFound => {
            TemplateError::Unknown { template: template.to_owned(), lang: lang.to_owned() }
        }
        ErrorKind::UndefinedError => TemplateError::MissingData { detail: error.to_string() },
        ErrorKind::OutOfFuel => TemplateError::TooLong,
        _ => TemplateError::Failed { detail: error.to_string() },
    }
}

/// What went wrong in the file that was included, where one was.
fn root(error: &minijinja::Error) -> &minijinja::Error {
    error.source().and_then(|below| below.downcast_ref()).map_or(error, root)
}
