//! The crate graph: which crate may use which, what the pure crates may bring in, and which border
//! crate alone may hold a library of the outside world.
//!
//! Two checks keep the picture of ARCHITECTURE.md true: an arrow that is not drawn here is refused,
//! and so is a crate that is not named here.

use super::{Finding, Tree};
use crate::shell;
use serde_json::Value;
use std::path::Path;

struct Crate {
    name: &'static str,
    folder: &'static str,
    /// Crates of ours that its normal and build dependencies may name.
    may_use: Uses,
}

enum Uses {
    These(&'static [&'static str]),
    /// Tests and benchmarks look at everything; nothing of the product may depend on them.
    Anything,
}

const CRATES: [Crate; 9] = [
    Crate { name: "ordain-domain", folder: "crates/ordain-domain", may_use: Uses::These(&[]) },
    Crate { name: "ordain-flow", folder: "crates/ordain-flow", may_use: Uses::These(&[]) },
    Crate {
        name: "ordain-store",
        folder: "crates/ordain-store",
        may_use: Uses::These(&["ordain-domain", "ordain-flow"]),
    },
    Crate {
        name: "ordain-connect",
        folder: "crates/ordain-connect",
        may_use: Uses::These(&["ordain-domain"]),
    },
    Crate {
        name: "ordain-app",
        folder: "crates/ordain-app",
        may_use: Uses::These(&["ordain-store", "ordain-connect", "ordain-flow", "ordain-domain"]),
    },
    Crate {
        name: "ordain",
        folder: "crates/ordain",
        may_use: Uses::These(&[
            "ordain-app",
            "ordain-store",
            "ordain-connect",
            "ordain-flow",
            "ordain-domain",
        ]),
    },
    Crate { name: "ordain-testkit", folder: "crates/ordain-testkit", may_use: Uses::Anything },
    Crate { name: "ordain-bench", folder: "bench", may_use: Uses::Anything },
    Crate { name: "xtask", folder: "xtask", may_use: Uses::These(&[]) },
];

/// The crates without IO, clock or randomness, and the value libraries they may use.
const PURE: [&str; 2] = ["ordain-domain", "ordain-flow"];
const PURE_LIBRARIES: [&str; 13] = [
    "cel",
    "hex",
    "indexmap",
    "jiff",
    "rust_decimal",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "smallvec",
    "thiserror",
    "unicode-normalization",
    "uuid", // as a value: minting one is refused in rust_rules
];

/// Libraries that open a border, and the crates of the product that may hold them.
const BORDERS: [(&str, &[&str]); 9] = [
    ("rusqlite", &["ordain-store"]),
    ("tokio-postgres", &["ordain-store"]),
    ("deadpool-postgres", &["ordain-store"]),
    ("sqlx", &[]),
    ("reqwest", &["ordain-connect"]),
    ("lettre", &["ordain-connect"]),
    ("axum", &["ordain"]),
    ("tower-http", &["ordain"]),
    ("clap", &["ordain"]),
];

pub fn metadata(root: &Path) -> Result<Value, String> {
    let args = ["metadata", "--format-version", "1", "--no-deps"];
    let text = shell::output(root, &shell::cargo_program(), &args)?;
    serde_json::from_str(&text).map_err(|e| format!("cargo metadata: {e}"))
}

pub fn check(metadata: &Value, tree: &Tree) -> Vec<Finding> {
    let empty = Vec::new();
    let packages = metadata["packages"].as_array().unwrap_or(&empty);
    let root = metadata["workspace_root"].as_str().unwrap_or("");
    let mut found = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or("");
        let manifest = package["manifest_path"].as_str().unwrap_or("").replace('\\', "/");
        let path =
            manifest.strip_prefix(&root.replace('\\', "/")).unwrap_or(&manifest).trim_start_matches('/');
        let Some(known) = CRATES.iter().find(|c| c.name == name) else {
            let text = format!(
                "the crate `{name}` is not drawn in the graph (xtask/src/tidy/graph.rs, ARCHITECTURE.md)"
            );
            found.push(Finding::new("graph", path, 0, text));
            continue;
        };
        if path != format!("{}/Cargo.toml", known.folder) {
            found.push(Finding::new("graph", path, 0, format!("`{name}` belongs in {}", known.folder)));
        }
        arrows(known, package, path, &mut found);
        borders(known, package, path, &mut found);
        if PURE.contains(&name) {
            purity(package, path, &mut found);
        }
        faults_stay_off(known, package, path, &mut found);
    }
    for name in PURE {
        pure_clippy(name, tree, &mut found);
    }
    found
}

struct Dependency<'a> {
    name: &'a str,
    for_tests: bool,
    features: Vec<&'a str>,
}

fn dependencies(package: &Value) -> Vec<Dependency<'_>> {
    let Some(list) = package["dependencies"].as_array() else { return Vec::new() };
    list.iter()
        .map(|d| Dependency {
            name: d["name"].as_str().unwrap_or(""),
            for_tests: d["kind"].as_str() == Some("dev"),
            features: d["features"]
                .as_array()
                .map_or_else(Vec::new, |f| f.iter().filter_map(Value::as_str).collect()),
        })
        .collect()
}

fn is_ours(name: &str) -> bool {
    CRATES.iter().any(|c| c.name == name) || name.starts_with("ordain-")
}

fn arrows(known: &Crate, package: &Value, path: &str, found: &mut Vec<Finding>) {
    let Uses::These(allowed) = known.may_use else { return };
    for dependency in dependencies(package).iter().filter(|d| is_ours(d.name)) {
        let Dependency { name, for_tests, .. } = dependency;
        if allowed.contains(name) || (*for_tests && (*name == "ordain-testkit" || *name == known.name)) {
            continue;
        }
        let text = format!("`{}` may not use `{name}`: arrows point down only", known.name);
        found.push(Finding::new("graph", path, 0, text));
    }
}

fn borders(known: &Crate, package: &Value, path: &str, found: &mut Vec<Finding>) {
    if matches!(known.may_use, Uses::Anything) {
        return;
    }
    for dependency in dependencies(package).iter().filter(|d| !d.for_tests) {
        let Some((library, holders)) = BORDERS.iter().find(|(l, _)| *l == dependency.name) else { continue };
        if !holders.contains(&known.name) {
            let whose = if holders.is_empty() { "nobody".to_owned() } else { holders.join(", ") };
            let text = format!("`{library}` belongs to {whose}, not to `{}`", known.name);
            found.push(Finding::new("border", path, 0, text));
        }
    }
}

fn purity(package: &Value, path: &str, found: &mut Vec<Finding>) {
    for dependency in dependencies(package).iter().filter(|d| !d.for_tests && !is_ours(d.name)) {
        if !PURE_LIBRARIES.contains(&dependency.name) {
            let text = format!("a pure crate uses value libraries only, not `{}`", dependency.name);
            found.push(Finding::new("pure", path, 0, text));
        }
    }
}

/// Injected faults are for the test kit alone: no product crate has them on by default or turns them on.
fn faults_stay_off(known: &Crate, package: &Value, path: &str, found: &mut Vec<Finding>) {
    let names_faults = |f: &str| f == "faults" || f.ends_with("/faults");
    if !matches!(known.may_use, Uses::These(_)) {
        return;
    }
    let default = package["features"]["default"].as_array();
    let by_default = default.is_some_and(|l| l.iter().filter_map(Value::as_str).any(names_faults));
    let on = by_default
        || dependencies(package).iter().any(|d| !d.for_tests && d.features.iter().any(|f| names_faults(f)));
    if on {
        found.push(Finding::new("faults", path, 0, "the feature `faults` may not be on by default"));
    }
}

/// Clippy reads the nearest `clippy.toml` alone, so a pure crate's own must repeat the house's
/// settings and add what purity forbids.
fn pure_clippy(name: &str, tree: &Tree, found: &mut Vec<Finding>) {
    let path = format!("crates/{name}/clippy.toml");
    let Some(text) = tree.files.get(&path) else {
        let text = "a pure crate bans the clock, randomness and IO in a clippy.toml with reasons";
        found.push(Finding::new("pure", &path, 0, text));
        return;
    };
    for needed in ["disallowed-methods", "std::time::SystemTime::now", "reason"] {
        if !text.contains(needed) {
            found.push(Finding::new("pure", &path, 0, format!("`{needed}` is missing")));
        }
    }
    let house = tree.files.get("clippy.toml").map_or("", String::as_str);
    for setting in house.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if !text.lines().any(|l| l.trim() == setting) {
            found.push(Finding::new(
                "pure",
                &path,
                0,
                format!("the house's setting `{setting}` is not repeated"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CLIPPY: &str = "too-many-lines-threshold = 70\ndisallowed-methods = [\n\
        { path = \"std::time::SystemTime::now\", reason = \"now is an argument\" }]\n";

    fn tree() -> Tree {
        Tree::of(&[
            ("clippy.toml", "too-many-lines-threshold = 70\n"),
            ("crates/ordain-domain/clippy.toml", CLIPPY),
            ("crates/ordain-flow/clippy.toml", CLIPPY),
        ])
    }

    fn package(name: &str, folder: &str, dependencies: Value) -> Value {
        json!({ "name": name, "manifest_path": format!("/w/{folder}/Cargo.toml"), "dependencies": dependencies })
    }

    fn findings(package: Value) -> Vec<String> {
        let metadata = json!({ "workspace_root": "/w", "packages": [package] });
        check(&metadata, &tree()).iter().map(ToString::to_string).collect()
    }

    fn normal(name: &str) -> Value {
        json!({ "name": name, "kind": null, "features": [] })
    }

    fn dev(name: &str) -> Value {
        json!({ "name": name, "kind": "dev", "features": [] })
    }

    #[test]
    fn arrows_down_are_taken() {
        let app =
            json!([normal("ordain-store"), normal("ordain-flow"), normal("tokio"), dev("ordain-testkit")]);
        assert_eq!(findings(package("ordain-app", "crates/ordain-app", app)), Vec::<String>::new());
        let bench = json!([normal("ordain-app"), normal("ordain-testkit"), normal("rusqlite")]);
        assert_eq!(findings(package("ordain-bench", "bench", bench)), Vec::<String>::new());
    }

    #[test]
    fn arrows_up_and_sideways_are_refused() {
        for (from, to) in [
            ("ordain-domain", "ordain-flow"),
            ("ordain-flow", "ordain-domain"),
            ("ordain-store", "ordain-app"),
            ("ordain-connect", "ordain-store"),
            ("ordain-app", "ordain"),
            ("ordain-app", "ordain-testkit"),
        ] {
            let found = findings(package(from, &format!("crates/{from}"), json!([normal(to)])));
            assert!(found.len() == 1 && found[0].contains("arrows point down"), "{from} to {to}: {found:?}");
        }
        let found = findings(package("ordain-store", "crates/ordain-store", json!([dev("ordain-app")])));
        assert_eq!(found.len(), 1, "an upward arrow for tests belongs in the test kit: {found:?}");
    }

    #[test]
    fn a_pure_crate_takes_value_libraries_only() {
        for library in ["tokio", "rusqlite", "getrandom", "rand", "tracing"] {
            let found = findings(package("ordain-domain", "crates/ordain-domain", json!([normal(library)])));
            assert!(found.iter().any(|f| f.contains("[pure]")), "{library}: {found:?}");
        }
        let tests = json!([normal("rust_decimal"), dev("proptest")]);
        assert_eq!(findings(package("ordain-flow", "crates/ordain-flow", tests)), Vec::<String>::new());
    }

    #[test]
    fn libraries_of_the_outside_stay_at_their_border() {
        let found = findings(package("ordain", "crates/ordain", json!([normal("rusqlite"), normal("axum")])));
        assert!(found.len() == 1 && found[0].contains("belongs to ordain-store"), "{found:?}");
    }

    #[test]
    fn strange_crates_and_strange_folders_are_named() {
        assert!(findings(package("ordain-misc", "crates/ordain-misc", json!([])))[0].contains("not drawn"));
        assert!(findings(package("ordain-app", "crates/app", json!([])))[0].contains("belongs in"));
    }

    #[test]
    fn faults_may_not_be_on_by_default() {
        let mut app = package("ordain-app", "crates/ordain-app", json!([]));
        app["features"] = json!({ "default": ["faults"], "faults": [] });
        assert!(findings(app)[0].contains("[faults]"));
        let on = json!([{ "name": "ordain-store", "kind": null, "features": ["faults"] }]);
        assert!(findings(package("ordain-app", "crates/ordain-app", on))[0].contains("[faults]"));
        let kit = json!([{ "name": "ordain-store", "kind": null, "features": ["faults"] }]);
        assert_eq!(findings(package("ordain-testkit", "crates/ordain-testkit", kit)), Vec::<String>::new());
    }

    #[test]
    fn a_pure_crate_without_its_own_bans_is_named() {
        let mut found = Vec::new();
        pure_clippy("ordain-domain", &Tree::of(&[]), &mut found);
        assert_eq!(found.len(), 1);
        let mut found = Vec::new();
        let bare =
            [("clippy.toml", "a = 1\n"), ("crates/ordain-domain/clippy.toml", "disallowed-methods = []\n")];
        pure_clippy("ordain-domain", &Tree::of(&bare), &mut found);
        assert!(found.iter().any(|f| f.text.contains("`a = 1` is not repeated")), "{found:?}");
    }
}
