//! OCEL 2.0 as JSON: objects first, events next, and last the kinds of both, which are known only then.

use super::{EVENT_FACTS, LogEvent, LogObject, ObjectKind, Trace, instant};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes a log part by part: every object, then [`OcelWriter::begin_events`], every event, [`OcelWriter::finish`].
pub struct OcelWriter<W> {
    out: W,
    first: bool,
    /// As many as there are steps in the flows.
    kinds: BTreeSet<String>,
}

impl<W: Write> OcelWriter<W> {
    /// # Errors
    /// What the output says; so with every part.
    pub fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"objects\":[")?;
        Ok(Self { out, first: true, kinds: BTreeSet::new() })
    }

    pub fn object(&mut self, object: &LogObject) -> io::Result<()> {
        let since = instant(object.since_us);
        let facts =
            object.facts.iter().map(|(name, value)| json!({ "name": name, "time": since, "value": value }));
        let refers = object.refers.iter().map(|(id, role)| json!({ "objectId": id, "qualifier": role }));
        let value = json!({
            "id": object.id,
            "type": object.kind.name(),
            "attributes": facts.collect::<Vec<_>>(),
            "relationships": refers.collect::<Vec<_>>(),
        });
        self.item(&value)
    }

    /// The objects of an order.
    pub fn objects(&mut self, trace: &Trace) -> io::Result<()> {
        self.object(&trace.order)?;
        trace.tasks.iter().try_for_each(|task| self.object(task))
    }

    pub fn begin_events(&mut self) -> io::Result<()> {
        self.first = true;
        self.out.write_all(b"],\n\"events\":[")
    }

    pub fn events(&mut self, trace: &Trace) -> io::Result<()> {
        trace.events.iter().try_for_each(|event| self.event(event, &trace.order.id))
    }

    fn event(&mut self, event: &LogEvent, order: &str) -> io::Result<()> {
        let kind = event.kind();
        let facts = event.facts().into_iter().map(|(name, value)| json!({ "name": name, "value": value }));
        let about = [Some((order, "order")), event.task.as_deref().map(|task| (task, "task"))];
        let about = about.into_iter().flatten();
        let value = json!({
            "id": event.id,
            "type": kind,
            "time": instant(event.at_us),
            "attributes": facts.collect::<Vec<_>>(),
            "relationships": about.map(|(id, role)| json!({ "objectId": id, "qualifier": role })).collect::<Vec<_>>(),
        });
        if !self.kinds.contains(&kind) {
            self.kinds.insert(kind);
        }
        self.item(&value)
    }

    fn item(&mut self, value: &Value) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        Ok(serde_json::to_writer(&mut self.out, value)?)
    }

    pub fn finish(mut self) -> io::Result<()> {
        let texts = |names: &[&str]| -> Vec<Value> {
            names.iter().map(|name| json!({ "name": name, "type": "string" })).collect()
        };
        let objects =
            ObjectKind::ALL.map(|kind| json!({ "name": kind.name(), "attributes": texts(kind.facts()) }));
        let events = self.kinds.iter().map(|kind| json!({ "name": kind, "attributes": texts(&EVENT_FACTS) }));
        let events: Vec<Value> = events.collect();
        let types = [("objectTypes", Value::from(objects.to_vec())), ("eventTypes", Value::from(events))];
        self.out.write_all(b"]")?;
        for (name, value) in types {
            write!(self.out, ",\n\"{name}\":")?;
            serde_json::to_writer(&mut self.out, &value)?;
        }
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
