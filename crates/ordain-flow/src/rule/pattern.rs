//! Patterns as people write them: `*` stands for any characters, `?` for one, everything else for itself.
//! There is no other sign, so a pattern never fails to be one, and matching never looks back further than
//! the last `*`.

/// Characters of one pattern.
pub const MAX_PATTERN: usize = 100;

/// Whether the pattern covers the whole text.
pub fn fits(text: &str, pattern: &str) -> bool {
    let (mut text, mut pattern) = (text.chars(), pattern.chars());
    // Where to go on when the characters since the last `*` turn out not to fit.
    let mut retry = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                text = here;
                retry = Some((text.clone(), pattern.clone()));
            }
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {}
            _ => {
                let Some((mut skipped, after_star)) = retry else {
                    return false;
                };
                if skipped.next().is_none() {
                    return false;
                }
                text = skipped.clone();
                pattern = after_star.clone();
                retry = Some((skipped, after_star));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The meaning, said the slow way.
    fn covers(text: &[char], pattern: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, _) => text.is_empty(),
            (Some(('*', rest)), found) => {
                covers(text, rest) || found.is_some_and(|(_, text)| covers(text, pattern))
            }
            (Some((wanted, rest)), Some((found, text))) => {
                (*wanted == '?' || wanted == found) && covers(text, rest)
            }
            (Some(_), None) => false,
        }
    }

    #[test]
    fn patterns_cover_what_they_say() {
        for (text, pattern, expected) in [
            ("SKU-17", "SKU-*", true),
            ("SKU-17", "*-17", true),
            ("SKU-17", "SKU-??", true),
            ("SKU-17", "SKU-?", false),
            ("SKU-17", "sku-*", false),
            ("华东一区", "华*区", true),
            ("华东一区", "华??区", true),
            ("", "*", true),
            ("", "", true),
            ("", "?", false),
            ("a.c", "a.c", true),
            ("abc", "a.c", false),
        ] {
            assert_eq!(fits(text, pattern), expected, "{text} {pattern}");
        }
    }

    #[test]
    fn every_short_pattern_agrees_with_its_meaning() {
        let all = |signs: &[char], most: u32| {
            let radix = signs.len();
            (0..=most)
                .flat_map(|length| (0..radix.pow(length)).map(move |at| (length, at)))
                .map(|(length, at)| (0..length).map(|place| signs[at / radix.pow(place) % radix]).collect())
                .collect::<Vec<Vec<char>>>()
        };
        for pattern in all(&['a', 'b', '*', '?'], 5) {
            for text in all(&['a', 'b'], 5) {
                let as_text = |signs: &[char]| signs.iter().collect::<String>();
                assert_eq!(
                    fits(&as_text(&text), &as_text(&pattern)),
                    covers(&text, &pattern),
                    "{text:?} {pattern:?}"
                );
            }
        }
    }
}
