//! The search index over orders. Text is cut into words, and Chinese text into pairs of characters, so
//! that any two characters of a name find it; an FTS5 table without content and positions holds nothing
//! but the words. Trigrams over the whole text cost up to twice as much per order and still miss the
//! two-character words that most Chinese names are made of.

use std::collections::BTreeSet;

/// Characters that hold a code together: `po-7781` is one word.
const JOINERS: [char; 5] = ['-', '_', '.', '/', '#'];
/// A longer prefix of a word than this is a look-up, a shorter one would match half of all orders.
const PREFIX_CHARACTERS: usize = 3;
/// Words of one order; a long order is not worth more.
const MAX_WORDS: usize = 64;

/// The words under which a text is found, with blanks between.
pub(crate) fn words_of(text: &str) -> String {
    let text = text.to_lowercase();
    let mut words = BTreeSet::new();
    for run in runs(&text) {
        if is_wide(run) {
            words.extend(pairs(run));
            continue;
        }
        words.insert(run.to_owned());
        // The numbers within a code are what people remember of it.
        let parts = run.split(JOINERS).filter(|part| part.chars().any(|c| c.is_ascii_digit()));
        for part in parts {
            words.insert(part.to_owned());
            words.insert(part.trim_start_matches('0').to_owned());
        }
    }
    words.remove("");
    words.into_iter().take(MAX_WORDS).collect::<Vec<_>>().join(" ")
}

/// What is looked for: a word, or the beginning of one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub word: String,
    pub beginning: bool,
}

/// What a text typed by a person asks for; nothing if it says too little. Every term must occur; the last characters of
/// a word may be missing.
pub(crate) fn terms(typed: &str) -> Vec<Term> {
    let typed = typed.to_lowercase();
    let mut terms = Vec::new();
    for run in runs(&typed) {
        let length = run.chars().count();
        if is_wide(run) && length > 1 {
            terms.extend(pairs(run).into_iter().map(|word| Term { word, beginning: false }));
        } else {
            let beginning = is_wide(run) || length >= PREFIX_CHARACTERS;
            terms.push(Term { word: run.to_owned(), beginning });
        }
    }
    terms
}

/// Stretches of one script: letters, digits and joiners, or wide characters.
fn runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && !JOINERS.contains(&c)) {
        let mut start = 0;
        let mut wide = None;
        for (at, c) in word.char_indices() {
            let here = Some(is_wide_character(c));
            if wide.is_some() && wide != here {
                runs.push(&word[start..at]);
                start = at;
            }
            wide = here;
        }
        runs.push(&word[start..]);
    }
    runs.retain(|run| run.chars().any(char::is_alphanumeric));
    runs.iter_mut().for_each(|run| *run = run.trim_matches(JOINERS));
    runs
}

fn pairs(run: &str) -> Vec<String> {
    let characters: Vec<char> = run.chars().collect();
    match characters.as_slice() {
        [one] => vec![one.to_string()],
        many => many.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

fn is_wide(run: &str) -> bool {
    run.chars().next().is_some_and(is_wide_character)
}

/// Scripts written without blanks between words.
fn is_wide_character(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::{terms, words_of};

    #[test]
    fn text_is_cut_into_words_and_pairs() {
        assert_eq!(words_of("PO-0781 华南电子 sku"), "0781 781 po-0781 sku 华南 南电 电子");
        assert_eq!(words_of("  --  "), "");
        assert_eq!(words_of("A公司b"), "a b 公司");
    }

    #[test]
    fn what_is_typed_becomes_terms_without_syntax() {
        let found = |typed| terms(typed).into_iter().map(|t| (t.word, t.beginning)).collect::<Vec<_>>();
        let term = |word: &str, beginning| (word.to_owned(), beginning);
        assert_eq!(found("po-07"), [term("po-07", true)]);
        assert_eq!(found("华南 OR \"x"), [term("华南", false), term("or", false), term("x", false)]);
        assert_eq!(found("电"), [term("电", true)]);
        assert_eq!(found(" - "), []);
    }
}
