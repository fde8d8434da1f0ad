//! What a flow shows of an order in lists of tasks: a title, and a few facts.

use super::route::label;
use super::task::Around;
use crate::words::Text;
use ordain_app::case::facts;
use ordain_flow::rule::Value;
use serde::Serialize;
use utoipa::ToSchema;

/// A fact of an order, as far as it may be shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderFact)]
pub struct FactView {
    pub field: String,
    pub label: Text,
    pub value: Option<String>,
}

/// A fact in words; nothing for one that is empty or kept back.
fn fact(around: &Around<'_>, known: &[Value], name: &str) -> Option<String> {
    let schema = around.flow?.schema();
    let value = known.get(schema.order_index(name)?).filter(|value| **value != Value::Null)?;
    let text = Some(value.to_string());
    let custom = format!("extra.{name}");
    let text = around.sight.text(&custom, text)?;
    facts::paths(name).try_fold(text, |text, path| around.sight.text(path, Some(text)))
}

pub fn title(around: &Around<'_>) -> Option<String> {
    let flow = around.flow?;
    let start = flow.doc().start().filter(|start| !start.title.is_empty())?;
    let known = facts::of(around.whole, flow, around.beside()).fields;
    let said = start.title_parts().into_iter().map(|(words, is_fact)| match is_fact {
        true => fact(around, &known, words).unwrap_or_default(),
        false => words.to_owned(),
    });
    Some(said.collect())
}

pub fn summary(around: &Around<'_>) -> Vec<FactView> {
    let Some(flow) = around.flow else { return Vec::new() };
    let Some(start) = flow.doc().start().filter(|start| !start.summary.is_empty()) else { return Vec::new() };
    let known = facts::of(around.whole, flow, around.beside()).fields;
    let view = |name: &String| FactView {
        field: name.clone(),
        label: label(name, flow.schema()),
        value: fact(around, &known, name),
    };
    start.summary.iter().map(view).collect()
}
