//! What changed between two versions of a flow. Steps are the same if their ids are; everything else about them may
//! have changed. The list is complete: two documents without a change between them are equal.

pub(crate) mod place;
mod sentence;

use crate::doc::{FlowDoc, Lane, Node, NodeKind};
use crate::words::{Topic, differing, path_of_setting, type_key};
use place::{Spot, moved, spots};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

pub use sentence::{Sentence, sentences};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Removed,
    Moved,
    Changed,
}

/// One difference, with the path of what differs inside the step or the flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub kind: ChangeKind,
    pub topic: Topic,
    /// The step it concerns; none for the flow as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The lane it concerns, of the step named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<String>,
    /// `name`, `kind.vote`, `lanes.large.when`, …; empty for the step itself.
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl Change {
    fn of(kind: ChangeKind, topic: Topic, path: &str) -> Self {
        Self { kind, topic, node: None, lane: None, path: path.to_owned(), before: None, after: None }
    }

    fn at(mut self, node: &str) -> Self {
        self.node = Some(node.to_owned());
        self
    }

    fn lane(mut self, lane: &str) -> Self {
        self.lane = Some(lane.to_owned());
        self
    }

    fn from(mut self, before: impl Serialize, after: impl Serialize) -> Self {
        let value = |value: serde_json::Result<Value>| value.ok().filter(|value| !value.is_null());
        self.before = value(serde_json::to_value(before));
        self.after = value(serde_json::to_value(after));
        self
    }
}

/// Every change from the one document to the other: the flow, then its steps in the order of the new one, then what
/// was removed in the order of the old one.
pub fn diff(before: &FlowDoc, after: &FlowDoc) -> Vec<Change> {
    let mut changes = of_flow(before, after);
    let (old, new) = (spots(before), spots(after));
    let by_id = |spots: &[Spot<'_>]| -> BTreeMap<String, usize> {
        spots.iter().enumerate().map(|(at, spot)| (spot.node.id.clone(), at)).collect()
    };
    let (was, is) = (by_id(&old), by_id(&new));
    let elsewhere = moved(&old, &new);
    for spot in &new {
        let id = spot.node.id.as_str();
        let Some(known) = was.get(id).and_then(|at| old.get(*at)) else {
            changes.push(Change::of(ChangeKind::Added, Topic::Place, "").at(id).from((), spot.node));
            continue;
        };
        if elsewhere.contains(id) {
            let change = Change::of(ChangeKind::Moved, Topic::Place, "").at(id);
            changes.push(change.from(known.place(), spot.place()));
        }
        of_step(known.node, spot.node, &mut changes);
    }
    let removed = |spot: &Spot<'_>| {
        Change::of(ChangeKind::Removed, Topic::Place, "").at(&spot.node.id).from(spot.node, ())
    };
    changes.extend(old.iter().filter(|spot| !is.contains_key(&spot.node.id)).map(removed));
    changes
}

fn of_flow(before: &FlowDoc, after: &FlowDoc) -> Vec<Change> {
    let changed = |topic, path| Change::of(ChangeKind::Changed, topic, path);
    let mut changes = Vec::new();
    if before.name != after.name {
        changes.push(changed(Topic::Text, "name").from(&before.name, &after.name));
    }
    if before.purpose != after.purpose {
        changes.push(changed(Topic::Rule, "purpose").from(before.purpose, after.purpose));
    }
    if before.critical != after.critical {
        changes.push(changed(Topic::Rule, "critical").from(before.critical, after.critical));
    }
    if before.sensitive != after.sensitive {
        changes.push(changed(Topic::Field, "sensitive").from(&before.sensitive, &after.sensitive));
    }
    if before.fields != after.fields {
        changes.push(changed(Topic::Field, "fields").from(&before.fields, &after.fields));
    }
    if before.scope != after.scope {
        changes.push(changed(Topic::Condition, "scope").from(&before.scope, &after.scope));
    }
    if before.process_admin != after.process_admin {
        changes
            .push(changed(Topic::People, "process_admin").from(&before.process_admin, &after.process_admin));
    }
    changes
}

fn of_step(before: &Node, after: &Node, changes: &mut Vec<Change>) {
    let id = after.id.as_str();
    if before.name != after.name {
        let change = Change::of(ChangeKind::Changed, Topic::Text, "name").at(id);
        changes.push(change.from(&before.name, &after.name));
    }
    if type_key(&before.kind) == type_key(&after.kind) {
        for (key, old, new) in differing(before, after) {
            let topic = new.as_ref().or(old.as_ref()).map_or(Topic::Rule, |setting| setting.topic);
            let path = path_of_setting(&key);
            let (old, new) = (old.map(|setting| setting.value), new.map(|setting| setting.value));
            changes.push(Change::of(ChangeKind::Changed, topic, &path).at(id).from(old, new));
        }
    } else {
        let change = Change::of(ChangeKind::Changed, Topic::Rule, "kind.type").at(id);
        changes.push(change.from(type_key(&before.kind), type_key(&after.kind)));
    }
    of_lanes(before, after, changes);
}

/// Lanes as they are themselves; the steps inside are compared as steps.
fn of_lanes(before: &Node, after: &Node, changes: &mut Vec<Change>) {
    let id = after.id.as_str();
    let bare = |lane: &Lane| Lane { steps: Vec::new(), ..lane.clone() };
    for lane in after.lanes() {
        let path = |what: &str| format!("lanes.{}{what}", lane.id);
        let changed = |topic, what| Change::of(ChangeKind::Changed, topic, &path(what)).at(id).lane(&lane.id);
        let Some(known) = before.lanes().iter().find(|known| known.id == lane.id) else {
            let change = Change::of(ChangeKind::Added, Topic::Condition, &path("")).at(id).lane(&lane.id);
            changes.push(change.from((), bare(lane)));
            continue;
        };
        if known.name != lane.name {
            changes.push(changed(Topic::Text, ".name").from(&known.name, &lane.name));
        }
        if known.when != lane.when || known.otherwise != lane.otherwise {
            changes.push(changed(Topic::Condition, ".when").from(&known.when, &lane.when));
        }
    }
    for lane in before.lanes().iter().filter(|lane| !after.lanes().iter().any(|new| new.id == lane.id)) {
        let path = format!("lanes.{}", lane.id);
        let change = Change::of(ChangeKind::Removed, Topic::Condition, &path).at(id).lane(&lane.id);
        changes.push(change.from(bare(lane), ()));
    }
    let shared = |node: &Node, other: &Node| -> Vec<String> {
        let known = |lane: &&Lane| other.lanes().iter().any(|known| known.id == lane.id);
        node.lanes().iter().filter(known).map(|lane| lane.id.clone()).collect()
    };
    let (old, new) = (shared(before, after), shared(after, before));
    if old != new {
        // Only where the first of several wins does their order decide anything.
        let topic =
            if matches!(after.kind, NodeKind::Exclusive { .. }) { Topic::Condition } else { Topic::Place };
        changes.push(Change::of(ChangeKind::Moved, topic, "lanes").at(id).from(old, new));
    }
}
