//! The house rules that a compiler does not check, held as a test.
//!
//! Each check looks at a [`Tree`], the text files of the workspace in memory, or at cargo's own
//! metadata, and returns findings. A finding stands until it is mended or `xtask/tidy-exceptions.json`
//! names it with a reason; an exception that no longer excuses anything is itself a finding.

mod catalogues;
mod graph;
mod rust_rules;
pub mod source;
mod text_rules;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub const EXCEPTIONS: &str = "xtask/tidy-exceptions.json";

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub check: &'static str,
    pub path: String,
    /// From 1; 0 speaks of the file as a whole.
    pub line: usize,
    pub text: String,
}

impl Finding {
    pub fn new(check: &'static str, path: &str, line: usize, text: impl Into<String>) -> Finding {
        Finding { check, path: path.to_owned(), line, text: text.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Finding { check, path, line, text } = self;
        if *line == 0 {
            write!(f, "{path}: {text} [{check}]")
        } else {
            write!(f, "{path}:{line}: {text} [{check}]")
        }
    }
}

/// The text files of the workspace by path from its top, with `/` on every system.
#[derive(Default)]
pub struct Tree {
    pub files: BTreeMap<String, String>,
}

const SKIPPED: [&str; 8] =
    ["target", "node_modules", "dist", ".git", ".venv", ".vite", "test-results", "artifacts"];
const TEXT: [&str; 18] = [
    "rs", "toml", "json", "md", "ts", "tsx", "js", "mjs", "cjs", "css", "html", "sql", "sh", "yml", "yaml",
    "txt", "csv", "svg",
];
const LARGEST: u64 = 4 * 1024 * 1024;

impl Tree {
    pub fn load(root: &Path) -> Result<Tree, String> {
        let mut tree = Tree::default();
        tree.walk(root, "")?;
        Ok(tree)
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect() }
    }

    fn walk(&mut self, dir: &Path, prefix: &str) -> Result<(), String> {
        let entries = fs::read_dir(dir).map_err(|e| format!("cannot read {}: {e}", dir.display()))?;
        for entry in entries {
            let entry = entry.map_err(|e| e.to_string())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
                self.walk(&entry.path(), &path)?;
            } else if kind.is_file() && is_text(&name) && entry.metadata().is_ok_and(|m| m.len() <= LARGEST) {
                // Unreadable or not UTF-8: not a text of ours.
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    self.files.insert(path, text);
                }
            }
        }
        Ok(())
    }

    /// Files under `folder` (ending in `/`) whose name ends in `.ext`.
    pub fn under<'a>(&'a self, folder: &'a str, ext: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(p, _)| p.starts_with(folder) && p.rsplit_once('.').is_some_and(|(_, e)| e == ext))
            .map(|(p, t)| (p.as_str(), t.as_str()))
    }
}

fn is_text(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((_, ext)) => TEXT.contains(&ext) || name.starts_with('.'),
        None => true,
    }
}

/// What a whole pass found: broken rules, and remarks that break none.
#[derive(Default)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub remarks: Vec<String>,
}

pub fn examine(root: &Path) -> Result<Report, String> {
    let tree = Tree::load(root)?;
    let metadata = graph::metadata(root)?;
    let mut findings = graph::check(&metadata, &tree);
    findings.extend(rust_rules::check(&tree));
    findings.extend(text_rules::check(&tree));
    findings.extend(catalogues::check(&tree));
    let exceptions = read_exceptions(&tree)?;
    let findings = excuse(findings, &exceptions);
    Ok(Report { findings, remarks: text_rules::long_files(&tree) })
}

/// Runs every check and prints what it found. True when the tree is tidy.
pub fn run(root: &Path) -> Result<bool, String> {
    let report = examine(root)?;
    for remark in &report.remarks {
        println!("info: {remark}");
    }
    for finding in &report.findings {
        println!("{finding}");
    }
    match report.findings.len() {
        0 => println!("tidy: nothing to mend"),
        n => println!("tidy: {n} to mend (a lasting exception, with its reason, goes into {EXCEPTIONS})"),
    }
    Ok(report.findings.is_empty())
}

/// `{"check", "path", "reason"}`, and for file length the `max` that is excused.
struct Exception {
    check: String,
    path: String,
    max: Option<u64>,
}

fn read_exceptions(tree: &Tree) -> Result<Vec<Exception>, String> {
    let Some(text) = tree.files.get(EXCEPTIONS) else { return Ok(Vec::new()) };
    let value: Value = serde_json::from_str(text).map_err(|e| format!("{EXCEPTIONS}: {e}"))?;
    let list = value.as_array().ok_or_else(|| format!("{EXCEPTIONS}: a list is expected"))?;
    list.iter()
        .map(|item| {
            let word = |key: &str| item[key].as_str().filter(|s| !s.trim().is_empty()).map(str::to_owned);
            match (word("check"), word("path"), word("reason")) {
                (Some(check), Some(path), Some(_)) => {
                    Ok(Exception { check, path, max: item["max"].as_u64() })
                }
                _ => Err(format!("{EXCEPTIONS}: each entry needs check, path and reason: {item}")),
            }
        })
        .collect()
}

/// Takes out what is excused, and adds a finding for each exception that excused nothing.
fn excuse(findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let mut used = vec![false; exceptions.len()];
    let mut left: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| {
            let excused = exceptions.iter().position(|e| {
                e.check == finding.check
                    && e.path == finding.path
                    && e.max.is_none_or(|max| finding.line as u64 <= max)
            });
            if let Some(at) = excused {
                used[at] = true;
            }
            excused.is_none()
        })
        .collect();
    for (exception, _) in exceptions.iter().zip(used).filter(|(_, used)| !used) {
        let text = format!("excuses nothing any more: {} in {}", exception.check, exception.path);
        left.push(Finding::new("exceptions", EXCEPTIONS, 0, text));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceptions(json: &str) -> Result<Vec<Exception>, String> {
        read_exceptions(&Tree::of(&[(EXCEPTIONS, json)]))
    }

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        assert!(exceptions(r#"[{"check":"sql","path":"a.rs","reason":"  "}]"#).is_err());
        assert!(exceptions(r#"{"check":"sql"}"#).is_err());
        assert_eq!(
            exceptions(r#"[{"check":"sql","path":"a.rs","reason":"because"}]"#).map(|l| l.len()),
            Ok(1)
        );
    }

    #[test]
    fn exceptions_excuse_only_what_they_name_and_must_be_needed() {
        let list = exceptions(
            r#"[{"check":"sql","path":"a.rs","reason":"x"},{"check":"sql","path":"gone.rs","reason":"x"},
                {"check":"file-length","path":"c.rs","max":700,"reason":"x"}]"#,
        )
        .unwrap();
        let found = vec![
            Finding::new("sql", "a.rs", 3, "one"),
            Finding::new("sql", "b.rs", 3, "two"),
            Finding::new("file-length", "c.rs", 701, "three"),
        ];
        let left: Vec<String> = excuse(found, &list).iter().map(ToString::to_string).collect();
        assert_eq!(left[0], "b.rs:3: two [sql]");
        assert_eq!(left[1], "c.rs:701: three [file-length]");
        assert!(left[2].contains("gone.rs") && left[3].contains("c.rs"), "{left:?}");
        assert_eq!(left.len(), 4);
    }

    #[test]
    fn a_finding_prints_where_it_is() {
        assert_eq!(Finding::new("sql", "a.rs", 0, "text").to_string(), "a.rs: text [sql]");
    }

    #[test]
    fn the_tree_skips_build_output() {
        assert!(is_text("main.rs") && is_text(".gitignore") && is_text("run") && !is_text("logo.png"));
        assert!(SKIPPED.contains(&"node_modules") && SKIPPED.contains(&"target"));
    }
}
