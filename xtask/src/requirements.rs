//! `docs/requirements.md`: every requirement with the tests that carry its number.
//!
//! The lines come from `docs/requirements.json`, the tests from their own names, so the table cannot
//! drift from either. A Rust test is named `s041_every_missing_field_is_named_at_once`, a web test
//! `test("s041 …")`; one test may carry several numbers, `s041_s048_…`.
//!
//! A line holds only when a test from outside carries it: through the API, the CLI, a browser or a
//! story. Tests inside a crate are listed and make it "partly".

use crate::tidy::Tree;
use crate::tidy::source::Source;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const SOURCE: &str = "docs/requirements.json";
const TABLE: &str = "docs/requirements.md";
/// Where tests look at the product from outside.
const OUTSIDE: [&str; 3] = ["crates/ordain/tests/", "crates/ordain-testkit/", "ui/e2e/"];
const INSIDE_ONLY: &str = "tests inside a crate only";

struct Section {
    title: String,
    items: Vec<Item>,
}

struct Item {
    number: u16,
    zh: String,
    text: String,
    /// What still fails, although tests carry the number.
    partly: Option<String>,
    /// Why no test carries it yet.
    not_yet: Option<String>,
}

/// A test and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Test {
    path: String,
    name: String,
}

type Tests = BTreeMap<u16, BTreeSet<Test>>;

/// Writes the table. True when that could be done and every number is known.
pub fn write(root: &Path) -> Result<bool, String> {
    let (text, strays) = generate(root)?;
    fs::write(root.join(TABLE), text).map_err(|e| format!("{TABLE}: {e}"))?;
    println!("wrote {TABLE}");
    Ok(report(&strays))
}

/// True when the table in the tree is what would be written.
pub fn check(root: &Path) -> Result<bool, String> {
    let (text, strays) = generate(root)?;
    let current = fs::read_to_string(root.join(TABLE)).unwrap_or_default();
    let same = current.replace("\r\n", "\n") == text;
    if !same {
        let changed = text.lines().find(|line| !current.contains(line)).unwrap_or("a line that goes away");
        println!("{TABLE} is not current: run `cargo xtask requirements`. First difference: {changed}");
    }
    Ok(report(&strays) && same)
}

fn report(strays: &[String]) -> bool {
    for stray in strays {
        println!("{stray}");
    }
    strays.is_empty()
}

fn generate(root: &Path) -> Result<(String, Vec<String>), String> {
    let tree = Tree::load(root)?;
    let sections = parse(tree.files.get(SOURCE).ok_or_else(|| format!("{SOURCE} is missing"))?)?;
    let tests = scan(&tree);
    let known: BTreeSet<u16> = sections.iter().flat_map(|s| &s.items).map(|i| i.number).collect();
    let strays = tests
        .iter()
        .filter(|(number, _)| !known.contains(number))
        .flat_map(|(number, tests)| {
            tests.iter().map(move |t| format!("{}: {}: there is no S{number}", t.path, t.name))
        })
        .collect();
    Ok((render(&sections, &tests), strays))
}

fn parse(text: &str) -> Result<Vec<Section>, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("{SOURCE}: {e}"))?;
    let sections = value["sections"].as_array().ok_or_else(|| format!("{SOURCE}: `sections` is missing"))?;
    let word = |v: &Value, key: &str| {
        v[key].as_str().map(str::to_owned).ok_or_else(|| format!("{SOURCE}: `{key}` is missing in {v}"))
    };
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for section in sections {
        let mut items = Vec::new();
        for item in section["items"].as_array().map_or(&[][..], Vec::as_slice) {
            let id = word(item, "id")?;
            let number = id.strip_prefix('S').and_then(|n| n.parse().ok());
            let number: u16 = number.ok_or_else(|| format!("{SOURCE}: `{id}` is no requirement's number"))?;
            if !seen.insert(number) {
                return Err(format!("{SOURCE}: {id} stands there twice"));
            }
            let reason = |key: &str| item[key].as_str().map(str::to_owned);
            let (zh, text) = (word(item, "zh")?, word(item, "text")?);
            items.push(Item { number, zh, text, partly: reason("partly"), not_yet: reason("not_yet") });
        }
        out.push(Section { title: word(section, "title")?, items });
    }
    Ok(out)
}

fn scan(tree: &Tree) -> Tests {
    let mut tests = Tests::new();
    let mut add = |path: &str, name: String| {
        for number in numbers(&name) {
            tests.entry(number).or_default().insert(Test { path: path.to_owned(), name: name.clone() });
        }
    };
    for folder in ["crates/", "bench/"] {
        for (path, text) in tree.under(folder, "rs") {
            rust_tests(text).into_iter().for_each(|name| add(path, name));
        }
    }
    for ext in ["ts", "tsx", "mjs", "js"] {
        for (path, text) in tree.under("ui/", ext) {
            web_tests(text).into_iter().for_each(|name| add(path, name));
        }
    }
    tests
}

/// The requirement numbers at the front of a test's name.
fn numbers(name: &str) -> Vec<u16> {
    let mut found = Vec::new();
    let mut rest = name;
    while let Some((number, after)) = leading_number(rest) {
        found.push(number);
        rest = after.trim_start_matches(['_', ' ', ',', '/', '+', '&', ':']);
    }
    found
}

fn leading_number(text: &str) -> Option<(u16, &str)> {
    let rest = text.strip_prefix(['s', 'S'])?;
    let (digits, after) = rest.split_at_checked(3)?;
    let ends = !after.starts_with(|c: char| c.is_alphanumeric());
    (ends && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok().map(|n| (n, after)))?
}

/// Names in code, whether after `fn` or handed to a macro that makes the test. Modules and ignored
/// tests do not count.
fn rust_tests(text: &str) -> Vec<String> {
    let source = Source::read(text);
    let mut names = Vec::new();
    let mut ignored = false;
    for line in source.code.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("#[ignore") {
            ignored = true;
        }
        if trimmed.is_empty() || trimmed.starts_with("#[") && trimmed.ends_with(']') {
            continue;
        }
        let declares = ["mod ", "pub mod ", "use ", "pub use "].iter().any(|d| trimmed.starts_with(d));
        if !declares && !ignored {
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            names.extend(words.filter(|w| w.len() > 5 && !numbers(w).is_empty()).map(str::to_owned));
        }
        ignored = false;
    }
    names
}

/// The first argument of `test(`, `it(` and `describe(`, where it starts with a number.
fn web_tests(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for call in ["test(", "it(", "describe("] {
        for (at, _) in text.match_indices(call) {
            let line = text[..at].rsplit('\n').next().unwrap_or("");
            if line.contains("//") || line.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
                continue;
            }
            let argument = text[at + call.len()..].trim_start();
            let Some(quote) = argument.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else {
                continue;
            };
            let name: String = argument.chars().skip(1).take_while(|c| *c != quote && *c != '\n').collect();
            if !numbers(&name).is_empty() {
                names.push(name);
            }
        }
    }
    names
}

fn render(sections: &[Section], tests: &Tests) -> String {
    let items = || sections.iter().flat_map(|s| &s.items);
    let count = |wanted: &str| items().filter(|i| state(i, tests).0 == wanted).count();
    let (total, holds, partly, not_yet) =
        (items().count(), count("holds"), count("partly"), count("not yet"));
    let mut out = String::from("# Requirements\n\n");
    out.push_str(
        "Each line quotes the demand in Chinese as it was put and says in English what must be shown to hold.\n\
         *Holds* means that at least one test from outside carries its number and nothing is known to be missing.\n\n\
         Generated from `requirements.json` and the names of the tests by `cargo xtask gen`: edit those.\n\n",
    );
    // Writing to a String cannot fail.
    let _ = writeln!(out, "Of {total}: {holds} hold, {partly} partly, {not_yet} not yet.");
    for section in sections {
        let _ = writeln!(
            out,
            "\n## {}\n\n| | requirement | tests | state |\n|---|---|---|---|",
            cell(&section.title)
        );
        for item in &section.items {
            let (word, reason) = state(item, tests);
            let reason = reason.map_or_else(String::new, |r| format!(": {}", cell(r)));
            let (number, zh, text) = (item.number, cell(&item.zh), cell(&item.text));
            let _ = writeln!(
                out,
                "| S{number} | 「{zh}」 {text} | {} | {word}{reason} |",
                links(tests.get(&number))
            );
        }
    }
    out
}

fn state<'a>(item: &'a Item, tests: &Tests) -> (&'static str, Option<&'a str>) {
    let Some(tests) = tests.get(&item.number) else {
        return ("not yet", item.not_yet.as_deref().or(item.partly.as_deref()));
    };
    let from_outside = tests.iter().any(|t| OUTSIDE.iter().any(|o| t.path.starts_with(o)));
    match (&item.partly, from_outside) {
        (Some(reason), _) => ("partly", Some(reason)),
        (None, true) => ("holds", None),
        (None, false) => ("partly", Some(INSIDE_ONLY)),
    }
}

fn links(tests: Option<&BTreeSet<Test>>) -> String {
    let Some(tests) = tests else { return "–".to_owned() };
    let links: Vec<String> = tests.iter().map(|t| format!("[{}](../{})", cell(&t.name), t.path)).collect();
    links.join("<br>")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('[', "\\[").replace(']', "\\]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_carry_several_numbers() {
        assert_eq!(numbers("s041_s048_missing_fields"), [41, 48]);
        assert_eq!(numbers("S038 the second browser sees it"), [38]);
        assert_eq!(numbers("s041, s048: both"), [41, 48]);
        for name in ["s41_x", "s0412_x", "sum_of", "x_s041_y", "s041abc", ""] {
            assert_eq!(numbers(name), Vec::<u16>::new(), "{name}");
        }
    }

    #[test]
    fn rust_names_are_found_in_code_only() {
        let text = "//! fn s001_in_words()\nmod s002_module;\n#[test]\nfn s003_plain() {}\n\
            both!(s004_by_macro, |w| {});\n#[test]\n#[ignore = \"slow\"]\nfn s005_ignored() {}\n\
            let x = \"s006_text\";\n#[tokio::test]\nasync fn s007_async() {}\n";
        assert_eq!(rust_tests(text), ["s003_plain", "s004_by_macro", "s007_async"]);
    }

    #[test]
    fn web_names_are_found_as_first_argument() {
        let text = "test(\"s038 live\", async () => {});\n// test(\"s039 no\")\n  it('s040_x', f);\n\
            describe(`s041 all`, f); submit(\"s042 no\"); test(\n  \"s043 broken over lines\", f)";
        let mut names = web_tests(text);
        names.sort();
        assert_eq!(names, ["s038 live", "s040_x", "s041 all", "s043 broken over lines"]);
    }

    #[test]
    fn the_state_follows_from_tests_and_reasons() {
        let json = r#"{"sections":[{"title":"T","items":[
            {"id":"S1","zh":"甲","text":"a|b"}, {"id":"S2","zh":"乙","text":"b","partly":"no mail"},
            {"id":"S3","zh":"丙","text":"c","not_yet":"needs a bank"}, {"id":"S4","zh":"丁","text":"d"}]}]}"#;
        let sections = parse(json).unwrap();
        let tree = Tree::of(&[
            ("crates/ordain/tests/a.rs", "fn s001_a() {}\nfn s002_b() {}"),
            ("crates/ordain-domain/src/d.rs", "fn s004_d() {}"),
            ("ui/e2e/b.test.mjs", "test(\"s001 c\", f)"),
        ]);
        let text = render(&sections, &scan(&tree));
        assert!(text.contains("Of 4: 1 hold, 2 partly, 1 not yet."), "{text}");
        assert!(text.contains("| S1 | 「甲」 a\\|b | [s001_a](../crates/ordain/tests/a.rs)<br>[s001 c](../ui/e2e/b.test.mjs) | holds |"));
        assert!(
            text.contains("| partly: no mail |") && text.contains("| – | not yet: needs a bank |"),
            "{text}"
        );
    }

    #[test]
    fn all_104_lines_are_there_once() {
        let sections = parse(include_str!("../../docs/requirements.json")).unwrap();
        let numbers: BTreeSet<u16> = sections.iter().flat_map(|s| &s.items).map(|i| i.number).collect();
        assert_eq!(numbers, (1..=104).collect());
        assert!(parse(r#"{"sections":[{"title":"T","items":[{"id":"S1","zh":"a","text":"b"},{"id":"S1","zh":"a","text":"b"}]}]}"#).is_err());
    }
}
