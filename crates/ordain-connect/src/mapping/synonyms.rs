//! The names by which columns are known, from `synonyms.json`, and the plain form in which names are compared.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Kind;

type Fields = BTreeMap<String, Vec<String>>;

/// Field to its names in plain form, best first.
pub(super) fn of(kind: Kind) -> Option<&'static Fields> {
    static ALL: OnceLock<BTreeMap<String, Fields>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        // A test reads the embedded file; were it broken, nothing would be guessed.
        let mut all: BTreeMap<String, Fields> =
            serde_json::from_str(include_str!("synonyms.json")).unwrap_or_default();
        for (field, names) in all.values_mut().flatten() {
            names.push(field.clone());
            for name in names {
                *name = plain(name);
            }
        }
        all
    });
    all.get(kind.as_str())
}

/// Half-width, lower case, without blanks and marks, and without a remark in brackets: `数量(件)*` is `数量`.
pub(super) fn plain(name: &str) -> String {
    let (mut outside, mut all, mut depth) = (String::new(), String::new(), 0_u32);
    for character in name.chars().map(super::normal::half_width).flat_map(char::to_lowercase) {
        match character {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            character if character.is_alphanumeric() || character == '#' => {
                all.push(character);
                if depth == 0 {
                    outside.push(character);
                }
            }
            _ => {}
        }
    }
    if outside.is_empty() { all } else { outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_fields_and_no_name_means_two_fields() {
        for kind in Kind::ALL {
            let fields = of(kind).expect("kind in synonyms.json");
            let mut meaning = BTreeMap::new();
            for (field, names) in fields {
                for name in names {
                    if let Some(other) = meaning.insert(name, field) {
                        assert_eq!(other, field, "{name} of {kind:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_are_compared_without_width_case_marks_and_remarks() {
        for (name, expected) in [
            ("收货地址 ", "收货地址"),
            ("ＳＫＵ", "sku"),
            ("数量(件)*", "数量"),
            ("Unit_Price", "unitprice"),
            ("(备注)", "备注"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }
}
