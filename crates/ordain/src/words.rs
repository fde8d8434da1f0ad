//! Words for codes, in Chinese and English, from the two catalogues in `locales/`.
//!
//! A text is always made in both languages, because a view may be shown to either; a code without words shows itself.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;

type Catalogue = BTreeMap<String, String>;

static ZH: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("../../../locales/zh-CN.json")));
static EN: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("../../../locales/en.json")));

// A catalogue that cannot be read leaves codes instead of words; the tests see to it that it can.
fn read(json: &str) -> Catalogue {
    serde_json::from_str(json).unwrap_or_default()
}

/// Every word whose key begins with one of the kinds, for whoever makes sentences of its own.
pub fn of_kinds(lang: Lang, kinds: &[&str]) -> BTreeMap<String, String> {
    let catalogue = match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    };
    let wanted = |key: &str| key.split_once('.').is_some_and(|(kind, _)| kinds.contains(&kind));
    catalogue.iter().filter(|(key, _)| wanted(key)).map(|(key, word)| (key.clone(), word.clone())).collect()
}

/// A language that words are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// From a tag such as `zh-CN` or a header such as `en-GB,en;q=0.9,zh;q=0.8`: the first language known.
    pub fn parse(text: &str) -> Option<Self> {
        let mut tags = text.split(',').map(|tag| tag.trim().to_ascii_lowercase());
        tags.find_map(|tag| match tag.get(..2) {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        })
    }
}

/// The same in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    /// Text that needs no translation: names, numbers, what people wrote.
    pub fn plain(text: impl Into<String>) -> Self {
        let zh = text.into();
        Self { en: zh.clone(), zh }
    }

    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl From<&ordain_flow::doc::Text> for Text {
    /// Without English words the Chinese ones are shown.
    fn from(text: &ordain_flow::doc::Text) -> Self {
        let en = if text.en.trim().is_empty() { &text.zh } else { &text.en };
        Self { zh: text.zh.clone(), en: en.clone() }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::plain(text)
    }
}

pub fn has(key: &str) -> bool {
    ZH.contains_key(key) && EN.contains_key(key)
}

/// The words of a key with its placeholders filled.
pub fn text(key: &str, args: &[(&str, Text)]) -> Text {
    let fill = |catalogue: &Catalogue, lang: Lang| match catalogue.get(key) {
        Some(words) => filled(words, args, lang),
        None => key.to_owned(),
    };
    Text { zh: fill(&ZH, Lang::Zh), en: fill(&EN, Lang::En) }
}

/// Why the text of a condition cannot be read, in words, where this is what the parameters of a fault tell.
pub fn told_of_text(params: &BTreeMap<String, String>) -> Option<Text> {
    let key = format!("text_refusal.{}", params.get("reason")?);
    let args: Vec<(&str, Text)> = params
        .iter()
        .map(|(name, value)| match name.as_str() {
            "name" => ("name", named("cel", value)),
            name => (name, Text::plain(value)),
        })
        .collect();
    has(&key).then(|| text(&key, &args))
}

/// The words of a key without placeholders.
pub fn word(key: &str) -> Text {
    text(key, &[])
}

/// The words of a name under a prefix, or the name itself.
pub fn named(prefix: &str, name: &str) -> Text {
    let key = format!("{prefix}.{name}");
    if has(&key) { word(&key) } else { Text::plain(name) }
}

/// Several texts with the separator of each language between them.
pub fn list(texts: &[Text]) -> Text {
    let separator = word("list.separator");
    let join =
        |lang: Lang| texts.iter().map(|text| text.of(lang)).collect::<Vec<_>>().join(separator.of(lang));
    Text { zh: join(Lang::Zh), en: join(Lang::En) }
}

fn filled(words: &str, args: &[(&str, Text)], lang: Lang) -> String {
    let mut out = String::with_capacity(words.len() + 32);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = args.iter().find(|(known, _)| *known == name) {
            out.push_str(value.of(lang));
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The name of a field by its path: `lines[0].quantity` is "Line 1 Quantity".
pub fn field(path: &str) -> Text {
    if let Some((number, field)) = in_line(path) {
        let inner = named("field", &format!("line.{field}"));
        let inner = if inner.zh.starts_with("line.") { Text::plain(field) } else { inner };
        return numbered(number, inner);
    }
    named("field", path)
}

/// A field by its name, with the line where its path lies in one.
pub fn of_line(path: &str, name: Text) -> Text {
    match in_line(path) {
        Some((number, _)) => numbered(number, name),
        None => name,
    }
}

fn numbered(line: usize, field: Text) -> Text {
    text("field.in_line", &[("n", Text::plain((line + 1).to_string())), ("field", field)])
}

/// The index of the line and the field in it that a path names.
pub fn in_line(path: &str) -> Option<(usize, &str)> {
    let (index, rest) = path.strip_prefix("lines[")?.split_once(']')?;
    Some((index.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_app::rights::Permission;
    use ordain_domain::finding::Code;
    use ordain_domain::order::Status;

    /// Codes stand in the sources as they are; each must have its words.
    #[test]
    fn every_problem_of_a_flow_has_words() {
        let flow = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ordain-flow/src");
        let mut seen = std::collections::BTreeSet::new();
        for folder in ["check", "rule"] {
            for entry in std::fs::read_dir(flow.join(folder)).unwrap().flatten() {
                let source = std::fs::read_to_string(entry.path()).unwrap();
                for part in source.split("\"F-").skip(1) {
                    let code = format!("F-{}", part.split('"').next().unwrap());
                    assert!(has(&format!("flow_problem.{code}")), "{code} in {}", entry.path().display());
                    seen.insert(code);
                }
            }
        }
        assert!(seen.len() > 40, "{seen:?}");
    }

    #[test]
    fn both_catalogues_hold_the_same_keys() {
        assert!(!ZH.is_empty());
        assert_eq!(ZH.keys().collect::<Vec<_>>(), EN.keys().collect::<Vec<_>>());
    }

    #[test]
    fn every_code_has_words() {
        for code in Code::ALL {
            for part in ["message", "how"] {
                assert!(has(&format!("finding.{}.{part}", code.name())), "{}", code.name());
            }
        }
        for status in Status::ALL {
            assert!(has(&format!("status.{}", status.name())));
        }
        for permission in Permission::ALL {
            assert!(has(&format!("permission.{}", permission.name())), "{}", permission.name());
        }
        for role in ordain_app::case::people::ROLES {
            assert!(has(&format!("role.{role}")), "{role}");
        }
    }

    #[test]
    fn placeholders_are_filled_once() {
        let made = text("finding.unknown_customer.message", &[("asked", "{asked}".into())]);
        assert!(made.en.contains("\"{asked}\""), "{}", made.en);
        assert_eq!(field("lines[0].quantity").en, "Line 1 Quantity");
        assert_eq!(field("ship_to.phone").en, "Recipient phone");
    }
}
