//! What the company's own form asks for.

use super::Against;
use crate::finding::{Code, Finding};
use crate::form::{FormField, is_blank};
use crate::order::{Content, Line};
use serde_json::Value;

/// Characters of a wrong value that a finding repeats.
const SHOWN: usize = 60;

pub(super) fn check(content: &Content, against: &Against<'_>, findings: &mut Vec<Finding>) {
    for field in against.form.fields.iter().filter(|field| field.since_ms <= against.handed_in_ms) {
        let name = &field.field;
        if field.line {
            for (index, line) in content.lines.iter().enumerate() {
                let path = format!("lines[{index}].extra.{name}");
                findings.extend(look(field, line.extra.get(name), (content, Some(line)), path));
            }
        } else {
            findings.extend(look(field, content.extra.get(name), (content, None), format!("extra.{name}")));
        }
    }
}

fn look(
    field: &FormField,
    held: Option<&Value>,
    (content, line): (&Content, Option<&Line>),
    path: String,
) -> Option<Finding> {
    let finding = |code| {
        Finding::new(code, path)
            .with("name_zh", field.name.zh.as_str())
            .with("name_en", field.name.en.as_str())
    };
    match held.filter(|held| !is_blank(held)) {
        None => field.is_required(content, line).then(|| finding(Code::CustomMissing)),
        Some(held) if !field.takes(held) => {
            let found = held.as_str().map_or_else(|| held.to_string(), str::to_owned);
            Some(finding(Code::CustomUnfit).with("found", found.chars().take(SHOWN).collect::<String>()))
        }
        Some(_) => None,
    }
}
