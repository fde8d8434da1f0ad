//! Rules about any text file: its length, its name, and what must not be written down in it.

use super::rust_rules::{has_word, numbered};
use super::{Finding, Tree};

const LONGEST: usize = 600;
const LONG: usize = 400;
/// Files a program wrote; their length is not ours.
const GENERATED: [&str; 3] = ["ui/src/api/openapi", "ui/src/api/schema", "ui/src/api/types"];

/// Documents about the work and not about the product: they belong in the tracker.
const WORK_PAPERS: [&str; 14] = [
    "plan",
    "plans",
    "todo",
    "todos",
    "status",
    "statusreport",
    "progress",
    "roadmap",
    "wip",
    "notes",
    "scratch",
    "worklog",
    "handoff",
    "changesummary",
];

/// Folders of one machine, in halves so that this file does not find itself.
const MACHINE_PATHS: [&str; 5] = [
    concat!("/work", "/main"),
    concat!("/work", "/shared"),
    concat!("/work", "/.library"),
    concat!("/root", "/."),
    concat!("/home", "/user"),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in &tree.files {
        length(path, text, &mut found);
        work_papers(path, &mut found);
        machine_paths(path, text, &mut found);
        web_leftovers(path, text, &mut found);
        flows(path, text, &mut found);
        if path.ends_with("package-lock.json") && text.contains("\"resolved\": \"http") {
            let why =
                "the lock file names a download host: npm config set omit-lockfile-registry-resolved true";
            found.push(Finding::new("lock", path, 0, why));
        }
    }
    found
}

fn counts(path: &str) -> bool {
    let source = [".rs", ".ts", ".tsx", ".mjs", ".js", ".css"].iter().any(|e| path.ends_with(e));
    source && !GENERATED.iter().any(|g| path.starts_with(g)) && !path.ends_with(".gen.ts")
}

fn length(path: &str, text: &str, found: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if counts(path) && lines > LONGEST {
        let text = format!("{lines} lines; a file has at most {LONGEST}");
        found.push(Finding::new("file-length", path, lines, text));
    }
}

/// Files on their way to the limit.
pub fn long_files(tree: &Tree) -> Vec<String> {
    let mut long: Vec<(usize, &String)> = tree
        .files
        .iter()
        .map(|(path, text)| (text.lines().count(), path))
        .filter(|(lines, path)| counts(path) && *lines > LONG && *lines <= LONGEST)
        .collect();
    long.sort_by(|a, b| b.cmp(a));
    long.iter().map(|(lines, path)| format!("{path}: {lines} lines")).collect()
}

fn work_papers(path: &str, found: &mut Vec<Finding>) {
    let file = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, "md" | "txt")) = file.rsplit_once('.') else { return };
    let stem: String = stem.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if WORK_PAPERS.contains(&stem.as_str()) {
        found.push(Finding::new(
            "documents",
            path,
            0,
            "plans and reports belong in the tracker, not in the tree",
        ));
    }
}

fn machine_paths(path: &str, text: &str, found: &mut Vec<Finding>) {
    for (number, line) in numbered(text) {
        for place in MACHINE_PATHS.iter().filter(|p| line.contains(*p)) {
            found.push(Finding::new(
                "machine",
                path,
                number,
                format!("`{place}…` exists on one machine only"),
            ));
        }
    }
}

fn web_leftovers(path: &str, text: &str, found: &mut Vec<Finding>) {
    if !path.starts_with("ui/") || !counts(path) {
        return;
    }
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), "debugger"];
    let calls = ["test.only(", "it.only(", "describe.only(", "test.skip(", "it.skip("];
    for (number, line) in numbered(text) {
        for word in words.iter().filter(|w| has_word(line, w)) {
            found.push(Finding::new("leftover", path, number, format!("{word} was left over")));
        }
        for call in calls.iter().filter(|c| line.trim_start().starts_with(**c)) {
            found.push(Finding::new(
                "leftover",
                path,
                number,
                format!("{call}…) hides other tests or itself"),
            ));
        }
    }
}

fn flows(path: &str, text: &str, found: &mut Vec<Finding>) {
    let Some(file) = path.strip_prefix("flows/") else { return };
    if file == "README.md" {
        return;
    }
    let is_document = file.ends_with(".json")
        && !file.contains('/')
        && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|v| v.is_object());
    if !is_document {
        found.push(Finding::new("flows", path, 0, "flows/ holds flow documents in JSON and nothing else"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<&'static str> {
        check(&Tree::of(&[(path, text)])).iter().map(|f| f.check).collect()
    }

    #[test]
    fn a_long_file_is_refused_and_a_longish_one_remarked() {
        assert_eq!(findings("crates/ordain/src/a.rs", &"x\n".repeat(601)), ["file-length"]);
        assert!(findings("crates/ordain/src/a.rs", &"x\n".repeat(600)).is_empty());
        assert!(findings("ui/src/api/schema.d.ts", &"x\n".repeat(9000)).is_empty());
        let tree = Tree::of(&[("a.rs", &"x\n".repeat(401)), ("b.rs", &"x\n".repeat(400))]);
        assert_eq!(long_files(&tree), ["a.rs: 401 lines"]);
    }

    #[test]
    fn work_papers_are_refused_by_name() {
        for path in ["PLAN.md", "docs/status.md", "docs/To-Do.md", "ui/notes.txt", "docs/Status_Report.md"] {
            assert_eq!(findings(path, ""), ["documents"], "{path}");
        }
        for path in ["docs/performance.md", "docs/order-status.md", "crates/ordain-domain/src/plan.rs"] {
            assert!(findings(path, "").is_empty(), "{path}");
        }
    }

    #[test]
    fn one_machines_folders_are_refused() {
        let text = format!("see {}/README.md\n", MACHINE_PATHS[1]);
        assert_eq!(findings("docs/guide/a.md", &text), ["machine"]);
        assert!(findings("docs/guide/a.md", "see /var/lib/ordain\n").is_empty());
    }

    #[test]
    fn web_tests_are_not_switched_off() {
        assert_eq!(findings("ui/src/a.test.ts", "  it.only(\"x\", () => {});\n"), ["leftover"]);
        assert_eq!(findings("ui/src/a.ts", "  debugger;\n"), ["leftover"]);
        assert!(findings("ui/src/a.test.ts", "it(\"x\", () => {});\n").is_empty());
    }

    #[test]
    fn the_flow_folder_holds_flows() {
        assert!(findings("flows/standard.json", "{\"nodes\":[]}").is_empty());
        assert_eq!(findings("flows/map.json", "[1]"), ["flows"]);
        assert_eq!(findings("flows/a.yaml", "a: 1"), ["flows"]);
        assert_eq!(findings("flows/old/a.json", "{}"), ["flows"]);
    }

    #[test]
    fn a_lock_file_names_no_host() {
        assert_eq!(findings("ui/package-lock.json", "\"resolved\": \"https://host/x.tgz\""), ["lock"]);
        assert!(findings("ui/package-lock.json", "\"version\": \"1.0.0\"").is_empty());
    }
}
