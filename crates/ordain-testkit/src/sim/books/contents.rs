//! What the order said, by its events.

use super::*;

impl Books {
    pub(super) fn hear_order(&mut self, event: &OrderEvent, scene: &Scene<'_>) -> Result<(), String> {
        match event {
            OrderEvent::Received(received) => {
                self.content = Some(received.content.clone());
                self.authors
                    .extend(received.receiver.person().into_iter().chain(received.editors.iter().copied()));
            }
            OrderEvent::Edited { content, .. } => {
                match scene.command {
                    OrderCommand::Edit { content: asked, .. } if asked == content => {}
                    _ => return Err("edited to something else than was asked".to_owned()),
                }
                self.content = Some((**content).clone());
                self.authors.extend(scene.actor.person());
            }
            OrderEvent::FieldsWritten { content, paths } => {
                self.only_named_fields(content, paths)?;
                self.content = Some((**content).clone());
            }
            OrderEvent::Reopened { .. } => self.outcome = None,
            OrderEvent::MergedIn { authors, .. } => self.authors.extend(authors),
            OrderEvent::ChangeRequested { change } => {
                self.change_by.insert(change.id, scene.actor.person());
                self.asked.extend(change.proposed.as_deref().map(|content| (change.id, content.clone())));
            }
            OrderEvent::ChangeNarrowed { id, narrowed } => {
                self.asked.insert(*id, narrowed.content.clone());
            }
            OrderEvent::ChangeRebased { id, rebased } => {
                if !self.asked.contains_key(id) {
                    return Err("a change was rebased that nobody asked for".to_owned());
                }
                self.asked.insert(*id, rebased.content.clone());
            }
            OrderEvent::ChangeTaken { id, content, .. } => {
                if self.asked.get(id) != Some(content) {
                    return Err("changed to something else than was asked".to_owned());
                }
                self.authors.extend(self.change_by.get(id).copied().flatten());
                self.authors.extend(scene.actor.person());
                if self.outcome.take_if(|outcome| *outcome == Status::Confirmed).is_some() {
                    self.stands = self.content.take().map(|content| (*id, content));
                }
                self.content = Some((**content).clone());
            }
            OrderEvent::ChangeClosed { id, outcome } => {
                // A wish that nobody took up ends without touching the one that is looked at.
                let stood = self.stands.take_if(|(looked_at, _)| looked_at == id);
                let dropped = !matches!(outcome, ChangeState::Applied { .. });
                if let Some((_, stood)) = stood.filter(|_| dropped) {
                    (self.content, self.outcome) = (Some(stood), Some(Status::Confirmed));
                }
            }
            OrderEvent::Confirmed(_) => {
                self.over(Status::Confirmed)?;
                if let Some(node) = self.doc(scene.house).and_then(|doc| self.course.left_out(doc)) {
                    return Err(format!("confirmed without {node}"));
                }
            }
            OrderEvent::Rejected => self.over(Status::Rejected)?,
            OrderEvent::Expired => self.over(Status::Expired)?,
            OrderEvent::Cancelled { .. } => {
                // What was confirmed can still be cancelled.
                self.outcome.take_if(|outcome| *outcome == Status::Confirmed);
                self.over(Status::Cancelled)?;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn over(&mut self, outcome: Status) -> Result<(), String> {
        match self.outcome.replace(outcome) {
            None => Ok(()),
            Some(before) => Err(format!("ended twice: {before:?} and {outcome:?}")),
        }
    }

    /// A write changes what it names and leaves every other field as it was.
    pub(super) fn only_named_fields(&self, after: &Content, paths: &[String]) -> Result<(), String> {
        let flat = |content: &Content| {
            let mut leaves = BTreeMap::new();
            flatten(&serde_json::to_value(content).unwrap_or_default(), "", &mut leaves);
            leaves
        };
        let (before, after) = (self.content.as_ref().map(flat).unwrap_or_default(), flat(after));
        let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let named = |path: &str| paths.iter().any(|named| path.strip_prefix(named.as_str()).is_some());
        match all.into_iter().find(|path| before.get(*path) != after.get(*path) && !named(path)) {
            Some(path) => Err(format!("a write of {paths:?} changed {path}")),
            None => Ok(()),
        }
    }
}

fn flatten(value: &Value, path: &str, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(value, &format!("{path}{dot}{name}"), into);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                flatten(value, &format!("{path}[{at}]"), into);
            }
        }
        Value::Null => {}
        leaf => drop(into.insert(path.to_owned(), leaf.clone())),
    }
}
