//! What is generated and kept in the tree: the table of requirements, the OpenAPI document, and the
//! web client's types made from it. Also the release build, which needs the web app first.

use crate::{requirements, shell};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub const OPENAPI: &str = "ui/src/api/openapi.json";
const API_FOLDER: &str = "ui/src/api";

pub fn write(root: &Path) -> Result<bool, String> {
    let known = requirements::write(root)?;
    let document = openapi(root, None)?;
    let mut text = serde_json::to_string_pretty(&document).map_err(|e| e.to_string())?;
    text.push('\n');
    fs::write(root.join(OPENAPI), text).map_err(|e| format!("{OPENAPI}: {e}"))?;
    println!("wrote {OPENAPI}");
    let types = shell::inherit(&root.join("ui"), "npm", &["run", "gen:api"])?;
    Ok(known && types)
}

pub fn check(root: &Path) -> Result<bool, String> {
    let table = requirements::check(root)?;
    let document = openapi_is_current(root, None)?;
    let types = types_are_current(root)?;
    Ok(table && document && types)
}

/// The document the program prints. `program` saves building it again.
fn openapi(root: &Path, program: Option<&str>) -> Result<Value, String> {
    let text = match program {
        Some(program) => shell::output(root, program, &["openapi"])?,
        None => shell::output(
            root,
            &shell::cargo_program(),
            &["run", "--quiet", "-p", "ordain", "--", "openapi"],
        )?,
    };
    serde_json::from_str(&text).map_err(|e| format!("`ordain openapi` printed no JSON: {e}"))
}

pub fn openapi_is_current(root: &Path, program: Option<&str>) -> Result<bool, String> {
    let document = openapi(root, program)?;
    let kept = fs::read_to_string(root.join(OPENAPI)).map_err(|e| format!("{OPENAPI}: {e}"))?;
    let kept: Value = serde_json::from_str(&kept).map_err(|e| format!("{OPENAPI}: {e}"))?;
    if let Some(place) = first_difference("", &kept, &document) {
        println!("{OPENAPI} is not current at {place}: run `cargo xtask gen`");
        return Ok(false);
    }
    Ok(true)
}

/// Makes the types again, compares, and puts back what was there.
pub fn types_are_current(root: &Path) -> Result<bool, String> {
    let folder = root.join(API_FOLDER);
    let before = files(&folder)?;
    let made = shell::stream(&root.join("ui"), "npm", &["run", "--silent", "gen:api"], &[])?;
    let after = files(&folder)?;
    for (name, bytes) in before.iter().filter(|(name, bytes)| after.get(*name) != Some(bytes)) {
        println!("{API_FOLDER}/{name} is not current: run `cargo xtask gen`");
        fs::write(folder.join(name), bytes).map_err(|e| format!("{name}: {e}"))?;
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        println!("{API_FOLDER}/{name} is missing: run `cargo xtask gen`");
        fs::remove_file(folder.join(name)).map_err(|e| format!("{name}: {e}"))?;
    }
    Ok(made.ok && before == after)
}

fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = BTreeMap::new();
    for entry in entries.flatten().filter(|e| e.path().is_file()) {
        let bytes = fs::read(entry.path()).map_err(|e| e.to_string())?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), bytes);
    }
    Ok(files)
}

/// Where two JSON values first differ, as a path.
fn first_difference(at: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => first_difference(&format!("{at}/{key}"), a, b),
                _ => Some(format!("{at}/{key}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| first_difference(&format!("{at}/{n}"), a, b))
        }
        _ => (a != b).then(|| if at.is_empty() { "/".to_owned() } else { at.to_owned() }),
    }
}

/// The web app and then the program that carries it.
pub fn release(root: &Path) -> Result<bool, String> {
    let ui = root.join("ui");
    let web = shell::inherit(&ui, "npm", &["ci", "--no-audit", "--no-fund"])?
        && shell::inherit(&ui, "npm", &["run", "build"])?;
    Ok(web && shell::cargo_inherit(root, &["build", "--release", "--locked", "-p", "ordain"])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_a_path() {
        let a = json!({ "paths": { "/orders": { "get": 1 } }, "tags": [1, 2] });
        assert_eq!(first_difference("", &a, &a.clone()), None);
        let b = json!({ "paths": { "/orders": { "get": 2 } }, "tags": [1, 2] });
        assert_eq!(first_difference("", &a, &b).as_deref(), Some("/paths//orders/get"));
        let c = json!({ "paths": {}, "tags": [1, 2] });
        assert_eq!(first_difference("", &a, &c).as_deref(), Some("/paths//orders"));
        assert_eq!(first_difference("", &json!([1]), &json!([1, 2])).as_deref(), Some("/"));
    }
}
