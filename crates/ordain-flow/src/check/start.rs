//! How orders enter: facts that a title or a summary names and nobody knows, and starters who are nobody.

use super::settings::out_of_range;
use super::{People, Problem};
use crate::doc::{FlowDoc, SUMMARY_MAX};
use crate::rule::FactSchema;

pub fn start(doc: &FlowDoc, schema: &FactSchema, people: Option<&People>) -> Vec<Problem> {
    let (Some(node), Some(start)) = (doc.steps.first(), doc.start()) else { return Vec::new() };
    let mut problems = Vec::new();
    if start.summary.len() > SUMMARY_MAX {
        problems.push(out_of_range(node, "summary", start.summary.len()));
    }
    let title = start.title_parts().into_iter().filter(|(_, fact)| *fact).map(|(name, _)| ("title", name));
    let summary = start.summary.iter().map(|name| ("summary", name.as_str()));
    let unknown = title.chain(summary).filter(|(_, name)| schema.order_index(name).is_none());
    problems.extend(unknown.map(|(setting, name)| {
        Problem::blocker("F-114").at(&node.id).with("setting", setting).with("field", name)
    }));
    if let Some(people) = people
        && !start.starters.is_empty()
        && !people.anyone(&start.starters)
    {
        problems.push(Problem::blocker("F-115").at(&node.id));
    }
    problems
}
