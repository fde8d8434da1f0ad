//! Names in the scope of a flow that no order can have, or that nothing else in the company knows: mostly misspelt ones.

use crate::case::channel::DOORS;
use crate::case::world::House;
use ordain_flow::check::{Problem, Severity};
use ordain_flow::doc::FlowDoc;
use std::collections::BTreeMap;

pub(super) fn strangers(doc: &FlowDoc, house: &House) -> Vec<Problem> {
    let scope = &doc.scope;
    let doors = |name: &str| DOORS.contains(&name);
    let mut problems = unknown("channels", &scope.channels, Severity::Warning, doors);
    // The company need not list its levels; where it does, the list is whole.
    let levels = &house.rules.priority_levels;
    if !levels.is_empty() {
        let listed = |name: &str| levels.iter().any(|level| level == name);
        problems.extend(unknown("customer_levels", &scope.customer_levels, Severity::Warning, listed));
    }
    // Nobody lists the types of orders: a new one is new to everything.
    let seen = |name: &str| {
        let others = house.active_flows().filter(|(pin, _)| pin.key != doc.key);
        let asked = house.form.fields.iter().flat_map(|field| field.required.iter().flatten());
        name == "standard"
            || others.flat_map(|(_, flow)| &flow.doc().scope.order_types).any(|known| known == name)
            || house.sla.items.iter().any(|row| row.order_type.as_deref() == Some(name))
            || asked
                .into_iter()
                .any(|when| when.field == "order_type" && when.is.iter().any(|known| known == name))
    };
    problems.extend(unknown("order_types", &scope.order_types, Severity::Hint, seen));
    problems
}

fn unknown(part: &str, names: &[String], severity: Severity, known: impl Fn(&str) -> bool) -> Vec<Problem> {
    let strange = names.iter().filter(|name| !known(name));
    let problem = |name: &String| {
        let params = [("scope", part), ("found", name)];
        let params = params.map(|(key, value)| (key.to_owned(), value.to_owned()));
        Problem { code: "F-128", severity, node: None, params: BTreeMap::from(params) }
    };
    strange.map(problem).collect()
}
