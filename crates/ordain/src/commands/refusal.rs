//! Why a file was not taken, in words that say what to do about it.

use super::{Failed, lang, remote};
use crate::words::{Text, has, list, named, text};
use ordain_app::import::ImportRefusal;
use ordain_connect::mapping::MappingProblem;
use serde::Serialize;
use serde_json::Value;

/// What a mapping looks like; words cannot hold its braces, which are those of placeholders.
const SHAPE: &str = r#"{"fields": {"product": "SKU", "quantity": "Qty"}}"#;

/// Every refusal is `import.CODE` in the catalogues, with the facts of the refusal as placeholders.
pub(super) fn import(refusal: ImportRefusal) -> Failed {
    match refusal {
        ImportRefusal::Sheet(refusal) => Failed(worded(&refusal)),
        ImportRefusal::Mapping(problems) => {
            Failed(problems.iter().map(mapping_problem).collect::<Vec<_>>().join("\n"))
        }
        ImportRefusal::NoColumnKnown(header) => Failed(say_of("no_column_known", &header, &[])),
        ImportRefusal::NotOrders { missing, header } => Failed(say_of("not_orders", &header, &missing)),
        ImportRefusal::Gate(error) => remote::worded(error),
    }
}

pub(super) fn mapping_problem(problem: &MappingProblem) -> String {
    worded(problem)
}

fn say_of(code: &str, header: &[String], missing: &[&str]) -> String {
    let columns: Vec<Text> = header.iter().filter(|name| !name.is_empty()).map(Text::plain).collect();
    let missing: Vec<Text> = missing.iter().map(|field| named("field.line", field)).collect();
    let args = [("columns", list(&columns)), ("missing", list(&missing))];
    text(&format!("import.{code}"), &args).of(lang()).to_owned()
}

/// The words of something that serializes as its code and its facts.
fn worded(refusal: &(impl Serialize + ToString)) -> String {
    let value = serde_json::to_value(refusal).unwrap_or_default();
    let code = value.get("code").and_then(Value::as_str).unwrap_or_default();
    let key = format!("import.{code}");
    if !has(&key) {
        return refusal.to_string();
    }
    let facts = value.as_object().into_iter().flatten();
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut args: Vec<(&str, Text)> =
        facts.map(|(name, value)| (name.as_str(), Text::plain(plain(value)))).collect();
    args.push(("shape", Text::plain(SHAPE)));
    text(&key, &args).of(lang()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_connect::sheet::SheetRefusal;

    #[test]
    fn every_refusal_of_a_file_has_words() {
        let sheets = [
            SheetRefusal::Empty,
            SheetRefusal::FileTooLarge { limit_bytes: 1 },
            SheetRefusal::UnpackedTooLarge { limit_bytes: 1 },
            SheetRefusal::TooManyEntries { limit: 1 },
            SheetRefusal::TooManyRows { limit: 1 },
            SheetRefusal::TooManyColumns { limit: 1 },
            SheetRefusal::TooManyCells { limit: 1 },
            SheetRefusal::NotATable,
            SheetRefusal::NotAWorkbook,
            SheetRefusal::UnreadableWorkbook,
            SheetRefusal::Encrypted,
        ];
        for refusal in sheets {
            assert!(has(&format!("import.{}", refusal.code())), "{}", refusal.code());
            assert_ne!(worded(&refusal), refusal.to_string());
        }
        let (field, column) = ("a".to_owned(), "b".to_owned());
        let problems = [
            MappingProblem::UnreadableMapping { detail: String::new() },
            MappingProblem::UnknownField { field: field.clone() },
            MappingProblem::MissingColumn { field, column: column.clone() },
            MappingProblem::ColumnUsedTwice { column },
        ];
        for problem in problems {
            assert_ne!(worded(&problem), problem.to_string());
        }
        assert!(has("import.no_column_known") && has("import.not_orders"));
    }
}
