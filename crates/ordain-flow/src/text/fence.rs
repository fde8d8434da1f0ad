//! What a text must look like before the foreign parser may see it. That parser descends once per bracket
//! and once per link of a chain, and a stack overflow cannot be caught: so length, depth and every kind of
//! chain are counted here, in one pass over the bytes, and symbols no condition needs are refused.

use super::TextRefusal;
use crate::rule::MAX_LIST;

pub const MAX_BYTES: usize = 4 * 1024;
/// Round and square brackets inside each other; normal form needs ten.
pub const MAX_DEPTH: usize = 12;
pub const MAX_DOTS: usize = 100;
pub const MAX_JOINS: usize = 60;
pub const MAX_COMPARISONS: usize = 60;
pub const MAX_PREFIXES: usize = 60;
/// Additions, subtractions and multiplications; a row has two.
pub const MAX_SUMS: usize = 40;
/// Lists are flat and cannot overflow a stack, but each value costs the parser some six microseconds.
pub const MAX_COMMAS: usize = MAX_LIST;

const TWO_BYTE: [&str; 6] = ["&&", "||", "==", "!=", "<=", ">="];

/// Admits the text or says what is wrong with it.
pub fn admit(text: &str) -> Result<(), TextRefusal> {
    if text.len() > MAX_BYTES {
        return Err(TextRefusal::TooLong { bytes: text.len(), max: MAX_BYTES });
    }
    let mut fence = Fence { text, at: 0, ..Fence::default() };
    while let Some(first) = fence.rest().chars().next() {
        fence.token(first)?;
    }
    fence.within_counts()
}

#[derive(Default)]
struct Fence<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    dots: usize,
    joins: usize,
    comparisons: usize,
    commas: usize,
    /// Negations; minus signs are counted only where several stand together.
    prefixes: usize,
    sums: usize,
    /// The last token was a value, so that a minus now subtracts.
    after_value: bool,
    after_minus: bool,
}

impl<'a> Fence<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn forbidden(&self, what: &str) -> TextRefusal {
        TextRefusal::Forbidden { what: what.to_owned(), at: self.at }
    }

    fn within_counts(&self) -> Result<(), TextRefusal> {
        let counts = [
            ("dots", self.dots, MAX_DOTS),
            ("joins", self.joins, MAX_JOINS),
            ("comparisons", self.comparisons, MAX_COMPARISONS),
            ("prefixes", self.prefixes, MAX_PREFIXES),
            ("commas", self.commas, MAX_COMMAS),
            ("sums", self.sums, MAX_SUMS),
        ];
        match counts.iter().find(|(_, count, max)| count > max) {
            Some((what, _, max)) => Err(TextRefusal::TooMany { what, max: *max }),
            None => Ok(()),
        }
    }

    fn token(&mut self, first: char) -> Result<(), TextRefusal> {
        match first {
            ' ' | '\t' | '\n' | '\r' => {
                self.at += 1;
                return Ok(());
            }
            '"' | '\'' => self.string(first)?,
            'a'..='z' | 'A'..='Z' | '_' => self.word()?,
            '0'..='9' => self.number(),
            _ => self.symbol(first)?,
        }
        self.after_minus = first == '-';
        Ok(())
    }

    fn take(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn word(&mut self) -> Result<(), TextRefusal> {
        let word = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.rest().starts_with(['"', '\'']) {
            return Err(self.forbidden(word));
        }
        let is_in = word == "in";
        self.comparisons += usize::from(is_in);
        self.after_value = !is_in;
        Ok(())
    }

    fn number(&mut self) {
        self.take(|c| c.is_ascii_alphanumeric() || c == '.');
        self.after_value = true;
    }

    fn string(&mut self, quote: char) -> Result<(), TextRefusal> {
        let rest = self.rest();
        if rest.starts_with("\"\"\"") || rest.starts_with("'''") {
            return Err(self.forbidden("triple quote"));
        }
        let mut escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            if c == quote && !escaped {
                self.at += offset + 1;
                self.after_value = true;
                return Ok(());
            }
            escaped = c == '\\' && !escaped;
        }
        Err(self.forbidden("unclosed quote"))
    }

    fn symbol(&mut self, first: char) -> Result<(), TextRefusal> {
        let rest = self.rest();
        let symbol = TWO_BYTE.into_iter().find(|two| rest.starts_with(two));
        let symbol = symbol.or_else(|| rest.get(..first.len_utf8())).unwrap_or_default();
        match symbol {
            "(" | "[" => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(TextRefusal::TooDeep { max: MAX_DEPTH, at: self.at });
                }
            }
            ")" | "]" => self.depth = self.depth.saturating_sub(1),
            "." => self.dots += 1,
            "&&" | "||" => self.joins += 1,
            "==" | "!=" | "<" | "<=" | ">" | ">=" => self.comparisons += 1,
            "!" => self.prefixes += 1,
            "+" | "*" => self.sums += 1,
            "-" if self.after_value => self.sums += 1,
            "-" => self.prefixes += usize::from(self.after_minus),
            "," => self.commas += 1,
            other => return Err(self.forbidden(other)),
        }
        self.after_value = matches!(symbol, ")" | "]");
        self.at += symbol.len();
        Ok(())
    }
}
