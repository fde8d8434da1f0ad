//! Renders what is sent to customers, and what is printed, from the files in `locales/mail` and `locales/paper`. Templates are ours and data is foreign:
//! values are escaped in HTML, a key that is not there is an error, and a loop cannot run for ever.

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

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../locales/mail/", $name)))),*]
    };
}

const FILES: [(&str, &str); 52] = files![
    "zh-CN/order_confirmed.subject.txt",
    "zh-CN/order_confirmed.txt",
    "zh-CN/order_confirmed.html",
    "zh-CN/question_to_customer.subject.txt",
    "zh-CN/question_to_customer.txt",
    "zh-CN/question_to_customer.html",
    "zh-CN/customer_confirmation.subject.txt",
    "zh-CN/customer_confirmation.txt",
    "zh-CN/customer_confirmation.html",
    "en/order_confirmed.subject.txt",
    "en/order_confirmed.txt",
    "en/order_confirmed.html",
    "en/question_to_customer.subject.txt",
    "en/question_to_customer.txt",
    "en/question_to_customer.html",
    "en/customer_confirmation.subject.txt",
    "en/customer_confirmation.txt",
    "en/customer_confirmation.html",
    "zh-CN/change_confirmed.subject.txt",
    "zh-CN/change_confirmed.txt",
    "zh-CN/change_confirmed.html",
    "zh-CN/change_rejected.subject.txt",
    "zh-CN/change_rejected.txt",
    "zh-CN/change_rejected.html",
    "en/change_confirmed.subject.txt",
    "en/change_confirmed.txt",
    "en/change_confirmed.html",
    "en/change_rejected.subject.txt",
    "en/change_rejected.txt",
    "en/change_rejected.html",
    "zh-CN/delivery_changed.subject.txt",
    "zh-CN/delivery_changed.txt",
    "zh-CN/delivery_changed.html",
    "en/delivery_changed.subject.txt",
    "en/delivery_changed.txt",
    "en/delivery_changed.html",
    "zh-CN/answer_code.subject.txt",
    "zh-CN/answer_code.txt",
    "zh-CN/answer_code.html",
    "en/answer_code.subject.txt",
    "en/answer_code.txt",
    "en/answer_code.html",
    "zh-CN/digest.subject.txt",
    "zh-CN/digest.txt",
    "zh-CN/digest.html",
    "en/digest.subject.txt",
    "en/digest.txt",
    "en/digest.html",
    // What an order says, for those that include it.
    "zh-CN/order_terms.txt",
    "zh-CN/order_terms.html",
    "en/order_terms.txt",
    "en/order_terms.html",
];

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
    let subject = format!("zh-CN/{template}.subject.txt");
    FILES.iter().any(|(name, _)| *name == subject)
}

/// Every key a template names must be in `data`; a value that does not exist is `null` there.
pub fn render(template: &str, lang: &str, data: &serde_json::Value) -> Result<Rendered, TemplateError> {
    let folder = if lang.to_lowercase().starts_with("zh") { "zh-CN" } else { "en" };
    let part = |ending: &str| {
        environment()?
            .get_template(&format!("{folder}/{template}{ending}"))
            .and_then(|file| file.render(data))
            .map_err(|error| failure(&error, template, lang))
    };
    let subject = part(".subject.txt")?.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Rendered { subject, text: part(".txt")?, html: part(".html")? })
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
