//! Bills of material: what a product is made of, level by level.

use std::collections::{BTreeMap, BTreeSet};

/// A part of a product and how much of it goes into one, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Component {
    pub product: String,
    pub qty_milli: i64,
}

impl Component {
    /// What is needed for so many thousandths of the product, rounded up.
    pub fn need_milli(&self, made_milli: i64) -> i64 {
        let need = (i128::from(self.qty_milli) * i128::from(made_milli) + 999) / 1_000;
        i64::try_from(need).unwrap_or(i64::MAX)
    }
}

/// The components of each product that is made.
pub type Bom = BTreeMap<String, Vec<Component>>;

/// A way that leads from a product back to itself, if there is one: nothing could ever be made of it.
pub fn circle(bom: &Bom, from: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut way = vec![from.to_owned()];
    // For each product of the way the components that are still to be looked at.
    let mut open = vec![bom.get(from).map_or(&[][..], Vec::as_slice)];
    while let Some(components) = open.last_mut() {
        let Some((next, rest)) = components.split_first() else {
            open.pop();
            way.pop();
            continue;
        };
        *components = rest;
        if next.product == from {
            way.push(from.to_owned());
            return Some(way);
        }
        if seen.insert(next.product.clone()) {
            way.push(next.product.clone());
            open.push(bom.get(&next.product).map_or(&[][..], Vec::as_slice));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bom(rows: &[(&str, &[&str])]) -> Bom {
        let component = |product: &&str| Component { product: (*product).to_owned(), qty_milli: 1_500 };
        rows.iter().map(|(of, parts)| ((*of).to_owned(), parts.iter().map(component).collect())).collect()
    }

    #[test]
    fn a_circle_is_named_from_end_to_end_and_shared_parts_are_none() {
        let sound = bom(&[("pump", &["motor", "case"]), ("motor", &["coil", "screw"]), ("case", &["screw"])]);
        assert_eq!(circle(&sound, "pump"), None);
        let bad =
            bom(&[("pump", &["case", "motor"]), ("motor", &["coil"]), ("coil", &["pump"]), ("x", &["x"])]);
        let named = |from| circle(&bad, from).map(|way| way.join(" "));
        assert_eq!(named("pump").as_deref(), Some("pump motor coil pump"));
        assert_eq!(named("coil").as_deref(), Some("coil pump motor coil"));
        assert_eq!(named("x").as_deref(), Some("x x"));
        assert_eq!(named("case"), None);
    }

    #[test]
    fn what_is_needed_is_rounded_up() {
        let component = Component { product: "wire".into(), qty_milli: 333 };
        assert_eq!(component.need_milli(10_000), 3_330);
        assert_eq!(component.need_milli(1), 1);
        let huge = Component { qty_milli: i64::MAX, ..component };
        assert_eq!(huge.need_milli(i64::MAX), i64::MAX);
    }
}
