//! YAML as JSON: one document without tags, within limits on depth, aliases and size.

use serde_json::Value;

/// Collections inside each other, as the reader of JSON allows them.
const DEPTH_MAX: usize = 128;

/// Where a text is no YAML; lines and columns count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYaml {
    pub line: u64,
    pub column: u64,
}

/// Reads a text.
///
/// # Errors
/// Where it cannot be read, or goes beyond the limits.
pub fn read(text: &str) -> Result<Value, NotYaml> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: DEPTH_MAX, max_documents: 1 },
        strict_booleans: true,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let at = error.location();
        NotYaml { line: at.map_or(1, |at| at.line()), column: at.map_or(1, |at| at.column()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yaml_is_read_as_the_json_that_it_means() {
        let text = "key: standard\nsteps:\n  - id: start\n    when: {any: []}\n    n: 3\n    on: yes\n    date: 2026-12-01\n";
        let start =
            json!({ "id": "start", "when": { "any": [] }, "n": 3, "on": "yes", "date": "2026-12-01" });
        assert_eq!(read(text), Ok(json!({ "key": "standard", "steps": [start] })));
    }

    #[test]
    fn what_is_no_yaml_is_said_with_its_place_and_bombs_are_refused() {
        assert_eq!(read("a: 1\nb: [1, 2\n").map_err(|at| at.line > 1), Err(true));
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(read(&deep).is_err());
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for n in 1..9 {
            let each = vec![format!("*a{}", n - 1); 10].join(", ");
            bomb.push_str(&format!("a{n}: &a{n} [{each}]\n"));
        }
        assert!(read(&bomb).is_err());
    }
}
