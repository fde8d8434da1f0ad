//! Catalogues of words: Chinese and English must hold the same keys with the same placeholders.
//!
//! Wherever a `zh-CN.json`, `name.zh-CN.json` or `zh-CN/name.json` lies, its English twin must lie
//! beside it, and the other way round.

use super::{Finding, Tree};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SOURCE: &str = "zh-CN";
const OTHER: &str = "en";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in tree.files.keys().filter(|p| is_catalogue(p)) {
        if let Some(other) = twin(path, SOURCE, OTHER) {
            match (read(tree, path), read(tree, &other)) {
                (_, None) if !tree.files.contains_key(&other) => {
                    found.push(Finding::new("words", path, 0, format!("{other} is missing beside it")));
                }
                (Some(zh), Some(en)) => compare(path, &zh, &other, &en, &mut found),
                (zh, _) => {
                    let broken = if zh.is_none() { path } else { &other };
                    found.push(Finding::new("words", broken, 0, "not a JSON object of words"));
                }
            }
        } else if let Some(source) = twin(path, OTHER, SOURCE)
            && !tree.files.contains_key(&source)
        {
            found.push(Finding::new("words", path, 0, format!("{source} is missing beside it")));
        }
    }
    found
}

fn is_catalogue(path: &str) -> bool {
    path.ends_with(".json")
        && (path.starts_with("locales/") || path.starts_with("crates/") || path.starts_with("ui/"))
}

/// The path with the one language in its name replaced by the other.
fn twin(path: &str, from: &str, to: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once('/')?;
    if file == format!("{from}.json") {
        return Some(format!("{folder}/{to}.json"));
    }
    if let Some(stem) = file.strip_suffix(&format!(".{from}.json")) {
        return Some(format!("{folder}/{stem}.{to}.json"));
    }
    let above = folder.strip_suffix(from)?;
    above.ends_with('/').then(|| format!("{above}{to}/{file}"))
}

fn read(tree: &Tree, path: &str) -> Option<BTreeMap<String, String>> {
    let value: Value = serde_json::from_str(tree.files.get(path)?).ok()?;
    value.is_object().then(|| {
        let mut flat = BTreeMap::new();
        flatten("", &value, &mut flat);
        flat
    })
}

/// Nested objects become dotted keys; plural forms, which differ by language, become one key.
fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, inner, into);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                flatten(&format!("{prefix}.{at}"), inner, into);
            }
        }
        other => {
            let plural = ["_zero", "_one", "_two", "_few", "_many", "_other"];
            let key = plural.iter().find_map(|p| prefix.strip_suffix(p)).unwrap_or(prefix);
            let text = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            into.insert(key.to_owned(), text);
        }
    }
}

fn compare(
    zh_path: &str,
    zh: &BTreeMap<String, String>,
    en_path: &str,
    en: &BTreeMap<String, String>,
    found: &mut Vec<Finding>,
) {
    for (key, text) in zh {
        match en.get(key) {
            None => found.push(Finding::new("words", en_path, 0, format!("`{key}` is missing"))),
            Some(other) if placeholders(text) != placeholders(other) => {
                found.push(Finding::new(
                    "words",
                    en_path,
                    0,
                    format!("`{key}` has other placeholders than {zh_path}"),
                ));
            }
            Some(_) => {}
        }
    }
    for key in en.keys().filter(|k| !zh.contains_key(*k)) {
        found.push(Finding::new("words", zh_path, 0, format!("`{key}` is missing")));
    }
    for (path, words) in [(zh_path, zh), (en_path, en)] {
        for (key, _) in words.iter().filter(|(_, text)| text.trim().is_empty()) {
            found.push(Finding::new("words", path, 0, format!("`{key}` is empty")));
        }
    }
}

/// The names between braces, single or double. A plural's `count` may be left unsaid.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name.trim()))
        .map(|name| name.split([',', ':']).next().unwrap_or(name).trim())
        .filter(|name| !name.is_empty() && *name != "count")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn equal_catalogues_pass() {
        let zh = ("locales/zh-CN.json", r#"{"a":{"b":"{n} 个","c_other":"{{count}} 天"}}"#);
        let en =
            ("locales/en.json", r#"{"a":{"b":"{n} of them","c_one":"a day","c_other":"{{count}} days"}}"#);
        assert_eq!(findings(&[zh, en]), Vec::<String>::new());
    }

    #[test]
    fn missing_empty_and_different_entries_are_named() {
        let zh = ("ui/src/i18n/zh-CN.json", r#"{"a":"甲","b":"{x} 乙","d":"丁"}"#);
        let en = ("ui/src/i18n/en.json", r#"{"b":"{y} b","c":"c","d":" "}"#);
        let found = findings(&[zh, en]).join("\n");
        for part in [
            "en.json: `a` is missing",
            "zh-CN.json: `c` is missing",
            "`b` has other",
            "en.json: `d` is empty",
        ] {
            assert!(found.contains(part), "{part} in {found}");
        }
    }

    #[test]
    fn a_catalogue_without_its_twin_is_named() {
        assert!(findings(&[("locales/zh-CN.json", "{}")])[0].contains("locales/en.json is missing"));
        assert!(findings(&[("ui/src/i18n/en/order.json", "{}")])[0].contains("zh-CN/order.json is missing"));
        assert!(
            findings(&[("locales/zh-CN.json", "{"), ("locales/en.json", "{}")])[0].contains("not a JSON")
        );
    }

    #[test]
    fn both_layouts_are_paired() {
        assert_eq!(twin("ui/i18n/zh-CN/a.json", SOURCE, OTHER), Some("ui/i18n/en/a.json".into()));
        assert_eq!(twin("locales/mail.zh-CN.json", SOURCE, OTHER), Some("locales/mail.en.json".into()));
        assert_eq!(twin("locales/terms.json", SOURCE, OTHER), None);
    }
}
