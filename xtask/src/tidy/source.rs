//! A small reader of Rust source: enough to tell code from comments and strings, and the product
//! from its unit tests. It is no parser; what it cannot tell it treats as code.

/// A source file taken apart. `code` and `words` have the same lines as the file.
pub struct Source {
    /// The file with comments and the insides of strings blanked.
    pub code: String,
    /// The file with comments blanked and strings kept.
    pub words: String,
    /// Every string literal, with the line (from 1) on which it opens.
    pub strings: Vec<(usize, String)>,
    /// For each line, whether it belongs to an item under `#[cfg(test)]`.
    pub in_test: Vec<bool>,
    /// Modules declared as `#[cfg(test)] mod name;`: files that are tests as a whole.
    pub test_modules: Vec<String>,
}

impl Source {
    pub fn read(text: &str) -> Source {
        let mut lexer = Lexer { chars: text.chars().collect(), at: 0, line: 1, ..Lexer::default() };
        lexer.run();
        let (in_test, test_modules) = test_items(&lexer.code);
        Source { code: lexer.code, words: lexer.words, strings: lexer.strings, in_test, test_modules }
    }

    pub fn is_test_line(&self, line: usize) -> bool {
        line > 0 && self.in_test.get(line - 1).copied().unwrap_or(false)
    }
}

#[derive(Default)]
struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    words: String,
    strings: Vec<(usize, String)>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Moves over one character, keeping it in the two texts or blanking it.
    fn take(&mut self, in_code: bool, in_words: bool) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        self.code.push(if in_code || c == '\n' { c } else { ' ' });
        self.words.push(if in_words || c == '\n' { c } else { ' ' });
        c
    }

    fn run(&mut self) {
        let mut previous = ' ';
        while self.at < self.chars.len() {
            let c = self.peek(0);
            let starts_word = !(previous.is_alphanumeric() || previous == '_');
            if c == '/' && self.peek(1) == '/' {
                while self.at < self.chars.len() && self.peek(0) != '\n' {
                    self.take(false, false);
                }
            } else if c == '/' && self.peek(1) == '*' {
                self.block_comment();
            } else if c == '"' {
                self.string();
            } else if starts_word && let Some((prefix, hashes)) = self.raw_prefix() {
                self.raw_string(prefix, hashes);
            } else if c == '\'' && self.is_char_literal() {
                self.char_literal();
            } else {
                self.take(true, true);
            }
            previous = c;
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.take(false, false);
                }
                ('*', '/') => {
                    depth -= 1;
                    self.take(false, false);
                }
                _ => {}
            }
            self.take(false, false);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.take(true, true);
        while self.at < self.chars.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                text.push(self.take(false, true));
                if self.at >= self.chars.len() {
                    break;
                }
            }
            text.push(self.take(false, true));
        }
        self.take(true, true);
        self.strings.push((line, text));
    }

    /// `r"`, `r#"`, `br"`, `cr"` and so on: the length of the letters and the number of hashes.
    fn raw_prefix(&self) -> Option<(usize, usize)> {
        let letters = match (self.peek(0), self.peek(1)) {
            ('r', _) => 1,
            ('b' | 'c', 'r') => 2,
            _ => return None,
        };
        let mut hashes = 0;
        while self.peek(letters + hashes) == '#' {
            hashes += 1;
        }
        (self.peek(letters + hashes) == '"').then_some((letters, hashes))
    }

    fn raw_string(&mut self, letters: usize, hashes: usize) {
        let line = self.line;
        let mut text = String::new();
        for _ in 0..=letters + hashes {
            self.take(true, true);
        }
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|n| self.peek(n) == '#') {
                for _ in 0..=hashes {
                    self.take(true, true);
                }
                break;
            }
            text.push(self.take(false, true));
        }
        self.strings.push((line, text));
    }

    /// `'x'` and `'\n'` are characters; `'a` alone is a lifetime.
    fn is_char_literal(&self) -> bool {
        self.peek(1) == '\\' || (self.peek(1) != '\'' && self.peek(2) == '\'')
    }

    fn char_literal(&mut self) {
        self.take(true, true);
        if self.peek(0) == '\\' {
            self.take(false, true);
            self.take(false, true);
        }
        while self.at < self.chars.len() && self.peek(0) != '\'' && self.peek(0) != '\n' {
            self.take(false, true);
        }
        self.take(true, true);
    }
}

/// Lines of items under `#[cfg(test)]`, and the names of such modules kept in files of their own.
fn test_items(code: &str) -> (Vec<bool>, Vec<String>) {
    let mut in_test = vec![false; code.lines().count()];
    let mut modules = Vec::new();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let body = start + "#[cfg(test)]".len();
        let end = item_end(code, body);
        let head = &code[body..end];
        if let Some(name) = head.trim().strip_prefix("mod ").and_then(|h| h.strip_suffix(';')) {
            modules.push(name.trim().to_owned());
        }
        let first = code[..start].matches('\n').count();
        let last = code[..end].matches('\n').count();
        for line in in_test.iter_mut().take(last + 1).skip(first) {
            *line = true;
        }
        from = end.max(body);
    }
    (in_test, modules)
}

/// Where the item that starts at `from` ends: after its `;` or its closing brace.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0usize;
    for (at, c) in code[from..].char_indices() {
        match c {
            ';' if depth == 0 => return from + at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return from + at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_told_apart() {
        let source =
            Source::read("let a = \"x // y\"; // \"not a string\"\n/* /* in */ \"no\" */ let b = 'c';\n");
        assert_eq!(source.strings, [(1, "x // y".to_owned())]);
        assert!(source.words.contains("x // y"));
        assert!(!source.words.contains("not a string"));
        assert!(!source.code.contains("x // y"));
        assert!(source.code.contains("let b"));
        assert_eq!(source.code.lines().count(), 2);
    }

    #[test]
    fn raw_strings_lifetimes_and_quotes_do_not_confuse_it() {
        let source =
            Source::read("fn f<'a>(x: &'a str) { g(r#\"say \"hi\"\"#, '\"', '\\'', b\"q\", \"\\\"z\"); }");
        let texts: Vec<&str> = source.strings.iter().map(|(_, t)| t.as_str()).collect();
        assert_eq!(texts, ["say \"hi\"", "q", "\\\"z"]);
        assert!(source.code.trim_end().ends_with("); }"));
    }

    #[test]
    fn unit_tests_are_marked_to_their_closing_brace() {
        let source = Source::read(
            "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn t() { \"}\"; }\n}\nfn b() {}\n#[cfg(test)]\nmod more;\n",
        );
        let marked: Vec<usize> = (1..=8).filter(|n| source.is_test_line(*n)).collect();
        assert_eq!(marked, [2, 3, 4, 5, 7, 8]);
        assert_eq!(source.test_modules, ["more"]);
    }
}
