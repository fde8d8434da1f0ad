//! Rules about Rust source: where SQL may stand, what the pure crates may name, words of the user's
//! language, and what was left over from writing.

use super::source::Source;
use super::{Finding, Tree};

/// SQL lives in the store; the tools for tests and benchmarks may look at tables too.
const SQL_ALLOWED: [&str; 3] = ["crates/ordain-store/", "crates/ordain-testkit/", "bench/"];

/// Names by which IO, the clock, randomness or chance order would enter a pure crate.
const IMPURE: [(&str, &str); 17] = [
    ("SystemTime::now", "now is an argument"),
    ("Instant::now", "now is an argument"),
    ("Timestamp::now", "now is an argument"),
    ("Zoned::now", "now is an argument"),
    ("Uuid::now_v7", "ids are arguments"),
    ("Uuid::new_v4", "ids are arguments"),
    ("std::fs", "no IO here"),
    ("std::net", "no IO here"),
    ("std::io", "no IO here"),
    ("std::env", "settings are arguments"),
    ("std::process", "no IO here"),
    ("std::thread", "decisions are made on the caller's thread"),
    ("HashMap", "its order is chance: use BTreeMap"),
    ("HashSet", "its order is chance: use BTreeSet"),
    ("println!", "say it in an event"),
    ("eprintln!", "say it in an event"),
    ("async fn", "decisions wait for nothing"),
];
const PURE: [&str; 2] = ["crates/ordain-domain/src/", "crates/ordain-flow/src/"];

/// Built from halves so that this file does not find itself.
const LEFTOVER_WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const LEFTOVER_CALLS: [&str; 3] = ["dbg!", "todo!", "unimplemented!"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let test_files = test_files(tree);
    for folder in ["crates/", "bench/", "xtask/"] {
        for (path, text) in tree.under(folder, "rs") {
            let source = Source::read(text);
            let is_test = path.contains("/tests/")
                || path.contains("/benches/")
                || test_files.iter().any(|t| t.covers(path));
            leftovers(path, text, &source, &mut found);
            if is_test {
                continue;
            }
            if !SQL_ALLOWED.iter().any(|p| path.starts_with(p)) {
                sql(path, &source, &mut found);
            }
            if folder == "crates/" && !path.starts_with("crates/ordain-testkit/") {
                chinese(path, &source, &mut found);
            }
            if PURE.iter().any(|p| path.starts_with(p)) {
                impure(path, &source, &mut found);
            }
        }
    }
    found
}

/// A module declared under `#[cfg(test)]` in a file of its own, or in a folder.
struct TestFile {
    stem: String,
}

impl TestFile {
    fn covers(&self, path: &str) -> bool {
        path.strip_prefix(self.stem.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }
}

fn test_files(tree: &Tree) -> Vec<TestFile> {
    let mut files = Vec::new();
    for (path, text) in tree.under("", "rs") {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let home = match file {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            _ => path.trim_end_matches(".rs").to_owned(),
        };
        for module in Source::read(text).test_modules {
            files.push(TestFile { stem: format!("{home}/{module}") });
        }
    }
    files
}

fn sql(path: &str, source: &Source, found: &mut Vec<Finding>) {
    for (line, text) in &source.strings {
        if !source.is_test_line(*line) && is_sql(text) {
            found.push(Finding::new("sql", path, *line, "SQL belongs in ordain-store"));
        }
    }
}

/// Keywords in capitals anywhere, or a statement in small letters from the first word on. English
/// sentences ("Select a customer from the list") pass.
fn is_sql(text: &str) -> bool {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let starts = |a: &str, b: &str| flat.starts_with(a) && flat.contains(b);
    flat.contains("INSERT INTO ")
        || flat.contains("DELETE FROM ")
        || flat.contains("CREATE TABLE ")
        || flat.contains("SELECT ")
        || (flat.contains("UPDATE ") && flat.contains(" SET "))
        || starts("select ", " from ")
        || starts("insert into ", "(")
        || starts("delete from ", " where ")
        || starts("update ", " set ")
}

fn impure(path: &str, source: &Source, found: &mut Vec<Finding>) {
    for (number, line) in numbered(&source.code) {
        if source.is_test_line(number) {
            continue;
        }
        for (name, instead) in IMPURE.iter().filter(|(name, _)| has_word(line, name)) {
            found.push(Finding::new("pure", path, number, format!("`{name}` in a pure crate: {instead}")));
        }
    }
}

fn chinese(path: &str, source: &Source, found: &mut Vec<Finding>) {
    for (number, line) in numbered(&source.words) {
        if !source.is_test_line(number) && line.chars().any(is_cjk) {
            let text = "words for users live in locales/, not in the code";
            found.push(Finding::new("words", path, number, text));
        }
    }
}

/// Ideographs, kana, and full-width forms and punctuation.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}'
        | '\u{20000}'..='\u{3ffff}')
}

fn leftovers(path: &str, text: &str, source: &Source, found: &mut Vec<Finding>) {
    for (number, line) in numbered(text) {
        for word in LEFTOVER_WORDS.iter().filter(|w| has_word(line, w)) {
            found.push(Finding::new("leftover", path, number, format!("{word}: do it, or file it")));
        }
    }
    for (number, line) in numbered(&source.code) {
        for call in LEFTOVER_CALLS.iter().filter(|c| has_word(line, c)) {
            found.push(Finding::new("leftover", path, number, format!("{call} was left over")));
        }
    }
}

pub fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, l)| (n + 1, l))
}

/// Whether `word` stands in `line` as a whole word.
pub fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !joins(before) && (word.ends_with('!') || !joins(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn sql_outside_the_store_is_named() {
        let text = "fn f() { q(\"SELECT id FROM orders\"); }";
        assert!(findings(&[("crates/ordain-app/src/order.rs", text)])[0].contains("[sql]"));
        assert!(findings(&[("crates/ordain-store/src/order.rs", text)]).is_empty());
        assert!(findings(&[("bench/src/main.rs", text)]).is_empty());
        assert!(findings(&[("crates/ordain/tests/http.rs", text)]).is_empty());
        let spread = "fn f() { q(\"\n  update stock\n  set held = 1\"); }";
        assert!(findings(&[("crates/ordain-app/src/stock.rs", spread)])[0].contains(":1:"));
    }

    #[test]
    fn english_is_not_sql() {
        for text in
            ["Select a customer from the list", "update the order", "SELECTED", "insert into the flow"]
        {
            assert!(!is_sql(text), "{text}");
        }
        for text in
            ["INSERT INTO a VALUES", "delete from a where b = 1", "UPDATE a\n SET b = 2", "CREATE TABLE x ("]
        {
            assert!(is_sql(text), "{text}");
        }
    }

    #[test]
    fn sql_and_chinese_in_unit_tests_are_let_be() {
        let text = "fn f() {}\n#[cfg(test)]\nmod tests {\n fn g() { q(\"SELECT 1\", \"订单\"); }\n}\n";
        assert!(findings(&[("crates/ordain-app/src/a.rs", text)]).is_empty());
        let parent = ("crates/ordain-app/src/order/mod.rs", "#[cfg(test)]\nmod cases;\n");
        let child = ("crates/ordain-app/src/order/cases.rs", "fn g() { q(\"SELECT 1\", \"订单\"); }");
        assert!(findings(&[parent, child]).is_empty());
        assert_eq!(findings(&[child]).len(), 2);
    }

    #[test]
    fn chinese_in_code_is_named_but_not_in_comments() {
        let found =
            findings(&[("crates/ordain/src/a.rs", "// 订单\nlet a = \"订单\";\n/// 说明\nfn b() {}\n")]);
        assert!(found.len() == 1 && found[0].contains("a.rs:2:"), "{found:?}");
        assert!(findings(&[("crates/ordain-testkit/src/a.rs", "let a = \"订单\";")]).is_empty());
        assert!(is_cjk('，') && is_cjk('单') && !is_cjk('é') && !is_cjk('→'));
    }

    #[test]
    fn the_clock_and_chance_order_are_named_in_pure_crates_only() {
        let text = "use std::collections::HashMap;\nfn f() { Timestamp::now(); }\n";
        assert_eq!(findings(&[("crates/ordain-domain/src/a.rs", text)]).len(), 2);
        assert!(findings(&[("crates/ordain-app/src/a.rs", text)]).is_empty());
    }

    #[test]
    fn leftovers_are_named_everywhere() {
        let words = format!("// {}: later\nfn f() {{ {}(x); }}\n", LEFTOVER_WORDS[0], LEFTOVER_CALLS[0]);
        assert_eq!(findings(&[("crates/ordain/tests/a.rs", &words)]).len(), 2);
        assert!(
            findings(&[("crates/ordain/src/a.rs", "let s = \"dbg!(x)\"; // a todo!() in words\n")])
                .is_empty()
        );
        assert!(!has_word("flows", "flow") && has_word("(flow)", "flow") && has_word("x dbg!(y)", "dbg!"));
    }
}
