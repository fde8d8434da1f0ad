//! Licences, bans and sources of every dependency, held against `deny.toml` without any tool.
//!
//! `cargo deny` does the same and more; where it is installed the test run calls it instead. This
//! reading of `deny.toml` knows only what that file uses: lists of strings in `[licenses]`, and
//! `crate = "…"` entries in `[bans]`. What the web app ships is held against the same list.

use crate::shell;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const POLICY: &str = "deny.toml";
const WEB_LOCK: &str = "ui/package-lock.json";

#[derive(Debug, Default, PartialEq)]
struct Policy {
    licences: BTreeSet<String>,
    banned: BTreeSet<String>,
}

/// Prints what does not fit. True when everything does.
pub fn run(root: &Path) -> Result<bool, String> {
    let text = fs::read_to_string(root.join(POLICY)).map_err(|e| format!("{POLICY}: {e}"))?;
    let policy = Policy::read(&text);
    if policy.licences.is_empty() {
        return Err(format!("{POLICY}: no licence is allowed"));
    }
    let metadata = shell::output(root, &shell::cargo_program(), &["metadata", "--format-version", "1"])?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|e| format!("cargo metadata: {e}"))?;
    let mut problems = crates(&metadata, &policy);
    let mut count = metadata["packages"].as_array().map_or(0, Vec::len);
    if let Ok(text) = fs::read_to_string(root.join(WEB_LOCK)) {
        let lock: Value = serde_json::from_str(&text).map_err(|e| format!("{WEB_LOCK}: {e}"))?;
        let (seen, web) = web_packages(&lock, &policy);
        count += seen;
        problems.extend(web);
    }
    for problem in &problems {
        println!("{problem}");
    }
    println!("licences: {count} packages, {} problems", problems.len());
    Ok(problems.is_empty())
}

impl Policy {
    fn read(text: &str) -> Policy {
        let mut policy = Policy::default();
        let mut section = "";
        let mut in_allow = false;
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or("").trim();
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = match name {
                    "licenses" => "licenses",
                    "bans" => "bans",
                    _ => "",
                };
                in_allow = false;
            }
            if section == "licenses" && (in_allow || line.starts_with("allow =")) {
                policy.licences.extend(quoted(line).map(str::to_owned));
                in_allow = !line.ends_with(']');
            }
            if section == "bans"
                && let Some((_, name)) = line.split_once("crate =")
            {
                policy.banned.extend(quoted(name).take(1).map(str::to_owned));
            }
        }
        policy
    }
}

fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

fn crates(metadata: &Value, policy: &Policy) -> Vec<String> {
    let mut problems = Vec::new();
    let mut registries = BTreeSet::new();
    for package in metadata["packages"].as_array().map_or(&[][..], Vec::as_slice) {
        let (name, version) =
            (package["name"].as_str().unwrap_or(""), package["version"].as_str().unwrap_or(""));
        match package["source"].as_str() {
            None => {}
            Some(source) if source.starts_with("registry+") => {
                registries.insert(source);
            }
            Some(source) => {
                problems.push(format!("{name} {version}: comes from {source}, not from the registry"))
            }
        }
        if policy.banned.contains(name) {
            problems.push(format!("{name} {version}: banned in {POLICY}"));
        }
        match package["license"].as_str() {
            Some(text) if fits(text, &policy.licences) => {}
            Some(text) => problems.push(format!("{name} {version}: licence {text} is not allowed")),
            None => problems.push(format!("{name} {version}: names no licence")),
        }
    }
    if registries.len() > 1 {
        problems.push(format!("dependencies come from {} registries", registries.len()));
    }
    problems
}

/// What `npm ci` would ship: everything but development and optional tools.
fn web_packages(lock: &Value, policy: &Policy) -> (usize, Vec<String>) {
    let Some(packages) = lock["packages"].as_object() else { return (0, Vec::new()) };
    let shipped = packages.iter().filter(|(path, p)| {
        !path.is_empty() && p["dev"] != true && p["devOptional"] != true && p["link"] != true
    });
    let (mut seen, mut problems) = (0, Vec::new());
    for (path, package) in shipped {
        seen += 1;
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        match package["license"].as_str() {
            Some(text) if fits(text, &policy.licences) => {}
            Some(text) => problems.push(format!("ui: {name}: licence {text} is not allowed")),
            None => problems.push(format!("ui: {name}: names no licence")),
        }
    }
    (seen, problems)
}

/// Whether an SPDX expression can be met by allowed licences alone. `/` is the old way to say OR.
fn fits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allowed);
    met && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at, allowed);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any_of(words, at, allowed);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{name} WITH {}", words.get(*at + 1).copied().unwrap_or(""));
        *at += 2;
    }
    allowed.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy() -> Policy {
        Policy::read(
            "[licenses]\n# words\nallow = [\n  \"MIT\", # why\n  \"Apache-2.0\",\n  \"ISC\",\n]\nconfidence = 0.9\n\
             [bans]\ndeny = [\n  { crate = \"openssl-sys\", reason = \"one TLS\" },\n]\n[sources]\nallow = [\"no\"]\n",
        )
    }

    #[test]
    fn the_policy_is_read() {
        let Policy { licences, banned } = policy();
        assert_eq!(licences.into_iter().collect::<Vec<_>>(), ["Apache-2.0", "ISC", "MIT"]);
        assert_eq!(banned.into_iter().collect::<Vec<_>>(), ["openssl-sys"]);
    }

    #[test]
    fn the_house_policy_allows_and_bans_something() {
        let house = Policy::read(include_str!("../../deny.toml"));
        assert!(house.licences.contains("MIT") && !house.licences.contains("GPL-3.0-only"));
        assert!(house.banned.contains("openssl-sys"));
    }

    #[test]
    fn expressions_are_weighed() {
        let allowed = policy().licences;
        for text in
            ["MIT", "MIT/Apache-2.0", "GPL-2.0-only OR MIT", "(MIT OR BSL-1.0) AND ISC", "MIT OR X WITH Y"]
        {
            assert!(fits(text, &allowed), "{text}");
        }
        for text in
            ["GPL-3.0-only", "MIT AND GPL-3.0-only", "Apache-2.0 WITH LLVM-exception", "(MIT", "", "MIT ISC"]
        {
            assert!(!fits(text, &allowed), "{text}");
        }
    }

    #[test]
    fn bad_crates_are_named() {
        let package = |name: &str, license: Value, source: &str| json!({ "name": name, "version": "1.0.0", "license": license, "source": source });
        let metadata = json!({ "packages": [
            package("good", json!("MIT"), "registry+a"),
            package("copyleft", json!("AGPL-3.0-only"), "registry+a"),
            package("nameless", Value::Null, "registry+a"),
            package("openssl-sys", json!("MIT"), "registry+a"),
            package("forked", json!("MIT"), "git+somewhere"),
        ] });
        let problems = crates(&metadata, &policy());
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(!problems.iter().any(|p| p.starts_with("good")));
    }

    #[test]
    fn only_what_the_web_app_ships_is_weighed() {
        let lock = json!({ "packages": {
            "": { "license": "Apache-2.0" },
            "node_modules/react": { "license": "MIT" },
            "node_modules/tool": { "license": "MPL-2.0", "dev": true },
            "node_modules/a/node_modules/@b/c": { "license": "SSPL-1.0" },
        } });
        let (seen, problems) = web_packages(&lock, &policy());
        assert_eq!((seen, problems), (2, vec!["ui: @b/c: licence SSPL-1.0 is not allowed".to_owned()]));
    }
}
