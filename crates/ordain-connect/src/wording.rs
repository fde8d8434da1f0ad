//! The words of a notice as somebody writes them who cannot program: text, variables in braces, and parts in brackets
//! that are left out where a variable in them has nothing to say. A line that is left with nothing is left out too.

use minijinja::HtmlEscape;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a notice says, before it is about an order. Only mails have a subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wording {
    pub subject: String,
    pub text: String,
}

enum Part<'a> {
    Text(&'a str),
    Variable(&'a str),
    Optional(Vec<Part<'a>>),
}

/// The same in both forms of a mail.
#[derive(Clone, Default)]
pub(crate) struct Said {
    pub text: String,
    pub html: String,
}

impl Said {
    fn plain(text: &str) -> Self {
        let html = HtmlEscape(text).to_string().replace('\n', "<br>");
        Self { text: text.to_owned(), html }
    }

    fn add(&mut self, more: &Self) {
        self.text.push_str(&more.text);
        self.html.push_str(&more.html);
    }
}

/// What variables stand for; nothing where there is nothing to say.
pub(crate) type Look<'a, E> = &'a dyn Fn(&str) -> Result<Option<Said>, E>;

/// The variables that a text names, each once, in their order.
pub fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        collect(&parts(line), &mut found);
    }
    found
}

fn collect<'a>(parts: &[Part<'a>], found: &mut Vec<&'a str>) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Variable(name) if found.contains(name) => {}
            Part::Variable(name) => found.push(name),
            Part::Optional(inner) => collect(inner, found),
        }
    }
}

/// What a text of one line comes to.
pub fn line(text: &str, data: &Value) -> String {
    let look = |name: &str| Ok::<_, ()>(value(name, data).flatten());
    said(&parts(text), &look).map(|said| said.text).unwrap_or_default()
}

/// The outer option is for a variable that is not there, the inner one for a value that does not exist.
pub(crate) fn value(name: &str, data: &Value) -> Option<Option<Said>> {
    let mut at = data;
    for key in name.split('.') {
        at = match at {
            Value::Null => return Some(None),
            at => at.get(key)?,
        };
    }
    let text = match at {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    Some(Some(Said::plain(&text)).filter(|said| !said.text.is_empty()))
}

/// A text of several lines; one variable alone in its line keeps the form that it has in HTML.
pub(crate) fn body<E>(text: &str, look: Look<'_, E>) -> Result<Said, E> {
    let mut body = Said::default();
    let mut paragraph: Vec<String> = Vec::new();
    for line in text.lines() {
        let parts = parts(line);
        let said = said(&parts, look)?;
        let left_out = said.text.trim().is_empty() && !line.trim().is_empty();
        if left_out {
            continue;
        }
        body.text.push_str(said.text.trim_end_matches('\n'));
        body.text.push('\n');
        let alone = matches!(parts.as_slice(), [Part::Variable(_)]);
        if line.trim().is_empty() || (alone && said.html.starts_with('<')) {
            end(&mut paragraph, &mut body.html);
            body.html.push_str(&said.html);
        } else {
            paragraph.push(said.html);
        }
    }
    end(&mut paragraph, &mut body.html);
    Ok(body)
}

fn end(paragraph: &mut Vec<String>, html: &mut String) {
    if !paragraph.is_empty() {
        html.push_str(&format!("<p>{}</p>\n", paragraph.join("<br>")));
        paragraph.clear();
    }
}

pub(crate) fn subject<E>(text: &str, look: Look<'_, E>) -> Result<String, E> {
    let said = said(&parts(text), look)?;
    Ok(said.text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn said<E>(parts: &[Part<'_>], look: Look<'_, E>) -> Result<Said, E> {
    let mut all = Said::default();
    for part in parts {
        match part {
            Part::Text(text) => all.add(&Said::plain(text)),
            Part::Variable(name) => all.add(&look(name)?.unwrap_or_default()),
            Part::Optional(inner) if whole(inner, look)? => all.add(&said(inner, look)?),
            Part::Optional(_) => {}
        }
    }
    Ok(all)
}

fn whole<E>(parts: &[Part<'_>], look: Look<'_, E>) -> Result<bool, E> {
    for part in parts {
        if let Part::Variable(name) = part
            && look(name)?.is_none()
        {
            return Ok(false);
        }
    }
    Ok(true)
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '[']) {
        let (before, after) = rest.split_at(at);
        let found = if after.starts_with('{') { Some(variable(after)) } else { optional(after) };
        // A bracket around no variable is text.
        let (part, behind) = found.unwrap_or_else(|| (Part::Text(&after[..1]), &after[1..]));
        parts.extend((!before.is_empty()).then_some(Part::Text(before)));
        parts.push(part);
        rest = behind;
    }
    parts.extend((!rest.is_empty()).then_some(Part::Text(rest)));
    parts
}

/// A brace that is never closed is the beginning of what no variable is called.
fn variable(text: &str) -> (Part<'_>, &str) {
    let (name, behind) = text[1..].split_once('}').unwrap_or((text, ""));
    (Part::Variable(name.trim()), behind)
}

fn optional(text: &str) -> Option<(Part<'_>, &str)> {
    let (inner, behind) = text[1..].split_once(']')?;
    let inner = parts(inner);
    let any = inner.iter().any(|part| matches!(part, Part::Variable(_)));
    any.then_some((Part::Optional(inner), behind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_has_nothing_to_say_is_left_out_and_brackets_of_no_variable_stay() {
        let data = json!({ "order": { "number": "SO-1", "po": null, "to": null, "n": 3 } });
        let made = |text: &str| line(text, &data);
        assert_eq!(made("[重要] {order.number}[ · {order.po}] ×{ order.n }"), "[重要] SO-1 ×3");
        assert_eq!(made("{order.to.name}[ for {order.to.name}]"), "");
        assert_eq!(variables("{a}[{b} {a}]\n{c"), ["a", "b", "{c"]);
        let look = |name: &str| value(name, &data).ok_or(name.to_owned());
        let body = |text: &str| body(text, &look).map(|said| (said.text, said.html));
        let (text, html) = (": <SO-1>\n\nend\n", "<p>: &lt;SO-1&gt;</p>\n<p>end</p>\n");
        assert_eq!(body(": <{order.number}>\n{order.po}\n\nend"), Ok((text.to_owned(), html.to_owned())));
        assert_eq!(body("{order.other}"), Err("order.other".to_owned()));
    }
}
