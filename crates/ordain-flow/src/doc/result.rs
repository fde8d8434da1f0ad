//! What came of the steps of a flow, as facts that its rules may name.

use super::{FlowDoc, Node, NodeKind, walk};
use crate::rule::{FactSchema, FieldDef, FieldType, result_of};
use crate::words::{Lang, said};
use std::borrow::Cow;

/// The facts that a flow's rules may name: those of every order, behind them the flow's custom fields, and the results
/// of its steps.
pub fn schema_with<'a>(base: &'a FactSchema, doc: &FlowDoc) -> Cow<'a, FactSchema> {
    let places = walk(doc);
    let results: Vec<FieldDef> = places.iter().filter_map(|place| result(place.node)).collect();
    if doc.fields.is_empty() && results.is_empty() {
        return Cow::Borrowed(base);
    }
    let custom = doc.fields.iter().map(FieldDef::from);
    Cow::Owned(FactSchema::new(base.fields().iter().cloned().chain(custom).chain(results).collect()))
}

/// The result of a step that waits for somebody or something; other steps have none.
fn result(node: &Node) -> Option<FieldDef> {
    let options: &[&str] = match &node.kind {
        NodeKind::Review(_) => &["approve", "reject", "return"],
        NodeKind::Task(_) => &["approve", "return"],
        NodeKind::CustomerConfirmation(_) => &["accepted", "declined", "lapsed"],
        NodeKind::Delay(_) => &["done", "failed"],
        NodeKind::WaitEvent(_) => &["done", "timed_out"],
        NodeKind::ConnectorCall(_) | NodeKind::Subflow(_) => &["done", "failed"],
        _ => return None,
    };
    let label = |lang, name: &str| said(lang, "result_of", &[("step", name)]);
    Some(FieldDef {
        name: result_of(&node.id),
        kind: FieldType::Choice(options.iter().map(|word| (*word).to_owned()).collect()),
        zh: label(Lang::Zh, &node.name.zh),
        en: label(Lang::En, &node.name.en),
        line: false,
        may_be_empty: true,
    })
}
