//! A flow in plain sentences, Chinese or English. The words stand in the two catalogues of `words/`; names of people,
//! departments, roles and fields are given by the caller, and a key without a name shows itself. The picture, the SOP
//! and the comparison of versions all speak through here, so that one setting has one wording.

mod condition;
mod outward;
mod people;
mod setting;
mod step;
mod time;

use crate::doc::Text;
use crate::rule::FactSchema;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) use condition::grouped;
pub use setting::{Setting, Topic, settings};
pub(crate) use setting::{differing, path_of_setting, setting_at};
pub use step::type_key;

/// A language that flows are told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// Names by kind and key, for instance `department.finance` or `user.zhao`.
pub type Names = BTreeMap<String, String>;

type Catalogue = BTreeMap<String, String>;

static ZH: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("../../words/zh-CN.json")));
static EN: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("../../words/en.json")));

// A catalogue that cannot be read leaves codes instead of words; a test reads both.
fn read(json: &str) -> Catalogue {
    serde_json::from_str(json).unwrap_or_default()
}

/// Every word of a language by its key.
pub fn catalogue(lang: Lang) -> &'static BTreeMap<String, String> {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// Says things about flows in one language.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub lang: Lang,
    pub schema: &'a FactSchema,
    pub names: &'a Names,
}

impl Speaker<'_> {
    /// The word for a key of the catalogue.
    pub fn word(&self, key: &str) -> String {
        catalogue(self.lang).get(key).map_or(key, String::as_str).to_owned()
    }

    /// A sentence of the catalogue with its placeholders filled.
    pub fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        said(self.lang, key, with)
    }

    /// A text of the document; where this language is missing, the other one.
    pub fn text(&self, text: &Text) -> String {
        let (first, second) = match self.lang {
            Lang::Zh => (&text.zh, &text.en),
            Lang::En => (&text.en, &text.zh),
        };
        if first.trim().is_empty() { second.clone() } else { first.clone() }
    }

    /// The name of something that the document knows by its key.
    pub fn name(&self, kind: &str, key: &str) -> String {
        self.names.get(&format!("{kind}.{key}")).map_or(key, String::as_str).to_owned()
    }

    /// The label of a field, whether rules can read it or not.
    pub fn field(&self, path: &str, in_line: bool) -> String {
        match self.schema.find(path, in_line) {
            Some((_, field)) => self.text(&Text { zh: field.zh.clone(), en: field.en.clone() }),
            // What every line has is named once, for one line.
            None => {
                let of_line = path.strip_prefix("lines.").map(|of| format!("field.line.{of}"));
                let named = of_line.and_then(|key| self.names.get(&key)).cloned();
                named.unwrap_or_else(|| self.name("field", path))
            }
        }
    }

    /// Items in a row.
    pub fn list(&self, items: impl IntoIterator<Item = String>) -> String {
        items.into_iter().collect::<Vec<_>>().join(&self.word("join.list"))
    }

    /// Parts of one short sentence.
    pub fn parts(&self, items: impl IntoIterator<Item = String>) -> String {
        let said: Vec<_> = items.into_iter().filter(|item| !item.is_empty()).collect();
        said.join(&self.word("join.part"))
    }
}

/// A sentence of a catalogue with its placeholders filled. What is filled in is never searched for placeholders.
pub(crate) fn said(lang: Lang, key: &str, with: &[(&str, &str)]) -> String {
    let pattern = catalogue(lang).get(key).map_or(key, String::as_str);
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(with.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = behind;
    }
    out.push_str(rest);
    out
}
