//! Changes as sentences that a manager can read, for instance that a step was added and when it is asked.

use super::place::spots;
use super::{Change, ChangeKind, diff};
use crate::doc::{FlowDoc, Lane, Node, walk};
use crate::sop::{lane_words, scope_words};
use crate::words::{Names, Speaker, Topic, setting_at};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    pub kind: ChangeKind,
    pub topic: Topic,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    pub text: String,
}

/// One sentence for every change, in the order of the changes.
pub fn sentences(before: &FlowDoc, after: &FlowDoc, speaker: &Speaker<'_>) -> Vec<Sentence> {
    let teller = Teller::new(before, after, speaker);
    let tell = |change: &Change| Sentence {
        kind: change.kind,
        topic: change.topic,
        node: change.node.clone(),
        text: teller.tell(change),
    };
    diff(before, after).iter().map(tell).collect()
}

struct Teller<'a> {
    before: &'a FlowDoc,
    after: &'a FlowDoc,
    old: BTreeMap<&'a str, &'a Node>,
    new: BTreeMap<&'a str, &'a Node>,
    speaker: Speaker<'a>,
    names: Names,
}

impl<'a> Teller<'a> {
    fn new(before: &'a FlowDoc, after: &'a FlowDoc, speaker: &Speaker<'a>) -> Self {
        let by_id = |doc: &'a FlowDoc| -> BTreeMap<&'a str, &'a Node> {
            walk(doc).into_iter().map(|place| (place.node.id.as_str(), place.node)).collect()
        };
        // Steps are called as they are called now; those that are gone keep their old name.
        let mut names = speaker.naming_steps(before);
        names.extend(speaker.naming_steps(after));
        Self { before, after, old: by_id(before), new: by_id(after), speaker: *speaker, names }
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker { names: &self.names, ..self.speaker }
    }

    fn tell(&self, change: &Change) -> String {
        let Some(id) = change.node.as_deref() else { return self.of_flow(&change.path) };
        let (old, new) = (self.old.get(id).copied(), self.new.get(id).copied());
        match (change.kind, &change.lane, old, new) {
            (_, Some(lane), old, new) => self.of_lane(change, id, lane, old, new),
            (ChangeKind::Added, None, _, Some(node)) => self.added(node),
            (ChangeKind::Removed, None, Some(node), _) => {
                let speaker = self.speaker();
                let (step, sentence) = (speaker.text(&node.name), speaker.sentence(node));
                speaker.say("diff.removed", &[("step", &step), ("sentence", &sentence)])
            }
            (ChangeKind::Moved, None, Some(old), Some(new)) => self.moved(change, old, new),
            (_, None, Some(old), Some(new)) => self.changed(change, old, new),
            _ => change.path.clone(),
        }
    }

    fn of_flow(&self, path: &str) -> String {
        let speaker = self.speaker();
        let words = |doc: &FlowDoc| match path {
            "name" => speaker.text(&doc.name),
            "scope" => scope_words(&doc.scope, &speaker),
            "purpose" => speaker.purpose(doc.purpose),
            "critical" => speaker.word(if doc.critical { "flow.critical" } else { "flow.plain" }),
            "sensitive" => speaker.sensitive(&doc.sensitive),
            "fields" => speaker.custom_fields(&doc.fields),
            _ => speaker.parties(&doc.process_admin),
        };
        let key = if path == "name" { "diff.flow_name".to_owned() } else { format!("diff.{path}") };
        speaker.say(&key, &[("before", &words(self.before)), ("after", &words(self.after))])
    }

    fn place(&self, doc: &FlowDoc, id: &str) -> String {
        let speaker = self.speaker();
        let spots = spots(doc);
        let Some(spot) = spots.iter().find(|spot| spot.node.id == id) else { return String::new() };
        let behind = match spot.behind {
            Some(node) => speaker.say("diff.after", &[("step", &speaker.text(&node.name))]),
            None => speaker.word("diff.first"),
        };
        let Some((block, lane)) = spot.within else { return behind };
        let block = spots.iter().find(|spot| spot.node.id == block).map(|spot| spot.node);
        let lane = block.and_then(|node| node.lanes().iter().find(|known| known.id == lane));
        let lane = lane.map(|lane| speaker.text(&lane.name)).unwrap_or_default();
        let block = block.map(|node| speaker.text(&node.name)).unwrap_or_default();
        speaker.say("diff.in_lane", &[("step", &block), ("lane", &lane), ("place", &behind)])
    }

    /// A step behind a condition is told with it.
    fn added(&self, node: &Node) -> String {
        let speaker = self.speaker();
        let (step, sentence) = (speaker.text(&node.name), speaker.sentence(node));
        let place = walk(self.after).into_iter().find(|place| place.node.id == node.id);
        let when = place.and_then(|place| place.within).and_then(|(_, lane)| lane.when.as_ref());
        match when {
            Some(when) => {
                let condition = speaker.condition(when);
                let with = [("condition", condition.as_str()), ("step", &step), ("sentence", &sentence)];
                speaker.say("diff.added_when", &with)
            }
            None => {
                let place = self.place(self.after, &node.id);
                speaker.say("diff.added", &[("step", &step), ("sentence", &sentence), ("place", &place)])
            }
        }
    }

    fn moved(&self, change: &Change, old: &Node, new: &Node) -> String {
        let speaker = self.speaker();
        let step = speaker.text(&new.name);
        if change.path == "lanes" {
            let order = |node: &Node| speaker.list(node.lanes().iter().map(|lane| speaker.text(&lane.name)));
            let (before, after) = (order(old), order(new));
            return speaker
                .say("diff.lane_order", &[("step", &step), ("before", &before), ("after", &after)]);
        }
        let (before, after) = (self.place(self.before, &old.id), self.place(self.after, &new.id));
        speaker.say("diff.moved", &[("step", &step), ("before", &before), ("after", &after)])
    }

    fn changed(&self, change: &Change, old: &Node, new: &Node) -> String {
        let speaker = self.speaker();
        let step = speaker.text(&new.name);
        let key = setting_at(&change.path);
        let (before, after) = match key {
            "name" => (speaker.text(&old.name), step.clone()),
            "type" => (speaker.type_word(old), speaker.type_word(new)),
            key => (speaker.setting(old, key), speaker.setting(new, key)),
        };
        let setting = speaker.setting_name(new, key);
        let with = [("step", step.as_str()), ("setting", &setting), ("before", &before), ("after", &after)];
        // Long texts are not told twice over, and neither is what both sides word alike.
        let quiet = key == "sop" || before == after;
        match key {
            "name" => speaker.say("diff.renamed", &with),
            "type" => speaker.say("diff.type", &with),
            "vote" => speaker.say("diff.vote", &with),
            _ if quiet => speaker.say("diff.text", &with),
            _ => speaker.say("diff.changed", &with),
        }
    }

    fn of_lane(
        &self,
        change: &Change,
        id: &str,
        lane: &str,
        old: Option<&Node>,
        new: Option<&Node>,
    ) -> String {
        let speaker = self.speaker();
        let find = |node: &'_ Node| node.lanes().iter().position(|known| known.id == lane);
        let of = |node: Option<&Node>| -> Option<(Node, Lane)> {
            let node = node?;
            Some((node.clone(), node.lanes().get(find(node)?)?.clone()))
        };
        let (old, new) = (of(old), of(new));
        let words = |found: &Option<(Node, Lane)>, named: bool| {
            let said = found.as_ref().map(|(node, lane)| match named {
                true => speaker.text(&lane.name),
                false => lane_words(node, lane, &speaker),
            });
            said.unwrap_or_default()
        };
        let named = change.path.ends_with(".name");
        let name = words(if new.is_some() { &new } else { &old }, true);
        let (step, before, after) = (speaker.name("step", id), words(&old, named), words(&new, named));
        let condition = if change.kind == ChangeKind::Removed { &before } else { &after };
        let with = [
            ("step", step.as_str()),
            ("lane", &name),
            ("condition", condition),
            ("before", &before),
            ("after", &after),
        ];
        match change.kind {
            ChangeKind::Added => speaker.say("diff.lane_added", &with),
            ChangeKind::Removed => speaker.say("diff.lane_removed", &with),
            _ if named => speaker.say("diff.renamed", &with),
            _ => speaker.say("diff.lane_condition", &with),
        }
    }
}
