//! What of a document can be read although parts of it cannot, so that whoever sent it hears of everything else at once.

use super::FlowDoc;
use super::reading::Misread;
use serde::Deserialize;
use serde_json::Value;

/// Settings without which a step is another one: nothing is said of a document that lacks one.
const NEEDED: [&str; 5] = ["id", "kind", "type", "steps", "lanes"];

/// A document without the settings that cannot be read. Nothing where they are not those of a step, or where there is
/// none left without them: what is said of the rest would be untrue.
pub fn salvage(value: &Value, found: &[Misread]) -> Option<FlowDoc> {
    let mut rest = value.clone();
    for misread in found {
        misread.node.as_ref()?;
        let path = match misread.code {
            // The object that lacks it goes.
            "missing" => misread.path.rsplit_once('.')?.0,
            _ => misread.path.as_str(),
        };
        let (around, name) = path.rsplit_once('.').filter(|(_, name)| !NEEDED.contains(name))?;
        at(&mut rest, around)?.as_object_mut()?.remove(name);
    }
    FlowDoc::deserialize(rest).ok()
}

/// The value at a path as faults name it: `steps[1].kind`.
fn at<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(value, |value, part| {
        let mut parts = part.split('[');
        let field = value.get_mut(parts.next()?)?;
        parts.try_fold(field, |value, index| value.get_mut(index.strip_suffix(']')?.parse::<usize>().ok()?))
    })
}
