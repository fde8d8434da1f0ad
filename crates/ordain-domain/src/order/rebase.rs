//! A wish for a change, put onto what has become of its order since: field by field, so that what others changed
//! meanwhile stays. A field that both of them changed is a conflict, and a person has to say what is meant.

use super::content::{Content, Difference};
use serde_json::Value;

/// The content that a wish asks for, of the order as it is now.
///
/// # Errors
/// The paths that were changed to something else since the wish.
pub fn rebased(onto: &Content, wish: &[Difference]) -> Result<Content, Vec<String>> {
    let paths = || wish.iter().map(|found| found.path.clone()).collect::<Vec<_>>();
    let mut whole = serde_json::to_value(onto).map_err(|_| paths())?;
    let conflicts: Vec<String> =
        wish.iter().filter(|found| !put(&mut whole, found)).map(|found| found.path.clone()).collect();
    if !conflicts.is_empty() {
        return Err(conflicts);
    }
    serde_json::from_value(whole).map_err(|_| paths())
}

/// Makes one difference; false where something else stands there than the wish was asked of.
fn put(whole: &mut Value, found: &Difference) -> bool {
    let Some(line) = found.line else { return put_field(whole, &found.path, found) };
    let Some(Value::Array(lines)) = whole.get_mut("lines") else { return false };
    let at = lines.iter().position(|known| known.get("id").and_then(Value::as_u64) == Some(line.into()));
    let field = found.path.split_once("].").map(|(_, field)| field);
    match (field, at) {
        (Some(field), Some(at)) => lines.get_mut(at).is_some_and(|line| put_field(line, field, found)),
        (Some(_), None) => false,
        (None, _) if found.before.is_null() => add(lines, &found.after),
        (None, Some(at)) if lines.get(at) == Some(&found.before) => {
            lines.remove(at);
            true
        }
        (None, at) => at.is_none() && found.after.is_null(),
    }
}

/// A new line; under the next free id, as another wish may have added one under its own.
fn add(lines: &mut Vec<Value>, line: &Value) -> bool {
    let taken: Vec<u64> = lines.iter().filter_map(|known| known.get("id")?.as_u64()).collect();
    let mut line = line.clone();
    let Some(id) = line.get_mut("id") else { return false };
    if id.as_u64().is_none_or(|id| taken.contains(&id)) {
        *id = Value::from(taken.iter().max().map_or(1, |last| last + 1));
    }
    lines.push(line);
    true
}

fn put_field(value: &mut Value, path: &str, found: &Difference) -> bool {
    let (parent, key) = match path.rsplit_once('.') {
        None => (Some(value), path),
        Some((above, key)) => (above.split('.').try_fold(value, |value, key| value.get_mut(key)), key),
    };
    let Some(Value::Object(parent)) = parent else { return false };
    let stands = parent.get(key).unwrap_or(&Value::Null);
    if *stands == found.after {
        return true;
    }
    if *stands != found.before {
        return false;
    }
    match &found.after {
        Value::Null => drop(parent.remove(key)),
        after => drop(parent.insert(key.to_owned(), after.clone())),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::rebased;
    use crate::decimal::DecimalText;
    use crate::order::content::{Content, Line, differences};

    fn line(id: u32, quantity: &str) -> Line {
        let quantity = DecimalText::try_from(quantity.to_owned()).ok();
        Line { id, product: Some(format!("P-{id}")), quantity, ..Line::default() }
    }

    fn order() -> Content {
        let lines = vec![line(1, "10"), line(2, "5")];
        Content { customer_po: Some("PO-1".into()), lines, ..Content::default() }
    }

    #[test]
    fn what_others_changed_stays_and_what_both_changed_is_named() {
        let base = order();
        let mut wish = base.clone();
        wish.lines[0] = line(1, "8");
        wish.lines.push(line(3, "1"));
        wish.ship_to.address = Some("新址".into());
        let asked = differences(&base, &wish);

        // Another field of the same line, another line, and a line of its own under the same id.
        let mut now = base.clone();
        now.lines[0].warehouse = Some("NB".into());
        now.lines[1] = line(2, "7");
        now.lines.push(line(3, "9"));
        let merged = rebased(&now, &asked).unwrap();
        let told: Vec<_> =
            merged.lines.iter().map(|line| (line.id, line.quantity.clone().unwrap())).collect();
        let number = |text: &str| DecimalText::try_from(text.to_owned()).unwrap();
        assert_eq!(told, [(1, number("8")), (2, number("7")), (3, number("9")), (4, number("1"))]);
        assert_eq!(merged.lines[0].warehouse.as_deref(), Some("NB"));
        assert_eq!(merged.ship_to.address.as_deref(), Some("新址"));

        now.lines[0] = line(1, "12");
        now.ship_to.address = Some("他处".into());
        assert_eq!(rebased(&now, &asked), Err(vec!["ship_to.address".into(), "lines[0].quantity".into()]));
        // A line that is gone cannot be changed; what was done already is no conflict.
        now = base.clone();
        now.lines.remove(0);
        assert_eq!(rebased(&now, &asked), Err(vec!["lines[0].quantity".into()]));
        assert_eq!(rebased(&wish, &differences(&base, &wish)[..1]).as_ref(), Ok(&wish));
    }

    #[test]
    fn a_line_is_taken_out_only_as_it_was_seen() {
        let base = order();
        let mut wish = base.clone();
        wish.lines.remove(1);
        let asked = differences(&base, &wish);
        assert_eq!(rebased(&base, &asked).as_ref(), Ok(&wish));
        assert_eq!(rebased(&wish, &asked).as_ref(), Ok(&wish));
        let mut now = base.clone();
        now.lines[1] = line(2, "6");
        assert_eq!(rebased(&now, &asked), Err(vec!["lines[1]".into()]));
    }
}
