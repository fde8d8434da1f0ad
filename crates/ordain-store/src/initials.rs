//! The first letters of the sounds of a name, by which people find it: 华东机电 is `hdjd`.

use pinyin::ToPinyin;

/// Whether what is searched for may be first letters, in small letters.
pub(crate) fn may_be(q: &str) -> bool {
    q.len() > 1 && q.bytes().all(|byte| byte.is_ascii_lowercase())
}

pub(crate) fn initials(name: &str) -> String {
    let letter = |of: char| match of.to_pinyin() {
        Some(sound) => sound.first_letter().chars().next(),
        None => of.is_ascii_alphanumeric().then(|| of.to_ascii_lowercase()),
    };
    name.chars().filter_map(letter).collect()
}
